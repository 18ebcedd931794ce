"""Elements of a drawing, as text."""

from __future__ import annotations

from collections.abc import Iterable

from gradcheck_sym.page.escape import text

MOST_LETTERS = 5  # inside a circle
LEAST = 0.68  # of its size: a drawing that would be smaller scrolls


def drawing(
    content: Iterable[str], size: tuple[float, float], title: str, description: str, name: str
) -> str:
    """A drawing that says what it shows; `name` is unique on the page.

    >>> drawing([], (4, 3), "A net", "Two layers.", "n").count("<desc")
    1
    """
    width, height = size
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'style="min-width:{LEAST * width:.0f}px" '
        f'role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{text(title)}</title>'
        f'<desc id="{name}-desc">{text(description)}</desc>{"".join(content)}</svg>'
    )


def line(start: tuple[float, float], end: tuple[float, float], kind: str) -> str:
    """A straight line of a class.

    >>> line((0, 0), (1.5, 2), "edge")
    '<path class="edge" d="M0 0L1.5 2"/>'
    """
    (x, y), (u, v) = start, end
    return f'<path class="{kind}" d="M{x:g} {y:g}L{u:g} {v:g}"/>'


def circle(centre: tuple[float, float], radius: float, kind: str) -> str:
    """A circle of a class."""
    x, y = centre
    return f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'


def pill(corner: tuple[float, float], size: tuple[float, float], kind: str) -> str:
    """A frame with round ends, of a class."""
    (x, y), (width, height) = corner, size
    return (
        f'<rect class="{kind}" x="{x:g}" y="{y:g}" '
        f'width="{width:g}" height="{height:g}" rx="{height / 2:g}"/>'
    )


def label(at: tuple[float, float], said: str, kind: str = "") -> str:
    """Words, centred at a point."""
    x, y = at
    colour = f' class="{kind}"' if kind else ""
    return f'<text{colour} x="{x:g}" y="{y:g}">{text(said)}</text>'


def index(at: tuple[float, float], unit: int | str) -> str:
    """The number or the letter of a unit, inside its circle; a long one is cut.

    >>> index((0, 0), "examples")
    '<text class="index small" x="0" y="0">exam…</text>'
    """
    said = str(unit) if len(str(unit)) <= MOST_LETTERS else str(unit)[: MOST_LETTERS - 1] + "…"
    return label(at, said, "index" + " small" * (len(said) > 2))


def array(at: tuple[float, float], name: str) -> str:
    """The name of an array in its colour, its layer above the line: A^(h)."""
    x, y = at
    letter, _, layer = name.partition("_")
    letter = {"delta": "δ"}.get(letter, letter)
    above = f'<tspan class="layer" dx="2" dy="-6">({text(layer)})</tspan>' if layer else ""
    return f'<text class="array {name}" x="{x:g}" y="{y:g}">{letter}{above}</text>'


def box(corner: tuple[float, float], size: tuple[float, float], inside: str, kind: str) -> str:
    """HTML at a place of the drawing."""
    (x, y), (width, height) = corner, size
    return (
        f'<foreignObject x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}">'
        f'<div xmlns="http://www.w3.org/1999/xhtml" class="{kind}">{inside}</div></foreignObject>'
    )
