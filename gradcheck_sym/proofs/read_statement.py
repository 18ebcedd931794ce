"""The statement of a proof, read back: its letters, its table of terms, and what is claimed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from gradcheck_sym.checker.laws import Malformed
from gradcheck_sym.checker.obligations import Guard, Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement, size_names
from gradcheck_sym.proofs.damaged import (
    Damaged,
    Json,
    array_name,
    at,
    each,
    fields,
    items,
    name,
    named,
    seen,
    size_name,
    whole,
)
from gradcheck_sym.proofs.parsed import Scope, Weighed, parsed
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import Letter, Term
from gradcheck_sym.term.walks import entries

RELATIONS = tuple(relation for relation in get_args(Relation) if relation)


@dataclass
class Reader:
    """Reads what speaks of letters and terms; the table of the statement serves the proof too."""

    letters: dict[str, Letter] = field(default_factory=dict)
    table: list[Weighed] = field(default_factory=list)
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        self.scope = Scope(self.letters, self.table)

    def take(self, got: dict[str, Json]) -> None:
        """Read letters and terms, which then may be spoken of."""
        with at("letters"):
            for key, size in items(got["letters"]).items():
                with at(key):
                    if key in self.letters:
                        raise Damaged("a letter for the second time")
                    shown, dot, number = key.partition(".")
                    if dot and not (number.isascii() and number.isdecimal()):
                        raise Damaged("no key of a letter")
                    runs_to = size_name(size) if isinstance(size, str) else whole(size)
                    self.letters[key] = Letter(name(shown), runs_to)
        with at("terms"):
            each(got["terms"], lambda text: self.table.append(self.weighed(text)))

    def weighed(self, document: Json) -> Weighed:
        """A term with its size."""
        return parsed(document, self.scope)

    def term(self, document: Json) -> Term:
        """A term."""
        return parsed(document, self.scope).term

    def obligation(self, document: Json) -> Obligation:
        """What has to be ≠, > or ≥ 0."""
        got = fields(document, "u", "relation", guards=[])
        if got["relation"] not in RELATIONS:
            raise Damaged(f"{seen(got['relation'])} is none of {' '.join(RELATIONS)}")
        guards = each(got["guards"], self.guard)
        return Obligation(self.term(got["u"]), got["relation"], guards)

    def guard(self, document: Json) -> Guard:
        """Where something is positive, or is not."""
        got = fields(document, "u", "positive")
        if not isinstance(got["positive"], bool):
            raise Damaged(f"{seen(got['positive'])} stands where true or false belongs")
        return self.term(got["u"]), got["positive"]

    def definition(self, document: Json) -> Definition:
        """The letters of a name, and what it stands for."""
        got = fields(document, "at", "is")
        return Definition(each(got["at"], self.scope.letter), self.term(got["is"]))

    def hypothesis(self, document: Json) -> Hypothesis:
        """An equation that is assumed."""
        got = fields(document, "left", "right", **{"for": []})
        letters = each(got["for"], self.scope.letter)
        return Hypothesis(letters, self.term(got["left"]), self.term(got["right"]))


def read_statement(document: Json, reader: Reader) -> Statement:
    """The statement. Raises `Damaged`, also where it makes no sense."""
    needed = ("loss", "wrt", "at", "claim")
    tables: dict[str, Json] = {"letters": {}, "terms": [], "definitions": {}}
    got = fields(document, *needed, **tables, hypotheses=[], positive=[], needs=[])
    reader.take(got)
    with at("definitions"):
        definitions = named(got["definitions"], reader.definition)
    with at("loss"):
        loss = reader.term(got["loss"])
    with at("wrt"):
        wrt = array_name(got["wrt"])
    with at("at"):
        letters = each(got["at"], reader.scope.index)
    with at("claim"):
        claim = reader.term(got["claim"])
    with at("hypotheses"):
        hypotheses = each(got["hypotheses"], reader.hypothesis)
    with at("positive"):
        positive = frozenset(each(got["positive"], array_name))
    with at("needs"):
        needs = each(got["needs"], reader.obligation)
    try:
        found = Statement(definitions, loss, wrt, letters, claim, hypotheses, positive, needs)
    except (Malformed, ValueError) as error:
        raise Damaged(f"makes no sense: {error}") from None
    _refuse_both(found)
    return found


def _refuse_both(statement: Statement) -> None:
    """Raise `Damaged` for a name that is a size and an array: they would be shown alike."""
    spoken_of = {entry.name for entry in entries(*statement.terms)}
    arrays = spoken_of | {*statement.definitions, statement.wrt}
    if both := size_names(statement) & arrays:
        raise Damaged(f"{min(both)} is a size and an array")
