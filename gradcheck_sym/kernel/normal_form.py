"""SymPy expressions to normal forms, with the names' definitions used as far as needed.

A name v = φ(u), u itself a name, is a generator, and e^u is written in it where its definition
gives that (`relations.py`): for the sigmoid e^u = v/(1 − v), so the gradient of a sigmoid
network is a polynomial in names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import sympy
from sympy.core.function import AppliedUndef

from gradcheck_sym.cases import if_positive, if_zero, off_edge
from gradcheck_sym.kernel.algebra import NotDefined
from gradcheck_sym.kernel.context import Context, Definition
from gradcheck_sym.kernel.functions import Functions
from gradcheck_sym.kernel.instance import Instances
from gradcheck_sym.kernel.polynomial import (
    INDICATORS,
    PI,
    RESERVED,
    Frozen,
    Index,
    Monomial,
    Poly,
    Rational,
    TooLarge,
    accumulate,
    add,
    array_name,
    constant,
    freeze,
    generator,
    reindex,
    scale,
    weight,
)
from gradcheck_sym.kernel.relations import Relation, relation, row_sum
from gradcheck_sym.kernel.signs import sign

Found = TypeVar("Found")
MOST_UNFOLDED = 12  # factors of a polynomial whose names unfold when its sign is asked for


class Unsupported(Exception):
    """An expression outside the kernel's language."""


class NormalForms(Functions):
    """Normal forms in which the names in `opaque` are generators and the others unfold."""

    def __init__(
        self, context: Context, opaque: Set[str], within: NormalForms | None = None
    ) -> None:
        """Those that work `within` others share their names of indices."""
        super().__init__(context.ranges, context.hypotheses)
        if within:
            self.names, self.ranges = within.names, within.ranges
        self.context = context
        self.opaque = {array_name(name) for name in opaque}
        self.definitions = {array_name(name): d for name, d in context.definitions.items()}
        self.relations: dict[str, Relation] = {}
        self._signs: dict[Frozen, int] = {}
        kept = [name for name in self.definitions if name in self.opaque]
        self.relations |= filter(None, (self._read(relation, name) for name in kept))
        self.row_sums |= filter(None, (self._read(row_sum, name) for name in kept))
        self._forget()

    def _read(self, of: Callable[[NormalForms, str], Found | None], name: str) -> Found | None:
        """What a definition gives; nothing where it has no normal form itself."""
        self.start()
        with suppress(Unsupported, NotDefined, TooLarge):
            return of(self, name)
        return None

    def _forget(self) -> None:
        """What was found before the relations were known."""
        self.start()
        self.kinks.clear()
        self._signs.clear()
        self.__dict__.pop("_open", None)

    def of(self, expr: sympy.Expr, bound: Mapping[str, Index] | None = None) -> Poly:
        """The normal form of an expression; `bound` gives the current names of indices."""
        bound = bound or {}
        match expr:
            case sympy.Rational():
                return constant(Fraction(int(expr.p), int(expr.q)))
            case sympy.E:
                return self.exp(constant(1))
            case sympy.pi:
                return generator(PI)
            case sympy.Symbol():
                return self._scalar(expr.name, bound)
            case sympy.Indexed():
                indices = tuple(self._index(i, bound) for i in expr.indices)
                return self.entry(array_name(expr.base.name), indices)
            case sympy.Add():
                return self._sum_of([self.of(a, bound) for a in expr.args])
            case sympy.Mul():
                return self._product_of([self.of(a, bound) for a in expr.args])
            case sympy.Pow(exp=sympy.Integer()):
                return self.power(self.of(expr.base, bound), int(expr.exp))
            case sympy.exp():
                return self.exp(self.of(expr.exp, bound))
            case sympy.tanh():
                square = self.exp(scale(self.of(expr.args[0], bound), 2))
                shifted = add(square, constant(1))
                return self.product(add(square, constant(1), -1), self.inverse(shifted))
            case sympy.log():
                return self.log(self.of(expr.args[0], bound))
            case sympy.Pow(exp=sympy.Rational(q=2)):
                return self.root(self.of(expr.base, bound), int(expr.exp.p))
            case sympy.Abs():
                return self.absolute(self.of(expr.args[0], bound))
            case sympy.Max() | sympy.Min():
                return self._extreme(expr, bound)
            case sympy.Heaviside():
                return self.step(self.of(expr.args[0], bound))
            case sympy.KroneckerDelta():
                left, right = (self._index(i, bound) for i in expr.args)
                return self.delta(left, right)
            case sympy.Sum():
                return self._sum(expr, bound)
            case if_positive() | if_zero():
                return self._where(expr, bound)
            case off_edge():
                return self.off_edge(self.of(expr.args[0].args[0], bound))
            case sympy.Function() if not isinstance(expr, AppliedUndef):
                arguments = (freeze(self.of(a, bound)) for a in expr.args)
                return generator((type(expr).__name__, *arguments))
        raise Unsupported(f"{type(expr).__name__} is outside the kernel's language")

    def general(self, entry: Definition, places: tuple[str, ...] = ()) -> Poly:
        """The normal form of an entry at general indices, called so or as in the definition."""
        letters = [symbol.name for symbol in entry.indices]
        return self.of(entry.value, dict(zip(letters, places or letters, strict=True)))

    def _scalar(self, name: str, bound: Mapping[str, Index]) -> Poly:
        """A size, or an array without indices."""
        if name in self.context.sizes:
            return generator((name,))
        if name in bound or name in self.context.ranges:
            raise Unsupported(f"the index {name} stands where a value belongs")
        return self.entry(array_name(name), ())

    def _index(self, expr: sympy.Expr, bound: Mapping[str, Index]) -> Index:
        """A positive integer, an index that is bound or free here, or a size."""
        if isinstance(expr, sympy.Symbol):
            if expr.name in bound:
                return bound[expr.name]
            if expr.name in self.context.ranges or expr.name in self.context.sizes:
                return str(expr.name)
        elif isinstance(expr, sympy.Integer) and expr >= 1:
            return int(expr)
        raise Unsupported(f"{expr} is no index from 1 to a known size")

    def _size(self, expr: sympy.Expr) -> Index:
        """A positive integer, or the name of one."""
        if isinstance(expr, sympy.Integer) and expr >= 1:
            return int(expr)
        if isinstance(expr, sympy.Symbol) and expr.name in self.context.sizes:
            return str(expr.name)
        raise Unsupported(f"{expr} is no size that is known")

    def is_generator(self, name: str) -> bool:
        """Whether entries of that name are not unfolded."""
        return name in self.opaque or not (name in self.definitions or name in RESERVED)

    def entry(self, name: str, indices: tuple[Index, ...]) -> Poly:
        """The entry of a named array: a generator, or its definition's normal form."""
        if self.is_generator(name):
            return generator((name, *indices))
        definition = self.definitions[name]
        names = (symbol.name for symbol in definition.indices)
        return self.of(definition.value, dict(zip(names, indices, strict=True)))

    def exp_term(self, monomial: Monomial, coefficient: Rational) -> Poly:
        """e^(coefficient · monomial), in the name that is its sigmoid if there is one."""
        if len(monomial) == 1 and monomial[0][1] == 1:
            name, *indices = monomial[0][0]
            known = self.relations.get(name)
            if known and (times := Fraction(coefficient) / known.exponent).denominator == 1:
                self.notes.used[name] = known
                places = {f"@{k}": index for k, index in enumerate(indices)}
                value = {reindex(m, places): c for m, c in known.value.items()}
                return self.power(value, int(times))
        return super().exp_term(monomial, coefficient)

    def sign_of(self, poly: Poly) -> int:
        """The sign of a polynomial, with names unfolded as far as their exponentials."""
        frozen = freeze(poly)
        if frozen not in self._signs:
            self._signs[frozen] = sign(self.unfolded(poly), frozenset(self.context.sizes))
        return self._signs[frozen]

    def unfolded(self, poly: Poly) -> Poly:
        """The polynomial with names unfolded as far as their exponentials, if it is small."""
        forms = self._open if weight(poly) <= MOST_UNFOLDED else None
        return Instances(forms, poly).at({})[0] if forms else poly

    @cached_property
    def _open(self) -> NormalForms | None:
        """Normal forms that unfold the names whose exponentials are known."""
        closed = self.opaque.difference(*(known.names for known in self.relations.values()))
        return NormalForms(self.context, closed, self) if closed != self.opaque else None

    def _extreme(self, expr: sympy.Expr, bound: Mapping[str, Index]) -> Poly:
        flip = 1 if isinstance(expr, sympy.Max) else -1
        first, *others = (scale(self.of(a, bound), flip) for a in expr.args)
        for other in others:
            first = self.maximum(first, other)
        return scale(first, flip)

    def _where(self, expr: sympy.Expr, bound: Mapping[str, Index]) -> Poly:
        """By cases: y + (x − y) h, with h = [u > 0], or [u = 0] = 1 − [u > 0] − [u < 0]."""
        value = self.of(expr.args[0], bound)
        holds, kind = self.positive(value), "positive"
        if isinstance(expr, if_zero):
            not_zero = add(holds, self.positive(scale(value, -1)))
            holds, kind = add(constant(1), not_zero, -1), "zero"
        of = kind, freeze(value)
        match list(holds.items()):
            case [(((atom, 1),), 1)] if atom[0] in INDICATORS:
                of = atom
        with self.case((*of, True)):
            yes = self.of(expr.args[1], bound) if holds else {}
        with self.case((*of, False)):
            no = self.of(expr.args[2], bound) if holds != constant(1) else {}
        return add(no, self.product(holds, add(yes, no, -1)))

    def _sum(self, expr: sympy.Sum, bound: Mapping[str, Index]) -> Poly:
        inner, limits = dict(bound), []
        for index, low, high in reversed(expr.limits):
            if low != 1:
                raise Unsupported("a sum that does not start at 1")
            size = self._size(high)
            inner[index.name] = self.fresh(size)
            limits.append((inner[index.name], size))
        body = self.of(expr.function, inner)
        for name, size in reversed(limits):
            body = self.total(body, str(name), size)
        return body

    def _sum_of(self, terms: list[Poly]) -> Poly:
        total: Poly = {}
        for poly in terms:
            for monomial, coefficient in poly.items():
                accumulate(total, monomial, coefficient)
        return total

    def _product_of(self, factors: list[Poly]) -> Poly:
        result = constant(1)
        for poly in factors:
            result = self.product(result, poly)
        return result
