"""Functions of polynomials beyond exponentials: signs, absolute values, logarithms, roots.

[u > 0] is an indicator, 1 or 0, so |u| = u [u > 0] − u [u < 0], max(u, v) = v + (u − v)[u > v], and
a case distinction is b + (a − b)[u > 0]. A function of a polynomial that holds an indicator h is
taken by cases: f(P) = (1 − h) f(P with h = 0) + h f(P with h = 1). An argument of a logarithm or
of a root is remembered: it has to be positive, or at least not negative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction

from gradcheck_sym.kernel.algebra import NONE, Algebra, NotDefined, canonical
from gradcheck_sym.kernel.context import Hypotheses
from gradcheck_sym.kernel.kinks import instance_of
from gradcheck_sym.kernel.notes import Case, take_down
from gradcheck_sym.kernel.polynomial import (
    INDICATORS,
    Atom,
    Frozen,
    Index,
    Monomial,
    Poly,
    Rational,
    accumulate,
    add,
    binders,
    constant,
    freeze,
    generator,
    mentions,
    product_of,
    scale,
)
from gradcheck_sym.kernel.roots import log_of_number, root_of_number, square_root
from gradcheck_sym.kernel.rules import content_of, leading

MOST_POWER = 20  # of u in e^(k ln u) = u^k


class Functions(Algebra):
    """The algebra with functions that depend on signs."""

    def __init__(self, ranges: Mapping[str, Index], hypotheses: Hypotheses = NONE) -> None:
        super().__init__(ranges, hypotheses)
        self.kinks: dict[Frozen, None] = {}

    def sign_of(self, poly: Poly) -> int:
        """1 or -1 where the sign is known, else 0."""
        raise NotImplementedError

    def inverse(self, poly: Poly) -> Poly:
        return self.by_cases(poly, super().inverse)

    def by_cases(self, poly: Poly, function: Callable[[Poly], Poly]) -> Poly:
        """The function of a polynomial, taken apart at what has two values only."""
        two_valued = next((a for m in poly for a, _ in m if self._splits(a, m)), None)
        if two_valued is None:
            return function(poly)
        first, second = self._values(two_valued)
        with self.case(self._case(two_valued, True)):
            high = self.by_cases(_assumed(poly, two_valued, first), function)
        with self.case(self._case(two_valued, False)):
            low = self.by_cases(_assumed(poly, two_valued, second), function)
        is_first = add(generator(two_valued), constant(second), -1)
        is_first = scale(is_first, Fraction(1, first - second))
        return add(low, self.product(is_first, add(high, low, -1)))

    @contextmanager
    def case(self, case: Case) -> Iterator[None]:
        """What is noted in this block is needed in this case alone."""
        kept, self.cases = self.cases, (*self.cases, case)
        try:
            yield
        finally:
            self.cases = kept

    def _case(self, atom: Atom, first: bool) -> Case:
        """That something with two values has its first one."""
        if atom[0] in INDICATORS:
            return atom[0], atom[1], first
        number = constant(self._values(atom)[0])
        return "zero", freeze(add(generator(atom), number, -1)), first

    def _splits(self, atom: Atom, monomial: Monomial) -> bool:
        """Whether this has two values, and speaks of no index bound in its monomial."""
        if atom[0] not in INDICATORS and atom[0] not in self._two_valued:
            return False
        own = (binder[1] for binder in binders(monomial))
        return not any(mentions(((atom, 1),), name) for name in own)

    def _values(self, atom: Atom) -> tuple[int, int]:
        return (1, -1) if atom[0] in self.hypotheses.signs else (1, 0)

    def positive(self, poly: Poly) -> Poly:
        """The indicator [poly > 0]."""
        return self.by_cases(poly, self._positive)

    def _positive(self, poly: Poly) -> Poly:
        if not poly or (sign := self.sign_of(poly)) == -1:
            return {}
        if sign == 1:
            return constant(1)
        poly = self.product(poly, {self._denominator(poly): 1})
        known = [(a, e) for a, e in content_of(poly) if self.sign_of(generator(a)) == 1]
        poly = self.product(poly, {product_of((a, -e) for a, e in known): 1})
        lead = Fraction(poly[leading(poly)])
        frozen = freeze(scale(poly, 1 / lead))
        if lead > 0:
            return generator(("positive", frozen))
        if any(instance_of(frozen, kink) for kink in self.kinks):
            return add(constant(1), generator(("positive", frozen)), -1)
        return generator(("negative", frozen))

    def step(self, poly: Poly) -> Poly:
        """The slope of max(u, 0): 1 where u > 0, 0 where u < 0; u ≠ 0 is noted."""
        return self.by_cases(poly, self._step)

    def _step(self, poly: Poly) -> Poly:
        if not poly:
            raise NotDefined("a derivative is taken at a kink")
        self._off_edge(poly)
        return self._positive(poly)

    def off_edge(self, poly: Poly) -> Poly:
        """1 where u is not zero, or zero everywhere: of one sign near any point; u ≠ 0 is noted."""
        return self.by_cases(poly, self._off_edge)

    def _off_edge(self, poly: Poly) -> Poly:
        match list(self._positive(poly)):
            case [(((("positive" | "negative"), frozen), 1),)]:
                self.kinks[frozen] = None
                self.notes.kinks[frozen] = dict(frozen)
        return constant(1)

    def absolute(self, poly: Poly) -> Poly:
        """|poly|."""
        signs = add(self.positive(poly), self.positive(scale(poly, -1)), -1)
        return self.product(poly, signs)

    def maximum(self, left: Poly, right: Poly) -> Poly:
        """The larger of two."""
        excess = add(left, right, -1)
        return add(right, self.product(excess, self.positive(excess)))

    def _denominator(self, poly: Poly) -> Monomial:
        """A positive multiple of what the terms are divided by: squares where a sign is unknown."""
        least: dict[Atom, Rational] = {}
        for monomial in poly:
            if not binders(monomial):
                for atom, exponent in monomial:
                    least[atom] = min(least.get(atom, 0), exponent)
        return product_of(
            (atom, -e if atom[0] == "exp" or self.sign_of(generator(atom)) == 1 else -e + -e % 2)
            for atom, e in least.items()
        )

    def exp_term(self, monomial: Monomial, coefficient: Rational) -> Poly:
        """e^(h u) = 1 + h (e^u − 1) for an indicator h; e^(k log u) = u^k."""
        for atom, _ in monomial:
            if atom[0] in INDICATORS and self._splits(atom, monomial):
                rest = self.exp_term(product_of((*monomial, (atom, -1))), coefficient)
                return add(
                    constant(1),
                    self.product(generator(atom), add(rest, constant(1), -1)),
                )
        if len(monomial) == 1 and monomial[0][0][0] == "log" and monomial[0][1] == 1:
            times = Fraction(coefficient)
            if times.denominator <= 2 and abs(times) <= MOST_POWER:
                return self.root(dict(monomial[0][0][1]), int(2 * times))
        return super().exp_term(monomial, coefficient)

    def log(self, poly: Poly) -> Poly:
        """ln(poly): of a product of positive generators the sum of their logarithms."""
        return self.by_cases(poly, self._log)

    def _log(self, poly: Poly) -> Poly:
        if not poly:
            raise NotDefined("a logarithm of zero")
        take_down(self.notes.logarithms, freeze(poly), poly, self.cases)
        known = [(a, e) for a, e in content_of(poly) if self.sign_of(generator(a)) == 1]
        rest = self.product(poly, {product_of((a, -e) for a, e in known): 1})
        total: Poly = {}
        for atom, exponent in known:
            inner = dict(atom[1]) if atom[0] == "poly" else generator(atom)
            part = dict(atom[1]) if atom[0] == "exp" else generator(("log", freeze(inner)))
            total = add(total, part, exponent)
        number = abs(Fraction(rest[leading(rest)]))
        total = add(total, log_of_number(number))
        rest = scale(rest, 1 / number)
        return total if rest == constant(1) else add(total, generator(("log", freeze(rest))))

    def root(self, poly: Poly, halves: int) -> Poly:
        """poly^(halves/2)."""
        if halves % 2 == 0:
            return self.power(poly, halves // 2)
        return self.power(self.by_cases(poly, self._root), halves)

    def _root(self, poly: Poly) -> Poly:
        if not poly:
            return {}
        take_down(self.notes.roots, freeze(poly), poly, self.cases)
        result, inside = constant(1), []
        for atom, exponent in content_of(poly):
            if atom[0] == "exp":
                result = self.product(result, generator(atom, Fraction(exponent) / 2))
            elif exponent % 2 and self.sign_of(generator(atom)) == 1 and atom[0] != "poly":
                root = generator(("sqrt", freeze(generator(atom))))
                result = self.product(result, self.power(root, int(exponent)))
            elif exponent % 2:
                inside.append((atom, exponent))
            else:
                base = dict(atom[1]) if atom[0] == "poly" else generator(atom)
                result = self.product(result, self.power(self.absolute(base), int(exponent) // 2))
        outside = product_of((a, -e) for a, e in content_of(poly) if (a, e) not in inside)
        rest = self.product(poly, {outside: 1})
        if whole := square_root(rest):
            return self.product(result, self.absolute(whole))
        number = abs(Fraction(rest[leading(rest)]))
        rest = scale(rest, 1 / number)
        result = self.product(result, root_of_number(number))
        return (
            self.product(result, generator(("sqrt", freeze(rest))))
            if rest != constant(1)
            else result
        )


def _assumed(poly: Poly, atom: Atom, value: int) -> Poly:
    """The polynomial where an atom has this value; u > 0 and u < 0 exclude each other."""
    opposite = {"positive": "negative", "negative": "positive"}.get(atom[0])
    excluded = (opposite, *atom[1:]) if opposite and value == 1 else None
    total: Poly = {}
    for monomial, coefficient in poly.items():
        exponents = dict(monomial)
        if excluded in exponents:
            continue
        if not value and exponents.get(atom, 0) < 0:
            raise NotDefined("a denominator is zero in one of two cases")
        kept = product_of(factor for factor in monomial if factor[0] != atom)
        times = Fraction(value) ** int(exponents.get(atom, 0))
        accumulate(total, canonical(kept), coefficient * times)
    return total
