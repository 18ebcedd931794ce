"""A question: is this gradient what is claimed? With names that are no more than abbreviations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from gradcheck_sym.checker.statement import Definition, Statement, free_letters
from gradcheck_sym.term.terms import Entry, Index, Letter, Term, mul, sums
from gradcheck_sym.term.walks import substitute


@dataclass(frozen=True)
class Question:
    """A statement to be decided; names in `always` are written out wherever they stand."""

    statement: Statement
    always: frozenset[str] = field(default=frozenset())

    def at(self, numbers: Mapping[str, int]) -> Question:
        """The question where the letters of these names are numbers."""
        letters = [x for x in self.statement.letters if isinstance(x, Letter)]
        values: dict[Letter, Index] = {x: numbers[x.name] for x in letters if x.name in numbers}
        places = tuple(
            values.get(x, x) if isinstance(x, Letter) else x for x in self.statement.letters
        )
        claim = substitute(self.statement.claim, values)
        return replace(self, statement=replace(self.statement, letters=places, claim=claim))

    def claiming(self, claim: Term) -> Question:
        """The question about another claim."""
        return replace(self, statement=replace(self.statement, claim=claim))

    def equating(self, left: Term, right: Term) -> Question:
        """Whether two terms are equal for all values of their letters, in these definitions."""
        own = tuple(dict.fromkeys((*free_letters(left), *free_letters(right))))
        asked = equality(self.statement.definitions, left, right, own).statement
        hypotheses, positive = self.statement.hypotheses, self.statement.positive
        return Question(replace(asked, hypotheses=hypotheses, positive=positive), self.always)

    @cached_property
    def free_letters(self) -> tuple[Letter, ...]:
        """The letters that the claim is about."""
        return tuple(x for x in self.statement.letters if isinstance(x, Letter))


def equality(
    definitions: Mapping[str, Definition],
    left: Term,
    right: Term,
    letters: tuple[Letter, ...],
) -> Question:
    """Whether two arrays are equal: right is the gradient of Σ free · left by the free array."""
    own = tuple(Letter(x.name, x.size) for x in letters)
    weight = Entry("free", own)
    loss = sums(own, mul(weight, substitute(left, dict(zip(letters, own, strict=True)))))
    return Question(Statement(definitions, loss, "free", letters, right))
