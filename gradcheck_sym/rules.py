"""The activations and losses: one row each, the value only; SymPy derives the derivative.

Source: the design's notes on Bertrand (2023), "Why is ∂J/∂W^(out) = (A^(h))ᵀ δ^(out)?"
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, exp, log

# fmt: off
ACTIVATIONS: dict[str, Callable[[Expr], Expr]] = {
    "sigmoid": lambda z: 1 / (1 + exp(-z)),
}

LOSSES: dict[str, Callable[[Expr, Expr], Expr]] = {
    "bce":     lambda y, a: -(y * log(a) + (1 - y) * log(1 - a)),
}
# fmt: on
