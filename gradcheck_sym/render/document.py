"""A report as a sequence of blocks, the same for every format that people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gradcheck_sym.grid import Entry, Grid
from gradcheck_sym.relation import Relation
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
from gradcheck_sym.report import Definition, Report
from gradcheck_sym.steps import Kink, Place
from gradcheck_sym.term.terms import ZERO
from gradcheck_sym.verdict import Counterexample, Refuted, Undecided

FIRST, LAST = 16, 4  # rows shown of a large table
MOST_REASONS = 4


def documents(reports: Sequence[Report], view: View) -> Iterator[Block]:
    """The reports one after the other; several share one head, each has its own heading."""
    if view.quiet:
        for report in reports:
            about = f"{question(report)}: " if len(reports) > 1 else ""
            conditions = (": ", *joined(report.conditions, ", ")) if report.conditions else ()
            yield Prose((about + statement(report), *conditions), report.verdict)
        return
    longest = max(reports, key=lambda report: len(report.definitions))
    yield from _head(longest)
    claims = [_claim(report) for report in reports] if len(reports) == 1 else []
    yield Equations((*map(definition, longest.definitions), *claims))
    for report in reports:
        if len(reports) > 1:
            yield Heading(question(report))
        yield from _argument(report, view)


def question(report: Report) -> str:
    """∂J/∂W_out = A_h.T @ delta_out."""
    return f"∂J/∂{report.wrt} = {report.claim}"


def _argument(report: Report, view: View) -> Iterator[Block]:
    """The derivation if the report has one, the table, and what it all says."""
    if report.derivation:
        yield from story(report.derivation, report.wrt)
        yield Heading(f"{7 if report.derivation.proof else 6}. Every entry")
    yield shown_entries(report.entries, view)
    yield from _reasons(report)
    yield Prose((statement(report),), report.verdict)
    yield from _footing(report)


def statement(report: Report) -> str:
    """4 of 4 entries proved, for all real X, W_h, W_out, Y."""
    counts, total = report.counts, len(report.entries)
    text = f"{counts['proved']} of {total} {'entry' if total == 1 else 'entries'} proved"
    if counts["proved"]:
        text += f", for all {_quantified(report)}"
        text += "".join(f", if {sentence}" for sentence in report.assumed)
        text += ", under side conditions" if report.conditions else ""
    others = [f"{counts[kind]} {kind}" for kind in ("refuted", "undecided") if counts[kind]]
    return "; ".join([text, *others])


def _quantified(report: Report) -> str:
    """What the theorem is about: sizes and indices that are names, and the inputs."""
    sizes = report.network.sizes.values()
    names = ", ".join(dict.fromkeys(size for size in sizes if isinstance(size, str)))
    shape = report.inputs[report.wrt]
    places = zip(report.entries[0].index, shape, strict=True)
    ranges = [f"1 ≤ {name} ≤ {size}" for name, size in places if isinstance(name, str)]
    inputs = f"real {', '.join(report.inputs)}".replace("lam", "λ")
    if not names:
        return inputs
    within = f", all {', '.join(ranges)}" if ranges else ""
    return f"positive integers {names}{within} and all {inputs}"


def _head(report: Report) -> Iterator[Block]:
    """What the network is, and what is assumed."""
    shapes = [
        f"{name} ({'×'.join(map(str, shape))})" if shape else "λ (lam, a number)"
        for name, shape in report.inputs.items()
    ]
    yield Prose((f"network {network_said(report)}; any real inputs {', '.join(shapes)}",))
    if report.assumed:
        yield Prose((f"assumed: {'; '.join(report.assumed)}",))


def network_said(report: Report) -> str:
    """2-2-2, n = 1, sigmoid → sigmoid."""
    network = report.network
    *layers, n = network.sizes.values()
    functions = " → ".join(filter(None, (network.hidden, network.output)))
    options = [("mean over the examples", network.mean), ("L2 penalty", network.l2)]
    examples = f"n = {n}" if isinstance(n, int) else f"any number {n} of examples"
    parts = ["-".join(map(str, layers)), examples, functions]
    if network.loss != "bce":
        parts.append(f"loss {network.loss}")
    parts += [name for name, there in options if there]
    return ", ".join(parts)


def definition(defined: Definition) -> Equation:
    """z_out[i,j] = Σₖ a_h[i,k]·w_out[k,j]."""
    return Equation(defined.place, (defined.value,))


def _claim(report: Report) -> Equation:
    return Equation(Partial(Place("J"), Place(report.wrt)), (Code(report.claim),), "the claim")


def shown_entries(entries: Grid, view: View) -> Entries:
    """The rows of the table that are shown, and those that are left out."""
    if view.all_rows or len(entries) <= FIRST + LAST + 1:
        return Entries(entries, entries[:0], entries[:0])
    return Entries(entries[:FIRST], entries[FIRST:-LAST], entries[-LAST:])


def left_out(hidden: Grid) -> str:
    """What the rows that are not shown say."""
    counts = ", ".join(f"{count} {kind}" for kind, count in hidden.kinds.items())
    return f"{len(hidden)} rows left out: {counts}; --all-rows shows them"


def _reasons(report: Report) -> Iterator[Block]:
    """Why entries are not proved, for the first few of them."""
    wrong = report.entries.not_proved
    for entry in wrong[:MOST_REASONS]:
        yield Prose((entry.place, f" {entry.kind}: ", *_reason(entry, report.assumed)))
    if len(wrong) > MOST_REASONS:
        yield Prose((f"and {len(wrong) - MOST_REASONS} more; --format json lists them all",))
    if report.missing:
        sentence, text = report.missing
        yield Prose((f"it holds if {sentence} (proved): --assume ", Code(f"'{text}'")))
    if report.diagnosis:
        yield Prose((f"{report.diagnosis}, in every entry (proved)",))
    for line in filter(None, (reproduction(report, entry) for entry in wrong[:1])):
        yield Prose(("the first of them in NumPy, as (derivative, claim):",))
        yield Listing(line)


def _reason(entry: Entry, assumed: Sequence[str]) -> tuple[Part, ...]:
    match entry.verdict:
        case Refuted(point):
            allowed = " that the hypotheses allow" if assumed and point.values else ""
            sides = f": the derivative is {point.left}, the claim {point.right}"
            return (*_place(point), allowed, sides)
        case Undecided(reason):
            return (reason,)
    return ()


def _place(point: Counterexample) -> Iterator[Part]:
    """Where the two sides differ, in words and formulas."""
    numbers = {**point.sizes, **point.indices}
    values: list[tuple[Place, object]] = [(Place(k), v) for k, v in numbers.items()]
    values += [(parsed(name), value) for name, value in point.values.items()]
    yield "at "
    for left, value in values:
        yield left
        whole = not left.index and left.name in point.values and left.name != "lam"
        yield f" = {value}{' in all entries' if whole else ''}, "
    yield "the other inputs that matter 0, the rest any" if values else "all inputs 0"


def parsed(entry: str) -> Place:
    """The place of an entry that is written X[1,2]."""
    name, _, index = entry.rstrip("]").partition("[")
    return Place(name, tuple(int(k) for k in index.split(",") if k))


def _footing(report: Report) -> Iterator[Prose]:
    if report.lemmas:
        yield Prose(("lemmas: ", *joined(report.lemmas, "; ")))
    if report.conditions:
        yield Prose(("provided that ", *joined(report.conditions, " and ")))
    yield from map(kink_said, report.kinks)
    if report.audit and report.audit.points:
        looked = f"{report.audit.entries} of {len(report.entries)} verdicts agree"
        places = f"{report.audit.points} difference quotients of J"
        yield Prose((f"audit: {looked} with {places}, to 25 digits",))
    yield Prose((f"time: {report.seconds:.2f} s",))


def kink_said(kink: Kink) -> Prose:
    """What the proof leaves out, and what code does there."""
    start: tuple[Part, ...] = ("at the kink ", Relation(kink.where, "=", ZERO))
    if kink.kind == "smooth":
        return Prose((*start, f" both slopes of {kink.what} are ", kink.above))
    known = {"kink": f" {kink.what} has no derivative, and", "jump": f" {kink.what} jumps, and"}
    said = known.get(kink.kind, f" of {kink.what}")
    return Prose(
        (
            *(*start, f"{said} nothing is claimed: its slope is "),
            *(kink.below, " below and ", kink.above, " above; NumPy's ", kink.where),
            *(" > 0 takes ", kink.below),
        )
    )


def joined(relations: Iterable[Relation], separator: str) -> Iterator[Part]:
    """Relations with something between them."""
    for number, relation in enumerate(relations):
        if number:
            yield separator
        yield relation
