"""Why a claim is not proved: what it is instead, one small point, and code that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck_sym.grid import Entry
from gradcheck_sym.page.blocks import listing
from gradcheck_sym.page.escape import text
from gradcheck_sym.page.formulas import Formulas
from gradcheck_sym.page.words import counted
from gradcheck_sym.render.answer import parsed
from gradcheck_sym.render.blocks import Code, Partial
from gradcheck_sym.render.reproduction import reproduction
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Place
from gradcheck_sym.verdict import Counterexample, Refuted, Undecided

MOST_PLACES = 6  # that are named for one reason


def refutation(report: Report, formulas: Formulas) -> Iterator[str]:
    """Paragraphs and tables; nothing if all is proved."""
    wrong = report.entries.not_proved
    code = f" [{report.diagnosis_code}]" if report.diagnosis_code else ""
    if report.diagnosis:
        said = report.diagnosis[:1].upper() + report.diagnosis[1:]
        whole = "" if ", if " in said else ", in every entry"
        yield f'<p class="diagnosis">{text(said)}{whole} ({report.mend_proved}).{code}</p>'
    if report.correction:
        right = formulas.part(Code(report.correction))
        yield f'<p class="diagnosis">Right is {right} ({report.mend_proved}).</p>'
    if report.missing:
        sentence, typed = report.missing
        option = formulas.part(Code(f"--assume '{typed}'"))
        where = " and ".join(map(formulas.part, report.mend_conditions))
        by = f"proved, provided that {where}" if where else "proved"
        yield f'<p class="diagnosis">It holds if {text(sentence)} ({by}): {option}.{code}</p>'
    refuted = next((entry for entry in wrong if isinstance(entry.verdict, Refuted)), None)
    if refuted:
        yield from _refuted(report, refuted, formulas)
    some = report.counts["undecided"] > 0  # else there is no need to look at each
    undecided = [x for x in wrong if isinstance(x.verdict, Undecided)] if some else []
    yield from _undecided(undecided, formulas)
    shown = len(undecided) + (refuted is not None)
    if shown < len(wrong):
        yield f"<p>{counted(len(wrong) - shown, 'other')} refuted as well.</p>"


def _undecided(entries: Sequence[Entry], formulas: Formulas) -> Iterator[str]:
    """Each reason once, with the first entries that it is for."""
    reasons: dict[str, list[Entry]] = {}
    for entry in entries:
        assert isinstance(entry.verdict, Undecided)
        reasons.setdefault(entry.verdict.reason, []).append(entry)
    for reason, of in reasons.items():
        places = ", ".join(formulas.part(entry.place) for entry in of[:MOST_PLACES])
        more = f" and {len(of) - MOST_PLACES} more" if len(of) > MOST_PLACES else ""
        yield f"<p>Undecided is {places}{more}: {text(reason)}.</p>"


def _refuted(report: Report, entry: Entry, formulas: Formulas) -> Iterator[str]:
    assert isinstance(entry.verdict, Refuted)
    point = entry.verdict.counterexample
    derivative = formulas.part(Partial(Place("J"), entry.place))
    yield f"<p>The smallest point that was found, for {derivative}:</p>"
    yield sides(point, "the claim is")
    yield _where(report, point, formulas)
    if line := reproduction(report, entry):
        yield "<p>In NumPy; it prints both numbers, (derivative, claim):</p>"
        yield listing(line)


def sides(point: Counterexample, other: str) -> str:
    """The two numbers, side by side."""
    return (
        '<dl class="sides">'
        f"<div><dt>the derivative is</dt><dd>{text(str(point.left))}</dd></div>"
        f"<div><dt>{text(other)}</dt><dd>{text(str(point.right))}</dd></div></dl>"
    )


def _where(report: Report, point: Counterexample, formulas: Formulas) -> str:
    """The sizes, the indices and the inputs of the point."""
    numbers = {**point.sizes, **point.indices}
    rows = [(formulas.part(Place(name)), str(value)) for name, value in numbers.items()]
    for name, value in point.values.items():
        place = parsed(name)
        whole = not place.index and name != "lam"
        rows.append((formulas.part(place), f"{value}{' in all entries' if whole else ''}"))
    allowed = " that the hypotheses allow" if report.assumed and point.values else ""
    rest = f"the other inputs that matter 0, the rest any{allowed}" if rows else "all inputs 0"
    shown = "".join(f"<li>{left} = {text(value)}</li>" for left, value in rows)
    return f'<ul class="point">{shown}<li>{rest}</li></ul>'
