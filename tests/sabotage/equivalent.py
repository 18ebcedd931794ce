"""Mutants of the checker that no test can tell from it, and why."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {}
