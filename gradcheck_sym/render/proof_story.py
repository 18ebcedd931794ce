"""The lines of a proof as blocks: what is shown, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck_sym.relation import Relation
from gradcheck_sym.render.blocks import Block, Equation, Equations, Part, Partial, Prose
from gradcheck_sym.shown.alike import alike
from gradcheck_sym.shown.order import by_reading
from gradcheck_sym.steps import Line, Place
from gradcheck_sym.term.terms import add

J = Place("J")


def proof_story(lines: Sequence[Line]) -> Iterator[Block]:
    """Every line that the checker replayed, in order."""
    for line in lines:
        rests: list[Part] = [f"({line.number})"]
        if line.names:
            rests += [" from what ", " and ".join(line.names), " stands for"]
        if line.lemmas:
            numbers = ", ".join(f"({number})" for number in line.lemmas)
            rests += [" and" if line.names else " by", f" {numbers}"]
        if line.laws:
            rests += [", with " if len(rests) > 1 else " with ", *_listed(line.laws)]
        yield Prose((*rests, ":" if len(rests) > 1 else " by rearranging alone:"))
        yield Equations((_equation(line),))


def _equation(line: Line) -> Equation:
    match line.left:
        case Place():
            middle = add(*sorted(line.middle, key=by_reading)) if line.middle else line.right
            steps = () if alike(middle, line.right) else (middle,)
            return Equation(Partial(J, line.left), (*steps, line.right))
        case (Place() as top, Place() as bottom):
            return Equation(Partial(top, bottom), (*line.middle, line.right))
    return Equation(line.left, (line.right,))


def _listed(laws: Sequence[Relation]) -> Iterator[Part]:
    for number, law in enumerate(laws):
        if number:
            yield ", "
        yield law
