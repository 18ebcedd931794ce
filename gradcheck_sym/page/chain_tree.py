"""The tree of the chain rule as a drawing: J on top, a factor on each edge, δ where it is made."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck_sym.page.chain import Level, levels
from gradcheck_sym.page.formulas import Formulas
from gradcheck_sym.page.layers import Unit
from gradcheck_sym.page.svg import box, circle, drawing, index, label, line
from gradcheck_sym.render.blocks import Partial
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Place

SPINE, BESIDE, STEP = 306.0, 66, 44  # where the path is, and where the units beside it are
TOP, LEVEL = 26, 108
HALF_WIDTH, HALF_HEIGHT, RADIUS = 37, 17, 13
MOST_EMS = 14.0  # of a factor that is written on its edge
ROOM = SPINE - HALF_WIDTH - 6  # for what stands left of the path

Point = tuple[float, float]


def chain_tree(report: Report, formulas: Formulas, name: str) -> str:
    """The drawing; `name` is unique on the page."""
    return _Tree(levels(report), formulas).drawn(name)


class _Tree:
    def __init__(self, found: tuple[Level, ...], formulas: Formulas) -> None:
        self._levels, self._formulas = found, formulas

    def drawn(self, name: str) -> str:
        most = max(len(level.others) for level in self._levels)
        right = SPINE + max(HALF_WIDTH, BESIDE + STEP * (most - 1) + RADIUS) + 6
        size = right, TOP + LEVEL * len(self._levels) + HALF_HEIGHT + 4
        parts = [*self._edges(), *self._nodes(), *self._labels()]
        return drawing(parts, size, "The chain rule as a tree", self._description(), name)

    def _height(self, number: int) -> float:
        """Of a level; J is number 0."""
        return TOP + LEVEL * number

    def _beside(self, number: int) -> Iterator[tuple[Point, Unit | None]]:
        """The units beside the path, and where they are."""
        for k, unit in enumerate(self._levels[number - 1].others):
            yield (SPINE + BESIDE + STEP * k, self._height(number)), unit

    def _edges(self) -> Iterator[str]:
        """Those beside the path first; it is drawn over them."""
        lit = []
        for number, level in enumerate(self._levels, start=1):
            start, end = (SPINE, self._height(number - 1)), (SPINE, self._height(number))
            above = self._levels[number - 2] if number > 1 else None
            one_by_one = above is not None and above.spine.name[0] == "A"
            for place, unit in self._beside(number):
                if unit is None:
                    continue
                kind = "edge lit" if level.all_lit else "edge"
                start_there = (place[0], start[1]) if one_by_one else start
                found = line(_below(start_there, one_by_one), _above(place), kind)
                if level.all_lit:
                    lit.append(found)
                else:
                    yield found
            if above and above.all_lit and not one_by_one:
                others = [place for place, unit in self._beside(number - 1) if unit is not None]
                lit += [line(_below(place, True), _into(end), "edge lit") for place in others]
            lit.append(line(_below(start, False), (SPINE, end[1] - HALF_HEIGHT), "edge lit spine"))
        yield from lit

    def _nodes(self) -> Iterator[str]:
        yield self._pill(Place("J"), 0)
        for number, level in enumerate(self._levels, start=1):
            yield self._pill(level.spine, number)
            for place, unit in self._beside(number):
                if unit is None:
                    yield label(place, "…", "dots")
                    continue
                lit = " lit" if level.all_lit else ""
                yield circle(place, RADIUS, f"unit{lit} stroke-{level.spine.name}")
                yield index(place, unit)

    def _pill(self, place: Place, number: int) -> str:
        x, y = SPINE - HALF_WIDTH, self._height(number) - HALF_HEIGHT
        width, height = 2 * HALF_WIDTH, 2 * HALF_HEIGHT
        frame = (
            f'<rect class="unit lit stroke-{place.name}" x="{x:g}" y="{y:g}" '
            f'width="{width}" height="{height}" rx="{HALF_HEIGHT}"/>'
        )
        inside = self._formulas.part(place)
        return frame + box((x, y), (width, height), inside, "node")

    def _labels(self) -> Iterator[str]:
        """The factors left of the path, and the error terms left of the places they belong to."""
        top = Place("J")
        for number, level in enumerate(self._levels, start=1):
            said = self._formulas.part(Partial(top, level.spine))
            if level.factor is not None:
                value = self._formulas.short(level.factor, MOST_EMS)
                said += f" = {value}" if value else ""
            middle = (self._height(number - 1) + self._height(number)) / 2
            yield box((0, middle - 42), (ROOM, 84), said, "factor")
            if level.error:
                error = self._formulas.part(level.error)
                y = self._height(number) - HALF_HEIGHT
                yield box((0, y), (ROOM, 2 * HALF_HEIGHT), f"{error} is made here", "error")
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
