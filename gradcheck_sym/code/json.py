"""The reports on users' functions as JSON: a claim for each gradient, each with its proofs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from gradcheck_sym.code.report import CodeReport, Part, WrongShape
from gradcheck_sym.explained.codes import code_of
from gradcheck_sym.proofs.write import proof_json
from gradcheck_sym.render.finding import Source
from gradcheck_sym.render.json_head import Error, head, place
from gradcheck_sym.verdict import Bounds, Counterexample, Evidence, Refuted, Undecided, worst


def document(reports: Sequence[CodeReport], errors: Sequence[Error] = ()) -> str:
    """One JSON object, which `--replay` reads as well; `errors` say what was not checked."""
    found = {
        **head(worst(report.verdict for report in reports), errors),
        "claims": [_claim(part, report) for report in reports for part in report],
        "maxima": [proof for report in reports for proof in _maxima(report)],
    }
    return json.dumps(found, indent=2)


def _claim(part: Part, report: CodeReport) -> dict[str, Any]:
    return {
        "kind": "function",
        "verdict": part.kind,
        "source": place(Source(*report.source) if report.source else None),
        "line": part.line,
        "function": report.name,
        "assumed": list(report.hypotheses),
        "constants": dict(report.constants),
        "remarks": [{"code": code_of(text), "text": text} for text in report.remarks],
        "labels": list(report.labels),
        "inputs": {name: list(shape) for name, shape in report.inputs.items()},
        "wrt": part.wrt,
        "diagnosis": part.diagnosis,
        "code": code_of(part.diagnosis) if part.diagnosis else None,
        "correction": part.correction,
        "mend_conditions": _told(part.mend_conditions),
        "right": list(part.right),
        "conditions": _told(part.conditions),
        "compared": part.compared,
        "leaves_out": part.leaves_out,
        "evidence": _evidence(part),
        "reproduction": part.reproduction,
        "proofs": _proofs(part.proofs),
        "seconds": round(report.seconds, 6),
    }


def _maxima(report: CodeReport) -> Iterator[dict[str, Any]]:
    """Each proof that a loss does not depend on what stands for a maximum, which others rest on."""
    for proof in {id(proof): proof for part in report.parts for proof in part.maxima}.values():
        statement = proof.theorem.statement
        shape = [getattr(index, "size", index) for index in statement.letters]
        yield {
            "function": report.name,
            "wrt": statement.wrt,
            "inputs": {statement.wrt: shape},
            "proofs": _proofs((proof,)),
        }


def _proofs(proofs: Sequence[Evidence]) -> list[Any]:
    return [proof_json(proof.theorem.statement, proof.proof) for proof in proofs]


def _told(conditions: Sequence[Any]) -> list[str]:
    if not conditions:
        return []
    from gradcheck_sym.render.json import formula  # by SymPy, which most reports do without

    return [formula(condition) for condition in conditions]


def _evidence(part: Part) -> dict[str, Any]:
    match part.verdict:
        case WrongShape(reason) | Undecided(reason):
            return {"reason": reason}
        case Refuted(point):
            return {"counterexample": _point(point)}
    return {"steps": sum(proof.theorem.steps for proof in part.proofs)}


def _point(point: Counterexample) -> dict[str, Any]:
    return {
        "sizes": dict(point.sizes),
        "indices": dict(point.indices),
        "values": {name: str(value) for name, value in point.values.items()},
        "others": "0",
        "derivative": _bounds(point.left),
        "claim": _bounds(point.right),
    }


def _bounds(bounds: Bounds) -> dict[str, str]:
    return {"low": bounds.low, "high": bounds.high}
