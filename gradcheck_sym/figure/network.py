"""The network as a figure: layers as columns of units, the path of the chosen entry lit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gradcheck_sym.figure.layers import Layer, Unit, chosen, layers
from gradcheck_sym.figure.shapes import ArrayName, Circle, Edge, Figure, Index, Label, Point, Shape
from gradcheck_sym.report import Report
from gradcheck_sym.rules import ROWWISE

COLUMN, ROW, RADIUS, LOSS = 118, 46, 15, 19
LEFT, TOP, FOOT = 42, 66, 62
MOST_LETTERS = 15  # of what stands below a column


def network_figure(report: Report) -> Figure:
    """The figure.

    >>> from gradcheck_sym import Network, check
    >>> network_figure(check(Network(2, 2, 2))).title
    'The network'
    """
    return _Drawing(report, layers(report)).drawn()


class _Drawing:
    def __init__(self, report: Report, columns: tuple[Layer, ...]) -> None:
        self._report, self._columns = report, columns
        self._height = ROW * (max(len(column.units) for column in columns) - 1)
        self._loss = (LEFT + COLUMN * len(columns) - 26.0, TOP + self._height / 2)

    def drawn(self) -> Figure:
        size = self._loss[0] + 34, TOP + self._height + FOOT
        edges = sorted(self._edges(), key=lambda edge: edge.lit)  # lit ones over the others
        shapes = (*edges, *self._units(), *self._words())
        caption = "The path of ", chosen(self._report).place, " to the loss is lit."
        return Figure("The network", self._description(), caption, size, shapes)

    def _at(self, column: int, row: int) -> Point:
        shown = len(self._columns[column].units)
        above = (self._height - ROW * (shown - 1)) / 2
        return LEFT + COLUMN * column, TOP + above + ROW * row

    def _edges(self) -> Iterator[Edge]:
        for column, (before, after) in enumerate(pairwise(self._columns)):
            for start, unit in self._placed(column):
                for end, above in self._placed(column + 1):
                    lit = unit in before.lit and above in self._reached(after)
                    array = after.weights if lit and self._report.wrt == after.weights else ""
                    yield Edge(*_between(start, end), lit, array)
        last = self._columns[-1]
        for start, unit in self._placed(len(self._columns) - 1):
            yield Edge(*_between(start, self._loss, LOSS), unit in last.lit)

    def _placed(self, column: int) -> Iterator[tuple[Point, Unit]]:
        """The units of a column that are drawn, and where."""
        for row, unit in enumerate(self._columns[column].units):
            if unit is not None:
                yield self._at(column, row), unit

    def _reached(self, layer: Layer) -> tuple[Unit, ...]:
        """The units that the weights before a layer lead to; a softmax then mixes them."""
        if layer.activation in ROWWISE and layer.holds(self._report.wrt):
            return (chosen(self._report).index[-1],)
        return layer.lit

    def _units(self) -> Iterator[Shape]:
        for column, layer in enumerate(self._columns):
            for row, unit in enumerate(layer.units):
                x, y = self._at(column, row)
                if unit is None:
                    yield Label((x, y), "⋮", dots=True)
                    continue
                yield Circle((x, y), RADIUS, layer.after, unit in layer.lit)
                yield Index((x, y), unit)
        yield Circle(self._loss, LOSS, "J", lit=True)
        yield ArrayName(self._loss, "J")

    def _words(self) -> Iterator[Shape]:
        network = self._report.network
        foot = TOP + self._height + 32
        for column, layer in enumerate(self._columns):
            x = self._at(column, 0)[0]
            yield ArrayName((x, 22), layer.after)
            yield Label((x, foot), _short(_size(list(network.sizes)[column], layer)))
            yield Label((x, foot + 15), _short(layer.activation))
            if layer.name:
                yield ArrayName((x - COLUMN / 2, 22), layer.weights)
                if network.bias:
                    yield ArrayName((x - COLUMN / 2, 42), layer.bias)
        x, y = self._loss
        yield Edge((x, y + 40), (x, y + 20))
        yield ArrayName((x, y + 54), "Y")

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


def _size(name: str, layer: Layer) -> str:
    plain = name.replace("_", "")
    return plain if layer.size in (name, plain) else f"{plain} = {layer.size}"


def _short(said: str) -> str:
    return said if len(said) <= MOST_LETTERS else said[: MOST_LETTERS - 1] + "…"
