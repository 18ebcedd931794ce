"""Whether conditions can hold together: one point is looked for at which all of them do.

A proof under conditions that hold nowhere says nothing. First come points at which all entries of
an array are alike, where a sum is as many times its first term, however many that is; then small
points at random. Only exact and interval arithmetic count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain, islice, product
from random import Random
from types import MappingProxyType
from typing import Any

import sympy

from gradcheck_sym.kernel.admissible import admitted, holds, obeys
from gradcheck_sym.kernel.algebra import NotDefined
from gradcheck_sym.kernel.context import Context, Domain, Hypotheses
from gradcheck_sym.kernel.inputs import Reader
from gradcheck_sym.kernel.interval import Entry, Evaluator, Numbers, Point, outermost
from gradcheck_sym.kernel.normal_form import Unsupported
from gradcheck_sym.kernel.polynomial import Index

PRECISIONS = (64, 256)  # bits
VALUES = tuple(map(Fraction, ("1", "1/2", "-1", "2", "-1/2", "3", "-2", "1/10", "-1/10", "1/1000")))
LESS = 4  # of the first ones, which are tried alone before they are mixed
MOST_ALIKE, MOST_APART = 80, 160  # points of either kind
MOST_INPUTS, MOST_VALUES = 300, 1_000
Values = list[tuple[str, sympy.Expr, Numbers]]  # a relation, a value, and numbers for its indices


class Vacuous(NotDefined):
    """A proof under conditions that hold nowhere, as far as we found."""


class Witnesses:
    """Whether conditions on the inputs of one context hold somewhere, each looked for once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[Any, bool] = {}

    def refuse_vacuous(self, required: Domain, at: Mapping[str, Index]) -> None:
        """Raise `Vacuous` unless they hold, best for all indices, or for those in `at`."""
        assumed = self._context.hypotheses
        widths = [width for name, width in assumed.row_sums.items() if name in assumed.signs]
        if any(isinstance(width, int) and width % 2 == 0 for width in widths):
            raise Vacuous("no even number of entries that are -1 or 1 sums to 1")
        if not self.exist(required) and not self.exist(required, at):
            raise Vacuous("this is defined nowhere that we found")

    def exist(self, required: Domain, at: Mapping[str, Index] = MappingProxyType({})) -> bool:
        """Whether a point was found at which all this holds, for all indices but those in `at`."""
        key = required, tuple(at.items())
        if key not in self._found:
            self._found[key] = not required or _can_hold(self._context, required, at)
        return self._found[key]


def _can_hold(context: Context, domain: Domain, at: Mapping[str, Index]) -> bool:
    """Names of sizes are 2 at least: what holds at size 1 alone does not count."""
    count = len(context.sizes)
    tried = [(2,) * count, (3,) * count, tuple(range(2, 2 + count)), tuple(range(1 + count, 1, -1))]
    for numbers in dict.fromkeys(tried):
        sizes = dict(zip(context.sizes, numbers, strict=True))
        if _alike(context, domain, sizes, at) or _apart(context, domain, sizes, at):
            return True
    return False


def _alike(context: Context, domain: Domain, sizes: Numbers, at: Mapping[str, Index]) -> bool:
    exprs = [requirement.entry.value for requirement in domain]
    names = list(_inputs(context, exprs))
    known = [context.definitions[name].value for name in context.definitions]
    if any(expr.has(sympy.KroneckerDelta) for expr in (*exprs, *known)):
        return False
    values = [next(_values((requirement,), sizes, at)) for requirement in domain]
    random = Random(0)
    first = (dict.fromkeys(names, value) for value in VALUES[:LESS])
    mixed = ({name: random.choice(VALUES) for name in names} for _ in range(MOST_ALIKE))
    for proposed in chain(first, mixed):
        point = {name: _near(name, v, context.hypotheses, sizes) for name, v in proposed.items()}
        if None not in point.values() and any(
            _all_hold(values, _Alike(context, point, sizes, bits)) for bits in PRECISIONS
        ):
            return True
    return False


def _near(name: str, value: Fraction, assumed: Hypotheses, sizes: Numbers) -> Fraction | None:
    """The value that all entries of an array may have, or None if there is none."""
    width = assumed.row_sums.get(name, 0)
    width = sizes[width] if isinstance(width, str) else width
    if width:
        value = Fraction(1, width)
        return value if width == 1 or name not in assumed.binary | assumed.signs else None
    if name in assumed.binary:
        return Fraction(value > 0)
    return Fraction(1 if value > 0 else -1) if name in assumed.signs else value


def _apart(context: Context, domain: Domain, sizes: Numbers, at: Mapping[str, Index]) -> bool:
    values = list(islice(_values(domain, sizes, at), MOST_VALUES + 1))
    sides = [(value, places) for _, value, places in values]
    try:
        inputs = list(islice(Reader(context, sizes).read(sides), MOST_INPUTS + 1))
    except Unsupported:
        return False
    if len(values) > MOST_VALUES or len(inputs) > MOST_INPUTS:
        return False
    assumed = context.hypotheses
    concerned = [entry for entry in inputs if entry[0] in assumed.names]
    random = Random(0)
    for _ in range(MOST_APART):
        point: Point = {entry: random.choice(VALUES) for entry in inputs}
        point = admitted(point, assumed, concerned, sizes)
        if obeys(point, assumed, concerned, sizes) and any(
            _all_hold(values, Evaluator(context, point, sizes, bits)) for bits in PRECISIONS
        ):
            return True
    return False


def _all_hold(values: Values, evaluator: Evaluator) -> bool:
    try:
        return all(holds(sign, evaluator.value(value, places)) for sign, value, places in values)
    except (ArithmeticError, ValueError, Unsupported):
        return False


def _values(domain: Domain, sizes: Numbers, at: Mapping[str, Index]) -> Iterator[Any]:
    for requirement in domain:
        names = [symbol.name for symbol in requirement.entry.indices]
        spans: list[Any] = []
        for name, size in zip(names, requirement.sizes, strict=True):
            number = at.get(name)
            last = sizes[size] if isinstance(size, str) else size
            spans.append([number] if isinstance(number, int) else range(1, last + 1))
        for places in product(*spans):
            yield (
                requirement.relation,
                requirement.entry.value,
                dict(zip(names, places, strict=True)),
            )


def _inputs(context: Context, exprs: list[sympy.Expr]) -> Iterator[str]:
    """The names of the arrays that these depend on and that have no definition."""
    seen: set[str] = set()
    pending = list(exprs)
    while pending:
        expr = pending.pop()
        entries = expr.atoms(sympy.Indexed)
        labels = {entry.base.label for entry in entries}
        scalars = {s for s in expr.free_symbols if s.is_Symbol and s not in labels}
        for name in sorted({str(symbol) for symbol in labels | scalars} - seen):
            seen.add(name)
            if name in context.definitions:
                pending.append(context.definitions[name].value)
            else:
                yield name


class _Alike(Evaluator):
    """Values where all entries of an array are alike, and those of what is made of them with it."""

    def __init__(self, context: Context, point: Any, sizes: Numbers, precision: int) -> None:
        super().__init__(context, {}, sizes, precision)
        self._alike = point

    def entry(self, entry: Entry) -> Any:
        name, *places = entry
        if name not in self._context.definitions:
            return self._alike[name]
        return super().entry((name, *(1 for _ in places)))

    def _terms(self, expr: sympy.Sum, indices: Numbers) -> Iterator[Any]:
        index, high, body = outermost(expr)
        size, value = self._number(high, {}), self.value(body, {**indices, index.name: 1})
        yield size * value if isinstance(value, Fraction) else self._lift(Fraction(size)) * value
