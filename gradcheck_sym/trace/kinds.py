"""Truths, integers and floats: NumPy goes on otherwise with each, and so does what is said here.

What is not `whole` is surely of floats to NumPy, and the values of what is `whole` are integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcheck_sym.array import Constant
from gradcheck_sym.array.mask import COMPARISONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import SizeOf
from gradcheck_sym.term.walks import walk
from gradcheck_sym.trace.context import current, runs
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import is_array, kind_of

LEAST_BYTES = {"i": 8, "f": 4}  # of a type whose numbers are taken for exact
LARGE = 2**31  # beside integers that are not known
NOT_WHOLE = {  # what is a float, also of integers
    *("divide", "mean", "average", "var", "std", "exp", "expm1", "log", "log1p", "logaddexp"),
    *("log2", "log10"),
    *("sin", "cos", "tan"),
    *("sqrt", "tanh", "sinh", "cosh", "sigmoid", "erf", "norm", "reciprocal", "heaviside"),
}
TYPED = {"zeros_like", "ones_like", "full_like", "empty_like"}
SUMS = {
    "sum",
    "mean",
    "prod",
    "cumsum",
    "cumprod",
    "var",
    "std",
    "average",
    "trace",
}  # of truths, of numbers
ON_TRUTHS = {  # what is here what it is in NumPy, also of truths alone
    *SUMS,
    *TYPED,
    *COMPARISONS,
    *("logical_and", "logical_or", "logical_not", "add", "subtract", "multiply", "divide"),
    *("matmul", "where", "count_nonzero", "norm", "copy", "copyto", "shape", "ndim", "size"),
    *("reshape", "ravel", "transpose", "broadcast_to", "split", "array_split", "atleast_2d"),
    *("swapaxes", "moveaxis", "rollaxis", "flip", "flipud", "fliplr", "rot90", "roll", "take"),
    *("expand_dims", "squeeze", "repeat", "tile", "sliding_window_view", "any", "all"),
}
BY_TRACED = {"add", "subtract", "multiply", "matmul"}  # of traced truths alone


def kind_of_type(dtype: Any) -> str:
    """NumPy's letter for a kind of type: b, i, f; f for none; raises `ArrayError` for small."""
    if dtype is None:
        return "f"
    import numpy as np

    found = np.dtype(dtype)
    if is_small(dtype):
        raise ArrayError(f"numbers of the type {found} overflow: write int or float")
    if found == np.float32 and runs():
        current().single = True
    return str(found.kind)


def is_small(dtype: Any) -> bool:
    """Whether a type's numbers overflow soon: of integers all but the usual ones."""
    import numpy as np

    found = np.dtype(dtype)
    return bool(found.kind == "u" or found.itemsize < LEAST_BYTES.get(found.kind, 0))


def may_be_whole(value: object) -> bool:
    """Whether a value may be integers or truths to NumPy."""
    match value:
        case Traced():
            return value.is_truth or value.whole
        case list() | tuple():
            return all(map(may_be_whole, value))
        case int() | Count():
            return True
    return getattr(getattr(value, "dtype", None), "kind", "f") in "biu"


def without_types(name: str, args: Sequence[Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options without a type; raises `ArrayError` for types that change what is computed."""
    given = dict(options)
    if name in TYPED or "dtype" not in given:
        return given
    kind = kind_of_type(given.pop("dtype"))
    rounds = kind != "f" and not (kind in "iu" and all(map(may_be_whole, args)))
    if rounds or (kind != "f" and name in NOT_WHOLE):
        raise ArrayError(f"np.{name} in integers or truths rounds numbers: leave dtype out")
    if name not in SUMS and any(map(_is_truth, arrays_in(args))):
        raise ArrayError(f"np.{name} of comparisons as numbers: write .astype(float) after them")
    return given


def refuse_texts(name: str, args: Sequence[Any]) -> None:
    """Raise `ArrayError` where a word was taken for a shape, and is compared with texts."""
    text = next((one for one in args if isinstance(one, str)), None)
    if name in COMPARISONS and text is not None:
        raise ArrayError(
            f"the text {text!r} does not go with arrays: where a parameter is a word, give it as "
            f"Value({text!r}), on the command line --value NAME={text}"
        )


def refuse_truths(name: str, args: Sequence[Any]) -> None:
    """Raise `ArrayError` where NumPy would go on with truths, or with numbers of few bits."""
    chosen = name in ("where", "select")
    given = flat(args[1:]) if name == "select" else args[1:] if chosen else flat(args)
    found = [a for a in given if is_array(a) or isinstance(a, bool)]
    if name in ("negative", "sign") and found and _is_truth(found[0]):
        raise ArrayError(f"NumPy has no np.{name} of comparisons: write .astype(float) after them")
    if not found or not all(map(_is_truth, found)) or len(found) != len(arrays_in(given)):
        return
    traced = all(isinstance(a, Traced) for a in found)
    alone = len(found) == len(given) if chosen else name not in ON_TRUTHS
    if alone or (name in BY_TRACED and not traced):
        raise ArrayError(f"np.{name} of comparisons alone: write .astype(float) after them")


def refuse_integers(name: str, args: Sequence[Any]) -> None:
    """Raise `ArrayError` for what NumPy does otherwise, or not, with integers."""
    if name == "reciprocal" and may_be_whole(args[0]):
        raise ArrayError("np.reciprocal of integers is 0 in NumPy: write 1 /")
    if name == "power" and all(map(may_be_whole, args)):
        exponent = args[1]
        if not isinstance(exponent, int) or exponent < 0:
            _refuse_size(exponent)
            raise ArrayError("NumPy has no powers of integers to negative integers: write floats")
    given = flat(args)
    if any(isinstance(a, Traced) and not may_be_whole(a) and not _is_constant(a) for a in given):
        return  # what is computed is of floats
    for value in arrays_in(given):
        dtype = getattr(value, "dtype", None)
        if dtype is not None and not isinstance(value, Traced) and is_small(dtype):
            raise ArrayError(f"numbers of the type {dtype} overflow: write .astype(float)")
    if all(map(may_be_whole, given)) and any(map(_is_large, given)):
        raise ArrayError(f"integers from {LARGE} on may overflow: write floats")


def _refuse_size(exponent: Any) -> None:
    """Raise `ArrayError` for an exponent that is a size, or was computed of one."""
    exponent = exponent.as_number() if isinstance(exponent, Count) else exponent
    if not isinstance(exponent, Traced) or exponent.array.shape:
        return
    if size := next((x.name for x in walk(exponent.array.entry()) if isinstance(x, SizeOf)), None):
        raise ArrayError(
            f"an integer to the power of {size}, a size that is a name, is not supported: write a "
            f"float, as in 2.0 ** {size}, or give {size} a number, such as {size}=3"
        )


def _is_constant(value: Traced) -> bool:
    known = type(value) is Traced and value.left_out is None
    return known and isinstance(value.held, Constant)


def _is_large(value: Any) -> bool:
    import numpy as np

    return isinstance(value, int | np.integer | np.ndarray) and bool(np.any(np.abs(value) >= LARGE))


def arrays_in(given: Sequence[Any]) -> list[Any]:
    """The arrays, truths and floats among arguments; a Python integer fits any type."""
    return [a for a in given if is_array(a) or isinstance(a, bool | float)]


def _is_truth(value: Any) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, Traced):
        return value.is_truth
    return kind_of(value) == "b"


def flat(args: Sequence[Any]) -> list[Any]:
    """Arguments, and what stands in lists among them."""
    return [b for a in args for b in (flat(a) if isinstance(a, list | tuple) else [a])]


def is_whole(name: str, args: Sequence[Any], options: Mapping[str, Any]) -> bool:
    """Whether the function gives integers, of arguments that are integers."""
    operands = [a for a in flat([*args, *options.values()]) if not isinstance(a, str | None)]
    return name not in (*TYPED, *NOT_WHOLE) and bool(operands) and all(map(may_be_whole, operands))
