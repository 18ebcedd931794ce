"""The lines of a report's proof, and what they say of one factor of the chain rule."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.proof_lines import lines
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Line, Place
from gradcheck_sym.term.terms import Index, Letter, Term
from gradcheck_sym.term.walks import substitute
from gradcheck_sym.verdict import Evidence


def proof_lines(report: Report) -> tuple[Line, ...]:
    """The lines of the first proof; there are none where nothing is proved."""
    if report.derivation:
        return report.derivation.proof
    return _told(report.evidence[0]) if report.evidence else ()


@lru_cache(maxsize=8)
def _told(evidence: Evidence) -> tuple[Line, ...]:
    return tuple(lines(evidence.theorem, evidence.proof))


def factor(proof: Sequence[Line], top: Place, bottom: Place) -> Term | None:
    """What a line of the proof says that ∂top/∂bottom is, at these places."""
    asked: tuple[Place, ...]
    known: tuple[Place, ...]
    for line in proof:
        match line.left:
            case Place() as place if top == Place("J"):
                asked, known = (bottom,), (place,)
            case (Place() as above, Place() as below):
                asked, known = (top, bottom), (above, below)
            case _:
                continue
        if (at := _meeting(known, asked)) is not None:
            letters = {x: _index(x, at[x.name]) for x in free_letters(line.right) if x.name in at}
            return substitute(line.right, letters)
    return None


def _meeting(known: Sequence[Place], asked: Sequence[Place]) -> dict[str, int | str] | None:
    """What the letters of known places have to be for them to be those that are asked for."""
    found: dict[str, int | str] = {}
    for one, other in zip(known, asked, strict=True):
        if one.name != other.name or len(one.index) != len(other.index):
            return None
        for mine, theirs in zip(one.index, other.index, strict=True):
            if isinstance(mine, str):
                if found.setdefault(mine, theirs) != theirs:
                    return None
            elif mine != theirs:
                return None
    return found


def _index(letter: Letter, index: int | str) -> Index:
    return index if isinstance(index, int) else Letter(index, letter.size)
