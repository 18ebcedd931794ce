"""A second opinion that shares nothing with `gradient.py`.

J is written out in full, down to X and the weights; `sympy.diff` differentiates it by each
weight; the kernel decides the differences from the claim, written out in full as well.
"""

from __future__ import annotations

import sympy

from gradcheck_sym.arrays import Array
from gradcheck_sym.kernel.context import Context
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.network import Network
from gradcheck_sym.sizes import check_audit
from gradcheck_sym.verdict import Verdict


class Audit:
    """The verdicts of the second route, entry by entry."""

    def __init__(self, network: Network, wrt: Array, claim: Array) -> None:
        """Raises `CostError` where J would be too large to write out."""
        check_audit(network.sizes)
        self._definitions = network.context.definitions
        self._wrt, self._claim = wrt, claim
        self._loss = self._written_out(network.arrays["J"].operands[0][()])

    def decide(self, index: tuple[int, ...]) -> Verdict:
        """The verdict on the entry at this index."""
        place = tuple(map(sympy.Integer, index))
        derivative = sympy.diff(self._loss, self._wrt[place])
        claim = self._written_out(self._claim[place])
        return Equation(derivative, claim, Context()).decide({})

    def _written_out(self, expr: sympy.Expr) -> sympy.Expr:
        """The expression without names and sums."""
        expr = expr.doit()
        while named := [e for e in expr.atoms(sympy.Indexed) if e.base.name in self._definitions]:
            values = {e: self._definitions[e.base.name].at(e.indices).doit() for e in named}
            expr = expr.xreplace(values)
        return expr
