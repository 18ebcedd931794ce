"""A counterexample as a script: it runs the user's own functions and compares, in NumPy alone."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.run import Run
from gradcheck_sym.sizes import Size
from gradcheck_sym.verdict import Counterexample

STEP = "1e-5"


def reproduction(run: Run, wrt: str, point: Counterexample) -> str | None:
    """The script, or None where the functions are in no file or draw random numbers."""
    try:
        file = inspect.getsourcefile(run.script.functions[0])
    except TypeError:
        return None
    if not all(_is_importable(function) for function in run.script.functions):
        return None
    if file is None or not Path(file).exists() or run.trace.random or not run.script.repeatable:
        return None
    return "\n".join(_lines(run, wrt, point, file)) + "\n"


def _is_importable(function: Any) -> bool:
    return str(getattr(function, "__qualname__", "")).isidentifier()


def _lines(run: Run, wrt: str, point: Counterexample, file: str) -> Iterator[str]:
    shown = f"{wrt}[{', '.join(map(str, point.indices.values()))}]" if point.indices else wrt
    yield f'"""The gradient by {shown} is not what {Path(file).name} returns, at one point."""'
    yield ""
    yield "import importlib.util"
    yield ""
    yield "import numpy as np"
    yield ""
    yield f'spec = importlib.util.spec_from_file_location("code", {os.path.relpath(file)!r})'
    yield "code = importlib.util.module_from_spec(spec)"
    yield "spec.loader.exec_module(code)"
    yield ""
    for name, size in point.sizes.items():
        yield f"{name} = {size}"
    for name, value in run.constants.items():
        yield f"{name} = {value!r}"
    for name, array in run.arrays.items():
        yield from _array(name, sizes(array.shape), point, labels=name in run.labels)
    yield ""
    inputs = [*run.inputs, *run.constants]
    yield from run.script.lines(inputs)
    yield ""
    index = ", ".join(str(k - 1) for k in point.indices.values())
    yield f"step = np.zeros_like({wrt})"
    yield f"step[{index or '()'}] = {STEP}"
    above = ", ".join(f"{n} + step" if n == wrt else n for n in inputs)
    below = ", ".join(f"{n} - step" if n == wrt else n for n in inputs)
    yield f"quotient = (value({above}) - value({below})) / (2 * {STEP})"
    yield f"found = np.asarray({run.script.place(wrt)})[{index or '()'}]"
    yield 'print(f"difference quotient {quotient}, returned {found}")'
    yield f"assert abs(quotient - found) > 1e-4 * max(1, abs(quotient)), {shown!r}"


def _array(
    name: str, shape: tuple[Size, ...], point: Counterexample, *, labels: bool
) -> Iterator[str]:
    """The array with the values of the point, or the labels that its one-hot rows mean."""
    lengths = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
    own = {key: value for key, value in point.values.items() if key.partition("[")[0] == name}
    if labels:
        yield f"{name} = np.zeros({shape[0]}, dtype=int)"
        for key, value in own.items():
            row, column = _index(key)
            if value:
                yield f"{name}[{row - 1}] = {column - 1}"
        return
    everywhere = own.pop(name, Fraction(0))
    yield f"{name} = np.full(({lengths}), {_number(everywhere)})"
    for key, value in own.items():
        place = ", ".join(str(k - 1) for k in _index(key))
        yield f"{name}[{place}] = {_number(value)}"


def _index(key: str) -> list[int]:
    return [int(k) for k in re.findall(r"\d+", key.partition("[")[2])]


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator}.0"
    return f"{value.numerator} / {value.denominator}"
