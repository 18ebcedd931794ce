"""Plain JSON → the statement and the proof that were written; nothing is taken on trust.

What is malformed raises `Damaged`, which names the place. Whether the proof holds is for the
checker to say. Numbers in the file count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
from gradcheck_sym.proofs.damaged import (
    Damaged,
    Json,
    at,
    each,
    fields,
    items,
    name,
    named,
    rational,
    seen,
    whole,
)
from gradcheck_sym.proofs.parsed import MOST_WEIGHT, Scope, Weighed, parsed
from gradcheck_sym.proofs.read_statement import Reader, read_statement
from gradcheck_sym.proofs.write import FORMAT, NUMBERED
from gradcheck_sym.term.terms import Entry, Sum

MOST_STEPS = 200_000  # were no reason shared: the checker replays each as often as it serves
MOST_NESTED = 60  # arguments in arguments


def read_proof(document: Json) -> tuple[Statement, Proof]:
    """What `proof_json` wrote. Raises `Damaged`.

    >>> from gradcheck_sym.checker.check import check
    >>> stated = {"loss": "(1 + w[])", "wrt": "w", "at": [], "claim": "1"}
    >>> shown = {"parts": [{"slope": "w", "at": [], "value": "1", "by": []}]}
    >>> check(*read_proof({"format": 1, "statement": stated, "proof": shown})).parts
    1
    """
    got = fields(document, "format", "statement", "proof")
    if type(got["format"]) is not int or got["format"] != FORMAT:
        raise Damaged(f"{seen(got['format'])} is not {FORMAT}, the one that is read here", "format")
    reader = _Proof()
    with at("statement"):
        statement = read_statement(got["statement"], reader)
    with at("proof"):
        return statement, reader.proof(got["proof"])


@dataclass
class _Proof(Reader):
    reasons: list[tuple[Because, int]] = field(default_factory=list)
    steps: int = 0

    def proof(self, document: Json) -> Proof:
        self.scope.hole = True
        tables: dict[str, Json] = {"letters": {}, "terms": [], "reasons": []}
        got = fields(document, "parts", **tables, needs=[], witness=None)
        self.take(got)
        with at("reasons"):
            each(got["reasons"], self.take_reason)
        with at("parts"):
            parts = each(got["parts"], self.part)
        with at("needs"):
            needs = self.refer(got["needs"])
        with at("witness"):
            witness = None if got["witness"] is None else _witness(got["witness"])
        return Proof(parts, needs, witness)

    def take_reason(self, document: Json) -> None:
        before = self.steps
        got = fields(document, "by", value=None)
        value = None if got["value"] is None else self.term(got["value"])
        reason = Because(value, self.argument(got["by"]))
        self.reasons.append((reason, self.steps - before))

    def refer(self, document: Json) -> Reasons:
        return each(document, self.reason)

    def reason(self, document: Json) -> Because | None:
        if document is None:
            return None
        if type(document) is not int or not 1 <= document <= len(self.reasons):
            raise Damaged(f"there is no reason {seen(document)} so far")
        found, steps = self.reasons[document - 1]
        self.count(1 + steps)
        return found

    def count(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise Damaged("more steps than are checked here")

    def part(self, document: Json) -> Lemma | Slope:
        if "lemma" in items(document):
            got = fields(document, "lemma", "left", "right", "by")
            letters = each(got["lemma"], self.scope.letter)
            sides = self.term(got["left"]), self.term(got["right"])
            return Lemma(letters, *sides, self.argument(got["by"]))
        got = fields(document, "slope", "at", "value", "by", reasons=[])
        places = each(got["at"], self.scope.index)
        by, reasons = self.argument(got["by"]), self.refer(got["reasons"])
        return Slope(name(got["slope"]), places, self.term(got["value"]), by, reasons)

    def argument(self, document: Json, depth: int = 0) -> Argument:
        if depth > MOST_NESTED:
            raise Damaged("arguments that are nested too deep")
        if isinstance(document, list):
            return Identity(each(document, self.step))
        if "case" in items(document):
            got = fields(document, "case", "above", "below")
            above, below = (self.argument(got[side], depth + 1) for side in ("above", "below"))
            return Cases(self.term(got["case"]), above, below)
        got = fields(document, "cancel", "by", reason=None)
        factor, reason = self.term(got["cancel"]), self.reason(got["reason"])
        return Cancel(factor, reason, self.argument(got["by"], depth + 1))

    def step(self, document: Json) -> Step:
        self.count(1)
        got = fields(document, "law", "of", "times", over=[], reasons=[])
        if not isinstance(got["law"], str):
            raise Damaged(f"{seen(got['law'])} stands where a law belongs")
        return Step(
            law=got["law"],
            arguments=self.arguments(got["law"], got["of"]),
            factor=self.term(got["times"]),
            sums=each(got["over"], self.scope.letter),
            reasons=self.refer(got["reasons"]),
        )

    def arguments(self, law: str, document: Json) -> tuple[Any, ...]:
        """What the law is used at: a name or a number and indices, or terms."""
        if law == "definition" or law in NUMBERED:
            if not isinstance(document, list) or not document:
                raise Damaged(f"{seen(document)} stands where a list belongs, the first a name")
            first = name(document[0]) if law == "definition" else whole(document[0]) - 1
            return first, *each(document[1:], self.scope.index)
        found = each(document, self.argument_of_law)
        weight = sum(x.weight for x in found if isinstance(x, Weighed))
        repeated = [x for x in found if isinstance(x, int)]
        terms = tuple(x.term if isinstance(x, Weighed) else x for x in found)
        if law == "Σ written out":
            ranges = (x.index.size for x in terms if isinstance(x, Sum))
            repeated += [size for size in ranges if isinstance(size, int)]
        if max(repeated, default=1) * weight > MOST_WEIGHT:
            raise Damaged("a law of what is too large to be checked here")
        return terms

    def argument_of_law(self, document: Json) -> Weighed | int:
        return whole(document, 0) if isinstance(document, int) else self.weighed(document)


def _witness(document: Json) -> Witness:
    got = fields(document, sizes={}, everywhere={}, values={})
    with at("sizes"):
        sizes = named(got["sizes"], whole)
    with at("everywhere"):
        everywhere = named(got["everywhere"], rational)
    with at("values"):
        values = {_place(key): rational(value) for key, value in items(got["values"]).items()}
    return Witness(sizes, everywhere, values)  # type: ignore[arg-type]  # an int is a fraction


def _place(text: str) -> tuple[Any, ...]:
    """The entry that a value is of: its name and numbers."""
    entry = parsed(text, Scope()).term
    if not isinstance(entry, Entry):
        raise Damaged(f"{seen(text)} is no entry")
    return (entry.name, *entry.indices)
