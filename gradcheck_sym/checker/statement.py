"""What is claimed: ∂f/∂w[p, q] = g[p, q], for all values of the free arrays. No network in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from gradcheck_sym.checker.laws import HOLE, Equation, Malformed
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import within
from gradcheck_sym.term.terms import Delta, Entry, Index, Letter, Sum, Term
from gradcheck_sym.term.walks import children, entries, named_sizes, substitute


@dataclass(frozen=True)
class Definition:
    """name[letters] stands for the value, in terms of free arrays and of earlier names."""

    letters: tuple[Letter, ...]
    value: Term

    def at(self, indices: tuple[Index, ...]) -> Term:
        """The value at these indices, each within its range. Raises `Malformed`."""
        return substitute(self.value, named(self.letters, indices))


@dataclass(frozen=True)
class Hypothesis:
    """An equation that is assumed for all values of its letters."""

    letters: tuple[Letter, ...]
    left: Term
    right: Term

    def at(self, indices: tuple[Index, ...]) -> Equation:
        """The equation at these indices, each within its range. Raises `Malformed`."""
        names = named(self.letters, indices)
        return Equation(substitute(self.left, names), substitute(self.right, names))


@dataclass(frozen=True)
class Statement:
    """∂loss/∂wrt[letters] = claim, with names defined in order; the other arrays are free.

    A letter in `letters` stands for every index of its range, a number for itself. `needs` is
    where the loss and the claim are meant, `positive` names scalars that are assumed to be > 0.
    Raises `Malformed`.
    """

    definitions: Mapping[str, Definition]
    loss: Term
    wrt: str
    letters: tuple[Index, ...]
    claim: Term
    hypotheses: tuple[Hypothesis, ...] = ()
    positive: frozenset[str] = frozenset()
    needs: tuple[Obligation, ...] = ()

    def __post_init__(self) -> None:
        # a copy: what is added to the caller's mapping later was never looked at
        object.__setattr__(self, "definitions", dict(self.definitions))
        later = set(self.definitions)
        for name, definition in self.definitions.items():
            _check_free(definition.value, definition.letters, name)
            if used := later.intersection(e.name for e in entries(definition.value)):
                raise Malformed(f"{name} is defined by {min(used)}, which comes no earlier")
            later.discard(name)
        _check_free(self.loss, (), "the loss")
        _check_free(
            self.claim, tuple(x for x in self.letters if isinstance(x, Letter)), "the claim"
        )
        for hypothesis in self.hypotheses:
            for side in (hypothesis.left, hypothesis.right):
                _check_free(side, hypothesis.letters, "a hypothesis")
        if self.wrt in (HOLE.name, *self.definitions):
            raise Malformed(f"{self.wrt} is defined, not free")
        for entry in entries(*self.terms):
            if entry.name in self.definitions:
                named(self.definitions[entry.name].letters, entry.indices)

    @property
    def terms(self) -> Iterator[Term]:
        """All terms that it speaks of."""
        yield from (self.loss, self.claim)
        yield from (definition.value for definition in self.definitions.values())
        for hypothesis in self.hypotheses:
            yield from (hypothesis.left, hypothesis.right)
        for needed in self.needs:
            yield from needed.terms

    def definition(self, name: str) -> Definition:
        """The definition of a name."""
        if name not in self.definitions:
            raise Malformed(f"{name} has no definition")
        return self.definitions[name]


def _check_free(value: Term, letters: tuple[Letter, ...], what: str) -> None:
    if len(set(letters)) < len(letters):
        raise Malformed(f"{what} has a letter twice")
    if unknown := free_letters(value) - set(letters):
        raise Malformed(f"{what} speaks of an index {min(x.name for x in unknown)} of no range")


def free_letters(value: Term) -> frozenset[Letter]:
    """The letters that no sum inside the term binds."""
    done: dict[int, frozenset[Letter]] = {}

    def of(part: Term) -> frozenset[Letter]:
        if id(part) not in done:
            inner = frozenset().union(*map(of, children(part)))
            match part:
                case Entry(_, indices):
                    inner = frozenset(x for x in indices if isinstance(x, Letter))
                case Delta(left, right):
                    inner = frozenset(x for x in (left, right) if isinstance(x, Letter))
                case Sum(index, _):
                    inner -= {index}
            done[id(part)] = inner
        return done[id(part)]

    return of(value)


def named(letters: Sequence[Index], indices: Sequence[Index]) -> dict[Letter, Index]:
    """What the letters of a part stand for, each within its range. Raises `Malformed`."""
    found: dict[Letter, Index] = {}
    for letter, index in zip(letters, indices, strict=True):
        if not isinstance(letter, Letter) or not within(index, letter.size):
            raise Malformed("an index is out of its range")
        found[letter] = index
    if len(found) < len(letters):
        raise Malformed("a letter stands twice")
    return found


def size_names(statement: Statement, conditions: Sequence[Obligation] = ()) -> set[str]:
    """The names of sizes that a statement and its conditions speak of."""
    terms = [*statement.terms, *chain.from_iterable(o.terms for o in conditions)]
    letters = [x for x in statement.letters if isinstance(x, Letter)]
    letters += chain.from_iterable(d.letters for d in statement.definitions.values())
    letters += chain.from_iterable(h.letters for h in statement.hypotheses)
    return named_sizes(terms, letters)
