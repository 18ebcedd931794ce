"""A term as people would write it, with names for its letters."""

from __future__ import annotations

from collections.abc import Mapping

from gradcheck_sym.shown.alike import alike
from gradcheck_sym.shown.names import distinct, letters_of, scalars
from gradcheck_sym.shown.products import (
    Linear,
    added,
    exponential,
    factor,
    inverse,
    linear,
    multiplied,
    number,
    root,
    scaled,
    total,
)
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Num,
    Sum,
    Term,
    Where,
    indicator,
)


def tidied(term: Term, names: Mapping[Letter, str] | None = None) -> Term:
    """Like terms and equal factors collected, in reading order; 0 and 1 are left out.

    `names` names free letters, the others get the first that are not taken; after this a letter
    is its name. The only index of an axis of size 1 is 1.

    >>> z = Entry("z")
    >>> tidied((z - 1) * 1 + 1 * (z - 1) + 2)
    Mul(factors=(Num(value=2), Entry(name='z', indices=())))
    """
    given = dict(names or {})
    others = [letter for letter in letters_of(term) if letter not in given]
    numbers = scalars(term)
    given |= distinct(others, {*given.values(), *numbers})
    scope = {letter: _renamed(letter, name) for letter, name in given.items()}
    return total(_Tidy(scope, frozenset(given.values()) | numbers).of(term))


def _renamed(letter: Letter, name: str) -> Index:
    if letter.size == 1:
        return 1
    return letter if letter.name == name else Letter(name, letter.size)


class _Tidy:
    """Terms under the same names of letters; what is shared is made once."""

    def __init__(self, scope: Mapping[Letter, Index], taken: frozenset[str]) -> None:
        self.scope, self.taken = scope, taken
        self._done: dict[int, Linear] = {}

    def of(self, term: Term) -> Linear:
        """A term that lives as long as this, as a sum of products."""
        if id(term) not in self._done:
            self._done[id(term)] = self._of(term)
        return self._done[id(term)]

    def term(self, term: Term) -> Term:
        """The same as a term."""
        return total(self.of(term))

    def _of(self, term: Term) -> Linear:
        match term:
            case Num(value):
                return number(value)
            case Entry(name, indices):
                return [factor(Entry(name, tuple(map(self.index, indices))))]
            case Add(terms):
                return added(map(self.of, terms))
            case Mul(factors):
                return multiplied([self.of(x) for x in factors])
            case Sum():
                return self.sum(term)
            case Delta(left, right):
                return self.delta(self.index(left), self.index(right))
            case Apply():
                return self.function(term.function, self.of(term.argument))
            case Where(u, yes, Where(v, other, no)) if self.is_equality(u, yes, v, other):
                return self.equality(self.of(u), self.of(yes), self.of(no))
            case Where(u, yes, no):
                return self.cases(self.of(u), self.of(yes), self.of(no))
        return [factor(term)]

    def index(self, index: Index) -> Index:
        """A number, or the letter that is shown."""
        return self.scope[index] if isinstance(index, Letter) else index

    def sum(self, term: Sum) -> Linear:
        """A sum, its sign in front where all its terms have one."""
        letter = term.index
        (name,) = distinct([letter], self.taken).values()
        shown = _renamed(letter, name)
        body = _Tidy({**self.scope, letter: shown}, self.taken | {name}).of(term.body)
        if isinstance(shown, int) or not body:
            return body
        sign = -1 if all(x.coefficient < 0 for x in body) else 1
        inner = total([scaled(x, sign) for x in body])
        return [scaled(factor(Sum(shown, inner)), sign)]

    def delta(self, left: Index, right: Index) -> Linear:
        """Kronecker's delta, where it is not known."""
        if left is right or (isinstance(left, int) and isinstance(right, int)):
            return number(int(left == right))
        return [factor(Delta(left, right))]

    def function(self, name: str, argument: Linear) -> Linear:
        """A function of a sum of products."""
        match name, argument:
            case "inv", [_, *_]:
                return inverse(argument)
            case "sqrt", _:
                return root(argument)
            case "exp", _:
                inside = total(argument)
                if isinstance(inside, Apply) and inside.function == "log":
                    return linear(inside.argument)
                return [exponential(argument)]
            case ("erf" | "sin", []):
                return []
            case ("cos", []):
                return number(1)
        value = total(argument)
        if name == "log" and isinstance(value, Num) and value.value == 1:
            return []
        return [factor(Apply(name, value))]

    def cases(self, u: Linear, yes: Linear, no: Linear) -> Linear:
        """A case distinction, where there is one."""
        value, above, below = map(total, (u, yes, no))
        if not u or isinstance(value, Num):
            return yes if u and u[0].coefficient > 0 else no
        if alike(above, below):
            return yes
        if not yes and isinstance(below, Num) and below.value == 1:
            return added([no, [scaled(factor(indicator(value)), -1)]])
        return [factor(Where(value, above, below))]

    def is_equality(self, u: Term, yes: Term, v: Term, other: Term) -> bool:
        """Whether two cases, where u > 0 and where v > 0, are the one that u is not 0."""
        turned = total([scaled(x, -1) for x in self.of(u)])
        return alike(turned, self.term(v)) and alike(self.term(yes), self.term(other))

    def equality(self, u: Linear, elsewhere: Linear, there: Linear) -> Linear:
        """What is one thing where u = 0 and another elsewhere."""
        if not u or isinstance(total(u), Num):
            return elsewhere if u else there
        if alike(total(elsewhere), total(there)):
            return there
        other, turned = total(elsewhere), total([scaled(x, -1) for x in u])
        return [factor(Where(total(u), other, Where(turned, other, total(there))))]
