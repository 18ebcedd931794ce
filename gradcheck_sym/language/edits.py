"""Formulas that are one change away from another: what its author may have meant.

A change is one of a few kinds, tried at every part of the formula. Whether the formula is right
with it is for others to find out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gradcheck_sym.array import Array
from gradcheck_sym.language.changes import INNERMOST, KINDS
from gradcheck_sym.language.reader import Reader
from gradcheck_sym.language.sites import Vocabulary, sites, written
from gradcheck_sym.language.syntax import parse
from gradcheck_sym.sizes import Size

MOST_PARTS = 60  # of a formula; in a longer one nothing is changed


@dataclass(frozen=True)
class Edit:
    """The formula after one change, and what was wrong with it before, if it is right now."""

    text: str
    sentence: str


def edits(
    text: str, arrays: Mapping[str, Array], sizes: Mapping[str, Size], words: Vocabulary
) -> Iterator[Edit]:
    """Each formula one change away, what is easily mistaken first; raises `FormulaError`.

    The sentences say what is wrong with the formula, as "the claim has the factor n too many".
    """
    source, tree = parse(text)
    reader = Reader(source, arrays, sizes)
    holder = ast.Expression(tree)
    parts = sites(holder, reader)
    if len(parts) > MOST_PARTS:
        return
    seen = {written(tree)}
    for kind in KINDS:
        for site in reversed(parts) if kind in INNERMOST else parts:
            for node, sentence in kind(site, parts, words):
                site.put(node)
                found = written(holder)
                site.put(site.node)
                if found not in seen:
                    seen.add(found)
                    yield Edit(found, f"the claim {sentence}")


def normal(text: str) -> str:
    """The formula with its spaces and brackets as edits have them."""
    return written(parse(text)[1])
