"""Which names are kept and which unfold, step by step, where the kept ones do not decide."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gradcheck_sym.kernel.context import Context
from gradcheck_sym.kernel.normal_form import NormalForms


def opacities(context: Context) -> Iterator[frozenset[str]]:
    """Which names are kept, from all to none, but for abbreviations, which never are.

    They unfold from the last to the first, and those that are neither a sum nor of use for one
    come first: names in which no exponential can be written.
    """
    names = {name: d for name, d in context.definitions.items() if not d.short}
    relations = NormalForms(context, names.keys()).relations
    sums = {name for name, d in names.items() if d.value.has(sympy.Sum)} | relations.keys()
    useful = sums.union(*(known.names for known in relations.values()))
    kept = list(names)
    yield frozenset(kept)
    for name in reversed([name for name in names if name not in useful]):
        kept.remove(name)
        yield frozenset(kept)
    for name in reversed(list(kept)):
        kept.remove(name)
        if name in sums:
            yield frozenset(kept)
