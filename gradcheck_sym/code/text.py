"""The reports on users' functions, as text and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TextIO, TypeAlias

from gradcheck_sym.code.digits import IN_FLOATS, apart
from gradcheck_sym.code.report import CodeReport, Part, WrongShape
from gradcheck_sym.code.upstream import output_of
from gradcheck_sym.explained.codes import code_of
from gradcheck_sym.render.notation import Notation, notation_for
from gradcheck_sym.sizes import Size
from gradcheck_sym.verdict import Counterexample, Proved, Refuted, Undecided

Inputs: TypeAlias = Mapping[str, tuple[Size, ...]]

STYLES = {"✔": "green", "✘": "bold red", "? undecided": "bold yellow"}
NEARLY = 1e-5
MOST_TOLD = 12  # values that are taken as they are; all are in the JSON
LEAVES_OUT = (
    "this leaves out more than single points: something that has to be ≠ 0 is 0 in a region"
)
SIGNS = {"proved": "✔ proved", "refuted": "✘ refuted", "undecided": "? undecided"}

USERS = Notation(unicode=True, as_they_are=True)


def as_text(report: CodeReport) -> str:
    """The whole report, a line for each verdict and what belongs to it below."""
    return "\n".join(lines(report))


def part_as_text(part: Part) -> str:
    """The verdict on one gradient, and what belongs to it below."""
    found = _details(part, None, USERS)
    return "\n".join((f"{SIGNS[part.kind]}: ∂L/∂{part.wrt}{_why(part)}", *found))


def render(reports: Sequence[CodeReport], file: TextIO, *, quiet: bool) -> None:
    """Write the reports, with colours on a terminal; the last line says the worst of several."""
    from rich.console import Console
    from rich.text import Text

    from gradcheck_sym.render.folded import folded

    notation = notation_for(getattr(file, "encoding", None) or "utf-8", as_they_are=True)
    console = Console(file=file, highlight=False, emoji=False, markup=False)
    for number, report in enumerate(reports):
        if number and not quiet:
            console.print()
        shown = [f"{report.name}: {summary(report)}"] if quiet else lines(report, notation)
        for line in shown:
            style = next((style for sign, style in STYLES.items() if sign in line), "")
            text = Text(notation.plain(line), style=style)
            for part in [text] if quiet else folded(text, console):
                console.print(part, soft_wrap=True)
    if len(reports) > 1:
        bad = [report.name for report in reports if not report.proved]
        said = f"{len(reports) - len(bad)} of {len(reports)} pairs proved"
        console.print(f"{said}; not: {', '.join(bad)}" if bad else said, soft_wrap=True)


def lines(report: CodeReport, notation: Notation | None = None) -> Iterator[str]:
    """The lines of a report."""
    notation = notation or USERS
    arrays = ", ".join(
        f"{name} ({' × '.join(map(str, shape))})" if shape else name
        for name, shape in report.inputs.items()
    )
    yield f"{report.name} ({report.where}), {arrays}"
    width = max(len(part.wrt) for part in report.parts)
    for part in report.parts:
        yield f"  {part.wrt.ljust(width)}  {SIGNS[part.kind]}{_why(part)}"
        indent = " " * (width + 4)
        yield from (f"{indent}{line}" for line in _details(part, report.inputs, notation))
    if report.hypotheses:
        yield f"assumed: {', '.join(report.hypotheses)}"
    if report.constants:
        told = [f"{name} = {value}" for name, value in report.constants.items()]
        told[MOST_TOLD:] = [f"and {len(told) - MOST_TOLD} more"] if told[MOST_TOLD:] else []
        yield f"taken as they are: {', '.join(told)}"
    yield from report.remarks
    yield summary(report)


def explained(part: Part, inputs: Inputs) -> Iterator[str]:
    """What is said of one gradient beside its verdict, a line each."""
    if why := _why(part).removeprefix(": "):
        yield why
    yield from _details(part, inputs, USERS)


def _why(part: Part) -> str:
    code = code_of(part.diagnosis or "")
    said = f"{part.diagnosis} [{code}]" if code else part.diagnosis
    match part.verdict:
        case WrongShape(reason):
            return f": {reason}; {said}" if said else f": {reason}"
        case Undecided(reason):
            return f": {reason}"
    return f": {said}" if said else ""


def _details(part: Part, inputs: Inputs | None, notation: Notation) -> Iterator[str]:
    """What helps with one gradient; what a point hints at, if the inputs are known."""
    if part.correction:
        scope = f" for {part.proved_for}" if part.proved_for else ""
        where = " and ".join(map(notation.formula, part.mend_conditions))
        scope += f", provided that {where}" if where else ""
        yield f"right is {part.correction.removeprefix('return ')} (proved{scope})"
    match part.verdict:
        case Proved():
            if part.conditions:
                said = " and ".join(map(notation.formula, part.conditions))
                yield f"provided that {said}"
            if part.leaves_out:
                yield LEAVES_OUT
            if not part.compared:
                yield "not compared with NumPy, which gave no numbers at any point that was tried"
        case Refuted(point):
            yield from _point(part, point, inputs)
            if part.right:
                yield f"right so far: {'; '.join(part.right)}"


def _point(part: Part, point: Counterexample, inputs: Inputs | None) -> Iterator[str]:
    index = ",".join(map(str, point.indices.values()))
    told = dict.fromkeys(size for shape in (inputs or {}).values() for size in shape)
    order = [*(str(size) for size in told if size in point.sizes), *point.sizes]
    where = [f"{name} = {point.sizes[name]}" for name in dict.fromkeys(order)]
    where += [f"{name} = {value}" for name, value in point.values.items()]
    yield f"at {', '.join(where)}, the others 0:" if where else "where all is 0:"
    entry = f"{part.wrt}[{index}]" if index else part.wrt
    yield f"∂L/∂{entry} = {point.left}, and {point.right} is returned"
    if inputs is not None and (said := remark(entry, point, inputs)):
        yield said


def remark(entry: str, point: Counterexample, inputs: Collection[str]) -> str | None:
    """What the two numbers of a point hint at, if anything."""
    return _left_out(entry, point, inputs) or _rounding(point)


def _left_out(entry: str, point: Counterexample, inputs: Collection[str]) -> str | None:
    """That one output depends on the entry, if the point weighs that alone and 0 is returned."""
    weighed = [name for name in point.values if name.partition("[")[0] not in inputs]
    if len(weighed) != 1 or "[" not in weighed[0] or point.right.high != "0":
        return None
    upstream, _, index = weighed[0].partition("[")
    return f"0 is returned there, though {output_of(upstream)}[{index} depends on {entry}"


def _rounding(point: Counterexample) -> str | None:
    """That the two nearly agree: a constant may be rounded, or an eps left out."""
    far = apart(point)
    if far is None or far > NEARLY:
        return None
    unseen = ", which floats do not show" if far < IN_FLOATS else ""
    return f"they agree up to {far:.0e}{unseen}: is a constant rounded, or a small one left out?"


def summary(report: CodeReport) -> str:
    """3 of 3 gradients proved for all positive integers n, d, t, for all real inputs."""
    sizes = ", ".join(report.sizes)
    scope = f" for all positive integers {sizes}" if sizes else ""
    counts = {k: sum(part.kind == k for part in report.parts) for k in SIGNS}
    total = len(report.parts)
    word = "gradient" if total == 1 else "gradients"
    if report.proved:
        conditions = any(part.conditions for part in report.parts)
        rest = ", under side conditions" if conditions else ""
        return f"{total} of {total} {word} proved{scope}, for all real inputs{rest}"
    worst = report.verdict
    return f"{counts[worst]} of {total} {word} {worst}"
