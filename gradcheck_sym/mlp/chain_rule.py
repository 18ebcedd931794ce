"""The chain rule for the parameters of one unit: its factors as found, and what they come to."""

from __future__ import annotations

from contextlib import suppress

from gradcheck_sym.answer import Answers, proved
from gradcheck_sym.array.shape import Indices
from gradcheck_sym.asserted import Kind
from gradcheck_sym.checker.chain import between, chain
from gradcheck_sym.checker.derivative import derivative
from gradcheck_sym.checker.polynomial import Poly
from gradcheck_sym.checker.proof import Identity, Proof, Slope
from gradcheck_sym.contracted import contracted
from gradcheck_sym.deadline import Budget, OutOfTime, deadline
from gradcheck_sym.mlp.network import Layer
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.slopes import as_far_as_it_goes
from gradcheck_sym.question import Question
from gradcheck_sym.shown.axes import Axes
from gradcheck_sym.shown.names import index_shown
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Column, Factor, Place
from gradcheck_sym.term.terms import ZERO, Entry, Index, Letter, Size, Term, add, mul
from gradcheck_sym.term.walks import substitute
from gradcheck_sym.verdict import Refuted

PATIENCE = 3.0  # seconds for the proof of an error term
SHARE = 0.3  # of the time that is left, for the same
MOST_ENTRIES = 4  # of an axis; a longer one is written 1, 2, …, last


def few(size: Size, most: int = MOST_ENTRIES) -> list[Index | None]:
    """The indices of an axis, or the first ones, None for an ellipsis, and the last."""
    if isinstance(size, int) and size <= most:
        return list(range(1, size + 1))
    last = size if isinstance(size, int) else Letter(size, size)
    return [*range(1, most // 2 + 1), None, last]


class ChainRule:
    """∂J/∂W of a layer as ∂J/∂A × ∂A/∂Z × ∂Z/∂W, unit by unit."""

    def __init__(
        self, asked: Question, layer: Layer, proof: Proof | None, seconds: float | None = None
    ) -> None:
        self._asked, self._layer, self._budget = asked, layer, Budget(seconds)
        self._knowledge = Knowledge(asked.statement, asked.always)
        self._axes = Axes(asked.statement.definitions)
        parts = proof.parts if proof else ()
        self._shown = {part.name: part for part in parts if isinstance(part, Slope)}
        self._slopes = self._up_to(layer)

    def column(self, here: Indices) -> Column:
        """The factors for the parameters that lead to one unit; `here` is (example, unit)."""
        layer, wrt = self._layer, self._asked.statement.wrt
        there = (*self._asked.statement.letters[:-1], here[1])
        before, after = place_of(layer.before, here), place_of(layer.after, here)
        if layer.total:  # a unit of a softmax depends on its whole row
            outer = [self._found(self._slope(layer.before, here))]
            ends = [(Place("J"), before)]
        else:
            inner = self._local(layer.after, here, layer.before, here)
            outer = [self._found(self._slope(layer.after, here)), self._found(inner)]
            ends = [(Place("J"), after), (after, before)]
        last = self._local(layer.before, here, wrt, there)
        delta = Entry(layer.delta, here)
        error = self._shortest(outer)
        values = [*outer, self._found(last)]
        ends.append((before, place_of(wrt, there)))
        pairs = zip(ends, values, strict=True)
        factors = [Factor(top, bottom, self._tidied(value)) for (top, bottom), value in pairs]
        return Column(
            factors=tuple(factors),
            normal=self._tidied(self._shortest([error, last])),
            delta=place_of(layer.delta, here),
            error=self._tidied(error),
            verdict="proved" if self._is_shown(here, delta) else self._compared(mul(*outer), delta),
            penalty=self._tidied(
                self._found(derivative(self._asked.statement.loss, wrt, there)[0])
            ),
        )

    def _up_to(self, layer: Layer) -> dict[str, Slope]:
        """∂J by the names from the output down to this layer's, the later ones as proved."""
        statement, found = self._asked.statement, dict[str, Slope]()
        for name in between(statement):
            own = tuple(Letter(x.name, x.size) for x in statement.definitions[name].letters)
            value = add(*(link.value for link in chain(statement, found, name, own)))
            raw = Slope(name, own, value, Identity())
            here = name in (layer.before, layer.after, layer.total)
            found[name] = raw if here else self._shown.get(name, raw)
        return found

    def _slope(self, name: str, here: Indices) -> Term:
        """∂J by an entry of a name."""
        if name not in self._slopes:  # J does not depend on it
            return ZERO
        known = self._slopes[name]
        own = (x for x in known.places if isinstance(x, Letter))
        return substitute(known.value, dict(zip(own, here, strict=True)))

    def _local(self, top: str, at: Indices, bottom: str, place: Indices) -> Term:
        """∂top/∂bottom, the other names kept."""
        definition = self._asked.statement.definitions[top]
        value = substitute(definition.value, dict(zip(definition.letters, at, strict=True)))
        return derivative(value, bottom, place)[0]

    def _tidied(self, value: Term) -> Term:
        return tidied(self._axes.along(value))

    def _found(self, value: Term) -> Term:
        """A derivative as it was found, without its deltas."""
        short, bench = contracted(value), self._knowledge.bench
        return bench.poly_term(bench.ring.normal(value), 0) if short is value else short

    def _shortest(self, factors: list[Term]) -> Term:
        """The product in the normal form of fewest terms: after the prover's rules, or before."""
        bench = self._knowledge.bench
        apart = mul(*(bench.poly_term(self._reduced(factor), 0) for factor in factors))
        forms = [self._reduced(apart), bench.ring.normal(apart), bench.ring.normal(mul(*factors))]
        return bench.poly_term(min(forms, key=len), 0)

    def _reduced(self, value: Term) -> Poly:
        """The value after all the rules of the prover, the names kept."""
        reducer = self._knowledge.reducer(self._knowledge.names)
        return as_far_as_it_goes(reducer, self._knowledge.bench.ring.normal(value)).poly

    def _is_shown(self, here: Indices, delta: Term) -> bool:
        """Whether the proof has the error term as the slope of this layer."""
        known = self._shown.get(self._layer.before)
        if known is None:
            return False
        own = (x for x in known.places if isinstance(x, Letter))
        value = substitute(known.value, dict(zip(own, here, strict=True)))
        return self._knowledge.bench.ring.equal(value, delta)

    def _compared(self, left: Term, right: Term) -> Kind:
        """The verdict on whether two values are equal."""
        asked = self._asked.equating(left, right)
        with suppress(OutOfTime), self._budget.share(SHARE), deadline(PATIENCE):
            if proved(asked):
                return "proved"
            if isinstance(Answers(asked, PATIENCE).entry({}), Refuted):
                return "refuted"
        return "undecided"


def place_of(name: str, index: Indices) -> Place:
    """An entry of a named array, to be shown."""
    return Place(name, tuple(map(index_shown, index)))
