"""The report as JSON, an entry a line. Formulas are SymPy's and parse back to the same.

claim = document["claims"][0]
names = {name: sympy.IndexedBase(name) for name in claim["names"]}
names |= {name: sympy.Symbol(name) for name in claim["symbols"]}
sympy.parse_expr(claim["entries"][0]["derivative"], names)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from textwrap import indent
from typing import Any, TextIO

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from gradcheck_sym.audit import Audited
from gradcheck_sym.grid import Entry, Grid
from gradcheck_sym.proofs.write import proof_json
from gradcheck_sym.relation import Relation
from gradcheck_sym.render import View
from gradcheck_sym.render.answer import statement
from gradcheck_sym.render.finding import Source
from gradcheck_sym.render.json_head import head, place
from gradcheck_sym.render.reproduction import reproduction
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Kink
from gradcheck_sym.term.terms import Term
from gradcheck_sym.term.walks import entries
from gradcheck_sym.to_sympy import to_sympy
from gradcheck_sym.verdict import Bounds, Counterexample, Proved, Refuted, Verdict, worst

MOST_LISTED = 1_000  # entries of a gradient; SymPy writes about as many in a second


def render(reports: Sequence[Report], file: TextIO, view: View) -> None:
    """Write one JSON object with a list of claims; `view.quiet` leaves their entries out."""
    first = head(worst(report.verdict for report in reports), sympy=sympy.__version__)
    file.write(json.dumps(first, indent=2).removesuffix("\n}") + ',\n  "claims": [\n')
    for number, (report, source) in enumerate(zip_longest(reports, view.sources)):
        file.write(",\n" if number else "")
        _write(report, source, file, view)
    file.write("\n  ]\n}\n")


def _write(report: Report, source: Source | None, file: TextIO, view: View) -> None:
    """One report, an entry a line."""
    left_out = len(report.entries) - len(_listed(report, view))
    said = indent(json.dumps({**_claim(report, source), "left_out": left_out}, indent=2), "    ")
    if view.quiet:
        file.write(said)
        return
    file.write(said.removesuffix("\n    }") + ',\n      "entries": [')
    separator = "\n        "
    for entry in _listed(report, view):
        file.write(separator + json.dumps(_entry(entry, report)))
        separator = ",\n        "
    file.write("\n      ]\n    }")


def _listed(report: Report, view: View) -> Grid:
    """All entries, or the first of many that have one verdict in common."""
    entries = report.entries
    if view.quiet:
        return entries[:0]
    everything = view.all_rows or len(entries) <= MOST_LISTED or len(entries.distinct) > 1
    return entries if everything else entries[:MOST_LISTED]


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy has no types
    """SymPy's notation, but for -2*(a + b)*c, which would parse to (-2*a - 2*b)*c."""

    def _print_Mul(self, expr: sympy.Mul) -> str:
        coefficient, rest = expr.as_coeff_Mul()
        if coefficient == 1 or not any(factor.is_Add for factor in expr.args):
            return str(super()._print_Mul(expr))
        return f"{self.parenthesize(rest, PRECEDENCE['Mul'])}*({coefficient})"


def formula(shown: Term | Relation) -> str:
    """The text that `sympy.parse_expr` turns into the same expression."""
    expr = shown.expr if isinstance(shown, Relation) else to_sympy(shown)
    return str(_Printer().doprint(expr))


def _claim(report: Report, source: Source | None) -> dict[str, Any]:
    network = report.network
    return {
        "kind": "network",
        "verdict": report.verdict,
        "source": place(source),
        "statement": statement(report),
        "network": {
            "sizes": dict(network.sizes),
            "hidden": network.hidden,
            "output": network.output,
            "loss": network.loss,
            **{"bias": network.bias, "mean": network.mean, "l2": network.l2},
        },
        "assumed": list(report.assumed),
        "names": _names(report),
        "symbols": list(dict.fromkeys(s for s in network.sizes.values() if isinstance(s, str))),
        "inputs": {name: list(shape) for name, shape in report.inputs.items()},
        "definitions": [
            {
                "name": definition.place.name,
                "indices": [str(letter) for letter in definition.place.index],
                "shape": list(definition.shape),
                "value": formula(definition.value),
            }
            for definition in report.definitions
        ],
        "wrt": report.wrt,
        "claim": report.claim,
        "diagnosis": report.diagnosis,
        "code": report.diagnosis_code,
        "correction": report.correction,
        "mend_conditions": [formula(condition) for condition in report.mend_conditions],
        "remarks": [{"code": one.code, "text": one.text} for one in report.remarks],
        "missing": _missing(report),
        "counts": {"entries": len(report.entries), **report.counts},
        "lemmas": [formula(lemma) for lemma in report.lemmas],
        "conditions": [formula(condition) for condition in report.conditions],
        "kinks": [_kink(kink) for kink in report.kinks],
        "audit": _audit(report.audit),
        "proofs": [proof_json(e.theorem.statement, e.proof) for e in report.evidence],
        "seconds": round(report.seconds, 6),
    }


def _names(report: Report) -> list[str]:
    """The arrays in the formulas; the derivative by its name, where it is not written out."""
    found = [*report.inputs, *(d.place.name for d in report.definitions if d.place.index)]
    shown = entries(report.entries.derivative)
    return list(dict.fromkeys((*found, *(entry.name for entry in shown if entry.indices))))


def _missing(report: Report) -> dict[str, Any] | None:
    if not report.missing:
        return None
    hypothesis, assume = report.missing
    conditions = [formula(condition) for condition in report.mend_conditions]
    return {"hypothesis": hypothesis, "assume": assume, "conditions": conditions}


def _entry(entry: Entry, report: Report) -> dict[str, Any]:
    document = {
        "index": list(entry.index),
        "derivative": formula(entry.derivative.term),
        "claim": formula(entry.claim.term),
        "difference": formula(entry.difference.term),
        "verdict": entry.kind,
        "evidence": _evidence(entry.verdict, report.assumed),
    }
    if line := reproduction(report, entry):
        document["reproduction"] = line
    return document


def _audit(audit: Audited | None) -> dict[str, int] | None:
    """How many entries were looked at, at how many points; a disagreement is an error."""
    return {"entries": audit.entries, "points": audit.points} if audit else None


def _kink(kink: Kink) -> dict[str, Any]:
    """A region that is of no function has no slopes."""
    names = ("where", "below", "above") if kink.what else ("where",)
    said = {name: formula(getattr(kink, name)) for name in names}
    return {"what": kink.what, "kind": kink.kind, "spread": kink.spread, **said}


def _evidence(verdict: Verdict, assumed: Sequence[str]) -> dict[str, Any]:
    match verdict:
        case Proved(evidence):
            return {
                "parts": evidence.theorem.parts,
                "steps": evidence.theorem.steps,
                "lemmas": [formula(lemma) for lemma in evidence.lemmas],
                "conditions": [formula(condition) for condition in evidence.conditions],
            }
        case Refuted(point):
            return {"counterexample": _point(point, assumed)}
    return {"reason": verdict.reason}


def _point(point: Counterexample, assumed: Sequence[str]) -> dict[str, Any]:
    return {
        "sizes": dict(point.sizes),
        "indices": dict(point.indices),
        "values": {name: str(value) for name, value in point.values.items()},
        "others": "0",
        "rest": "any that the hypotheses allow" if assumed else "any",
        "derivative": _bounds(point.left),
        "claim": _bounds(point.right),
    }


def _bounds(bounds: Bounds) -> dict[str, str]:
    return {"low": bounds.low, "high": bounds.high}
