"""NumPy's functions on traced arrays: by the table of operations, or by moving entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.arrays import Input, Let, Map, Reduce
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.array.listed import Listed
from gradcheck_sym.array.mask import COMPARISONS, Mask
from gradcheck_sym.array.operations import array_of
from gradcheck_sym.array.protocol import SPELLED
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import INVENTED
from gradcheck_sym.trace.brought import bring
from gradcheck_sym.trace.context import current, runs
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.kinds import (
    flat,
    is_whole,
    refuse_integers,
    refuse_texts,
    refuse_truths,
    without_types,
)
from gradcheck_sym.trace.numbers import number, numbers_array
from gradcheck_sym.trace.selected import ENTRYWISE, Masked, Selected
from gradcheck_sym.trace.traced import Held, Traced
from gradcheck_sym.trace.users import is_array

IGNORED = {"subok", "casting", "like", "optimize"}
REDUCED = {"add": "sum", "maximum": "max", "minimum": "min", "multiply": "prod"}
OTHER_NAMES = {"fabs": "absolute", "expit": "sigmoid"}  # NumPy's and SciPy's
ON_MASKS = {
    *("where", "logical_and", "logical_or", "logical_not"),
    *("add", "subtract", "multiply", "divide", "matmul"),
}
NOT_LINEAR = ENTRYWISE - {"add", "subtract", "multiply", "negative", "positive"}
OF_SUMS = {"exp", "expm1", "tanh", "sinh", "cosh", "sigmoid", "erf", "sin", "cos"}
NUMBERS = {  # whose results are numbers if they have no axes, and not arrays that change in place
    *(ENTRYWISE | COMPARISONS.keys() | {"logical_and", "logical_or", "logical_not"}),
    *("sum", "mean", "max", "min", "amax", "amin", "prod", "var", "std", "average", "norm"),
    *("matmul", "dot", "inner", "trace", "count_nonzero", "heaviside", "log2", "log10"),
    *("isnan", "isinf", "isfinite"),
}
INTO = NUMBERS - {"average", "norm", "inner", "trace", "count_nonzero", "var", "std"}


def held_of(value: object) -> Held:
    """What a value of the user's code means; raises `ArrayError`."""
    match value:
        case Traced():
            return value.held
        case Count():
            held: Held = value.as_number().held
            return held
        case bool():
            return array_of(int(value))
    if is_array(value) and value.shape != ():
        bring(value)
        found = numbers_array(value)
        is_named = isinstance(found, Listed) and runs()
        return current().let(f"numbers{INVENTED}", found) if is_named else found
    if isinstance(value, list | tuple):
        from gradcheck_sym.trace.creation import joined

        return joined(value)
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return held_of(value.item())
    return number(value)


def array_held(value: object) -> Array:
    """The same, a mask as 1 and 0."""
    held = held_of(value)
    return held.value() if isinstance(held, Mask) else held


def called(name: str, *args: Any, **options: Any) -> Any:
    """What the function of that name gives; raises `ArrayError`."""
    name = OTHER_NAMES.get(name, SPELLED.get(name, name))
    out = options.pop("out", None)
    given = {k: v for k, v in options.items() if k not in IGNORED and v is not None}
    if given.pop("order", "C") != "C":
        raise ArrayError(f"np.{name} in another order than 'C' is not supported: leave it out")
    given = without_types(name, args, given)
    refuse_truths(name, args)
    refuse_integers(name, args)
    refuse_texts(name, args)
    result = _result(name, args, given)
    if isinstance(result, Traced):
        _describe(result, name, args, given)
    return result if out is None else _put_into(out, name, result)


def _put_into(out: Any, name: str, result: Traced) -> Traced:
    """What `out=` gives; raises `ArrayError` where NumPy might read what it has just written."""
    target = out[0] if isinstance(out, tuple) else out
    if not isinstance(target, Traced):
        raise ArrayError(f"np.{name} into an array of numbers is not supported: leave out= out")
    if name not in INTO:
        raise ArrayError(f"np.{name} with out= is not supported: assign to out[...]")
    if target.scalar is True and not target.shape_held:
        raise ArrayError(f"np.{name} into a number is not possible: leave out= out")
    return target.become(result)


def _describe(result: Traced, name: str, args: Sequence[Any], options: Mapping[str, Any]) -> None:
    """What NumPy would make of it: integers or not, in which order, an array or a number."""
    given = flat(args)
    if not any(a is result for a in given):
        result.whole = result.whole or is_whole(name, args, options)
    if isinstance(result, Selected):
        return
    if name in NUMBERS and not result.shape_held:
        result.scalar = True
    if not (name == "dot" or (name == "matmul" and result.ndim <= 2)):
        arrays = (a for a in given if not isinstance(a, Selected))
        result.rowwise = result.rowwise and not any(map(_may_lie_otherwise, arrays))


def _may_lie_otherwise(value: Any) -> bool:
    """Whether the entries may not lie row by row in memory."""
    if isinstance(value, Traced):
        return value.ndim > 1 and not value.rowwise
    flags = getattr(value, "flags", None) if is_array(value) else None
    return flags is not None and not flags.c_contiguous


def _result(name: str, args: Sequence[Any], given: Mapping[str, Any]) -> Any:
    from gradcheck_sym.trace.functions import FUNCTIONS
    from gradcheck_sym.trace.left_out import carried_out
    from gradcheck_sym.trace.triangles import compared_triangle

    if any(isinstance(a, Traced) and a.left_out is not None for a in args):
        return carried_out(name, args, given)
    if name in COMPARISONS and (mask := compared_triangle(name, *args)) is not None:
        return Traced(mask)
    first = next((a for a in args if isinstance(a, Selected)), None)
    if first is not None:
        if name in ("sum", "mean") and isinstance(first, Masked):
            if name == "mean" or args[1:] or given:
                raise ArrayError(f"np.{name} of x[mask] is not supported: use np.where(mask, x, 0)")
            return Traced(first.total())
        if name in ENTRYWISE:
            inner = first.all_inside(name, args)
            if inner is not None:
                return first.with_inner(array_of(OPERATIONS[name](*inner, **given)))
    if name in ("square", "power", "sqrt") or (name == "multiply" and args[0] is args[1]):
        _name_what_is_squared(args[0])
    if name == "divide" and isinstance(args[0], Traced) and type(args[0]) is Traced:
        args = (Traced(_known(args[0].held)), *args[1:])
    if name in NOT_LINEAR:
        _name_what_is_listed(args)
    if name in OF_SUMS and runs():
        _name_what_is_summed(args[0])
    if name in FUNCTIONS:
        return _bound(name, FUNCTIONS[name], args, given)
    if name in OPERATIONS:
        taken = [_operand(a, masks=name in ON_MASKS) for a in args]
        return Traced(_bound(name, OPERATIONS[name], taken, given))
    raise ArrayError(f"np.{name} is not supported for arrays without numbers")


def _name_what_is_squared(value: object) -> None:
    """So that a sum of squares is seen to be one, whatever is squared."""
    if isinstance(value, Traced):
        value.call_it(f"u{INVENTED}")


def _known(held: Held) -> Held:
    """What is divided, by the name that an equal array has, as in (x - x.mean()) / x.std()."""
    return current().known(held) if type(held) is Map and runs() else held


def _name_what_is_listed(args: Sequence[object]) -> None:
    """So that a function is of one thing, and not of a sum over a list."""
    for value in args:
        if isinstance(value, Traced) and isinstance(value.held, Listed):
            value.call_it(f"part{INVENTED}")


def _name_what_is_summed(value: object) -> None:
    """So that exp is of a name: its slope by what is summed up is one factor for all of it."""
    if isinstance(value, Traced) and isinstance(value.held, Array) and _sums(value.held):
        value.call_it(f"z{INVENTED}")


def _sums(array: Array) -> bool:
    """Whether it is a sum, or of several arrays; not what a maximum is taken from."""
    parts = ordered(array, into=lambda part: not isinstance(part, Let))
    if any(part is shift for part in parts for shift in current().shifts):
        return False
    several = len([part for part in parts if isinstance(part, Input | Let)]) > 1
    return several or any(isinstance(part, Reduce) for part in parts)


def _operand(value: object, *, masks: bool) -> object:
    """An argument as the table of operations takes it: axes and subscripts as they are."""
    if isinstance(value, str | tuple) or value is None or isinstance(value, int):
        return value
    return held_of(value) if masks else array_held(value)


def _bound(
    name: str, operation: Callable[..., Any], args: Sequence[Any], given: Mapping[str, Any]
) -> Any:
    try:
        bound = signature(operation).bind(*args, **given)
    except TypeError as error:
        raise ArrayError(f"np.{name}: {error}; it is not supported here") from None
    return operation(*bound.args, **bound.kwargs)


def ufunc_called(ufunc: Any, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """What a ufunc gives, or its `reduce`, which is a sum for np.add, or `at`."""
    name = str(ufunc.__name__)
    where = options.pop("where", True)
    if where is not True:
        raise ArrayError(f"np.{name} with where= is not supported: write np.where")
    if method == "reduce" and name in REDUCED:
        options.setdefault("axis", 0)
        return called(REDUCED[name], *inputs, **options)
    if method == "at" and name in ("add", "subtract"):
        from gradcheck_sym.trace.scattering import added_at

        return added_at(name, *inputs)
    if method == "outer" and not options:
        first, second = inputs
        from gradcheck_sym.trace.likes import traced_of

        spread = traced_of(first)[(..., *[None] * traced_of(second).ndim)]
        return called(name, spread, second)
    if method != "__call__":
        raise ArrayError(f"np.{name}.{method} is not supported for arrays without numbers")
    return called(name, *inputs, **options)
