"""A counterexample as a script: it runs the user's own functions and compares, in NumPy alone."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.context import of_users
from gradcheck_sym.code.digits import IN_QUOTIENTS, apart, digits_of
from gradcheck_sym.code.literal import assigned
from gradcheck_sym.code.methods import entry, is_layer
from gradcheck_sym.code.passing import in_script, size_in_script
from gradcheck_sym.code.run import Run
from gradcheck_sym.verdict import Counterexample


def reproduction(
    run: Run, wrt: str, point: Counterexample, step: float | None = None
) -> str | None:
    """The script, or None where the functions cannot be imported or draw random numbers."""
    names = [_importable(of_users(function)) for function in run.script.functions]
    if run.is_random or None in names:
        return None
    try:
        file = inspect.getsourcefile(inspect.unwrap(run.script.functions[0]))
    except TypeError:
        return None
    if file is None or not Path(file).exists():
        return None
    own = [f"_code.{name}" for name in names]
    return "\n".join(_lines(run, wrt, point, file, own, step or digits_of(run.trace).step)) + "\n"


def _importable(function: Any) -> str | None:
    """A name by which a module has a function, or a class: its own, else the first it is bound to.

    A function that is written with lambda has no name of its own.
    """
    there, own = _globals(function), str(getattr(function, "__qualname__", ""))
    names = [own, *(name for name, value in there.items() if value is function)]
    known = (name for name in names if there.get(name) is function)
    return next((name for name in known if name.isidentifier()), None)


def _globals(function: Any) -> dict[str, Any]:
    """The global names of a function's module, or of a class's."""
    inner = inspect.unwrap(entry(function) if is_layer(function) else function)
    found: dict[str, Any] = getattr(inner, "__globals__", {})
    return found


def _lines(
    run: Run, wrt: str, point: Counterexample, file: str, names: Sequence[str], step: float
) -> Iterator[str]:
    shown = f"{wrt}[{', '.join(map(str, point.indices.values()))}]" if point.indices else wrt
    yield f'"""The gradient by {shown} is not what {Path(file).name} returns, at one point."""'
    yield ""
    yield "import importlib.util"
    yield "import sys"
    yield "from copy import deepcopy"
    yield ""
    yield "import numpy as np"
    yield ""
    yield f'_spec = importlib.util.spec_from_file_location("_code", {str(Path(file).resolve())!r})'
    yield "_code = importlib.util.module_from_spec(_spec)"
    yield 'sys.modules["_code"] = _code  # where dataclasses look for names'
    yield "_spec.loader.exec_module(_code)"
    yield ""
    known = _globals(run.script.functions[0])
    for name in dict.fromkeys(run.sizes):
        yield f"{size_in_script(name, run.arrays)} = {point.sizes.get(name, 1)}"
    for name, value in run.constants.items():
        yield assigned(in_script(name), value, known)
    for name, value in run.made_with.items():
        yield assigned(name, value, known)
    for name, array in run.arrays.items():
        shape = [size_in_script(str(size), run.arrays) for size in sizes(array.shape)]
        yield from _array(name, shape, point, labels=name in run.labels)
    yield ""
    inputs = [*run.inputs, *run.constants]
    yield from run.script.lines(inputs, names)
    yield ""
    index = ", ".join(str(k - 1) for k in point.indices.values()) or "()"
    yield f"_step = np.zeros_like({in_script(wrt)})"
    yield f"_step[{index}] = {step}"
    above, below = (
        ", ".join(f"{in_script(n)} {sign} _step" if n == wrt else in_script(n) for n in inputs)
        for sign in "+-"
    )
    yield f"_quotient = (_value({above}) - _value({below})) / (2 * {step})"
    yield f"_found = np.asarray({run.script.place(wrt)})[{index}]"
    yield 'print(f"difference quotient {_quotient}, returned {_found}")'
    far = apart(point)
    if far is not None and far < IN_QUOTIENTS:
        said = f"they differ by {far:.0e} of the first, which floats do not show: it is"
        yield f'print("{said} {point.left}, and {point.right} is returned")'


def _array(
    name: str, shape: Sequence[str], point: Counterexample, *, labels: bool
) -> Iterator[str]:
    """The array with the values of the point, or the labels that its one-hot rows mean."""
    lengths = ", ".join(shape) + ("," if len(shape) == 1 else "")
    own = {key: value for key, value in point.values.items() if key.partition("[")[0] == name}
    everywhere, called = own.pop(name, Fraction(0)), in_script(name)
    if labels:
        yield f"{called} = np.zeros({shape[0]}, dtype=int)"
        for key, value in own.items():
            row, column = _index(key)
            if value:
                yield f"{called}[{row - 1}] = {column - 1}"
        return
    yield f"{called} = np.full(({lengths}), {_number(everywhere)})"
    for key, value in own.items():
        place = ", ".join(str(k - 1) for k in _index(key))
        yield f"{called}[{place}] = {_number(value)}"


def _index(key: str) -> list[int]:
    return [int(k) for k in re.findall(r"\d+", key.partition("[")[2])]


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator}.0"
    return f"{value.numerator} / {value.denominator}"
