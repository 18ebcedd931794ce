"""Random equations for the kernel, and a second evaluator that shares nothing with it.

A `World` names arrays, their sizes and their definitions. `expressions` draws what the
kernel may be given; `rewritten` keeps the value by one of `IDENTITIES`; one of `SLIPS` is a
mistake that people and programs make. `Reading` is the value at a point, with 60 digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from random import Random

import sympy
from gradcheck_sym.kernel.context import Context, Definition
from gradcheck_sym.kernel.decide import Equation
from hypothesis import strategies as st
from mpmath.ctx_mp import MPContext
from sympy import Abs, Integer, KroneckerDelta, Max, Min, Rational, Sum, Symbol, exp, log, tanh

from gradcheck_sym.cases import if_positive, if_zero
from gradcheck_sym.verdict import Verdict

BOUND = (_I, _J, _K, _L) = sympy.symbols("i j k l")
FREE_INDICES = sympy.symbols("p q")  # one over n, one over m
LETTERS = (*BOUND, *FREE_INDICES)
SHOWN = sympy.symbols("i j k l r s u v w g h")  # letters in what is shown
SIGNATURES = {  # the sizes that the indices of each array run over
    **{"X": "nm", "W": "mn", "Y": "nn", "U": "n", "V": "m", "c": ""},
    **{"Z": "nn", "A": "nn", "T": "nn", "D": "n", "B": "n", "F": "n", "H": "n", "R": "n"},
    "S": "nn",
}
INPUTS = "XWYUVc"
DEFINED = ("Z", "ZA", "ZT", "ZTA", "ZAD", "ZD", "B", "BH", "BF", "ZRS", "ZBAH")  # one world each


def named(name: str, *indices: sympy.Expr) -> sympy.Expr:
    """The entry of a named array, or the scalar of that name."""
    if indices:
        return sympy.IndexedBase(name, real=True)[indices]
    return Symbol(name, real=True)


def sigmoid(z: sympy.Expr) -> sympy.Expr:
    return 1 / (1 + exp(-z))


@dataclass(frozen=True)
class World:
    """Sizes n and m, numbers or names, and which of the arrays have a definition."""

    n: int | str
    m: int | str
    defined: str = ""

    def size(self, kind: str) -> sympy.Expr:
        """The size n or m as an expression."""
        size = {"n": self.n, "m": self.m}[kind]
        return Integer(size) if isinstance(size, int) else Symbol(size)

    def kind(self, size: sympy.Expr) -> str:
        """A kind of index to which the numbers from 1 to `size` belong."""
        sizes = {kind: self.size(kind) for kind in "nm"}
        larger = [k for k, s in sizes.items() if s.is_Integer and size.is_Integer and s > size]
        return next((kind for kind in sizes if sizes[kind] == size), None) or larger[0]

    @cached_property
    def context(self) -> Context:
        names = tuple(name for name in (self.n, self.m) if isinstance(name, str))
        definitions = {name: self._definition(name) for name in self.defined}
        return Context(definitions, {"p": self.n, "q": self.m}, tuple(dict.fromkeys(names)))

    def _definition(self, name: str) -> Definition:
        n, m = self.size("n"), self.size("m")
        z, b = named("Z", _I, _J), named("B", _I)
        indices, value = {
            "Z": ((_I, _J), Sum(named("X", _I, _K) * named("W", _K, _J), (_K, 1, m))),
            "A": ((_I, _J), sigmoid(z)),
            "T": ((_I, _J), sigmoid(named("Z", _J, _I))),
            "D": ((_I,), sigmoid(named("Z", _I, _I))),
            "B": ((_I,), Sum(named("Y", _I, _J) * named("U", _J), (_J, 1, n))),
            "F": ((_I,), sigmoid(3 * b / 2)),
            "H": ((_I,), tanh(b)),
            "R": ((_I,), Sum(exp(named("Z", _I, _J)), (_J, 1, n))),
            "S": ((_I, _J), exp(z) / named("R", _I)),
        }[name]
        return Definition(indices, value)

    def instances(self) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
        """Numbers for sizes that are names, and for p and q."""
        for n, m in ((1, 1), (2, 3), (3, 2)) if "n" in (self.n, self.m) else ((self.n, self.m),):
            sizes = {"n": n, "m": m if isinstance(self.m, str) else self.m}
            yield from ((sizes, {"p": p, "q": sizes["m"]}) for p in (1, n))


def letters_in(expr: sympy.Expr) -> set[sympy.Symbol]:
    """The letters that stand free in an expression."""
    return expr.free_symbols & set(LETTERS)


def substitute(expr: sympy.Expr, values: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """Indices for letters, without capture."""
    values = {old: new for old, new in values.items() if old in letters_in(expr)}
    if not values:
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*(substitute(a, values) for a in expr.args)) if expr.args else values[expr]
    *inner, (index, low, high) = expr.limits
    body = Sum(expr.function, *inner) if inner else expr.function
    values = {old: new for old, new in values.items() if old != index}
    taken = letters_in(body) | {s for new in values.values() for s in new.free_symbols}
    if any(index in new.free_symbols for new in values.values()):
        fresh = next((x for x in BOUND if x not in taken), sympy.Dummy())
        body, index = substitute(body, {index: fresh}), fresh
    return Sum(substitute(body, values), (index, low, high))


# The value at a point ---------------------------------------------------------------------


MP = MPContext()
MP.dps = 150
TINY = MP.mpf(10) ** -40


class Undefined(Exception):
    """A denominator is zero, or a logarithm's argument is not positive."""


class Point:
    """A number for every entry: the ones given, else one that `seed` picks, else zero."""

    def __init__(self, values: Mapping[str, Fraction], seed: str = "", small: bool = False) -> None:
        self._values, self._seed, self._small = dict(values), seed, small

    def __getitem__(self, entry: str) -> Fraction:
        if entry not in self._values:
            random = Random(f"{self._seed} {entry}")
            free = random.choice((0, 1, -1, Fraction(1, 2))) if self._small else Fraction(0)
            usual = Fraction(random.randint(-9, 9), random.randint(1, 7))
            self._values[entry] = Fraction(free if self._small or not self._seed else usual)
        return self._values[entry]

    def entries(self) -> dict[tuple[object, ...], Fraction]:
        """The numbers that were asked for, as the kernel writes them."""
        found = ((re.findall(r"\w+", entry), x) for entry, x in self._values.items())
        return {(name, *map(int, places)): x for (name, *places), x in found}


class Reading:
    """Values of expressions at a point, for numbers in place of the names of sizes."""

    def __init__(self, context: Context, point: Point, sizes: Mapping[str, int]) -> None:
        self._context, self.point, self.sizes = context, point, sizes
        self._seen: dict[tuple[object, ...], object] = {}

    def value(self, expr: sympy.Expr, numbers: Mapping[str, int]) -> object:
        """The value where `numbers` gives the indices. Raises `Undefined`."""
        if isinstance(expr, Rational):
            return MP.mpf(int(expr.p)) / int(expr.q)
        if expr is sympy.E:
            return MP.e
        if isinstance(expr, Symbol):
            if expr.name in {**self.sizes, **numbers}:
                return MP.mpf({**self.sizes, **numbers}[expr.name])
            return self._entry(expr.name, ())
        if isinstance(expr, sympy.Indexed):
            return self._entry(expr.base.name, tuple(self._index(i, numbers) for i in expr.indices))
        if isinstance(expr, KroneckerDelta):
            left, right = (self._index(i, numbers) for i in expr.args)
            return MP.mpf(left == right)
        if isinstance(expr, Sum):
            *inner, (index, low, high) = expr.limits
            body = Sum(expr.function, *inner) if inner else expr.function
            span = range(self._index(low, numbers), self._index(high, numbers) + 1)
            return MP.fsum(self.value(body, {**numbers, index.name: k}) for k in span)
        if expr.func in (if_positive, if_zero):
            sign = self.value(expr.args[0], numbers)
            holds = sign > TINY if expr.func == if_positive else abs(sign) < TINY
            return self.value(expr.args[1 if holds else 2], numbers)
        values = [self.value(argument, numbers) for argument in expr.args]
        if isinstance(expr, sympy.Add):
            return MP.fsum(values)
        if isinstance(expr, sympy.Mul):
            return MP.fprod(values)
        if isinstance(expr, sympy.Pow):
            base, exponent = values
            base = MP.zero if abs(base) < TINY else base
            if (exponent < 0 and not base) or (2 * exponent % 2 and base < 0):
                raise Undefined
            return MP.sqrt(base) ** int(2 * exponent) if base >= 0 else base ** int(exponent)
        if isinstance(expr, log) and values[0] <= 0:
            raise Undefined
        known = {exp: MP.exp, log: MP.ln, tanh: MP.tanh, Abs: abs, Max: max, Min: min}
        return known[expr.func](*values)

    def _index(self, expr: sympy.Expr, numbers: Mapping[str, int]) -> int:
        if isinstance(expr, Symbol):
            return numbers[expr.name] if expr.name in numbers else self.sizes[expr.name]
        return int(expr)

    def _entry(self, name: str, places: tuple[int, ...]) -> object:
        if (name, *places) not in self._seen:
            definition = self._context.definitions.get(name)
            if definition:
                numbers = {x.name: k for x, k in zip(definition.indices, places, strict=True)}
                value = self.value(definition.value, numbers)
            else:
                index = f"[{','.join(map(str, places))}]" if places else ""
                fraction = self.point[name + index]
                value = MP.mpf(fraction.numerator) / fraction.denominator
            self._seen[name, *places] = value
        return self._seen[name, *places]


def close(left: object, right: object) -> bool:
    """Equal to 40 digits."""
    return abs(left - right) <= TINY * (1 + abs(left) + abs(right))


def holds(statement: sympy.Rel, reading: Reading, numbers: Mapping[str, int], most: int) -> bool:
    """Whether a lemma or a condition holds, where letters not in `numbers` go up to `most`."""
    letters = sorted(str(x) for x in statement.free_symbols & set(SHOWN))
    for places in product(range(1, most + 1), repeat=len(letters)):
        here = {**numbers, **dict(zip(letters, places, strict=True))}
        with suppress(Undefined):
            left, right = (reading.value(side, here) for side in statement.args)
            equal = close(left, right)
            above = left > right
            true = {sympy.Eq: equal, sympy.Ne: not equal, sympy.Gt: above, sympy.Ge: above or equal}
            if not true[statement.func]:
                return False
    return True


# Expressions ------------------------------------------------------------------------------

Scope = Mapping[sympy.Symbol, str]  # each letter in scope, with its kind
Draw = Callable[..., object]
FREE: Scope = dict(zip(FREE_INDICES, "nm", strict=True))


@dataclass(frozen=True)
class Pen:
    """What draws expressions: Hypothesis's `draw`, a world, and the letters in scope."""

    draw: Draw
    world: World
    scope: Scope

    def choose(self, options):
        return self.draw(st.sampled_from(list(options)))

    def under(self, index: sympy.Symbol, kind: str) -> Pen:
        """The pen inside a sum over `index`, which may hide an outer letter."""
        return Pen(self.draw, self.world, {**self.scope, index: kind})

    def index(self, kind: str) -> sympy.Expr:
        letters = [letter for letter, here in self.scope.items() if here == kind]
        size = self.world.size(kind)
        numbers = range(1, int(size) + 1) if size.is_Integer else (1,)
        return self.choose([*letters, *map(Integer, numbers)])

    def entry(self, names: str = "") -> sympy.Expr:
        name = self.choose(names or INPUTS + self.world.defined)
        return named(name, *(self.index(kind) for kind in SIGNATURES[name]))

    def number(self) -> sympy.Expr:
        return self.choose([Integer(2), Integer(-1), Integer(3), Rational(1, 2), Rational(-2, 3)])

    def linear(self) -> sympy.Expr:
        """A combination of two entries; the argument of an exponential."""
        first = self.choose([1, 1, -1, 2, Rational(1, 2), Rational(3, 2)])
        second = self.choose([0, 0, 1, -2])
        return first * self.entry() + second * self.entry()

    def positive(self) -> sympy.Expr:
        """A denominator that is never zero."""
        index, kind = self.choose(BOUND), self.choose("nm")
        if self.world.size(kind).is_Integer and self.choose([0, 0, 1]):
            return Sum(exp(self.under(index, kind).linear()), (index, 1, self.world.size(kind)))
        return self.choose([1, 1, 2]) + exp(self.linear())

    def tested(self) -> sympy.Expr:
        """An expression whose sign matters."""
        index, kind = self.choose(BOUND), self.choose("nm")
        term = self.under(index, kind).entry()
        total = Sum(term, (index, 1, self.world.size(kind)))
        return self.choose([self.entry(), self.linear(), total, 1 / self.entry(), 1 / total])

    def expression(self, depth: int, extra: str = "") -> sympy.Expr:
        """Any expression; `extra` allows more: "/" is any quotient, "?" a case distinction."""
        form = self.choose(["+", "×", "Σ", "Σ", "exp", "σ", "÷", "^", "entry", *extra.split()])
        if depth == 0 or form == "entry":
            return self.entry()
        deeper = self.expression(depth - 1, extra) if form not in {"Σ", "exp", "σ", "log"} else None
        match form:
            case "+":
                return deeper + self.number() * self.expression(depth - 1, extra)
            case "×":
                return deeper * self.expression(depth - 1, extra)
            case "Σ":
                index, kind = self.choose(BOUND), self.choose("nm")
                body = self.under(index, kind).expression(depth - 1, extra)
                return Sum(body, (index, 1, self.world.size(kind)))
            case "exp":
                return exp(self.linear())
            case "σ":
                return self.choose([sigmoid, tanh])(self.linear())
            case "÷":
                return deeper / self.positive()
            case "^":
                return deeper**2
            case "log":
                return log(self.choose([1 + exp(self.linear()), exp(self.linear())]))
            case "abs":
                return Abs(self.choose([deeper, self.tested()]), evaluate=False)
            case "max":
                deeper = self.choose([deeper, self.tested()])
                return self.choose([Max, Min])(deeper, self.choose([0, self.entry()]))
            case "√":
                return sympy.sqrt(self.choose([deeper**2, 1 + deeper**2, exp(self.linear())]))
            case "?":
                cases = if_positive, if_positive, if_zero
                return self.choose(cases)(self.tested(), deeper, self.choose([0, self.entry()]))
            case "δ":
                kind = self.choose("nm")
                return deeper * KroneckerDelta(self.index(kind), self.index(kind))
        below = self.choose([self.entry(), 1 + self.entry() * self.entry(), self.linear()])
        return deeper / below if below != 0 else deeper


def worlds(*, numeric: bool = True, symbolic: bool = True) -> st.SearchStrategy[World]:
    """Worlds with numbers for the sizes, or names, or one of each."""
    sizes = [(2, 2), (1, 2), (2, 3), (3, 1)] * numeric + [("n", "m")] * 3 * symbolic
    sizes += [("n", 2)] * (numeric and symbolic)
    return st.builds(
        lambda size, defined: World(*size, defined),
        st.sampled_from(sizes),
        st.sampled_from(DEFINED),
    )


@dataclass(frozen=True)
class Question:
    """Is left = right in this world, where `at` numbers some free indices?"""

    left: sympy.Expr
    right: sympy.Expr
    world: World
    at: Mapping[str, int]

    def verdict(self) -> Verdict:
        return Equation(self.left, self.right, self.world.context).decide(self.at)

    def readings(self, seeds: int = 2, *, small: bool = False) -> Iterator[tuple[Reading, dict]]:
        """Random points for some sizes, and numbers for the free indices."""
        for sizes, free in self.world.instances():
            for seed in range(seeds):
                point = Point({}, f"{seed}", small=small)
                yield Reading(self.world.context, point, sizes), {**free, **self.at}

    def differs(self) -> bool:
        """Whether the two sides surely differ at one of a few points."""
        for reading, numbers in (*self.readings(), *self.readings(3, small=True)):
            with suppress(Undefined):
                if not close(*(reading.value(e, numbers) for e in (self.left, self.right))):
                    return True
        return False


@st.composite
def questions(draw, among=None, extra="", rules=None, slips=None):
    """An expression, and the same rewritten up to three times, and then perhaps by a slip.

    Without rules the other side is any expression.
    """
    world = draw(worlds() if among is None else among)
    sizes = zip(FREE_INDICES, (world.n, world.m), strict=True)
    at = {x.name: draw(st.integers(1, size)) for x, size in sizes if isinstance(size, int)}
    pen = Pen(draw, world, FREE)
    left = pen.expression(2 if rules else 1, extra)
    right = left if rules else pen.expression(1, extra)
    for _ in range(draw(st.integers(1, 3)) if rules else 0):
        right = rewritten(pen, right, rules)
    for _ in range(1 if slips else 0):
        right = rewritten(pen, right, slips, slips)
    return Question(left, right, world, at)


@st.composite
def redistributions(draw):
    """Products of two sums, and the same factors moved from one sum to the other."""
    world = draw(worlds())
    pen = Pen(draw, world, FREE)
    index, kind = pen.choose(BOUND), pen.choose("nm")
    exponents = pen.choose([(-1, -1), (-1, -1), (1, 1), (1, -1), (-2, -1)])
    factors = []
    for _ in range(3):
        name = pen.choose(name for name in INPUTS + world.defined if kind in SIGNATURES[name])
        free = [index if here == kind else pen.index(here) for here in SIGNATURES[name]]
        factors.append(named(name, *free))

    def arranged() -> list[sympy.Expr]:
        first = pen.choose(range(1, 7))  # which factors stand under the first sum
        shares = [[f for k, f in enumerate(factors) if first >> k & 1 == here] for here in (1, 0)]
        sums = [Sum(sympy.Mul(*share), (index, 1, world.size(kind))) for share in shares]
        return [total**e for total, e in zip(sums, exponents, strict=True)]

    shapes = [
        *[lambda a, b: a * b] * 4,
        lambda a, b: 1 / (a * b + 1),
        lambda a, b: 1 / (a**2 + a * b),
        lambda a, b: exp(a * b),
        lambda a, b: Sum(a * named("U", _L) * b, (_L, 1, world.size("n"))),
    ]
    shape = pen.choose(shapes)
    sizes = zip(FREE_INDICES, (world.n, world.m), strict=True)
    at = {x.name: 1 for x, size in sizes if isinstance(size, int)}
    return Question(shape(*arranged()), shape(*arranged()), world, at)


@st.composite
def sign_questions(draw):
    """What holds of |u|, max(u, v), … if u has one sign, for an u whose sign may be unknown."""
    world = draw(worlds(symbolic=False))
    pen = Pen(draw, world, FREE)
    plain = pen.choose([pen.tested, pen.tested, pen.positive, lambda: pen.expression(1, "/")])()
    u = plain * pen.choose([1, -1, pen.entry(), 1 / pen.entry(), exp(pen.linear())])
    a, v = pen.expression(1), pen.positive()
    claims = [
        (Abs(u, evaluate=False), pen.choose([u, -u])),
        (Max(u, 0), pen.choose([u, sympy.S.Zero])),
        (Max(u, a), (u + a + Abs(u - a, evaluate=False)) / 2),
        (if_positive(u, a, 0), pen.choose([a, sympy.S.Zero])),
        (if_positive(u, a, 0), a - if_positive(-u, a, 0)),
        (if_positive(u, 0, u), pen.choose([u - Max(u, 0), Min(u, 0), sympy.S.Zero])),
        (if_zero(u, a, 0), pen.choose([a, sympy.S.Zero])),
        (if_zero(u, u + a, 0), if_zero(u, a, 0)),
        (if_positive(u, 1, 0), if_positive(u * v, 1, 0)),
        (sympy.sqrt(u**2 * v**2), pen.choose([u * v, Abs(u, evaluate=False) * v])),
        (log(u * v), log(u) + log(v)),
        (a / (u + u * v), a / u / (1 + v)),
    ]
    left, right = pen.choose(claims)
    factor = pen.choose([1, 1, exp(pen.linear()), pen.entry()])
    sizes = zip(FREE_INDICES, (world.n, world.m), strict=True)
    at = {x.name: 1 for x, size in sizes if isinstance(size, int)}
    return Question(left * factor, right * factor, world, at)


# Identities -------------------------------------------------------------------------------
# Each takes a pen and an expression, and returns an equal one, or None where it does not fit.


def distribute(pen, e):
    """a (b + c) = a b + a c."""
    sums = [factor for factor in sympy.Mul.make_args(e) if factor.is_Add]
    if not e.is_Mul or not sums:
        return None
    rest = sympy.Mul(*(factor for factor in e.args if factor is not sums[0]))
    return sympy.Add(*(rest * term for term in sums[0].args))


def add_zero(pen, e):
    """e = e + a (b + c) − a b − a c."""
    a, b, c = (pen.entry() for _ in range(3))
    return e + a * (b + c) - a * b - a * c


def subtract_multiple(pen, e):
    """e = (a + 1) e − a e."""
    a = pen.entry()
    return (a + 1) * e - a * e


def times_one(pen, e):
    """e = (e + e D) / (1 + D)."""
    d = pen.positive()
    return (e + e * d) / (1 + d)


def unfold(pen, e):
    """A name is its definition."""
    if not isinstance(e, sympy.Indexed) or e.base.name not in pen.world.defined:
        return None
    definition = pen.world.context.definitions[e.base.name]
    return substitute(definition.value, dict(zip(definition.indices, e.indices, strict=True)))


ODDS = {  # name: (z, g, how the indices stand), for e^{g z[…]} = a/(1 − a), a = name[…] = σ(g z)
    "A": ("Z", 1, lambda i, j: (i, j)),
    "T": ("Z", 1, lambda i, j: (j, i)),
    "D": ("Z", 1, lambda i, j: (i,) if i == j else None),
    "F": ("B", Rational(3, 2), lambda i: (i,)),
    "H": ("B", 2, lambda i: (i,)),  # (1 + a)/(1 − a) for a = tanh(z)
}


def odds(name: str, *indices: sympy.Expr) -> sympy.Expr:
    """E^{g z} where the named entry is σ(g z), or tanh(z)."""
    a = named(name, *indices)
    return ((1 + a) if name == "H" else a) / (1 - a)


def relate(pen, e):
    """e^{z + v} = a/(1 − a) e^v for a = σ(z), where a name says so."""
    for term in sympy.Add.make_args(e.exp) if isinstance(e, exp) else ():
        factor, entry = term.as_coeff_Mul()
        for name in pen.world.defined if isinstance(entry, sympy.Indexed) else ():
            argument, g, places = ODDS.get(name, ("", 1, None))
            if argument == entry.base.name and (factor / g).is_Integer:
                indices = places(*entry.indices)
                if indices:
                    return odds(name, *indices) ** (factor / g) * exp(e.exp - term)
    return None


def split_exp(pen, e):
    """e^u = e^{u − v} e^v."""
    if not isinstance(e, exp):
        return None
    v = pen.linear()
    return exp(e.exp - v) * exp(v)


def spell_out_tanh(pen, e):
    """tanh z = 2 σ(2z) − 1."""
    return 2 * sigmoid(2 * e.args[0]) - 1 if isinstance(e, tanh) else None


def mirror(pen, e):
    """1/(1 + e^z) = 1 − σ(z) = e^{−z}/(1 + e^{−z})."""
    if not (e.is_Pow and e.exp == -1 and e.base.is_Add and len(e.base.args) == 2):
        return None
    one, power = e.base.args
    if one != 1 or not isinstance(power, exp):
        return None
    other = exp(-power.exp)
    return pen.choose([1 - 1 / (1 + other), other / (1 + other)])


def rename(pen, e):
    """Σ_i f(i) = Σ_j f(j), where j is not free in f."""
    if not isinstance(e, Sum):
        return None
    *inner, (index, low, high) = e.limits
    body = Sum(e.function, *inner) if inner else e.function
    other = pen.choose(BOUND)
    if other in letters_in(body):
        return None
    return Sum(substitute(body, {index: other}), (other, low, high))


def split_sum(pen, e):
    """Σ (f + g) = Σ f + Σ g."""
    if not isinstance(e, Sum):
        return None
    body = e.function.expand(deep=False)
    return sympy.Add(*(Sum(term, *e.limits) for term in sympy.Add.make_args(body)))


def pull_out(pen, e):
    """Σ_i a f(i) = a Σ_i f(i)."""
    if not isinstance(e, Sum):
        return None
    bound = {limit[0] for limit in e.limits}
    parts = sympy.Mul.make_args(e.function)
    outside = [a for a in parts if not letters_in(a) & bound]
    return sympy.Mul(*outside) * Sum(sympy.Mul(*(a for a in parts if a not in outside)), *e.limits)


def push_in(pen, e):
    """A Σ_i f(i) = Σ_i A f(i), and so Σ f Σ g = Σ Σ f g."""
    sums = [factor for factor in sympy.Mul.make_args(e) if isinstance(factor, Sum)]
    if not e.is_Mul or not sums:
        return None
    rest = sympy.Mul(*(factor for factor in e.args if factor is not sums[0]))
    total = sums[0]
    *inner, (index, low, high) = total.limits
    body = Sum(total.function, *inner) if inner else total.function
    fresh = next((x for x in BOUND if x not in letters_in(rest) | letters_in(body)), None)
    return Sum(rest * substitute(body, {index: fresh}), (fresh, low, high)) if fresh else None


def swap(pen, e):
    """Σ_i Σ_j f = Σ_j Σ_i f."""
    if not isinstance(e, Sum):
        return None
    limits, body = list(e.limits), e.function
    if isinstance(body, Sum):
        limits, body = [*body.limits, *limits], body.function
    if len({limit[0] for limit in limits}) < max(2, len(limits)):
        return None
    return Sum(body, *limits[::-1])


def peel(pen, e):
    """Σ_{i ≤ 3} f(i) = Σ_{i ≤ 2} f(i) + f(3), and Σ_{i ≤ 1} f(i) = f(1)."""
    if not isinstance(e, Sum) or not e.limits[-1][2].is_Integer:
        return None
    *inner, (index, low, high) = e.limits
    body = Sum(e.function, *inner) if inner else e.function
    last = substitute(body, {index: high})
    return last + Sum(body, (index, low, high - 1)) if high > 1 else last


def contract(pen, e):
    """f(p) = Σ_i δ(i, p) f(i)."""
    letters = [x for x in letters_in(e) if x in pen.scope]
    fresh = next((x for x in BOUND if x not in letters_in(e)), None)
    if not letters or fresh is None:
        return None
    old = pen.choose(sorted(letters, key=str))
    size = pen.world.size(pen.scope[old])
    return Sum(KroneckerDelta(fresh, old) * substitute(e, {old: fresh}), (fresh, 1, size))


def by_cases(pen, e):
    """|u|, max and min are case distinctions."""
    if isinstance(e, Abs):
        (u,) = e.args
        return pen.choose([if_positive(u, u, -u), u - 2 * if_positive(-u, u, 0), Max(u, -u)])
    if isinstance(e, Max | Min) and len(e.args) == 2:
        a, b = e.args if isinstance(e, Max) else e.args[::-1]
        half = Abs(a - b, evaluate=False) / 2
        return (a + b) / 2 + (half if isinstance(e, Max) else -half)
    if e.func in (if_positive, if_zero):
        u, yes, no = e.args
        if e.func == if_zero:
            return yes + (no - yes) * (if_positive(u, 1, 0) + if_positive(-u, 1, 0))
        return no + (yes - no) * if_positive(u, 1, 0)
    return None


def distinguish(pen, e):
    """e = [u > 0] e + (1 − [u > 0]) e."""
    u = pen.tested()
    return if_positive(u, e, 0) + pen.choose([e - e * if_positive(u, 1, 0), if_positive(u, 0, e)])


def split_delta(pen, e):
    """e = δ e + (1 − δ) e."""
    kind = pen.choose("nm")
    delta = KroneckerDelta(pen.index(kind), pen.index(kind))
    return delta * e + (1 - delta) * e


def cancel(pen, e):
    """e = (e a + e b)/(a + b), where a + b is not zero."""
    a, b = pen.entry(), pen.entry()
    return (e * a + e * b) / (a + b) if a + b != 0 else None


INNER = [distribute, subtract_multiple, rename, split_sum, pull_out, push_in, swap, peel]
IDENTITIES = [
    *INNER,
    *(add_zero, times_one, unfold, relate, split_exp, spell_out_tanh, mirror, contract),
]
MORE_IDENTITIES = [*IDENTITIES, split_delta, cancel]  # complete for numbers alone, or conditional
CASES = [*MORE_IDENTITIES, by_cases, by_cases, distinguish]


# Slips: what looks like an identity and is none ---------------------------------------------


def capture(pen, e):
    """Σ f Σ g is not Σ f g."""
    sums = [factor for factor in sympy.Mul.make_args(e) if isinstance(factor, Sum)]
    if len(sums) < 2:
        return None
    first, second, *_ = sums
    rest = sympy.Mul(*(factor for factor in e.args if factor not in (first, second)))
    return rest * Sum(first.function * second.function, *first.limits)


def rename_into_use(pen, e):
    """Σ_i f(i, j) is not Σ_j f(j, j)."""
    if not isinstance(e, Sum) or len(e.limits) > 1:
        return None
    ((index, low, high),) = e.limits
    other = pen.choose(LETTERS)
    return Sum(e.function.xreplace({index: other}), (other, low, high))


def transpose(pen, e):
    """y[i,j] is not y[j,i]."""
    return e.base[e.indices[::-1]] if isinstance(e, sympy.Indexed) and len(e.indices) > 1 else None


def another_entry(pen, e):
    """y[1,1] is not y[1,2], nor another name's entry."""
    return pen.entry() if isinstance(e, sympy.Indexed) else None


def misrelate(pen, e):
    """e^{z[i,j]} is not a/(1 − a) for a = σ(z[j,i]), σ(z[i,i]), …, nor is e^{z/2}."""
    names = [name for name in pen.world.defined if name in ODDS]
    for term in sympy.Add.make_args(e.exp) if isinstance(e, exp) and names else ():
        entry = term.as_coeff_Mul()[1]
        if isinstance(entry, sympy.Indexed):
            name = pen.choose(names)
            places = (*entry.indices, *entry.indices)[: len(SIGNATURES[name])]
            power = pen.choose([1, 1, -1, 2])
            return odds(name, *pen.choose([places, places[::-1]])) ** power * exp(e.exp - term)
    return None


def contract_any(pen, e):
    """Σ_{i ≤ n} δ(i, k) f(i) is not f(k) where k may exceed n."""
    index, kind, other = pen.choose(BOUND), pen.choose("nm"), pen.choose("nm")
    delta = KroneckerDelta(index, pen.index(other))
    return Sum(delta * e, (index, 1, pen.world.size(kind)))


def forget_count(pen, e):
    """Σ_{i ≤ n} a is n a, not a."""
    if not isinstance(e, Sum):
        return None
    return substitute(e.function, {limit[0]: Integer(1) for limit in e.limits})


def other_size(pen, e):
    """Σ_{i ≤ n} is not Σ_{i ≤ m}."""
    if not isinstance(e, Sum):
        return None
    *inner, (index, low, _) = e.limits
    return Sum(e.function, *inner, (index, low, pen.world.size(pen.choose("nm"))))


def near(pen, e):
    """A term is not 1/2000 more of itself."""
    return e * Rational(2001, 2000)


def forget_sign(pen, e):
    """e^u is not e^{−u}."""
    return exp(-e.exp) if isinstance(e, exp) else -e


def forget_case(pen, e):
    """|u| is not u, √u² is not u, [−u > 0] is not 1 − [u > 0] where u is zero."""
    if isinstance(e, Abs):
        return e.args[0]
    if e.is_Pow and e.exp == Rational(1, 2) and e.base.is_Pow:
        return e.base.base
    if e.func == if_positive:
        u, yes, no = e.args
        return if_positive(-u, no, yes)
    return None


SLIPS = [capture, rename_into_use, transpose, another_entry, misrelate, contract_any]
SLIPS += [forget_count, other_size, near, forget_sign, forget_case]


def rewritten(pen: Pen, e: sympy.Expr, rules: list, inner: list | None = None) -> sympy.Expr:
    """One rule, used somewhere in the expression; `inner` ones inside an exponential."""
    inner = INNER if inner is None else inner
    inside = [k for k, a in enumerate(e.args) if a.args and not isinstance(e, KroneckerDelta)]
    if isinstance(e, Sum):
        inside = [0]
    if isinstance(e, sympy.Indexed) or not inside or pen.choose([True, False]):
        start = pen.draw(st.integers(0, len(rules) - 1))
        results = (rule(pen, e) for rule in rules[start:] + rules[:start])
        return next((result for result in results if result is not None), e)
    place = pen.choose(inside)
    for index, _, size in reversed(e.limits) if isinstance(e, Sum) else ():
        pen = pen.under(index, pen.world.kind(size))
    rules = inner if isinstance(e, exp | log | tanh | Abs | Max | Min) else rules
    args = list(e.args)
    args[place] = rewritten(pen, args[place], rules, inner)
    return e.func(*args)
