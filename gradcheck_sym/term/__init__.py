"""Scalar terms in index notation: what a statement is written in. No automatic simplification."""
