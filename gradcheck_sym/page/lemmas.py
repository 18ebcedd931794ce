"""The lemmas of a proof, and how often each is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gradcheck_sym.checker.proof import Lemma
from gradcheck_sym.figure.told import proof_lines
from gradcheck_sym.page.element import element, scrolling
from gradcheck_sym.page.formulas import Formulas
from gradcheck_sym.page.words import counted
from gradcheck_sym.proof_lines import steps_of
from gradcheck_sym.render.blocks import Partial
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Line, Place
from gradcheck_sym.verdict import Evidence


def lemmas(report: Report, formulas: Formulas) -> Iterator[str]:
    """A list of the lemmas in order, and the signs that were shown."""
    evidence = report.evidence[0]
    theorem = evidence.theorem
    others = len(report.evidence) - 1
    which = f"the first of {others + 1} proofs" if others else "the proof"
    parts, uses = counted(theorem.parts, "part"), counted(theorem.steps, "use")
    yield f"<p>The checker replayed {which}: {parts}, {uses} of a law.</p>"
    used = _uses(evidence)
    told = proof_lines(report)
    shown = (line for line in told if isinstance(evidence.proof.parts[line.number - 1], Lemma))
    rows = "".join(_row(line, used[line.number - 1], told, formulas) for line in shown)
    if rows:
        heads = "".join(element("th", head, scope="col") for head in ("line", "lemma", "used"))
        head = element("thead", element("tr", heads))
        table = element("table", head, element("tbody", rows), class_="lemmas")
        yield scrolling(table, "Lemmas")
    signs = [relation for relation in report.lemmas if relation.sign != "="]
    if signs:
        listed = "".join(f"<li>{formulas.part(sign)}</li>" for sign in signs)
        yield f'<p>Signs that it needs, and shows:</p><ul class="signs">{listed}</ul>'


def _uses(evidence: Evidence) -> Counter[int]:
    """How many steps use each lemma, by its number."""
    proof = evidence.proof
    arguments = [(part.by, getattr(part, "reasons", ())) for part in proof.parts]
    steps = [step for by, reasons in arguments for step in steps_of(by, reasons)]
    steps += [step for reason in proof.reasons if reason for step in steps_of(reason.by)]
    return Counter(step.arguments[0] for step in steps if step.law == "lemma")


def _row(line: Line, used: int, told: tuple[Line, ...], formulas: Formulas) -> str:
    match line.left:
        case (Place() as top, Place() as bottom):
            left = formulas.part(Partial(top, bottom))
        case Place() as place:
            left = formulas.part(Partial(Place("J"), place))
        case term:
            left = formulas.part(term)
    where = ", ".join(f"({other.number})" for other in told if line.number in other.lemmas)
    times = {0: "by no step", 1: "once"}.get(used, f"{used} times")
    times += f", in {where}" if where else ""
    return element(
        "tr",
        element("th", f"({line.number})", scope="row"),
        element("td", f"{left} = {formulas.part(line.right)}"),
        element("td", times),
    )
