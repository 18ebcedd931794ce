"""NumPy's functions on traced arrays: by the table of operations, or by moving entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.arrays import Map
from gradcheck_sym.array.listed import Listed
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.operations import array_of
from gradcheck_sym.array.protocol import SPELLED
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.brought import bring
from gradcheck_sym.trace.context import current
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.numbers import number, numbers_array
from gradcheck_sym.trace.selected import ENTRYWISE, Selected
from gradcheck_sym.trace.traced import Held, Traced

IGNORED = {"subok", "casting", "copy", "like", "optimize"}
REDUCED = {"add": "sum", "maximum": "max", "minimum": "min", "multiply": "prod"}
OTHER_NAMES = {"fabs": "absolute", "expit": "sigmoid"}  # NumPy's and SciPy's
ON_MASKS = {
    *("where", "logical_and", "logical_or", "logical_not"),
    *("add", "subtract", "multiply", "divide", "matmul"),
}
TRUTHS = {  # of truths these are truths again, which add up otherwise than numbers
    *("maximum", "minimum", "absolute", "outer", "einsum", "dot", "inner", "max", "min", "diag"),
    *("diagonal", "concatenate", "stack", "vstack", "hstack", "column_stack", "clip", "positive"),
}
NOT_WHOLE = {  # what is a float, also of integers
    *("divide", "mean", "average", "var", "std", "exp", "expm1", "log", "log1p", "logaddexp"),
    *("sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sigmoid", "erf", "norm", "reciprocal"),
}
TYPED = {"zeros_like", "ones_like", "full_like", "empty_like"}
NOT_LINEAR = ENTRYWISE - {"add", "subtract", "multiply", "negative", "positive"}
ROWWISE = {"matmul", "dot"}  # whose results lie row by row


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
        bring(value)
        found = numbers_array(value)
        return current().let("numbers", found) if isinstance(found, Listed) else found
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


def may_be_whole(value: object) -> bool:
    """Whether a value may be integers or truths to NumPy."""
    match value:
        case Selected():
            return False
        case Traced():
            return value.whole or isinstance(value.held, Mask)
        case list() | tuple():
            return all(map(may_be_whole, value))
        case int() | Count():
            return True
    return getattr(getattr(value, "dtype", None), "kind", "f") in "biu"


def called(name: str, *args: Any, **options: Any) -> Any:
    """What the function of that name gives; raises `ArrayError`."""
    name = OTHER_NAMES.get(name, SPELLED.get(name, name))
    out = options.pop("out", None)
    given = _without_types(name, args, options)
    _refuse_truths(name, args)
    _refuse_integers(name, args)
    result = _result(name, args, given)
    if isinstance(result, Traced) and not isinstance(result, Selected):
        _describe(result, name, args)
    if out is None:
        return result
    target = out[0] if isinstance(out, tuple) else out
    if not isinstance(target, Traced):
        raise ArrayError(f"np.{name} into an array of numbers is not supported: leave out= out")
    return target.become(result)


def _without_types(name: str, args: Sequence[Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change what is computed; raises `ArrayError` for types that round."""
    given = {k: v for k, v in options.items() if k not in IGNORED and v is not None}
    if given.pop("order", "C") != "C":
        raise ArrayError(f"np.{name} in another order than 'C' is not supported: leave it out")
    if "dtype" in given and name not in TYPED:
        from gradcheck_sym.trace.likes import kind_of_type

        kind = kind_of_type(given.pop("dtype"))
        if kind != "f" and not (kind in "iu" and all(map(may_be_whole, args))):
            raise ArrayError(f"np.{name} in integers or truths rounds numbers: leave dtype out")
    return given


def _refuse_truths(name: str, args: Sequence[Any]) -> None:
    """Raise `ArrayError` where NumPy would go on with truths, and not with 1 and 0."""
    given = args[1:] if name == "where" else _flat(args)
    if any(isinstance(a, Selected) for a in given):
        return  # of x[mask], which is of numbers
    found = [a for a in given if hasattr(a, "dtype") or isinstance(a, bool)]
    if name == "where":
        found = found if len(found) == len(given) else []
    traced = all(isinstance(a, Traced) for a in found)
    if name in TRUTHS or (name in ("add", "subtract", "multiply") and not traced):
        there = found and all(map(_is_truth, found)) and len(found) == len(_arrays(given))
    else:
        there = name == "where" and found and all(map(_is_truth, found))
    if there:
        raise ArrayError(f"np.{name} of comparisons alone: write .astype(float) after them")


def _refuse_integers(name: str, args: Sequence[Any]) -> None:
    """Raise `ArrayError` for what NumPy does otherwise, or not, with integers or truths."""
    if name in ("negative", "sign") and isinstance(args[0], Traced) and _is_truth(args[0]):
        raise ArrayError(f"NumPy has no np.{name} of comparisons: write .astype(float) after them")
    if name == "reciprocal" and may_be_whole(args[0]):
        raise ArrayError("np.reciprocal of integers is 0 in NumPy: write 1 /")
    if name == "power" and all(map(may_be_whole, args)):
        exponent = args[1]
        if not isinstance(exponent, int) or exponent < 0:
            raise ArrayError("NumPy has no powers of integers to negative integers: write floats")


def _arrays(given: Sequence[Any]) -> list[Any]:
    return [a for a in given if hasattr(a, "dtype") or isinstance(a, bool | float)]


def _is_truth(value: Any) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, Traced):
        return isinstance(value.held, Mask)
    return bool(getattr(value.dtype, "kind", "") == "b")


def _flat(args: Sequence[Any]) -> list[Any]:
    return [b for a in args for b in (_flat(a) if isinstance(a, list | tuple) else [a])]


def _describe(result: Traced, name: str, args: Sequence[Any]) -> None:
    """What NumPy would make of it: integers or not, in which order."""
    arrays = [a for a in _flat(args) if isinstance(a, Traced) and not isinstance(a, Selected)]
    if name not in (*TYPED, *NOT_WHOLE) and args and not any(a is result for a in arrays):
        operands = [a for a in _flat(args) if not isinstance(a, str | None)]
        result.whole = result.whole or all(map(may_be_whole, operands))
    if name not in ROWWISE and any(not a.rowwise for a in arrays if a.ndim > 1):
        result.rowwise = False


def _result(name: str, args: Sequence[Any], given: Mapping[str, Any]) -> Any:
    from gradcheck_sym.trace.functions import FUNCTIONS

    first = next((a for a in args if isinstance(a, Selected)), None)
    if first is not None:
        if name in ("sum", "mean") and not first.gone:
            if name == "mean" or args[1:] or given:
                raise ArrayError(f"np.{name} of x[mask] is not supported: use np.where(mask, x, 0)")
            return Traced(first.total())
        if name in ENTRYWISE:
            inner = [first.inside(a) for a in args]
            return first.with_inner(array_of(OPERATIONS[name](*inner, **given)))
    if name in ("square", "power") or (name == "multiply" and args[0] is args[1]):
        _name_what_is_squared(args[0])
    if name == "divide" and isinstance(args[0], Traced) and type(args[0]) is Traced:
        args = (Traced(_known(args[0].held)), *args[1:])
    if name in NOT_LINEAR:
        _name_what_is_listed(args)
    if name in FUNCTIONS:
        return _bound(name, FUNCTIONS[name], args, given)
    if name in OPERATIONS:
        taken = [_operand(a, masks=name in ON_MASKS) for a in args]
        return Traced(_bound(name, OPERATIONS[name], taken, given))
    raise ArrayError(f"np.{name} is not supported for arrays without numbers")


def _name_what_is_squared(value: object) -> None:
    """So that a sum of squares is seen to be one, whatever is squared."""
    if isinstance(value, Traced):
        value.call_it("u")


def _known(held: Held) -> Held:
    """What is divided, by the name that an equal array has, as in (x - x.mean()) / x.std()."""
    return current().known(held) if type(held) is Map else held


def _name_what_is_listed(args: Sequence[object]) -> None:
    """So that a function is of one thing, and not of a sum over a list."""
    for value in args:
        if isinstance(value, Traced) and isinstance(value.held, Listed):
            value.call_it("part")


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
    if method != "__call__":
        raise ArrayError(f"np.{name}.{method} is not supported for arrays without numbers")
    return called(name, *inputs, **options)
