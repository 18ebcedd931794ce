"""What a change to a function touches beside the gradient that it is to make right."""

from __future__ import annotations

from gradcheck_sym.array import Array, Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import alike, names
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.code.run import Run
from gradcheck_sym.term.walks import entries


def others_touched(before: Run, after: Run, wrt: str) -> list[str] | None:
    """The other gradients that are not what they were; None if the loss is not, or one is gone."""
    if before.claims.keys() != after.claims.keys():
        return None
    known = _Known(before, after)
    if not known.same(before.loss, after.loss):
        return None
    others = [name for name in before.claims if name != wrt]
    return [x for x in others if not known.same(before.claims[x], after.claims[x])]


class _Known:
    """Two runs of the same functions, and which of their names mean the same in both."""

    def __init__(self, before: Run, after: Run) -> None:
        self._entries = Entries()
        self._all = [names(run.loss, *run.claims.values()) for run in (before, after)]
        self._found: dict[str, bool] = {}

    def same(self, one: Array, other: Array) -> bool:
        """Whether two arrays are the same, in names that mean the same."""
        if sizes(one.shape) != sizes(other.shape):
            return False
        places = letters(one.shape)
        pair = [self._entries.at(x, x.places(places)) for x in (one, other)]
        return alike(*pair) and all(map(self._means_the_same, {e.name for e in entries(*pair)}))

    def _means_the_same(self, name: str) -> bool:
        if name not in self._found:
            one, other = (known.get(name) for known in self._all)
            if isinstance(one, Let) and isinstance(other, Let):
                self._found[name] = self.same(one.definition, other.definition)
            else:
                self._found[name] = type(one) is type(other)
        return self._found[name]
