"""How code can tell, against all that is done about it, that it is traced."""

from __future__ import annotations


def is_traced(value: object) -> bool:
    """Whether a value is none of NumPy's or Python's."""
    return "gradcheck_sym" in object.__repr__(value)
