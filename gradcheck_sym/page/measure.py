"""About how wide a formula is set, so that it is broken or left out where it would not fit."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SCRIPT = 0.7  # the size of what is above or below
WIDE = frozenset("+−=×<>≠≥≤")  # signs with space around them
NARROW = frozenset("()[]|,∣")


def ems(mathml: str) -> float:
    """The width of MathML in ems, roughly; a fraction is as wide as its wider side.

    >>> ems("<mi>x</mi><mo>+</mo><mn>1</mn>")
    2.3
    >>> ems("<mfrac><mn>1</mn><mn>12</mn></mfrac>")
    1.2
    """
    return round(_of(ElementTree.fromstring(f"<mrow>{mathml}</mrow>")), 2)


def _of(part: Element) -> float:
    inside = [_of(child) for child in part]
    match part.tag:
        case "mo":
            return _sign(part.text or "")
        case "mi" | "mn" | "mtext":
            return 0.55 * len(part.text or "") if part.tag != "mn" else 0.5 * len(part.text or "")
        case "mfrac":
            return max(inside) + 0.2
        case "msub" | "msup":
            return inside[0] + SCRIPT * inside[1]
        case "msubsup":
            return inside[0] + SCRIPT * max(inside[1:])
        case "munderover":
            return max(inside[0], *(SCRIPT * side for side in inside[1:]))
        case "msqrt":
            return sum(inside) + 0.9
        case "mtable":
            rows = [[_of(cell) for cell in row] for row in part]
            return sum(max(column, default=0.0) for column in zip(*rows, strict=True))
    return sum(inside)


def _sign(sign: str) -> float:
    if sign in WIDE:
        return 1.25
    return 0.4 if sign in NARROW else 1.2 if sign == "∑" else 0.17
