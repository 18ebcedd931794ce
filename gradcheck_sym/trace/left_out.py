"""Entries that are −∞, as in a softmax that leaves some out: s[mask] = -np.inf.

−∞ is no number, so such an array has no formula. What is known of it is its exponential, 0 there,
its maximum, and what adding a number to it gives; all else is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcheck_sym.array import Array, Constant
from gradcheck_sym.array.mask import Mask, compared, opposite
from gradcheck_sym.array.powers import visible_number
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import ONE, ZERO
from gradcheck_sym.trace.context import current
from gradcheck_sym.trace.numbers import numbers_array
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.unread import INFINITE
from gradcheck_sym.trace.users import kind_of


def is_infinite(value: object) -> bool:
    """Whether a value of the user's code is −∞."""
    return isinstance(value, float) and value == -math.inf


def leave_out(traced: Traced, mask: Mask) -> None:
    """`traced[mask] = -np.inf`; raises `ArrayError` for a part of an array."""
    if type(traced) is not Traced:
        raise ArrayError("-np.inf in a part of an array is not supported: write to the whole")
    traced.left_out = mask
    traced.writes += 1


def where_infinite(condition: Any, x: object, y: object) -> Traced:
    """`np.where(condition, -np.inf, y)`, or the other way round."""
    from gradcheck_sym.array.shape import broadcast
    from gradcheck_sym.trace.calls import array_held, held_of
    from gradcheck_sym.trace.indexing import spread

    given = numbers_array(condition.astype(int)) if _is_known(condition) else held_of(condition)
    mask = given if isinstance(given, Mask) else compared("not_equal")(given, Constant(ZERO))
    if is_infinite(y):
        mask, x, y = opposite(mask), y, x
    inner = array_held(y)
    shape = broadcast(mask.shape, inner.shape)
    found = Traced(spread(inner, shape), scalar=False)
    everywhere = spread(mask, shape)
    assert isinstance(everywhere, Mask)
    found.left_out = everywhere
    return found


def carried_out(name: str, args: Sequence[Any], options: Mapping[str, Any]) -> Traced:
    """What a function gives of such an array; raises `ArrayError` where that is not known."""
    from gradcheck_sym.trace.reductions import maximum_over, minimum_over

    match name, args:
        case "exp", (Traced() as x,):
            mask = _mask(x)
            return Traced(mask.where(Constant(ZERO), OPERATIONS["exp"](x.unbounded)))
        case (("max" | "amax"), (Traced() as x, *rest)):
            mask, inner = _mask(x), Traced(x.unbounded)
            given = {**dict(zip(("axis",), rest, strict=False)), **options}
            left = mask.where(Constant(ZERO), Constant(ONE)).sum(given.get("axis"))
            current().needed.append(left)  # or the maximum is -np.inf
            least = minimum_over(inner, given.get("axis"), keepdims=True)
            return maximum_over(Traced(mask.where(least.array, inner.array)), **given)
        case (("add" | "subtract"), (x, y)):
            if name == "add" and not _has(x):
                x, y = y, x
            if _has(x) and not _has(y):
                return _moved(name, x, y)
        case (("multiply" | "divide"), (x, y)):
            if name == "multiply" and not _has(x):
                x, y = y, x
            if _has(x) and not _has(y) and _is_positive(y):
                return _moved(name, x, y)
    raise ArrayError(INFINITE)


def _has(value: object) -> bool:
    return isinstance(value, Traced) and value.left_out is not None


def _mask(x: Traced) -> Mask:
    assert x.left_out is not None
    return x.left_out


def _moved(name: str, x: Traced, y: object) -> Traced:
    """X ∘ y, where y is finite and does not change where −∞ is."""
    from gradcheck_sym.trace.calls import array_held
    from gradcheck_sym.trace.indexing import spread

    inner: Array = OPERATIONS[name](x.unbounded, array_held(y))
    found = Traced(inner, rowwise=x.rowwise)
    mask = spread(_mask(x), inner.shape)
    assert isinstance(mask, Mask)
    found.left_out = mask
    return found


def _is_positive(value: object) -> bool:
    from gradcheck_sym.trace.calls import array_held

    return (visible_number(array_held(value)) or 0) > 0


def _is_known(condition: Any) -> bool:
    kind = kind_of(condition)
    return kind == "b" and not isinstance(condition, Traced)
