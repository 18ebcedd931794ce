"""The network as a drawing: layers as columns of units, the path of the chosen entry lit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gradcheck_sym.page.layers import Layer, Unit, chosen, layers
from gradcheck_sym.page.svg import array, circle, drawing, index, label, line
from gradcheck_sym.report import Report
from gradcheck_sym.rules import ROWWISE

COLUMN, ROW, RADIUS, LOSS = 118, 46, 15, 19
LEFT, TOP, FOOT = 42, 66, 62
MOST_LETTERS = 15  # of what stands below a column

Point = tuple[float, float]


def network_drawing(report: Report, name: str) -> str:
    """The drawing; `name` is unique on the page."""
    columns = layers(report)
    return _Drawing(report, columns).drawn(name)


class _Drawing:
    def __init__(self, report: Report, columns: tuple[Layer, ...]) -> None:
        self._report, self._columns = report, columns
        self._height = ROW * (max(len(column.units) for column in columns) - 1)
        self._loss = (LEFT + COLUMN * len(columns) - 26.0, TOP + self._height / 2)

    def drawn(self, name: str) -> str:
        size = self._loss[0] + 34, TOP + self._height + FOOT
        parts = [*sorted(self._edges(), key=_lit_last), *self._units(), *self._words()]
        return drawing(parts, size, "The network", self._description(), name)

    def _at(self, column: int, row: int) -> Point:
        shown = len(self._columns[column].units)
        above = (self._height - ROW * (shown - 1)) / 2
        return LEFT + COLUMN * column, TOP + above + ROW * row

    def _edges(self) -> Iterator[str]:
        for column, (before, after) in enumerate(pairwise(self._columns)):
            for start, unit in self._placed(column):
                for end, above in self._placed(column + 1):
                    kind = self._kind(before, unit, after, above)
                    yield line(*_between(start, end), kind)
        last = self._columns[-1]
        for start, unit in self._placed(len(self._columns) - 1):
            kind = "edge lit" if unit in last.lit else "edge"
            yield line(*_between(start, self._loss, LOSS), kind)

    def _placed(self, column: int) -> Iterator[tuple[Point, Unit]]:
        """The units of a column that are drawn, and where."""
        for row, unit in enumerate(self._columns[column].units):
            if unit is not None:
                yield self._at(column, row), unit

    def _kind(self, before: Layer, unit: Unit, after: Layer, above: Unit) -> str:
        """How an edge looks: the chosen weight in its own colour."""
        if not (unit in before.lit and above in self._reached(after)):
            return "edge"
        if self._report.wrt == after.weights:
            return f"edge lit stroke-{after.weights}"
        return "edge lit"

    def _reached(self, layer: Layer) -> tuple[Unit, ...]:
        """The units that the weights before a layer lead to; a softmax then mixes them."""
        if layer.activation in ROWWISE and layer.holds(self._report.wrt):
            return (chosen(self._report).index[-1],)
        return layer.lit

    def _units(self) -> Iterator[str]:
        for column, layer in enumerate(self._columns):
            for row, unit in enumerate(layer.units):
                x, y = self._at(column, row)
                if unit is None:
                    yield label((x, y), "⋮", "dots")
                    continue
                lit = " lit" if unit in layer.lit else ""
                yield circle((x, y), RADIUS, f"unit{lit} stroke-{layer.after}")
                yield index((x, y), unit)
        yield circle(self._loss, LOSS, "unit lit stroke-J")
        yield array((self._loss[0], self._loss[1]), "J")

    def _words(self) -> Iterator[str]:
        network = self._report.network
        foot = TOP + self._height + 32
        for column, layer in enumerate(self._columns):
            x = self._at(column, 0)[0]
            yield array((x, 22), layer.after)
            yield label((x, foot), _short(_size(list(network.sizes)[column], layer)), "note")
            yield label((x, foot + 15), _short(layer.activation), "note")
            if layer.name:
                yield array((x - COLUMN / 2, 22), layer.weights)
                if network.bias:
                    yield array((x - COLUMN / 2, 42), layer.bias)
        x, y = self._loss
        yield line((x, y + 40), (x, y + 20), "edge")
        yield array((x, y + 54), "Y")

    def _description(self) -> str:
        first, *others = self._columns
        after = [f"{x.size} units of {x.after} by {x.activation}" for x in others]
        entry = chosen(self._report)
        index = ",".join(map(str, entry.index))
        return (
            f"From left to right: {first.size} inputs X, {', '.join(after)}, the loss J, "
            f"which reads Y as well. Lit: the path from {entry.place.name}[{index}] to J."
        )


def _between(start: Point, end: Point, radius: float = RADIUS) -> tuple[Point, Point]:
    """From border to border."""
    (x, y), (u, v) = start, end
    length = ((u - x) ** 2 + (v - y) ** 2) ** 0.5
    cos, sin = (u - x) / length, (v - y) / length
    first = round(x + RADIUS * cos, 1), round(y + RADIUS * sin, 1)
    return first, (round(u - radius * cos, 1), round(v - radius * sin, 1))


def _lit_last(edge: str) -> bool:
    """Lit edges are drawn over the others."""
    return "lit" in edge


def _size(name: str, layer: Layer) -> str:
    plain = name.replace("_", "")
    return plain if layer.size in (name, plain) else f"{plain} = {layer.size}"


def _short(said: str) -> str:
    return said if len(said) <= MOST_LETTERS else said[: MOST_LETTERS - 1] + "…"
