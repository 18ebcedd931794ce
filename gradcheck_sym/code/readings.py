"""Calls of backward that may be meant where parameters have defaults: found out, and compared.

Where it fails with defaults, as few parameters as it takes are given what is known. A cache that
may be left out, and gradients by outputs that may be, have to do the same if they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import chain, combinations
from typing import TypeAlias

from gradcheck_sym.code.optional import GIVEN, LEFT, fails, passing
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.sameness import look_alike
from gradcheck_sym.code.shapes import Given
from gradcheck_sym.errors import CodeError

MOST = 5  # parameters of which all choices are tried

Ran: TypeAlias = Callable[[Mapping[str, Given]], Run]


class Settled:
    """What runs both functions: the first time it is found out what has to be passed."""

    def __init__(self, ran: Ran) -> None:
        self._ran = ran
        self._names: Collection[str] | None = None

    def __call__(self, given: Mapping[str, Given]) -> Run:
        """Run them; raises `CodeError`."""
        if self._names is None:
            return self._first(given)
        with passing(dict.fromkeys(self._names, GIVEN)):
            return self._ran(given)

    def _first(self, given: Mapping[str, Given]) -> Run:
        try:
            found = self._ran(given)
        except CodeError as error:
            if not error.defaults:
                raise
            failed = error
        else:
            self._names = ()
            return found
        every = failed.defaults
        sizes = range(1, len(every) + 1) if len(every) <= MOST else (1, len(every))
        for names in chain.from_iterable(combinations(every, size) for size in sizes):
            try:
                with passing(dict.fromkeys(names, GIVEN)):
                    found = self._ran(given)
            except CodeError as error:
                if not error.defaults and (names == every or not fails(error)):
                    raise
                failed = error
            else:
                self._names = names
                return found
        raise CodeError(str(failed))


def refuse_another(found: Run, ran: Ran, given: Mapping[str, Given], name: str) -> None:
    """Raise `CodeError` where backward gives another gradient without what may be left out."""
    caches = [one for one, number in found.optional.items() if number is None]
    numbers = {one: number for one, number in found.optional.items() if number is not None}
    for names in filter(None, (caches, [*numbers])):
        try:
            with passing(dict.fromkeys(names, LEFT)):
                without = ran(given)
        except CodeError as error:
            if fails(error):
                continue
            raise
        other = found
        if names != caches:
            with passing(numbers):
                other = ran(given)
        pairs = [(claim, without.claims.get(wrt)) for wrt, claim in other.claims.items()]
        if any(one is None or not look_alike(claim, one) for claim, one in pairs):
            left = ", ".join(f"{one} = None" for one in names)
            told = ", ".join(f"{one} = {numbers[one]}" for one in names if one in numbers)
            raise CodeError(
                f"{name} gives other gradients with {left} than with "
                f"{told or 'what is passed there'}: which call is meant? Leave that default out, "
                "or make both the same"
            )
