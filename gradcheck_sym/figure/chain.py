"""The chain rule for one entry, as levels of places from J down to it, with a factor each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gradcheck_sym.figure.layers import Layer, Unit, chosen, layers
from gradcheck_sym.figure.local import local
from gradcheck_sym.figure.told import factor, proof_lines
from gradcheck_sym.report import Report
from gradcheck_sym.rules import ROWWISE
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import ONE, Term


@dataclass(frozen=True, slots=True)
class Level:
    """The places of one array: `spine` on the path that is labelled, `others` beside it.

    `all_lit` says that the entry acts through the others as well, `error` is the δ that is made
    here, and `factor` what ∂/∂spine of the level above is, as far as it is known.
    """

    spine: Place
    others: tuple[Unit | None, ...]
    all_lit: bool
    error: Place | None
    factor: Place | Term | None


def levels(report: Report) -> tuple[Level, ...]:
    """The levels below J, the last one being the entry.

    >>> from gradcheck_sym import Network, check
    >>> [level.spine.name for level in levels(check(Network(2, 2, 2)))]
    ['A_out', 'Z_out', 'W_out']
    """
    return tuple(_Chain(report).down())


class _Chain:
    def __init__(self, report: Report) -> None:
        self._report, self._layers = report, layers(report)
        self._entry = chosen(report).place
        self._proof = proof_lines(report)
        self._letters = {d.place.name: d.place.index for d in report.definitions if d.place.index}
        self._example = next(iter(self._letters.values()))[0] if self._letters else 1
        if report.wrt[0] in "XAZ":
            self._example = self._entry.index[0]

    def down(self) -> Iterator[Level]:
        """From the output to the entry."""
        top, wrt = Place("J"), self._report.wrt
        for source, layer in reversed(list(pairwise(self._layers))):
            unit, others, spread = self._units(layer)
            after, before = (Place(x, (self._example, unit)) for x in (layer.after, layer.before))
            if layer.activation not in ROWWISE or wrt == layer.after:
                yield Level(after, others, spread, None, self._factor(top, after))
                top = after
                if wrt == layer.after:
                    return
            error = Place(layer.delta, before.index) if layer.delta in self._letters else None
            yield Level(before, others, spread, error, self._factor(top, before) or error)
            top = before
            if wrt == layer.before:
                return
            if layer.holds(wrt) or wrt == source.after == "X":
                yield self._leaf(top, layer)
                return

    def _units(self, layer: Layer) -> tuple[Unit, tuple[Unit | None, ...], bool]:
        """The unit that is labelled, those beside it, and whether the entry acts through them."""
        own = layer.holds(self._report.wrt)  # where a softmax lights up all of its outputs
        unit = self._entry.index[-1] if own else layer.lit[0]
        return unit, _beside(layer.units, unit), len(layer.lit) > 1 and not own

    def _leaf(self, top: Place, layer: Layer) -> Level:
        """The parameter, or the entry of X, at the end of the path."""
        place = self._entry
        of_units = place.name.startswith(("W", "X"))
        source = self._layers[self._layers.index(layer) - 1]
        beside = place.index[-1 if place.name == "X" else 0]
        others = _beside(source.units, beside) if of_units else ()
        return Level(place, others, False, None, self._factor(top, place))

    def _factor(self, top: Place, bottom: Place) -> Place | Term | None:
        """∂top/∂bottom: read off a product of weights, or told by the proof or a definition."""
        if top.name.startswith("Z"):
            reading = next(x for x in self._layers if x.before == top.name and x.name)
            source = self._layers[self._layers.index(reading) - 1]
            if bottom.name == reading.bias:
                return ONE
            if bottom.name == reading.weights:
                return Place(source.after, (self._example, bottom.index[0]))
            return Place(reading.weights, (bottom.index[-1], top.index[-1]))
        told = factor(self._proof, top, bottom) or self._derived(top, bottom)
        return told or local(self._report, top, bottom)

    def _derived(self, top: Place, bottom: Place) -> Term | None:
        """As the derivation found it."""
        columns = self._report.derivation.columns if self._report.derivation else ()
        factors = (x for column in columns if column for x in column.factors)
        return next((x.value for x in factors if (x.top, x.bottom) == (top, bottom)), None)


def _beside(units: tuple[Unit | None, ...], spine: Unit) -> tuple[Unit | None, ...]:
    """The units of a column without the one that is labelled."""
    left = [unit for unit in units if unit != spine]
    while left and left[0] is None:
        left.pop(0)
    return tuple(unit for k, unit in enumerate(left) if unit is not None or left[k - 1] is not None)
