"""A report as a sequence of blocks, the same for every format that people read.

The answer stands first; then what was asked in full, the derivation, the entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gradcheck_sym.audit import Audited
from gradcheck_sym.grid import Grid
from gradcheck_sym.relation import Relation
from gradcheck_sym.render import View
from gradcheck_sym.render.answer import answer, in_one_line, joined, of_all
from gradcheck_sym.render.blocks import (
    Block,
    Entries,
    Equation,
    Equations,
    Gap,
    Heading,
    Hint,
    Paragraph,
    Part,
    Prose,
)
from gradcheck_sym.render.story import derived
from gradcheck_sym.report import Definition, Report
from gradcheck_sym.shown.alike import alike
from gradcheck_sym.shown.cases import is_indicator
from gradcheck_sym.steps import Kink
from gradcheck_sym.term.terms import ZERO, Apply, Mul, Term, Where
from gradcheck_sym.term.walks import walk

PARTIAL = ("inv", "log", "sqrt")  # which some numbers have no value of
FEW = 6  # entries that are shown in full; of more the general one, if all are alike
FIRST, LAST = 16, 4  # rows of a large table where they are not
ALL_ROWS = "; --all-rows shows them"  # what a document leaves out, as it does `Hint`


def paragraphs(reports: Sequence[Report], view: View) -> Iterator[Paragraph]:
    """The same without gaps, for formats in which an empty line stands between all blocks.

    They are read elsewhere, so what to type next is left out.
    """
    return without_hints(documents(reports, view))


def without_hints(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """What a document says of these blocks."""
    for block in blocks:
        if isinstance(block, Prose):
            parts = tuple(part for part in block.parts if not isinstance(part, Hint))
            if parts:
                yield replace(block, parts=parts)
        elif not isinstance(block, Gap):
            yield block


def documents(reports: Sequence[Report], view: View) -> Iterator[Block]:
    """The reports one after the other; several share one head, and the worst is said last."""
    if view.quiet:
        yield from (in_one_line(report, named=len(reports) > 1) for report in reports)
    else:
        for number, report in enumerate(reports):
            if number:
                yield Gap()
            yield from answer(report)
            if not number:
                yield from _network(max(reports, key=lambda report: len(report.definitions)))
            yield from argument(report, view)
            yield from footing(report)
            yield Prose((Hint(f"time: {report.seconds:.2f} s"),))  # files stay the same without
    if len(reports) > 1:
        yield of_all(reports)


def question(report: Report) -> str:
    """∂J/∂W_out = A_h.T @ delta_out."""
    return f"∂J/∂{report.wrt} = {report.claim}"


def argument(report: Report, view: View) -> Iterator[Block]:
    """The derivation if the report has one, the table, and what it rests on."""
    yield from derived(report)
    if report.derivation:
        yield Heading(f"{7 if report.derivation.proof else 6}. Every entry")
    yield _entries(report, view)
    if report.lemmas:
        yield Prose(("lemmas: ", *joined(report.lemmas, "; ")))


def _network(report: Report) -> Iterator[Block]:
    """What the network is, what is assumed, and what its arrays are."""
    shapes = [
        f"{name} ({'×'.join(map(str, shape))})" if shape else "λ (lam, a number)"
        for name, shape in report.inputs.items()
    ]
    yield Gap()
    about = f"{network_said(report)}; inputs {', '.join(shapes)}"
    yield Prose((about,), tight=not report.assumed)
    if report.assumed:
        yield Prose((f"assumed: {'; '.join(report.assumed)}",), tight=True)
    yield definitions(report)


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


def definitions(report: Report) -> Equations:
    """What the named arrays are, J last."""
    return Equations(tuple(map(definition, report.definitions)))


def definition(defined: Definition) -> Equation:
    """z_out[i,j] = Σₖ a_h[i,k]·w_out[k,j]."""
    return Equation(defined.place, (defined.value,))


def _entries(report: Report, view: View) -> Entries:
    """All entries where they are few and proved, else the general one if they are alike."""
    entries = report.entries
    differ = report.verdict != "proved" and report.diagnosis is None
    many = len(entries) > FEW or report.verdict != "proved"
    if many and len(entries) > 1 and len(entries.kinds) == 1 and not view.all_rows:
        none = entries[:0]
        return Entries((entries.general,), none, none, of=entries, differ=differ)
    return replace(shown_entries(entries, view), differ=differ)


def shown_entries(entries: Grid, view: View) -> Entries:
    """The rows of the table that are shown, and those that are left out."""
    if view.all_rows or len(entries) <= FIRST + LAST + 1:
        return Entries(entries, entries[:0], entries[:0])
    return Entries(entries[:FIRST], entries[FIRST:-LAST], entries[-LAST:])


def left_out(hidden: Grid) -> str:
    """What the rows that are not shown say."""
    counts = ", ".join(f"{count} {kind}" for kind, count in hidden.kinds.items())
    return f"{len(hidden)} rows left out: {counts}"


def all_alike(entries: Grid) -> str:
    """That one row stands for many."""
    return f"so each of the {len(entries)} entries"


def footing(report: Report) -> Iterator[Prose]:
    """What is left out at kinks, and that difference quotients agree, where they were formed."""
    yield from map(kink_said, report.kinks)
    if _is_by_cases(report.entries.general.derivative.term):
        yield Prose(("[u > 0] is 1 or 0; what it multiplies counts where it is 1 alone",))
    if report.audit and report.audit.points:
        yield Prose((f"audit: {audit_said(report.audit, len(report.entries))}",))


def _is_by_cases(term: Term) -> bool:
    """Whether a product has a case, and a factor that may have no value where it is 0."""
    products = [part.factors for part in walk(term) if isinstance(part, Mul)]
    return any(
        any(isinstance(one, Where) and is_indicator(one.yes, one.no) for one in factors)
        and any(isinstance(x, Apply) and x.function in PARTIAL for x in walk(*factors))
        for factors in products
    )


def audit_said(audit: Audited, total: int) -> str:
    """4 of 4 verdicts agree with 12 difference quotients of J, to 25 digits."""
    many = f"{audit.entries} of {total} verdicts agree"
    places = f"{audit.points} difference quotient{'s'[: audit.points > 1]} of J"
    return f"{'the verdict agrees' if total == 1 else many} with {places}, to 25 digits"


def kink_said(kink: Kink) -> Prose:
    """What the proof leaves out, and what code does there."""
    start: tuple[Part, ...] = ("at the kink ", Relation(kink.where, "=", ZERO))
    if kink.kind == "region":
        are = "is" if kink.spread else "may be"
        of = f" of {kink.what}" if kink.what else ""
        said = f", which {are} more than single points{of}, nothing is claimed"
        return Prose(("where ", Relation(kink.where, "=", ZERO), said))
    spread: tuple[Part, ...] = ("; ", kink.where, " is 0 at more than single points")
    spread = spread if kink.spread else ()
    if kink.kind == "smooth":
        return Prose((*start, f" both slopes of {kink.what} are ", kink.above, *spread))
    written: tuple[Part, ...] = ("NumPy's ", kink.where, " > 0 takes ", kink.below)
    if not alike(kink.there, kink.below):
        written = ("written as it is, it takes ", kink.there)
    sides: tuple[Part, ...] = (kink.below, " below and ", kink.above, " above")
    if not kink.rises:
        where = (Relation(kink.where, sign, ZERO) for sign in ("<", ">"))
        sides = (kink.below, " where ", next(where), " and ", kink.above, " where ", next(where))
    known = {
        "kink": f" {kink.what} has no derivative, and",
        "jump": f" {kink.what} jumps, and",
    }
    said = known.get(kink.kind, f" of {kink.what}")
    return Prose(
        (
            *(*start, f"{said} nothing is claimed: its slope is "),
            *(*sides, "; ", *written, *spread),
        )
    )
