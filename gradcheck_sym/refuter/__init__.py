"""The search for points: where a claim fails, and where the conditions of a theorem hold.

Untrusted: a point counts when `values/` has evaluated the terms there.
"""
