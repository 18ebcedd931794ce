"""A counterexample as a line of plain NumPy that prints the two numbers."""

from __future__ import annotations

from gradcheck_sym.report import Entry, Report
from gradcheck_sym.verdict import Refuted

STEP = "1e-30"  # of the complex step, Im J(w + ih)/h, which is exact to rounding


def reproduction(report: Report, entry: Entry) -> str:
    """Python code: the derivative by a complex step, and the claim, at the point; else empty."""
    if not isinstance(entry.verdict, Refuted):
        return ""
    point = entry.verdict.counterexample
    sizes = {n: point.sizes.get(str(s), s) for n, s in report.network.sizes.items()}
    names = {**point.sizes, **point.indices}
    place = ",".join(str(int(names.get(str(k), k)) - 1) for k in entry.index)
    definitions = {name: code for name, code in report.code.items() if name != "J"}
    shapes = {
        name: ", ".join(str(names.get(str(size), size)) for size in shape)
        for name, shape in report.inputs.items()
    }
    steps = [
        "import numpy as np; from numpy import *",
        "sigmoid = lambda z: 1/(1 + np.exp(-z))",
        *(f"{name} = {size}" for name, size in sizes.items()),
        *(f"{name} = np.zeros(({shape}))" for name, shape in shapes.items()),
        *(f"{_zero_based(name)} = {value}" for name, value in point.values.items()),
        *(f"{name} = {code}" for name, code in definitions.items()),
        f"J = lambda {report.wrt}: {report.code['J']}",
        f"step = np.zeros(({shapes[report.wrt]}), complex)",
        f"step[{place}] = {STEP}j",
        f"print(J({report.wrt} + step).imag/{STEP}, ({report.claim})[{place}])",
    ]
    return "; ".join(steps)


def _zero_based(entry: str) -> str:
    name, _, index = entry.rstrip("]").partition("[")
    return f"{name}[{','.join(str(int(k) - 1) for k in index.split(','))}]"
