"""The tree of the chain rule as a figure: J on top, a factor on each edge, δ where it is made."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck_sym.figure.chain import Level, levels
from gradcheck_sym.figure.layers import Unit
from gradcheck_sym.figure.shapes import (
    Circle,
    Edge,
    Factor,
    Figure,
    Index,
    Label,
    Made,
    Pill,
    Point,
    Shape,
)
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import Entry, Term, mul

SPINE, BESIDE, STEP = 306.0, 66, 44  # where the path is, and where the units beside it are
TOP, LEVEL = 26, 108
HALF_WIDTH, HALF_HEIGHT, RADIUS = 37, 17, 13
ROOM = SPINE - HALF_WIDTH - 6  # for what stands left of the path


def tree_figure(report: Report) -> Figure:
    """The figure.

    >>> from gradcheck_sym import Network, check
    >>> tree_figure(check(Network(2, 2, 2))).title
    'The chain rule as a tree'
    """
    return _Tree(levels(report), tuple(_caption(report))).drawn()


def _caption(report: Report) -> Iterator[str | Place | Term]:
    """How factors make a derivative; J is a sum over the examples, where there may be several."""
    several = report.network.sizes["n"] != 1 and report.wrt[0] in "Wb"
    yield "The factors along a path are multiplied; where paths meet they are added"
    yield ", and so are those of all examples." if several else "."
    if report.network.l2 and report.wrt.startswith("W"):  # which is no factor of a chain
        yield " The penalty adds "
        yield mul(Entry("lam"), Entry(report.wrt))
        yield "."


class _Tree:
    def __init__(self, found: tuple[Level, ...], caption: tuple[str | Place | Term, ...]) -> None:
        self._levels, self._caption = found, caption

    def drawn(self) -> Figure:
        most = max(len(level.others) for level in self._levels)
        right = SPINE + max(HALF_WIDTH, BESIDE + STEP * (most - 1) + RADIUS) + 6
        size = right, TOP + LEVEL * len(self._levels) + HALF_HEIGHT + 4
        shapes = (*self._edges(), *self._nodes(), *self._labels())
        title = "The chain rule as a tree"
        return Figure(title, self._description(), self._caption, size, shapes)

    def _height(self, number: int) -> float:
        """Of a level; J is number 0."""
        return TOP + LEVEL * number

    def _beside(self, number: int) -> Iterator[tuple[Point, Unit | None]]:
        """The units beside the path, and where they are."""
        for k, unit in enumerate(self._levels[number - 1].others):
            yield (SPINE + BESIDE + STEP * k, self._height(number)), unit

    def _edges(self) -> Iterator[Edge]:
        """Those beside the path first; it is drawn over them."""
        lit = []
        for number, level in enumerate(self._levels, start=1):
            start, end = (SPINE, self._height(number - 1)), (SPINE, self._height(number))
            above = self._levels[number - 2] if number > 1 else None
            one_by_one = above is not None and above.spine.name[0] == "A"
            for place, unit in self._beside(number):
                if unit is None:
                    continue
                start_there = (place[0], start[1]) if one_by_one else start
                found = Edge(_below(start_there, one_by_one), _above(place), level.all_lit)
                if level.all_lit:
                    lit.append(found)
                else:
                    yield found
            if above and above.all_lit and not one_by_one:
                others = [place for place, unit in self._beside(number - 1) if unit is not None]
                lit += [Edge(_below(place, True), _into(end), lit=True) for place in others]
            below = (SPINE, end[1] - HALF_HEIGHT)
            lit.append(Edge(_below(start, False), below, lit=True, spine=True))
        yield from lit

    def _nodes(self) -> Iterator[Shape]:
        yield self._pill(Place("J"), 0)
        for number, level in enumerate(self._levels, start=1):
            yield self._pill(level.spine, number)
            for place, unit in self._beside(number):
                if unit is None:
                    yield Label(place, "…", dots=True)
                    continue
                yield Circle(place, RADIUS, level.spine.name, level.all_lit)
                yield Index(place, unit)

    def _pill(self, place: Place, number: int) -> Pill:
        corner = SPINE - HALF_WIDTH, self._height(number) - HALF_HEIGHT
        return Pill(corner, (2 * HALF_WIDTH, 2 * HALF_HEIGHT), place)

    def _labels(self) -> Iterator[Shape]:
        """The factors left of the path, and the error terms left of the places they belong to."""
        top = Place("J")
        for number, level in enumerate(self._levels, start=1):
            middle = (self._height(number - 1) + self._height(number)) / 2
            yield Factor((0, middle - 42), (ROOM, 84), top, level.spine, level.factor)
            if level.error:
                corner = 0, self._height(number) - HALF_HEIGHT
                yield Made(corner, (ROOM, 2 * HALF_HEIGHT), level.error)
            top = level.spine

    def _description(self) -> str:
        path = ", ".join(
            f"{x.spine.name}[{','.join(map(str, x.spine.index))}]" for x in self._levels
        )
        made = [x.error.name for x in self._levels if x.error]
        errors = f" The error terms on the path: {', '.join(made)}." if made else ""
        return f"From J down to the entry: {path}. Each edge has the derivative along it.{errors}"


def _below(place: Point, beside: bool) -> Point:
    return place[0], place[1] + (RADIUS if beside else HALF_HEIGHT)


def _above(place: Point) -> Point:
    return place[0], place[1] - RADIUS


def _into(place: Point) -> Point:
    """Where the paths through the other units meet the one that is labelled."""
    return place[0] + HALF_WIDTH * 0.55, place[1] - HALF_HEIGHT
