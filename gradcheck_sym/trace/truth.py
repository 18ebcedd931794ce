"""Why the truth of something is not known: it has entries of any value, or a size that is a name.

Python's `max(n - 1, 1)` asks for it as `if n - 1 > 1` does.
"""

from __future__ import annotations

from gradcheck_sym.array import Array, Constant, Input
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.term.terms import SizeOf
from gradcheck_sym.term.walks import walk


def refusal(array: Array | None) -> str | None:
    """What is said where sizes alone decide; None where entries do, or nothing is known."""
    parts = [] if array is None else ordered(array)
    if any(isinstance(part, Input) for part in parts):
        return None
    numbers = [part.value for part in parts if isinstance(part, Constant)]
    sizes = [part.name for part in walk(*numbers) if isinstance(part, SizeOf)]
    if not sizes:
        return None
    return (
        f"what is decided here, as by if, max or min, depends on {sizes[0]}, which stands for any "
        f"size: give it a number, such as {sizes[0]}=3"
    )
