"""A counterexample as a script in plain NumPy that prints the two numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction

from gradcheck_sym.grid import Entry
from gradcheck_sym.mlp.hypotheses import NATURAL
from gradcheck_sym.report import Report
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, ROWWISE
from gradcheck_sym.verdict import Bounds, Counterexample, Refuted

STEP = "1e-200"  # of the complex step, Im J(w + ih)/h, which is exact to rounding
DIFFERENCE = "1e-6"  # of the central difference, where J has an erf, which takes no complex numbers
FLOATS_SHOW = 1e-12  # how far two numbers have to be apart, measured by the larger one,
DIFFERENCE_SHOWS = 1e-6  # and where a central difference is one of them
LARGE = 20  # a number beyond which an exponential of a few of them may overflow
BORDERS = ("where", "sign", "heaviside", "maximum", "minimum", "max", "min", "abs", "clip")
ANY = 1  # for a size that nothing depends on


def reproduction(report: Report, entry: Entry) -> str:
    """A script: the derivative by a small step, and the claim, at the point; else empty."""
    if not isinstance(entry.verdict, Refuted):
        return ""
    lines = list(_lines(report, entry, entry.verdict.counterexample))
    title = (
        f'"""dJ/d{report.wrt}[{",".join(map(str, entry.index))}] and what it is claimed to be."""'
    )
    imports = ["import numpy as np"]
    if used := _used(lines):
        imports.append(f"from numpy import {', '.join(used)}")
    return "\n".join([title, "", *imports, "", *lines]) + "\n"


def reproductions(reports: Iterable[Report]) -> Iterator[str]:
    """The scripts of the entries that are refuted."""
    for report in reports:
        yield from (reproduction(report, entry) for entry in report.entries.not_proved)


def _lines(report: Report, entry: Entry, point: Counterexample) -> Iterator[str]:
    sizes = report.network.sizes
    named = {s: point.sizes.get(s, ANY) for s in sizes.values() if isinstance(s, str)}
    known = {label: named.get(str(size), size) for label, size in sizes.items()}
    names = {**named, **point.sizes, **point.indices}
    place = ",".join(str(int(names.get(str(k), k)) - 1) for k in entry.index)
    wanted = [definition.place.name for definition in report.definitions[:-1]]
    shapes = {
        name: ", ".join(str(names.get(str(size), size)) for size in shape)
        for name, shape in report.inputs.items()
    }
    forward = [name for name in wanted if not name.startswith("delta")]
    codes = [*(report.code[name] for name in wanted), report.code["J"], report.claim]
    smooth = not any("erf(" in report.code[name] for name in (*forward, "J"))
    if any("sigmoid(" in code for code in codes):
        yield from ("def sigmoid(z):", "    return 1 / (1 + np.exp(-z))", "")
    if any("erf(" in code for code in codes):
        yield from ("import math", "erf = np.vectorize(math.erf, otypes=[float])", "")
    yield "# The sizes, and the point: what is not set is 0."
    yield from (f"{name} = {size}" for name, size in {**known, **named, **point.sizes}.items())
    yield from (
        f"{name} = " + (f"np.zeros(({shape}))" if shape else "0") for name, shape in shapes.items()
    )
    others = _counted(report.claim, list(sizes), {*shapes, *wanted})
    yield from (f"{name} = np.zeros(({shape}))" for name, shape in others)
    yield from _allowed(report, point)
    yield from (
        f"{_zero_based(name)}{'[...]' if shapes.get(name) else ''} = {value}"
        for name, value in point.values.items()
    )
    yield from ("", "# The network, and its loss.")
    yield from (f"{name} = {report.code[name]}" for name in wanted)
    yield from ("", f"def J({report.wrt}):")
    yield from (f"    {name} = {report.code[name]}" for name in forward)
    yield from (f"    return {report.code['J']}", "")
    yield from _derivative(report.wrt, shapes[report.wrt], place, smooth=smooth)
    yield f"_claim = ({_in_floats(report.claim)})[{place}]"
    yield "print(_derivative, _claim)"
    caution = list(_caution(point.left, point.right, FLOATS_SHOW if smooth else DIFFERENCE_SHOWS))
    yield from caution
    yield from _compared(point, sure=not caution and not _is_delicate(report, point))


def _counted(
    claim: str, labels: Sequence[str], known: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Arrays before a free one, of which a claim may count the entries, and their shapes."""
    *widths, n = labels
    places = {"h": 1, "out": len(widths) - 1, **{str(k): k for k in range(len(widths))}}
    for name in dict.fromkeys(re.findall(r"\b(?:X|[WbZA]_\w+)\b", claim)):
        kind, _, layer = name.partition("_")
        place = places.get(layer, 0)
        after = widths[place]
        shapes = {"W": f"{widths[place - 1]}, {after}", "b": f"{after},"}
        if name not in known:
            yield name, shapes.get(kind, f"{n}, {after}")


def _used(lines: Sequence[str]) -> list[str]:
    """The names of NumPy that are written without np."""
    tree = ast.parse("\n".join(lines))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    made |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    made |= {"np", "math", "print", "complex", "float", "len"}
    return sorted({node.id for node in names} - made)


def _derivative(wrt: str, shape: str, place: str, *, smooth: bool) -> list[str]:
    """The derivative by the entry at `place`: a complex step, or where J takes none a difference.

    No size that a user names starts with _.
    """
    if smooth:
        return [
            "# The complex step Im J(w + ih)/h subtracts nothing, so it is exact to rounding.",
            f"_step = np.zeros(({shape}), complex)",
            f"_step[{place}] = {STEP}j",
            f"_derivative = J({wrt} + _step).imag/{STEP}",
        ]
    return [
        "# A central difference, since J takes no complex numbers.",
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


def _is_delicate(report: Report, point: Counterexample) -> bool:
    """Whether floats may well take another case than real numbers, or overflow."""
    network = report.network
    known = ACTIVATIONS.keys() | LOSSES.keys() | ROWWISE.keys()
    typed = {network.hidden or "", network.output, network.loss} - known
    large = any(abs(value) > LARGE for value in point.values.values())
    return large or any(map(_has_borders, (report.claim, *typed)))


def _has_borders(text: str) -> bool:
    return any(sign in text for sign in ("<", ">", "==", "!=", *BORDERS))


def _compared(point: Counterexample, *, sure: bool) -> Iterator[str]:
    """That the two numbers are what they should be; what to say where floats may not tell."""
    sides = point.left, point.right
    left, right = (float(Fraction(bounds.low)) for bounds in sides)
    width = max(Fraction(bounds.high) - Fraction(bounds.low) for bounds in sides)
    close = f"np.allclose([_derivative, _claim], [{left!r}, {right!r}], 1e-4, {1e-9 + width:.1g})"
    if sure:
        yield f"assert {close}"
    else:
        yield (
            f"{close} or "
            f"print('floats do not reach here: exactly, these are {left:.10g} and {right:.10g}')"
        )


def _in_floats(claim: str) -> str:
    """The claim with powers of floats for those of integers, of which NumPy has no inverses."""
    try:
        tree = ast.parse(claim.strip(), mode="eval")
    except SyntaxError:
        return claim
    powers = _Powers()
    changed = powers.visit(tree)
    return ast.unparse(changed) if powers.found else claim


class _Powers(ast.NodeTransformer):
    """1.0 times the base of each power that may be of an integer to a negative exponent."""

    found = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name == "power" and len(node.args) == 2 and not _is_natural(node.args[1]):
            node.args[0] = self._scaled(node.args[0])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        plain = isinstance(node.left, ast.Name | ast.Constant) or _is_natural(node.right)
        if isinstance(node.op, ast.Pow) and not plain:
            node.left = self._scaled(node.left)
        return node

    def _scaled(self, base: ast.expr) -> ast.expr:
        self.found = True
        return ast.BinOp(ast.Constant(1.0), ast.Mult(), base)


def _is_natural(exponent: ast.expr) -> bool:
    return isinstance(exponent, ast.Constant)


def _zero_based(entry: str) -> str:
    name, _, index = entry.rstrip("]").partition("[")
    return f"{name}[{','.join(str(int(k) - 1) for k in index.split(','))}]" if index else name
