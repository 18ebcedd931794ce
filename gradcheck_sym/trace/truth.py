"""Whether what sizes alone decide holds for all of them; and why that is not known, if it is not.

Python's `max(n - 1, 1)` asks for it as `if n - 1 > 1` does.
"""

from __future__ import annotations

from collections.abc import Mapping

from gradcheck_sym.array import Array, Constant, Input
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.checker.polynomial import ONE as CONSTANT
from gradcheck_sym.checker.polynomial import Poly, scale
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import ONE, Apply, Num, SizeOf, Term, Where, add
from gradcheck_sym.term.walks import rebuilt, walk


def of_sizes(array: Array | None) -> bool | None:
    """The truth of a value that sizes alone decide; None where entries do, or nothing is known.

    Raises `ArrayError` where it is one for some sizes and another for others.
    """
    parts = ordered(array) if array is not None and not array.shape else []
    numbers = [part.value for part in parts if isinstance(part, Constant)]
    sizes = [part.name for part in walk(*numbers) if isinstance(part, SizeOf)]
    if array is None or not sizes or any(isinstance(part, Input) for part in parts):
        return None
    value = Entries().at(array, ())
    found = _truth(value)
    if found is None:
        helping = (size for size in sizes if _truth(value, {size: 3}) is not None)
        size = next(helping, sizes[0])
        raise ArrayError(
            f"what is decided here, as by if, max or min, depends on {size}, which stands for any "
            f"size: give it a number, such as {size}=3"
        )
    return found


def _truth(value: Term, numbers: Mapping[str, int] | None = None) -> bool | None:
    """Whether it is 0 for none of the sizes that are at least 1, or for all."""
    poly = _settled(_shifted(value, numbers or {}))
    if poly is None:
        return None
    least = {_sign(poly), _sign(scale(poly, -1))}
    return False if not poly else True if ">" in least else None


def _shifted(value: Term, numbers: Mapping[str, int]) -> Term:
    """With 1 + s for each size, so that s is at least 0, or its number."""
    if isinstance(value, SizeOf):
        number = numbers.get(value.name)
        return add(ONE, value) if number is None else Num(number)
    return rebuilt(value, lambda part: _shifted(part, numbers))


def _settled(value: Term) -> Poly | None:
    """The value with its cases decided, where each is the same for all sizes."""
    if isinstance(value, Where):
        u = _settled(value.u)
        sign = None if u is None else _sign(u)
        return _settled(value.yes if sign == ">" else value.no) if sign else None
    if any(isinstance(part, Apply | Where) for part in walk(value)):
        return None
    return Ring().normal(value)


def _sign(poly: Poly) -> str | None:
    """Whether it is > 0, or ≤ 0, for all s that are at least 0; None where that is not seen."""
    if all(c <= 0 for c in poly.values()):
        return "≤"
    return ">" if poly.get(CONSTANT, 0) > 0 and all(c > 0 for c in poly.values()) else None
