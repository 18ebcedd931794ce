"""The answer in a few lines: the verdict, for whom it holds, and what helps to mend a claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from gradcheck_sym.grid import Entry
from gradcheck_sym.relation import Relation
from gradcheck_sym.render.blocks import Code, Hint, Part, Partial, Prose, Title
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Place
from gradcheck_sym.verdict import Counterexample, Refuted, Undecided, worst

SIGNS = {"proved": "✔ proved", "refuted": "✘ refuted", "undecided": "? undecided"}
MOST_REASONS = 4
HYPOTHESIS = r"(?:(, if [^:]+: )(.+))?"
SLOPE = r"(?:(\w+'s slope )?)"
PART = r"(the (?:factor|divisor|term) |\w+'s slope )"
DIAGNOSES = (  # with formulas between words
    rf"(the claim has ){SLOPE}(.+)( where ){SLOPE}(.+)( belongs){HYPOTHESIS}",
    rf"(the claim (?:has|lacks) ){PART}(.+?)( too many)?{HYPOTHESIS}",
)
WORDS = re.compile(r", if .*|the claim \w+ | where | belongs| too many|the \w+ |\w+'s slope ")


def answer(report: Report) -> Iterator[Title | Prose]:
    """What was asked and what was found, then why."""
    gradient = Partial(Place("J"), Place(report.wrt))
    sign = SIGNS[report.verdict]
    yield Title((f"{sign}: ", gradient, " = ", Code(report.claim)), report.verdict)
    yield Prose((statement(report),))
    if report.conditions:
        yield Prose(("provided that ", *joined(report.conditions, " and ")))
    yield from _remarked(report, list(_mend(report)))
    yield from _reasons(report)


def in_one_line(report: Report, *, named: bool) -> Prose:
    """For whom it holds, its conditions, and what the claim is instead; `named` with the claim."""
    parts: list[Part] = []
    if named:
        parts += [Partial(Place("J"), Place(report.wrt)), " = ", Code(report.claim), ": "]
    parts.append(statement(report))
    if report.conditions:
        parts += [": ", *joined(report.conditions, ", ")]
    if report.diagnosis:
        parts += [": ", *diagnosed(report.diagnosis)]
    parts += [f", but {remark.text}" for remark in report.remarks]
    return Prose(tuple(parts), report.verdict)


def of_all(reports: Sequence[Report]) -> Prose:
    """The worst of several answers, which stands last: 1 of 2 claims refuted, and which."""
    kind = worst(report.verdict for report in reports)
    those = [report for report in reports if report.verdict == kind]
    said = f"{len(those)} of {len(reports)} claims {kind}"
    if kind == "proved":
        return Prose((said,), kind)
    first = those[0]
    parts: list[Part] = [f"{said}: ", Partial(Place("J"), Place(first.wrt)), " = "]
    parts.append(Code(first.claim))
    if first.diagnosis:
        parts += [": ", *diagnosed(first.diagnosis)]
    if len(those) > 1:
        parts.append(f"; and {len(those) - 1} more")
    return Prose(tuple(parts), kind)


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


def _mend(report: Report) -> Iterator[Prose]:
    """What the claim is instead, and what it should be."""
    code = Hint(f" [{report.diagnosis_code}]" if report.diagnosis_code else "")  # for `explain`
    if report.missing:
        sentence, text = report.missing
        where = joined(report.mend_conditions, " and ")
        by = ("proved, provided that ", *where) if report.mend_conditions else ("proved",)
        yield Prose((f"it holds if {sentence} (", *by, ")", Hint(f": --assume '{text}'"), code))
    how = f" ({report.mend_proved})"
    match report.diagnosis, report.correction:
        case str(said), str(right):
            yield Prose((*diagnosed(said), "; right is ", Code(right), how, code))
        case str(said), None:
            whole = "" if ", if " in said else ", in every entry"
            yield Prose((*diagnosed(said), f"{whole}{how}", code))
        case None, str(right):
            yield Prose(("right is ", Code(right), how))


def _remarked(report: Report, mends: list[Prose]) -> list[Prose]:
    """The same with the remarks, each after what there is, for a line is dear."""
    for remark in report.remarks:
        said = f"{remark.text} [{remark.code}]"
        last = mends.pop() if mends else None
        mends.append(Prose((*last.parts, f"; {said}") if last else (f"but {said}",)))
    return mends


def diagnosed(sentence: str) -> Iterator[Part]:
    """A sentence on what is wrong, with the formulas in it as they were typed."""
    for pattern in DIAGNOSES:
        if found := re.fullmatch(pattern, sentence):
            for part in found.groups():
                if part:
                    typed = part.isascii() and not WORDS.fullmatch(part)
                    yield Code(part) if typed else part
            return
    yield sentence


def _reasons(report: Report) -> Iterator[Prose]:
    """Why entries are not proved: the first point of those that are refuted, reasons of others."""
    wrong = report.entries.not_proved
    refuted = next((entry for entry in wrong if isinstance(entry.verdict, Refuted)), None)
    if refuted:
        yield Prose((refuted.place, ": ", *_reason(refuted, report)))
        yield Prose((Hint("both numbers in NumPy: --reproduce FILE.py writes a script"),))
    if not (count := report.counts["undecided"]):
        return  # without a look at each of hundreds of thousands of entries
    undecided = (entry for entry in wrong if isinstance(entry.verdict, Undecided))
    for entry in islice(undecided, MOST_REASONS):
        yield Prose((entry.place, " undecided: ", *_reason(entry, report)))
    if count > MOST_REASONS:
        more = f"and {count - MOST_REASONS} more"
        yield Prose((more, Hint("; --format json lists them all")))


def _reason(entry: Entry, report: Report) -> tuple[Part, ...]:
    match entry.verdict:
        case Refuted(point):
            allowed = " that the hypotheses allow" if report.assumed and point.values else ""
            sides = f": the derivative is {point.left}, the claim {point.right}"
            order = [str(size) for size in report.network.sizes.values()]
            return (*_place(point, order), allowed, sides)
        case Undecided(reason):
            return (reason,)
    return ()


def _place(point: Counterexample, order: Sequence[str]) -> Iterator[Part]:
    """Where the two sides differ, in words and formulas; sizes in this order."""
    sizes = {size: point.sizes[size] for size in order if size in point.sizes}
    numbers = {**sizes, **point.sizes, **point.indices}
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


def joined(relations: Iterable[Relation], separator: str) -> Iterator[Part]:
    """Relations one after the other."""
    for number, relation in enumerate(relations):
        if number:
            yield separator
        yield relation
