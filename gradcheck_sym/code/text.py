"""The reports on users' functions, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradcheck_sym.code.report import CodeReport, Part, WrongShape
from gradcheck_sym.render.notation import Notation
from gradcheck_sym.verdict import Counterexample, Proved, Refuted, Undecided

SIGNS = {"proved": "✔ proved", "refuted": "✘ refuted", "undecided": "? undecided"}


def as_text(report: CodeReport) -> str:
    """The whole report, a line for each verdict and what belongs to it below."""
    return "\n".join(lines(report))


def lines(report: CodeReport, notation: Notation | None = None) -> Iterator[str]:
    """The lines of a report."""
    notation = notation or Notation(unicode=True)
    arrays = ", ".join(
        f"{name} ({' × '.join(map(str, shape))})" if shape else name
        for name, shape in report.inputs.items()
    )
    yield f"{report.name} ({report.where}), {arrays}"
    width = max(len(part.wrt) for part in report.parts)
    for part in report.parts:
        yield f"  {part.wrt.ljust(width)}  {SIGNS[part.kind]}{_why(part)}"
        indent = " " * (width + 4)
        yield from (f"{indent}{line}" for line in _details(part, notation))
    yield _last(report)


def _why(part: Part) -> str:
    match part.verdict:
        case WrongShape(reason) | Undecided(reason):
            return f": {reason}"
        case Refuted():
            return f": {part.diagnosis}" if part.diagnosis else ""
    return ""


def _details(part: Part, notation: Notation) -> Iterator[str]:
    match part.verdict:
        case Proved(evidence):
            if evidence.conditions:
                said = " and ".join(map(notation.formula, evidence.conditions))
                yield f"provided that {said}"
        case Refuted(point):
            yield from _point(part, point)
            if part.right:
                yield f"right so far: {'; '.join(part.right)}"


def _point(part: Part, point: Counterexample) -> Iterator[str]:
    index = ",".join(map(str, point.indices.values()))
    where = [f"{name} = {size}" for name, size in point.sizes.items()]
    where += [f"{name} = {value}" for name, value in point.values.items()]
    yield f"at {', '.join(where)}, the others 0:" if where else "where all is 0:"
    entry = f"{part.wrt}[{index}]" if index else part.wrt
    yield f"∂L/∂{entry} = {point.left}, and {point.right} is returned"


def _last(report: CodeReport) -> str:
    sizes = ", ".join(report.sizes)
    scope = f" for all positive integers {sizes}" if sizes else ""
    counts = {k: sum(part.kind == k for part in report.parts) for k in SIGNS}
    total = len(report.parts)
    if report.proved:
        return f"{total} of {total} gradients proved{scope}, for all real inputs"
    worst = report.verdict
    return f"{counts[worst]} of {total} gradients {worst}"


def document(report: CodeReport) -> dict[str, Any]:
    """The report as data."""
    return {
        "name": report.name,
        "where": report.where,
        "verdict": report.verdict,
        "inputs": {name: list(shape) for name, shape in report.inputs.items()},
        "labels": list(report.labels),
        "gradients": [],
        "seconds": round(report.seconds, 6),
    }
