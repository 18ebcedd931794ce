"""Terms in scalars as NumPy code that computes them as they stand: nothing is put together.

A complex number stands for its real part in a comparison, so that complex steps pass through
cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TypeAlias

from gradcheck_sym.language.printer import CALLS, whole
from gradcheck_sym.term.terms import Add, Apply, Entry, Mul, Num, Pi, SizeOf, Term, Where


class Binds(IntEnum):
    """How tightly an expression holds together."""

    SUM, PRODUCT, WHOLE = range(3)


Code: TypeAlias = tuple[str, Binds]


def verbatim(value: Term, names: Mapping[str, str]) -> str:
    """The code; `names` gives that of the scalars. Raises `TypeError` for entries of arrays.

    >>> z = Entry("z")
    >>> verbatim(z * (1 / z) - (z + 1), {"z": "Z_h"})
    'Z_h * (1 / Z_h) - (Z_h + 1)'
    """
    return _Printer(names).of(value)[0]


class _Printer:
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._done: dict[int, Code] = {}

    def of(self, value: Term) -> Code:
        """The code of a part, what is shared once."""
        if id(value) not in self._done:
            self._done[id(value)] = self._of(value)
        return self._done[id(value)]

    def _of(self, value: Term) -> Code:
        match value:
            case Num(number):
                plain = number >= 0 and number.denominator == 1
                return (whole(int(number)), Binds.WHOLE) if plain else (f"({number})", Binds.WHOLE)
            case Pi():
                return "np.pi", Binds.WHOLE
            case SizeOf(name) | Entry(name, ()):
                return self._names.get(name, name), Binds.WHOLE
            case Add(terms):
                return self._sum(terms), Binds.SUM
            case Mul((Num(-1), factor)):
                return f"-{self._inside(factor, Binds.WHOLE)}", Binds.SUM
            case Mul((Num(1), factor)):
                return self.of(factor)
            case Mul(factors):
                return self._product(factors), Binds.PRODUCT
            case Apply("inv", argument):
                return f"1 / {self._inside(argument, Binds.WHOLE)}", Binds.SUM
            case Apply(function, argument):
                return f"{CALLS[function]}({self.of(argument)[0]})", Binds.WHOLE
            case Where(u, yes, no):
                given = (self.of(part)[0] for part in (u, yes, no))
                return "np.where(np.real({}) > 0, {}, {})".format(*given), Binds.WHOLE
        raise TypeError(f"no code in scalars: {value!r}")

    def _inside(self, value: Term, least: Binds) -> str:
        text, binds = self.of(value)
        return text if binds >= least else f"({text})"

    def _sum(self, terms: Iterable[Term]) -> str:
        first, *others = terms
        text = self._inside(first, Binds.SUM)
        for term in others:
            match term:
                case Mul((Num(-1), factor)):
                    text += f" - {self._inside(factor, Binds.PRODUCT)}"
                case Num(number) if number < 0:
                    text += f" - {self.of(Num(-number))[0]}"
                case _:
                    text += f" + {self._inside(term, Binds.PRODUCT)}"
        return text

    def _product(self, factors: Iterable[Term]) -> str:
        return " * ".join(self._inside(factor, Binds.WHOLE) for factor in factors)
