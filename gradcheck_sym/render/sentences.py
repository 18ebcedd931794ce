"""The sentences that every format for people shares."""

from __future__ import annotations

from gradcheck_sym.render.notation import Notation
from gradcheck_sym.report import Report, kind_of
from gradcheck_sym.verdict import Counterexample, Refuted, Undecided, Verdict


def headline(report: Report) -> str:
    """2-2-2, n = 1, sigmoid → sigmoid."""
    network = report.network
    *layers, n = network.sizes.values()
    return f"{'-'.join(map(str, layers))}, n = {n}, {network.hidden} → {network.output}"


def closing(report: Report) -> str:
    """4 of 4 entries proved, for all real X, W_h, W_out, Y."""
    counts, total = report.counts, len(report.entries)
    entries = "entry" if total == 1 else "entries"
    parts = [f"{counts['proved']} of {total} {entries} proved"]
    parts += [f"{counts[kind]} {kind}" for kind in ("refuted", "undecided") if counts[kind]]
    if counts["proved"]:
        names = list(dict.fromkeys(s for s in report.network.sizes.values() if isinstance(s, str)))
        sizes = f"positive integers {', '.join(names)} and all " if names else ""
        parts.append(f"for all {sizes}real {', '.join(report.inputs)}")
    return ", ".join(parts)


def audit_line(report: Report) -> str:
    """What the second opinion was, and that it agrees."""
    agreed = sum(kind_of(e.audit) == e.kind for e in report.entries if e.audit)
    return (
        f"audit: {agreed} of {len(report.entries)} verdicts the same with sympy.diff on J "
        "written out in full"
    )


def reason(verdict: Verdict, notation: Notation) -> str:
    """Why an entry is not proved, in one line."""
    if isinstance(verdict, Refuted):
        return _point(verdict.counterexample, notation)
    return verdict.reason if isinstance(verdict, Undecided) else ""


def _point(point: Counterexample, notation: Notation) -> str:
    sizes = {**point.sizes, **point.indices}
    where = [f"{name} = {value}" for name, value in sizes.items()]
    where += [f"{_entry(name, notation)} = {value}" for name, value in point.values.items()]
    rest = "every other input 0" if point.values else "every input 0"
    place = ", ".join([*where, rest])
    return f"at {place}: derivative {point.left}, claim {point.right}"


def _entry(text: str, notation: Notation) -> str:
    name, _, index = text.rstrip("]").partition("[")
    return notation.entry(name, tuple(index.split(","))) if index else name
