"""A statement and its proof as plain JSON: what `--format json` carries and `--replay` reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from gradcheck_sym.checker.obligations import Guard, Obligation
from gradcheck_sym.checker.proof import (
    Argument,
    Because,
    Cancel,
    Cases,
    Identity,
    Lemma,
    Proof,
    Reasons,
    Slope,
    Step,
    Witness,
)
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.proofs.damaged import Json
from gradcheck_sym.proofs.numbered import Table, Terms
from gradcheck_sym.term.terms import Term

FORMAT = 1
LONG_IN_STATEMENT = 60  # signs: what people read stands there whole, unless it is long
LONG = 12
NUMBERED = (
    "lemma",
    "hypothesis",
    "one-hot",
    "case",
)  # laws whose first argument is a number, from 1


@dataclass(frozen=True)
class Written:
    """The place of a term's text."""

    number: int


def proof_json(statement: Statement, proof: Proof) -> dict[str, Json]:
    """The statement and the proof as one JSON object; `proofs/__init__.py` has the layout.

    >>> from gradcheck_sym.checker.proof import Slope
    >>> from gradcheck_sym.term.terms import ONE, Entry
    >>> statement = Statement({}, 1 + Entry("w"), "w", (), ONE)
    >>> proof = Proof((Slope("w", (), ONE, Identity()),))
    >>> proof_json(statement, proof)["statement"]
    {'loss': '(1 + w[])', 'wrt': 'w', 'at': [], 'claim': '1'}
    """
    return _Writer().document(statement, proof)


@dataclass
class _Writer:
    terms: Terms = field(default_factory=Terms)
    reasons: list[Json] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def document(self, statement: Statement, proof: Proof) -> dict[str, Json]:
        table = Table(self.terms)
        stated = self.statement(statement)
        first = dict(self.terms.letters)
        above = table.add(_numbers(stated), LONG_IN_STATEMENT)
        stated = {"letters": first, "terms": above, **_filled(stated, table)}
        shown = self.proof(proof)
        letters = {k: size for k, size in self.terms.letters.items() if k not in first}
        below = table.add(_numbers(shown), LONG)
        shown = {"letters": letters, "terms": below, **_filled(shown, table)}
        return {"format": FORMAT, "statement": _short(stated), "proof": _short(shown)}

    def statement(self, statement: Statement) -> dict[str, Json]:
        return {
            "definitions": {
                name: {"at": self.terms.keys(it.letters), "is": self.term(it.value)}
                for name, it in statement.definitions.items()
            },
            "loss": self.term(statement.loss),
            "wrt": statement.wrt,
            "at": self.terms.keys(statement.letters),
            "claim": self.term(statement.claim),
            "hypotheses": [
                {
                    "for": self.terms.keys(it.letters),
                    "left": self.term(it.left),
                    "right": self.term(it.right),
                }
                for it in statement.hypotheses
            ],
            "positive": sorted(statement.positive),
            "needs": [self.obligation(needed) for needed in statement.needs],
        }

    def proof(self, proof: Proof) -> dict[str, Json]:
        parts = [self.part(part) for part in proof.parts]
        needs = self.refer(proof.reasons)
        witness = self.witness(proof.witness) if proof.witness else None
        return {"reasons": self.reasons, "parts": parts, "needs": needs, "witness": witness}

    def part(self, part: Lemma | Slope) -> Json:
        if isinstance(part, Lemma):
            head = {
                "lemma": self.terms.keys(part.letters),
                "left": self.term(part.left),
                "right": self.term(part.right),
            }
            return {**head, "by": self.argument(part.by)}
        head = {"slope": part.name, "at": self.terms.keys(part.places)}
        shown = {"value": self.term(part.value), "by": self.argument(part.by)}
        return _short({**head, **shown, "reasons": self.refer(part.reasons)})

    def argument(self, by: Argument) -> Json:
        match by:
            case Identity(steps):
                return [self.step(step) for step in steps]
            case Cases(u, above, below):
                inner = {"above": self.argument(above), "below": self.argument(below)}
                return {"case": self.term(u), **inner}
            case Cancel(factor, reason, rest):
                head = {"cancel": self.term(factor), "reason": self.refer((reason,))[0]}
                return {**head, "by": self.argument(rest)}
        raise TypeError(f"no argument: {by!r}")

    def step(self, step: Step) -> Json:
        first, *others = step.arguments
        if step.law in NUMBERED:
            of = [first + 1, *self.terms.keys(others)]
        elif step.law == "definition":
            of = [first, *self.terms.keys(others)]
        else:
            of = [self.term(x) if isinstance(x, Term) else int(x) for x in step.arguments]
        return _short(
            {
                "law": step.law,
                "of": of,
                "times": self.term(step.factor),
                "over": self.terms.keys(step.sums),
                "reasons": self.refer(step.reasons),
            }
        )

    def refer(self, reasons: Reasons) -> Json:
        """The numbers of reasons, from 1; equal ones are written once."""
        return [reason and self.refer_to(reason) for reason in reasons]

    def refer_to(self, reason: Because) -> int:
        value = None if reason.value is None else self.term(reason.value)
        written = {"value": value, "by": self.argument(reason.by)}
        same = repr(written)
        if same not in self.places:
            self.reasons.append(written)
            self.places[same] = len(self.reasons)
        return self.places[same]

    def obligation(self, needed: Obligation) -> Json:
        guards = [self.guard(guard) for guard in needed.guards]
        stated = {"u": self.term(needed.u), "relation": needed.relation, "guards": guards}
        return _short(stated)

    def guard(self, guard: Guard) -> Json:
        u, holds = guard
        return {"u": self.term(u), "positive": holds}

    def witness(self, witness: Witness) -> Json:
        everywhere = {name: str(Fraction(x)) for name, x in witness.everywhere.items()}
        values = {
            f"{name}[{','.join(map(str, indices))}]": str(Fraction(value))
            for (name, *indices), value in witness.values.items()
        }
        return _short({"sizes": dict(witness.sizes), "everywhere": everywhere, "values": values})

    def term(self, value: Term) -> Written:
        return Written(self.terms.number(value))


def _short(document: dict[str, Json]) -> dict[str, Json]:
    """Without what is empty, which `read.py` supplies; but for what a reader looks for."""
    always = ("of", "at", "by", "parts")
    return {k: v for k, v in document.items() if k in always or v not in ([], {}, None)}


def _numbers(document: Json) -> Iterator[int]:
    """The terms of a document, as often as they stand there."""
    if isinstance(document, Written):
        yield document.number
    elif isinstance(document, dict | list):
        for value in document.values() if isinstance(document, dict) else document:
            yield from _numbers(value)


def _filled(document: Json, table: Table) -> Json:
    """The document with texts for terms."""
    if isinstance(document, Written):
        return table[document.number]
    if isinstance(document, dict):
        return {key: _filled(value, table) for key, value in document.items()}
    return [_filled(x, table) for x in document] if isinstance(document, list) else document
