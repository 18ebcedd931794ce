"""What a size may be, and what the work at given sizes would cost. Imports no SymPy."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from math import prod

from gradcheck_sym.errors import CostError, SizeError

Size = int | str

SHOWN = 40  # characters of a bad size that a message repeats
MOST_DIGITS = 15

MOST_SECONDS = 3600.0
MOST_BYTES = 8e9
SECONDS_PER_MONOMIAL = 1e-6  # measured on a 2-core machine
SECONDS_PER_ENTRY = 5e-5
BYTES_PER_MONOMIAL = 500.0
BYTES_PER_ENTRY = 1500.0


LETTERS = frozenset("ijklpqrsuvwgh")  # indices
LANGUAGE = frozenset(  # what formulas are typed with
    [
        "np",
        "numpy",
        "pi",
        "e",
        "y",
        "a",
        "z",
        "lam",
        "float",
        "int",
        "len",
        "sigmoid",
        "erf",
        "exp",
        "log",
        "sin",
        "cos",
        "tan",
        "tanh",
        "sqrt",
        "square",
        "abs",
        "absolute",
        "negative",
        "add",
        "subtract",
        "multiply",
        "divide",
        "true_divide",
        "power",
        "maximum",
        "minimum",
        "matmul",
        "dot",
        "outer",
        "transpose",
        "sum",
        "mean",
        "where",
        "ones",
        "zeros",
        "ones_like",
        "zeros_like",
        "eye",
        "sign",
        "clip",
        "heaviside",
    ]
)
JSON = frozenset(  # what formulas in JSON are written and read with
    [
        "Abs",
        "E",
        "Eq",
        "Float",
        "Function",
        "Heaviside",
        "I",
        "Integer",
        "KroneckerDelta",
        "Max",
        "Min",
        "Ne",
        "Sum",
        "Symbol",
        "if_positive",
        "if_zero",
    ]
)
NUMPY_LINE = frozenset(["print", "complex"])  # what a reproduction is written with, besides
ARRAY = r"(?:[XYJ]|(?:[ZAWSb]|delta)_(?:h|out|[0-9]+))"  # what an array may be called


def size_labels(count: int) -> tuple[str, ...]:
    """The letters of so many sizes: m t, m d t, or m d_1 d_2 … t."""
    hidden = ["d"] if count == 3 else [f"d_{k}" for k in range(1, count - 1)]
    return ("m", *hidden, "t")


def parse_size(label: str, given: object) -> Size:
    """A size from what a user gave: a positive integer, or a name that stands for any.

    `label` names the place (M, D, T, --n). Raises `SizeError`.
    """
    text = str(given).strip()
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    wanted = "a positive integer such as 3, or a name such as m that stands for any"
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]+|[A-Za-z][A-Za-z0-9_]*", text, re.ASCII):
        raise SizeError(f"{label} is {shown!r}: a size is {wanted}")
    if not text.isdigit():
        return _size_name(label, text, shown)
    if len(text) > MOST_DIGITS or int(text) < 1:
        bound = "at least 1" if len(text) <= MOST_DIGITS else f"at most {MOST_DIGITS} digits long"
        raise SizeError(f"{label} is {shown}: a size is {bound}; give {wanted}")
    return int(text)


def _size_name(label: str, name: str, shown: str) -> str:
    taken = LETTERS | LANGUAGE | JSON | NUMPY_LINE
    if name in taken or re.fullmatch(ARRAY, name) or keyword.iskeyword(name):
        raise SizeError(
            f"{label} is {shown!r}, a name that has a meaning here: choose another, such as {name}1"
        )
    return name


def refuse_another_label(sizes: Mapping[str, Size]) -> None:
    """Raise `SizeError` for a size that has the letter of another place, which has another size.

    >>> refuse_another_label({"m": "d", "d": 3, "t": 2, "n": 1})
    Traceback (most recent call last):
        ...
    gradcheck_sym.errors.SizeError: m is called 'd', and d is 3: give it another name
    """
    for label, size in sizes.items():
        if size in sizes and sizes[str(size)] != size:
            there = sizes[str(size)]
            raise SizeError(
                f"{label} is called {size!r}, and {size} is {there}: give it another name"
            )


def check_cost(
    sizes: Mapping[str, Size], shape: Sequence[Size] | None = None, later: Sequence[Size] = ()
) -> None:
    """Refuse sizes whose work may not fit; raises `CostError` with the estimate.

    It is that of a claim whose normal form differs from the derivative's, so that each entry
    takes its monomials; where the forms are equal an entry costs the same for every n.

    `shape` is that of the parameter, d×t if it is not given; `later` are the sizes of the layers
    after it, since an entry is a sum over the ways through them. A size that is a name costs
    nothing: it is not written out.
    """
    numbers = {name: size if isinstance(size, int) else 1 for name, size in sizes.items()}
    n = numbers["n"]
    rows = [numbers[label] for label in list(sizes)[-3:-1]] if shape is None else shape
    entries = prod(size for size in rows if isinstance(size, int))
    monomials = 2 * n * max(2, prod(2 * size for size in later if isinstance(size, int)))
    seconds = entries * (SECONDS_PER_ENTRY + monomials * SECONDS_PER_MONOMIAL)
    memory = entries * BYTES_PER_ENTRY + monomials * BYTES_PER_MONOMIAL
    if seconds > MOST_SECONDS or memory > MOST_BYTES:
        shown = "·".join(f"{size:,}" for size in rows if isinstance(size, int))
        raise CostError(
            f"{shown} entries over {n:,} example{'s'[: n > 1]} may take about "
            f"{duration(seconds)} and {amount(memory)}; the limits are {duration(MOST_SECONDS)} "
            f"and {amount(MOST_BYTES)}: "
            "choose smaller sizes, or names such as m d t --n n, which prove all of them at once"
        )


def duration(seconds: float) -> str:
    """Seconds for people: 40 s, 3 min, 7 h, 12 days."""
    for limit, unit, name in ((60, 1, " s"), (3600, 60, " min"), (86400, 3600, " h")):
        if seconds < limit:
            return f"{seconds / unit:.0f}{name}"
    return f"{seconds / 86400:,.0f} days"


def amount(size: float) -> str:
    """Bytes for people: 40 MB, 8 GB."""
    return f"{size / 1e6:.0f} MB" if size < 1e9 else f"{size / 1e9:,.0f} GB"
