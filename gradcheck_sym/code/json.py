"""The reports on users' functions as JSON: a claim for each gradient, each with its proofs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from gradcheck_sym.code.report import CodeReport, Part, WrongShape
from gradcheck_sym.proofs.write import proof_json
from gradcheck_sym.render.json_error import FORMAT_VERSION
from gradcheck_sym.verdict import Bounds, Evidence, Refuted, Undecided, worst
from gradcheck_sym.version import __version__


def document(reports: Sequence[CodeReport]) -> str:
    """One JSON object, which `--replay` reads as well."""
    found = {
        "format_version": FORMAT_VERSION,
        "versions": {"gradcheck-sym": __version__},
        "verdict": worst(report.verdict for report in reports),
        "claims": [claim for report in reports for claim in _claims(report)],
    }
    return json.dumps(found, indent=2)


def _claims(report: CodeReport) -> Iterator[dict[str, Any]]:
    common = {
        **{"function": report.name, "where": report.where, "labels": list(report.labels)},
        "hypotheses": list(report.hypotheses),
        "constants": dict(report.constants),
        "remarks": list(report.remarks),
    }
    inputs = {name: list(shape) for name, shape in report.inputs.items()}
    for part in report.parts:
        yield {
            **common,
            "wrt": part.wrt,
            "inputs": inputs,
            "verdict": part.kind,
            "evidence": _evidence(part),
            "diagnosis": part.diagnosis,
            "right": list(part.right),
            "reproduction": part.reproduction,
            "proofs": _proofs(part.proofs),
        }
    for proof in {id(proof): proof for part in report.parts for proof in part.maxima}.values():
        statement = proof.theorem.statement
        shape = [getattr(index, "size", index) for index in statement.letters]
        yield {
            **common,
            "wrt": statement.wrt,
            "inputs": {statement.wrt: shape},
            "verdict": "proved",
            "evidence": "the loss does not depend on what stands for a maximum",
            "proofs": _proofs((proof,)),
        }


def _proofs(proofs: Sequence[Evidence]) -> list[Any]:
    return [proof_json(proof.theorem.statement, proof.proof) for proof in proofs]


def _evidence(part: Part) -> dict[str, Any]:
    match part.verdict:
        case WrongShape(reason) | Undecided(reason):
            return {"reason": reason}
        case Refuted(point):
            return {
                "sizes": dict(point.sizes),
                "indices": dict(point.indices),
                "values": {name: str(value) for name, value in point.values.items()},
                "others": "0",
                "derivative": _bounds(point.left),
                "claim": _bounds(point.right),
            }
    return {"steps": sum(proof.theorem.steps for proof in part.proofs)}


def _bounds(bounds: Bounds) -> dict[str, str]:
    return {"low": bounds.low, "high": bounds.high}
