"""A report as a sequence of blocks, the same for every format that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import sympy

from gradcheck_sym.render import View
from gradcheck_sym.render.blocks import (
    Block,
    Code,
    Entries,
    Equation,
    Equations,
    Heading,
    Listing,
    Part,
    Partial,
    Prose,
)
from gradcheck_sym.render.reproduction import reproduction
from gradcheck_sym.render.story import story
from gradcheck_sym.report import Entry, Report, kind_of
from gradcheck_sym.steps import Place
from gradcheck_sym.verdict import Counterexample, Refuted, Undecided

FIRST, LAST = 16, 4  # rows shown of a large table
MOST_REASONS = 4


def documents(reports: Sequence[Report], view: View) -> Iterator[Block]:
    """The reports one after the other; where there are several, each under its claim."""
    for report in reports:
        if len(reports) > 1 and not view.quiet:
            yield Heading(f"claim: {report.claim}")
        yield from document(report, view)


def document(report: Report, view: View) -> Iterator[Block]:
    """The head, the derivation if the report has one, the table, and what it all says."""
    if view.quiet:
        yield Prose((statement(report),), report.verdict)
        return
    yield from _head(report)
    if report.derivation:
        yield from story(report.derivation, report.wrt)
        yield Heading("6. Every entry")
    yield _entries(report.entries, view)
    yield from _reasons(report)
    yield Prose((statement(report),), report.verdict)
    yield from _footing(report)


def statement(report: Report) -> str:
    """4 of 4 entries proved, for all real X, W_h, W_out, Y."""
    counts, total = report.counts, len(report.entries)
    text = f"{counts['proved']} of {total} {'entry' if total == 1 else 'entries'} proved"
    if counts["proved"]:
        text += f", for all {_quantified(report)}"
    others = [f"{counts[kind]} {kind}" for kind in ("refuted", "undecided") if counts[kind]]
    return "; ".join([text, *others])


def _quantified(report: Report) -> str:
    """What the theorem is about: sizes and indices that are names, and the inputs."""
    sizes = report.network.sizes.values()
    names = ", ".join(dict.fromkeys(size for size in sizes if isinstance(size, str)))
    shape = report.inputs[report.wrt]
    places = zip(report.entries[0].index, shape, strict=True)
    ranges = [f"1 ≤ {name} ≤ {size}" for name, size in places if isinstance(name, str)]
    inputs = f"real {', '.join(report.inputs)}"
    if not names:
        return inputs
    within = f", all {', '.join(ranges)}" if ranges else ""
    return f"positive integers {names}{within} and all {inputs}"


def _head(report: Report) -> Iterator[Block]:
    network = report.network
    *layers, n = network.sizes.values()
    sizes = "-".join(map(str, layers))
    parts = f"network {sizes}, n = {n}, {network.hidden} → {network.output}; any real inputs "
    shapes = [f"{name} ({'×'.join(map(str, shape))})" for name, shape in report.inputs.items()]
    yield Prose((parts + ", ".join(shapes),))
    definitions = [Equation(d.place, (d.value,)) for d in report.definitions]
    claim = Equation(Partial(Place("J"), Place(report.wrt)), (Code(report.claim),), "the claim")
    yield Equations((*definitions, claim))


def _entries(entries: Sequence[Entry], view: View) -> Entries:
    if view.all_rows or len(entries) <= FIRST + LAST + 1:
        return Entries(entries, (), ())
    return Entries(entries[:FIRST], entries[FIRST:-LAST], entries[-LAST:])


def left_out(hidden: Sequence[Entry]) -> str:
    """What the rows that are not shown say."""
    kinds = Counter(entry.kind for entry in hidden)
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return f"{len(hidden)} rows left out: {counts}; --all-rows shows them"


def _reasons(report: Report) -> Iterator[Block]:
    """Why entries are not proved, for the first few of them."""
    wrong = [entry for entry in report.entries if entry.kind != "proved"]
    for entry in wrong[:MOST_REASONS]:
        yield Prose((entry.place, f" {entry.kind}: ", *_reason(entry)))
    if len(wrong) > MOST_REASONS:
        yield Prose((f"and {len(wrong) - MOST_REASONS} more; --format json lists them all",))
    if report.diagnosis:
        yield Prose((f"{report.diagnosis}, in every entry (proved)",))
    for line in filter(None, (reproduction(report, entry) for entry in wrong[:1])):
        yield Prose(("the first of them in NumPy, as (derivative, claim):",))
        yield Listing(line)


def _reason(entry: Entry) -> tuple[Part, ...]:
    match entry.verdict:
        case Refuted(point):
            sides = f": the derivative is {point.left}, the claim {point.right}"
            return (*_place(point), sides)
        case Undecided(reason):
            return (reason,)
    return ()


def _place(point: Counterexample) -> Iterator[Part]:
    """Where the two sides differ, in words and formulas."""
    numbers = {**point.sizes, **point.indices}
    values: list[tuple[sympy.Basic, object]] = [(sympy.Symbol(k), v) for k, v in numbers.items()]
    values += [(_parsed(name), value) for name, value in point.values.items()]
    yield "at "
    for left, value in values:
        yield left
        yield f" = {value}, "
    yield "and every other input 0" if values else "every input 0"


def _parsed(entry: str) -> sympy.Expr:
    """The expression of an entry that is written X[1,2]."""
    name, _, index = entry.rstrip("]").partition("[")
    return Place(name, tuple(sympy.Integer(k) for k in index.split(",") if k)).expr


def _footing(report: Report) -> Iterator[Prose]:
    if report.lemmas:
        yield Prose(("lemmas: ", *_joined(report.lemmas, "; ")))
    if report.conditions:
        yield Prose(("provided that ", *_joined(report.conditions, " and ")))
    if report.audited:
        agreed = sum(kind_of(e.audit) == e.kind for e in report.entries if e.audit)
        same = f"audit: {agreed} of {len(report.entries)} verdicts the same"
        yield Prose((f"{same} with sympy.diff on J written out in full",))
    yield Prose((f"time: {report.seconds:.2f} s",))


def _joined(relations: Iterable[sympy.Rel], separator: str) -> Iterator[Part]:
    for number, relation in enumerate(relations):
        if number:
            yield separator
        yield relation
