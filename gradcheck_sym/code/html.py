"""The reports on users' functions as one HTML page: a verdict for each gradient, and why."""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Iterator, Sequence

from gradcheck_sym.code.report import CodeReport, Part, WrongShape
from gradcheck_sym.code.text import LEAVES_OUT, remark, summary
from gradcheck_sym.page.badge import badge
from gradcheck_sym.page.blocks import listing
from gradcheck_sym.page.element import element
from gradcheck_sym.page.escape import text
from gradcheck_sym.page.refutation import sides
from gradcheck_sym.page.style import whole
from gradcheck_sym.page.words import counted
from gradcheck_sym.render.notation import Notation
from gradcheck_sym.verdict import Counterexample, Refuted, Undecided, worst
from gradcheck_sym.version import __version__

NOTATION = Notation(unicode=True, as_they_are=True)


def page(reports: Sequence[CodeReport], *, quiet: bool = False) -> str:
    """The whole document; `quiet` leaves out all but the verdicts."""
    kind = worst(report.verdict for report in reports)
    names = ", ".join(report.name for report in reports)
    body = "".join(_body(reports, kind, quiet))
    return whole(f"{names}: {kind}", [], body)


def _body(reports: Sequence[CodeReport], kind: str, quiet: bool) -> Iterator[str]:
    if len(reports) > 1:
        proved = sum(report.proved for report in reports)
        yield f"<h1>{badge(kind)} {proved} of {len(reports)} pairs proved</h1>"
        lines = (
            f'<li><a href="#pair-{number}"><code>{text(report.name)}</code></a> '
            f"{badge(report.verdict)}</li>"
            for number, report in enumerate(reports, start=1)
        )
        yield element("nav", element("ol", *lines), aria_label="Pairs")
    for number, report in enumerate(reports, start=1):
        tag = "h2" if len(reports) > 1 else "h1"
        yield f'<{tag} class="claim" id="pair-{number}"><code>{text(report.name)}</code></{tag}>'
        yield _verdict(report)
        if not quiet:
            level = "h3" if len(reports) > 1 else "h2"
            for part in report.parts:
                yield from _part(part, report, level)
    yield f"<p>gradcheck-sym {text(__version__)}</p>"


def _verdict(report: CodeReport) -> str:
    said = f'<p class="said">{badge(report.verdict)} {text(summary(report))}</p>'
    shapes = ", ".join(
        f"<code>{text(name)}</code>" + (f" ({text(' × '.join(map(str, shape)))})" * bool(shape))
        for name, shape in report.inputs.items()
    )
    free = "For all real" if report.proved else "Real inputs"
    rows = [("Where", f"<code>{text(report.where)}</code>"), (free, shapes)]
    rows += [("Note", text(said)) for said in report.remarks]
    listed = "".join(f"<dt>{name}</dt><dd>{shown}</dd>" for name, shown in rows)
    return element("div", said, element("dl", listed), class_=f"verdict {report.verdict}")


def _part(part: Part, report: CodeReport, level: str) -> Iterator[str]:
    """The gradient by one input."""
    yield element(level, f"by <code>{text(part.wrt)}</code> {badge(part.kind)}")
    if part.diagnosis:
        yield f'<p class="diagnosis">{text(part.diagnosis[:1].upper() + part.diagnosis[1:])}.</p>'
    if part.correction:
        scope = f" for {text(part.proved_for)}" if part.proved_for else ""
        scope += ", under side conditions" if part.mend_conditions else ""
        yield f"<p>Right is <code>{text(part.correction)}</code> (proved{scope}).</p>"
        yield from _marked(report.source, part.line)
    match part.verdict:
        case WrongShape(reason) | Undecided(reason):
            yield f"<p>{text(reason)}.</p>"
        case Refuted(point):
            yield from _refuted(part, point, report)
        case _:
            yield from _proved(part)


def _marked(source: tuple[str, int] | None, line: int | None) -> Iterator[str]:
    """The function as it stands, the line that is wrong marked."""
    path, first = source or ("", 0)
    lines = inspect.getblock(linecache.getlines(path)[max(first - 1, 0) :])
    if line is None or not first <= line < first + len(lines):
        return
    shown = (
        f"<mark>{text(one.rstrip())}</mark>" if number == line else text(one.rstrip())
        for number, one in enumerate(lines, start=first)
    )
    block = element("code", "\n".join(shown))
    yield element("div", element("pre", block, class_="wide", tabindex=0), class_="listing")


def _proved(part: Part) -> Iterator[str]:
    conditions = " and ".join(map(NOTATION.formula, part.conditions))
    if conditions:
        yield f"<p>Provided that {text(conditions)}.</p>"
    if part.leaves_out:
        yield f"<p>{text(LEAVES_OUT.capitalize())}.</p>"
    if not part.compared:
        yield "<p>Not compared with NumPy, which gave no numbers at any point that was tried.</p>"
    steps = sum(proof.theorem.steps for proof in part.proofs)
    yield f"<p>The checker replayed its proof, with {counted(steps, 'use')} of a law.</p>"


def _refuted(part: Part, point: Counterexample, report: CodeReport) -> Iterator[str]:
    index = ",".join(map(str, point.indices.values()))
    entry = f"{part.wrt}[{index}]" if index else part.wrt
    values = {**point.sizes, **point.values}
    rows = (f"<li><code>{text(f'{name} = {value}')}</code></li>" for name, value in values.items())
    yield f"<p>The smallest point that was found, for <code>∂L/∂{text(entry)}</code>:</p>"
    yield sides(point, "what is returned is")
    yield element("ul", *rows, f"<li>{'the others' if values else 'all'} 0</li>", class_="point")
    if said := remark(entry, point, report.inputs):
        yield f"<p>{text(said[:1].upper() + said[1:])}</p>"
    if part.right:
        right = (f"<li><code>{text(line)}</code></li>" for line in part.right)
        yield f"<p>What is right so far:</p>{element('ul', *right)}"
    if part.reproduction:
        yield "<p>A script in NumPy alone that prints both numbers:</p>"
        yield listing(part.reproduction)
