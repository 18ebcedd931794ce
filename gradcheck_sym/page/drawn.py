"""A figure as SVG."""

from __future__ import annotations

from gradcheck_sym.figure.shapes import (
    ArrayName,
    Circle,
    Edge,
    Factor,
    Figure,
    Index,
    Label,
    Made,
    Pill,
    Shape,
)
from gradcheck_sym.page.formulas import Formulas
from gradcheck_sym.page.svg import array, box, circle, drawing, index, label, line, pill
from gradcheck_sym.render.blocks import Partial

MOST_EMS = 14.0  # of a factor that is written on its edge


def drawn(figure: Figure, formulas: Formulas, name: str) -> str:
    """The drawing; `name` is unique on the page."""
    content = (_shape(shape, formulas) for shape in figure.shapes)
    return drawing(content, figure.size, figure.title, figure.description, name)


def _shape(shape: Shape, formulas: Formulas) -> str:
    match shape:
        case Edge(start, end):
            return line(start, end, _edge(shape))
        case Circle(centre, radius, name, lit):
            return circle(centre, radius, f"unit{' lit' if lit else ''} stroke-{name}")
        case Index(at, unit):
            return index(at, unit)
        case Label(at, said, dots):
            return label(at, said, "dots" if dots else "note")
        case ArrayName(at, name):
            return array(at, name)
        case Pill(corner, size, place):
            frame = pill(corner, size, f"unit lit stroke-{place.name}")
            return frame + box(corner, size, formulas.part(place), "node")
        case Factor(corner, size, top, bottom, value):
            said = formulas.part(Partial(top, bottom))
            short = formulas.short(value, MOST_EMS) if value is not None else None
            return box(corner, size, said + (f" = {short}" if short else ""), "factor")
        case Made(corner, size, error):
            return box(corner, size, f"{formulas.part(error)} is made here", "error")


def _edge(edge: Edge) -> str:
    kind = "edge lit" if edge.lit else "edge"
    if edge.array:
        return f"{kind} stroke-{edge.array}"
    return f"{kind} spine" if edge.spine else kind
