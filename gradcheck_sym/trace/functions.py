"""NumPy's functions that are no row of the table of operations, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.calls import called, held_of
from gradcheck_sym.trace.clipping import clip
from gradcheck_sym.trace.finite import everywhere, nan_to_num, truth
from gradcheck_sym.trace.left_out import is_infinite, where_infinite
from gradcheck_sym.trace.likes import (
    at_least_2d,
    broadcast_arrays,
    broadcast_to,
    empty_like,
    full_like,
    like,
    traced_of,
)
from gradcheck_sym.trace.movements import (
    JOINING,
    MOVING,
    REPEATING,
    chosen,
    joining,
    moving,
    pad,
    repeating,
    split,
)
from gradcheck_sym.trace.numbers import carried_out
from gradcheck_sym.trace.picked import along, put_along
from gradcheck_sym.trace.reductions import (
    average,
    count_nonzero,
    cumulative,
    deviation,
    diagonal,
    differences,
    flat_diagonal,
    inner,
    kronecker,
    maximum_over,
    minimum_over,
    norm,
    outer,
    product_over,
    trace,
    variance,
)
from gradcheck_sym.trace.subscripts import einsum, tensordot
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.triangles import triangle
from gradcheck_sym.trace.users import kind_of

CHOICE = "write np.where for a choice by entry, and leave out checks that log(x) is a number"
APART = "what it compares is proved here, so leave it out, or write it outside of these functions"


def _refused(name: str, mend: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise ArrayError(f"np.{name} is not supported for arrays without numbers: {mend}")

    return refuse


def _where(condition: Any, x: object, y: object) -> Traced:
    """`np.where`, also for truths that are known."""
    if is_infinite(x) != is_infinite(y):
        return where_infinite(condition, x, y)
    if kind_of(condition) == "b" and not isinstance(condition, Traced):
        return chosen(condition, x, y)
    chosen_from = held_of(condition), held_of(x), held_of(y)
    return Traced(OPERATIONS["where"](*chosen_from), scalar=False)


def _select(condlist: Sequence[Any], choicelist: Sequence[Any], default: object = 0) -> Traced:
    """`np.select`: the first choice whose condition holds."""
    if len(condlist) != len(choicelist) or not condlist:
        raise ArrayError("np.select needs as many conditions as choices, and one at least")
    if not all(traced_of(a).is_truth or kind_of(a) == "b" for a in condlist):
        raise ArrayError("np.select needs conditions that are comparisons")
    found = default
    for condition, choice in reversed([*zip(condlist, choicelist, strict=True)]):
        found = _where(condition, choice, found)
    return traced_of(found)


def _logarithm(base: int) -> Callable[..., Traced]:
    def apply(x: object) -> Traced:
        found: Traced = called("log", x) / carried_out("log", base)
        return found

    return apply


def _copied(a: object) -> Traced:
    x = traced_of(a)
    return Traced(x.held, rowwise=x.rowwise, whole=x.whole, scalar=False)


def _assigned(dst: Traced, src: object) -> None:
    dst[...] = src


# fmt: off
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "max":           maximum_over,   "amax": maximum_over,
    "min":           minimum_over,   "amin": minimum_over,
    "prod":          product_over,
    "var":           variance,       "std": deviation,
    "norm":          norm,
    "clip":          clip,
    "trace":         trace,
    "average":       average,
    "count_nonzero": count_nonzero,
    "cumsum":        cumulative("sum"), "cumprod": cumulative("prod"),
    "diff":          differences,
    "log2":          _logarithm(2),  "log10": _logarithm(10),
    "select":        _select,
    "outer":         outer,          "inner": inner,
    "kron":          kronecker,
    "diag":          diagonal,       "diagonal": diagonal,
    "diagflat":      flat_diagonal,
    "split":         split,          "array_split": split,
    "broadcast_to":  broadcast_to,   "broadcast_arrays": broadcast_arrays,
    "where":         _where,
    "einsum":        einsum,         "tensordot": tensordot,
    "pad":           pad,
    "tril":          triangle("tril"), "triu": triangle("triu"),
    "reshape":       lambda a, shape, *, copy=None: traced_of(a).reshape(shape, copy=copy),
    "ravel":         lambda a: traced_of(a).ravel(),
    "transpose":     lambda a, axes=(): traced_of(a).transpose(*axes),
    "copy":          _copied,
    "copyto":        _assigned,
    "take_along_axis": along,        "put_along_axis": put_along,
    "zeros_like":    like(0),        "ones_like": like(1),
    "empty_like":    empty_like,     "full_like": full_like,
    "atleast_2d":    at_least_2d,
    "shape":         lambda a: traced_of(a).shape,
    "ndim":          lambda a: traced_of(a).ndim,
    "size":          lambda a: traced_of(a).size,
    "sliding_window_view": moving("lib.stride_tricks.sliding_window_view"),
    **{name: moving(name) for name in MOVING},
    **{name: repeating(name) for name in REPEATING},
    **{name: joining(name) for name in JOINING},
    "argmax":        _refused("argmax", "a choice of an index is no formula"),
    "argmin":        _refused("argmin", "a choice of an index is no formula"),
    "any":           truth("any", CHOICE),   "all": truth("all", CHOICE),
    "isnan":         everywhere(False),      "isinf": everywhere(False),
    "isfinite":      everywhere(True),       "nan_to_num": nan_to_num,
    "allclose":      _refused("allclose", APART), "isclose": _refused("isclose", APART),
    "array_equal":   _refused("array_equal", APART),
    "round":         _refused("round", "leave it out"),
    "sort":          _refused("sort", "the order of entries is no formula"),
}
# fmt: on
