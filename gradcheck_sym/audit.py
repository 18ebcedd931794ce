"""A second opinion that shares nothing with `gradient.py`.

J is written out in full, down to X and the weights; `sympy.diff` differentiates it by each
entry of the parameter; the kernel decides the differences from the claim, written out in full
as well. Only then are names given to what stands inside functions, so that the kernel is not
held to write out an exponential in a denominator in an exponent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import sympy

from gradcheck_sym.arrays import Array
from gradcheck_sym.cases import derivative
from gradcheck_sym.kernel.context import Context, Definition, Hypotheses
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.network import Network
from gradcheck_sym.sizes import check_audit
from gradcheck_sym.verdict import Verdict

Terms = Mapping[sympy.Expr, sympy.Expr]


class Audit:
    """The verdicts of the second route, entry by entry."""

    def __init__(self, network: Network, wrt: Array, claim: Array, context: Context) -> None:
        """Raises `CostError` where J would be too large to write out."""
        check_audit(network.sizes)
        self._definitions = context.definitions
        self._hypotheses = replace(context.hypotheses, row_sums={})
        self._last = dict(_last_of_rows(network, context.hypotheses))
        self._wrt, self._claim = wrt, claim
        self._loss = self._written_out(network.arrays["J"].operands[0][()])

    def decide(self, index: tuple[int, ...]) -> Verdict:
        """The verdict on the entry at this index."""
        place = tuple(map(sympy.Integer, index))
        sides = derivative(self._loss, self._wrt[place]), self._written_out(self._claim[place])
        left, right = (side.xreplace(self._last) for side in sides)
        names = _Arguments(left, right)
        context = Context(names.definitions, hypotheses=self._hypotheses)
        return Equation(names.named(left), names.named(right), context).decide({})

    def _written_out(self, expr: sympy.Expr) -> sympy.Expr:
        """The expression without names and sums."""
        expr = expr.doit()
        while named := [e for e in expr.atoms(sympy.Indexed) if e.base.name in self._definitions]:
            values = {e: self._definitions[e.base.name].at(e.indices).doit() for e in named}
            expr = expr.xreplace(values)
        return expr


class _Arguments:
    """Names for what stands inside functions, wherever it stands.

    SymPy writes e^u e^v as e^(u + v), so an argument may be made of others. That of a logarithm
    gets no name: it stands elsewhere in other forms, such as 1 + e^u as 1 + e^(-u).
    """

    def __init__(self, *exprs: sympy.Expr) -> None:
        functions = set().union(*(expr.atoms(sympy.Function) for expr in exprs))
        found = {f.args[0] for f in functions if not isinstance(f, sympy.log)}
        self._names: dict[sympy.Expr, sympy.Expr] = {}
        self._terms: dict[sympy.Symbol, Terms] = {}
        self.definitions: dict[str, Definition] = {}
        for argument in sorted(found, key=lambda e: (e.count_ops(), sympy.default_sort_key(e))):
            name = self._in_names(argument)
            self._names |= {argument: name, -argument: -name}

    def named(self, expr: sympy.Expr) -> sympy.Expr:
        """The expression in these names."""
        return expr.xreplace(self._names)

    def _in_names(self, argument: sympy.Expr) -> sympy.Expr:
        """A sum of multiples of names, with a new one for what is left."""
        left, total = _terms(argument), sympy.S.Zero
        for name, known in self._terms.items():
            if times := _times(left, known):
                total += times * name
                left = _terms(_sum(left) - times * _sum(known))
        rest = _sum(left)
        if not isinstance(rest, sympy.Add | sympy.Mul):
            return total + rest
        sign = -1 if rest.could_extract_minus_sign() else 1
        name = sympy.Symbol(f"u_{len(self._terms) + 1}")
        self._terms[name] = _terms(sign * rest)
        self.definitions[name.name] = Definition((), self.named(sign * rest))
        return total + sign * name


def _terms(expr: sympy.Expr) -> Terms:
    """The coefficient of every term."""
    return dict(expr.as_coefficients_dict())


def _sum(terms: Terms) -> sympy.Expr:
    return sympy.Add(*(coefficient * term for term, coefficient in terms.items()))


def _times(terms: Terms, known: Terms) -> sympy.Expr:
    """How often the known sum is contained in another, 0 if it is not."""
    ratios = [terms.get(term, 0) / coefficient for term, coefficient in known.items()]
    least = min(ratios, key=abs)
    return least if all(ratio * least > 0 for ratio in ratios) else 0


def _last_of_rows(network: Network, assumed: Hypotheses) -> Iterator[tuple[sympy.Expr, sympy.Expr]]:
    """The last entry of each row that sums to 1, and what the others leave of it."""
    for name in assumed.row_sums:
        rows, columns = (axis.size for axis in network.arrays[name].shape)
        entry = sympy.IndexedBase(name)
        for i in range(1, rows + 1):
            yield entry[i, columns], 1 - sympy.Add(*(entry[i, j] for j in range(1, columns)))
