"""The ring in which differences are decided: polynomials, exponentials, quotients, sums.

Every operation returns a polynomial in normal form:

- a product of sums is a sum over pairs; bound indices are renamed apart, then canonically;
  a factor that does not mention the index leaves the sum;
- e^(u+v) = e^u e^v, so an exponential is a product over the terms of its argument;
- a denominator is a monomial times monic polynomials D, and no numerator is left divisible
  by the leading monomial of its D;
- Kronecker deltas are contracted with the sum over one of their indices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import count, permutations

from gradcheck_sym.kernel.context import Hypotheses
from gradcheck_sym.kernel.notes import Cases, Notes, take_down
from gradcheck_sym.kernel.polynomial import (
    ONE,
    Atom,
    Index,
    Monomial,
    Poly,
    Rational,
    TooLarge,
    accumulate,
    binders,
    constant,
    freeze,
    generator,
    height,
    mentions,
    order,
    product_of,
    reindex,
    scale,
    times,
)
from gradcheck_sym.kernel.rules import REWRITTEN, content_of, leading, rewritten

NONE = Hypotheses()
MOST_WORK = 150_000  # terms that one normal form may take to be made
LONG = 8  # a term of so many factors counts for two
MOST_PERMUTED = 5  # a term with more binders keeps them in the order in which they came


class NotDefined(ArithmeticError):
    """A denominator is identically zero."""


class Algebra:
    """The operations. `notes` holds every polynomial that was inverted."""

    def __init__(self, ranges: Mapping[str, Index], hypotheses: Hypotheses = NONE) -> None:
        """`ranges` gives the size over which each free index runs, from 1."""
        self.ranges = dict(ranges)
        self.hypotheses = hypotheses
        self.row_sums = dict(hypotheses.row_sums)
        self._two_valued = hypotheses.binary | hypotheses.signs
        self.notes = Notes()
        self.cases: Cases = ()  # those in which something is worked out
        self.names = count()
        self._work = 0

    def start(self) -> None:
        """Begin a new piece of work, with its own bound and its own notes."""
        self._work = 0
        self.notes = Notes()

    def fresh(self, size: Index) -> str:
        """The name of a new index that runs from 1 to `size`."""
        name = f"#{next(self.names)}"
        self.ranges[name] = size
        return name

    def product(self, left: Poly, right: Poly) -> Poly:
        """The product of two polynomials."""
        total: Poly = {}
        for m1, c1 in left.items():
            for m2, c2 in right.items():
                self._reduce_into(total, times(m1, m2), c1 * c2)
        return total

    def power(self, base: Poly, exponent: int) -> Poly:
        if exponent < 0:
            base, exponent = self.inverse(base), -exponent
        result = constant(1)
        for _ in range(exponent):
            result = self.product(result, base)
        return result

    def inverse(self, poly: Poly) -> Poly:
        """1/poly; the denominator is remembered."""
        if not poly:
            raise NotDefined("a denominator is zero")
        take_down(self.notes.denominators, freeze(poly), poly, self.cases)
        return self._inverse(poly)

    def _inverse(self, poly: Poly) -> Poly:
        """1/poly = content⁻¹ · D⁻¹ / leading coefficient."""
        if content := content_of(poly):
            unit: Poly = {product_of((atom, -e) for atom, e in content): 1}
            return self.product(unit, self._inverse(self.product(poly, unit)))
        lead = leading(poly)
        factor = Fraction(1) / poly[lead]
        if poly.keys() == {ONE}:
            return constant(factor)
        return generator(("poly", freeze(scale(poly, factor))), -1, factor)

    def factors(self, poly: Poly) -> Iterator[Poly]:
        """The factors that `inverse` inverts, but for constants and exponentials."""
        content = content_of(poly)
        for atom, _ in content:
            if atom[0] == "poly":
                yield dict(atom[1])
            elif atom[0] != "exp":
                yield generator(atom)
        if content:
            unit: Poly = {product_of((atom, -e) for atom, e in content): 1}
            yield from self.factors(self.product(poly, unit))
        elif poly.keys() != {ONE}:
            yield poly

    def exp(self, argument: Poly) -> Poly:
        result = constant(1)
        for monomial, coefficient in argument.items():
            result = self.product(result, self.exp_term(monomial, coefficient))
        return result

    def exp_term(self, monomial: Monomial, coefficient: Rational) -> Poly:
        """e^(coefficient · monomial)."""
        return generator(("exp", ((monomial, 1),)), coefficient)

    def delta(self, left: Index, right: Index) -> Poly:
        """Kronecker's delta of two indices."""
        if left == right:
            return constant(1)
        if isinstance(left, int) and isinstance(right, int):
            return {}
        return generator(("delta", *sorted((left, right), key=repr)))

    def total(self, body: Poly, index: str, size: Index) -> Poly:
        """Σ of `body` over `index` from 1 to `size`, a positive integer or the name of one."""
        result: Poly = {}
        for monomial, coefficient in body.items():
            target, count = self._target(monomial, index, size), 1
            if target is not None:
                free = tuple(f for f in monomial if f[0] != _delta_atom(index, target))
                term = reindex(free, {index: target})
            elif row := self._row(monomial, index, size):
                term = product_of(factor for factor in monomial if factor[0] != row)
                self.notes.rows[row[0]] = size
            elif mentions(monomial, index):
                term = product_of((*monomial, (("sum", index, size), 1)))
            elif isinstance(size, int):
                term, count = monomial, size
            else:
                term = product_of((*monomial, ((size,), 1)))
            accumulate(result, canonical(term), count * coefficient)
        return result

    def _target(self, monomial: Monomial, index: str, size: Index) -> Index | None:
        """The x of a factor δ(index, x) with x surely within 1 … size."""
        for atom, _ in monomial:
            if atom[0] == "delta" and index in atom[1:]:
                other: Index = atom[2] if atom[1] == index else atom[1]
                within = isinstance(other, int) and isinstance(size, int) and other <= size
                if other == 1 or within or self.ranges.get(str(other)) == size:
                    return other
        return None

    def _row(self, monomial: Monomial, index: str, size: Index) -> Atom | None:
        """The only factor with this index, if it is an entry of a row that sums to 1."""
        rows = (atom for atom, e in monomial if e == 1 and self.row_sums.get(atom[0]) == size)
        for atom in rows:
            others = tuple(factor for factor in monomial if factor[0] != atom)
            if atom[-1] == index and index not in atom[:-1] and not mentions(others, index):
                return atom
        return None

    def _lower(self, atom: Atom, exponent: Rational) -> Rational:
        """The exponent that serves as well: y² = y for 0 and 1, y² = 1 for −1 and 1."""
        if atom[0] in self.hypotheses.binary:
            return min(exponent, 1)
        return exponent % 2

    def _reduce_into(self, total: Poly, monomial: Monomial, coefficient: Rational) -> None:
        """Add a term in normal form: no D to a positive power, no D⁻¹ that a rule removes."""
        pending = [(monomial, coefficient)]
        while pending:
            self._work += 1 + len(monomial) // LONG
            if self._work > MOST_WORK:
                raise TooLarge("the normal form takes too many terms")
            monomial, coefficient = pending.pop()
            for atom, exponent in monomial:
                if atom[0] in self._two_valued and (low := self._lower(atom, exponent)) != exponent:
                    pending.append((product_of((*monomial, (atom, low - exponent))), coefficient))
                    break
                if (
                    atom[0] in REWRITTEN
                    and (terms := rewritten(atom, exponent, monomial)) is not None
                ):
                    pending += [(m, coefficient * c) for m, c in terms]
                    break
            else:
                accumulate(total, canonical(monomial), coefficient)


def _delta_atom(index: str, target: Index) -> Atom:
    return ("delta", *sorted((index, target), key=repr))


def canonical(monomial: Monomial) -> Monomial:
    """The monomial with its binders renamed so that equal sums look equal."""
    bound = [binder[1] for binder in binders(monomial)]
    if not bound:
        return monomial
    depth = height(monomial)
    names = [f"#{depth}.{k}" for k in range(len(bound))]
    orders = permutations(bound) if len(bound) <= MOST_PERMUTED else [bound]
    renamed = (reindex(monomial, dict(zip(old, names, strict=True))) for old in orders)
    return min(renamed, key=lambda m: [(order(atom), e) for atom, e in m])
