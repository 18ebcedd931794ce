"""Signs that an output may not be able to take, and what stands for them. Imports no SymPy."""

from __future__ import annotations

import re

SAMPLE = "∂δλπΣφ·−≤≥≠ᵀ✔✘…×→↓ₗⁿ┌└"  # what Unicode output needs of an encoding

_ASCII = {
    "✔": "ok",
    "✘": "NO",
    "…": "...",
    "→": "->",
    "↓": "|",
    "×": "x",
    "·": "*",
    "−": "-",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "∂": "d",
    "δ": "delta",
    "φ": "phi",
    "λ": "lam",
    "π": "pi",
    "ᵀ": "'",
    "′": "'",
    "Σ": "Sum",
}


def takes_unicode(encoding: str | None) -> bool:
    """Whether an output in this encoding can take the signs."""
    try:
        SAMPLE.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def ascii_only(text: str) -> str:
    """The text with ASCII for the signs, and an escape for anything else."""
    text = re.sub(r"\b×\b", " x ", text)  # n×d is no name
    for sign, plain in _ASCII.items():
        text = text.replace(sign, plain)
    return text.encode("ascii", "backslashreplace").decode("ascii")
