"""NumPy's functions on traced arrays: by the table of operations, or by moving entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.operations import array_of
from gradcheck_sym.array.protocol import NOT_NUMPYS, SPELLED
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.numbers import numbers_array
from gradcheck_sym.trace.selected import Selected
from gradcheck_sym.trace.traced import Held, Traced

IGNORED = {"dtype", "order", "subok", "casting", "copy", "like", "optimize"}
REDUCED = {"add": "sum", "maximum": "max", "minimum": "min", "multiply": "prod"}
ON_MASKS = {
    *("where", "logical_and", "logical_or", "logical_not"),
    *("add", "subtract", "multiply", "divide", "matmul", "dot"),
}


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
    if hasattr(value, "dtype") and hasattr(value, "shape") and value.shape != ():
        return numbers_array(value)
    if isinstance(value, list | tuple):
        from gradcheck_sym.trace.creation import joined

        return joined(value)
    return array_of(value)


def array_held(value: object) -> Array:
    """The same, a mask as 1 and 0."""
    held = held_of(value)
    return held.value() if isinstance(held, Mask) else held


def called(name: str, *args: Any, **options: Any) -> Any:
    """What the function of that name gives; raises `ArrayError`."""
    from gradcheck_sym.trace.functions import FUNCTIONS

    name = SPELLED.get(name, name)
    out = options.pop("out", None)
    given = {
        key: value for key, value in options.items() if key not in IGNORED and value is not None
    }
    result = _result(name, args, given, FUNCTIONS)
    if out is None:
        return result
    target = out[0] if isinstance(out, tuple) else out
    if not isinstance(target, Traced):
        raise ArrayError(f"np.{name} into an array of numbers is not supported: leave out= out")
    target.assign(result.held)
    return target


def _result(
    name: str,
    args: Sequence[Any],
    given: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]],
) -> Any:
    first = next((a for a in args if isinstance(a, Selected)), None)
    if first is not None:
        if name in ("sum", "mean") and not first.gone:
            if name == "mean" or args[1:] or given:
                raise ArrayError(f"np.{name} of x[mask] is not supported: use np.where(mask, x, 0)")
            return Traced(first.total())
        if name in OPERATIONS and name not in ("sum", "mean", "matmul", "dot"):
            inner = (first.inside(a) for a in args)
            return first.with_inner(_array(OPERATIONS[name](*map(_unmasked, inner), **given)))
    if name in ("square", "power") or (name == "multiply" and args[0] is args[1]):
        _name_what_is_squared(args[0])
    if name in functions:
        return _bound(name, functions[name], args, given)
    if name in OPERATIONS and name not in NOT_NUMPYS:
        taken = [_operand(a, masks=name in ON_MASKS) for a in args]
        return Traced(_bound(name, OPERATIONS[name], taken, given))
    raise ArrayError(f"np.{name} is not supported for arrays without numbers")


def _name_what_is_squared(value: object) -> None:
    """So that a sum of squares is seen to be one, whatever is squared."""
    if isinstance(value, Traced):
        value.call_it(lambda: "u")


def _array(held: Held) -> Array:
    return held.value() if isinstance(held, Mask) else held


def _unmasked(value: object) -> object:
    return held_of(value) if not isinstance(value, Array) else value


def _operand(value: object, *, masks: bool) -> object:
    """An argument as the table of operations takes it: axes and subscripts as they are."""
    if isinstance(value, str | tuple) or value is None or isinstance(value, int | float):
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


def ufunc_called(ufunc: Any, method: str, inputs: Sequence[object], options: dict[str, Any]) -> Any:
    """What a ufunc gives, or its `reduce`, which is a sum for np.add."""
    name = str(ufunc.__name__)
    where = options.pop("where", True)
    if where is not True:
        raise ArrayError(f"np.{name} with where= is not supported: write np.where")
    if method == "reduce" and name in REDUCED:
        options.setdefault("axis", 0)
        return called(REDUCED[name], *inputs, **options)
    if method != "__call__":
        raise ArrayError(f"np.{name}.{method} is not supported for arrays without numbers")
    return called(name, *inputs, **options)
