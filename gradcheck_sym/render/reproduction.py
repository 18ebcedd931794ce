"""A counterexample as a line of plain NumPy that prints the two numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from gradcheck_sym.grid import Entry
from gradcheck_sym.mlp.hypotheses import NATURAL
from gradcheck_sym.report import Report
from gradcheck_sym.verdict import Bounds, Counterexample, Refuted

STEP = "1e-30"  # of the complex step, Im J(w + ih)/h, which is exact to rounding
DIFFERENCE = "1e-6"  # of the central difference, where J has an erf, which takes no complex numbers
FLOATS_SHOW = 1e-12  # how far two numbers have to be apart, measured by the larger one,
DIFFERENCE_SHOWS = 1e-6  # and where a central difference is one of them
ERF = "import math; erf = np.vectorize(math.erf, otypes=[float])"


def reproduction(report: Report, entry: Entry) -> str:
    """Python code: the derivative by a small step, and the claim, at the point; else empty."""
    if not isinstance(entry.verdict, Refuted):
        return ""
    point = entry.verdict.counterexample
    sizes = {n: point.sizes.get(str(s), s) for n, s in report.network.sizes.items()}
    names = {**point.sizes, **point.indices}
    place = ",".join(str(int(names.get(str(k), k)) - 1) for k in entry.index)
    wanted = [definition.place.name for definition in report.definitions[:-1]]
    shapes = {
        name: ", ".join(str(names.get(str(size), size)) for size in shape)
        for name, shape in report.inputs.items()
    }
    needs_erf = any("erf(" in code for code in (*report.code.values(), report.claim))
    smooth = "erf(" not in report.code["J"]
    steps = [
        "import numpy as np; from numpy import *",
        "sigmoid = lambda z: 1/(1 + np.exp(-z))",
        *([ERF] if needs_erf else []),
        *(f"{name} = {size}" for name, size in {**sizes, **point.sizes}.items()),
        *(
            f"{name} = " + (f"np.zeros(({shape}))" if shape else "0")
            for name, shape in shapes.items()
        ),
        *_allowed(report, point),
        *(
            f"{_zero_based(name)}{'[...]' if shapes.get(name) else ''} = {value}"
            for name, value in point.values.items()
        ),
        *(f"{name} = {report.code[name]}" for name in wanted),
        f"J = lambda {report.wrt}: {report.code['J']}",
        *_derivative(report.wrt, shapes[report.wrt], place, smooth=smooth),
        f"print(_derivative, ({report.claim})[{place}])",
        *_caution(point.left, point.right, FLOATS_SHOW if smooth else DIFFERENCE_SHOWS),
    ]
    return "; ".join(steps)


def _derivative(wrt: str, shape: str, place: str, *, smooth: bool) -> list[str]:
    """The derivative by the entry at `place`: a complex step, or where J takes none a difference.

    No size that a user names starts with _.
    """
    if smooth:
        return [
            f"_step = np.zeros(({shape}), complex)",
            f"_step[{place}] = {STEP}j",
            f"_derivative = J({wrt} + _step).imag/{STEP}",
        ]
    return [
        f"_step = np.zeros(({shape}))",
        f"_step[{place}] = {DIFFERENCE}",
        f"_derivative = (J({wrt} + _step) - J({wrt} - _step))/(2*{DIFFERENCE})",
    ]


def _allowed(report: Report, point: Counterexample) -> Iterator[str]:
    """Values for the entries of Y that do not matter, which the hypotheses do not let be 0."""
    kinds = {known.kind for known in NATURAL if known.sentence in report.assumed}
    if "signs" in kinds:
        yield "Y += 1"
    elif "row_sums" in kinds:
        yield "Y[:,-1] = 1"
        listed = (_zero_based(name) for name in point.values if name.startswith("Y["))
        rows = dict.fromkeys(entry[2:].split(",")[0] for entry in listed)
        yield from (f"Y[{row}] = 0" for row in rows)


def _caution(left: Bounds, right: Bounds, least: float) -> Iterator[str]:
    """What to say where the two numbers that are printed may well look the same."""
    one, other = Fraction(left.low), Fraction(right.low)
    if abs(one - other) < Fraction(least) * max(abs(one), abs(other)):
        apart = float(abs(one - other) / max(abs(one), abs(other)))
        yield f"print('floats are too coarse here: the two are {apart:.1g} of their size apart')"


def _zero_based(entry: str) -> str:
    name, _, index = entry.rstrip("]").partition("[")
    return f"{name}[{','.join(str(int(k) - 1) for k in index.split(','))}]" if index else name
