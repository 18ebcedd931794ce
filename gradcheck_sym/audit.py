"""A second opinion that shares nothing with `gradient.py`.

J is written out in full, down to X and the weights; `sympy.diff` differentiates it by each
entry of the parameter; the kernel decides the differences from the claim, written out in full
as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy

from gradcheck_sym.arrays import Array
from gradcheck_sym.kernel.context import Context, Hypotheses
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.network import Network
from gradcheck_sym.sizes import check_audit
from gradcheck_sym.verdict import Verdict


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
        sides = sympy.diff(self._loss, self._wrt[place]), self._written_out(self._claim[place])
        left, right = (side.xreplace(self._last) for side in sides)
        return Equation(left, right, Context(hypotheses=self._hypotheses)).decide({})

    def _written_out(self, expr: sympy.Expr) -> sympy.Expr:
        """The expression without names and sums."""
        expr = expr.doit()
        while named := [e for e in expr.atoms(sympy.Indexed) if e.base.name in self._definitions]:
            values = {e: self._definitions[e.base.name].at(e.indices).doit() for e in named}
            expr = expr.xreplace(values)
        return expr


def _last_of_rows(network: Network, assumed: Hypotheses) -> Iterator[tuple[sympy.Expr, sympy.Expr]]:
    """The last entry of each row that sums to 1, and what the others leave of it."""
    for name in assumed.row_sums:
        rows, columns = (axis.size for axis in network.arrays[name].shape)
        entry = sympy.IndexedBase(name)
        for i in range(1, rows + 1):
            yield entry[i, columns], 1 - sympy.Add(*(entry[i, j] for j in range(1, columns)))
