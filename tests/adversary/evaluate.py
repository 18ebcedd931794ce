"""A network and a claim as NumPy would compute them, in as many digits as are asked for.

The formulas are read by Python itself; only division and powers are replaced, so that what is
not meant (1/0, log −1) is not a number. Nothing is shared with the tool.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cache
from types import CodeType
from typing import Any

import numpy as np
from mpmath import mp, mpf

from tests.adversary.questions import Asked

NAN = mpf("nan")
STEP = 35  # of the difference quotient: 10⁻³⁵, and digits enough for it
ROWS = {
    "softmax": "exp(Z_out)/exp(Z_out).sum(axis=1, keepdims=True)",
    "log_softmax": "Z_out - log(exp(Z_out).sum(axis=1, keepdims=True))",
}


def _real(function: Callable[[mpf], Any], meant: Callable[[mpf], bool]) -> Callable[..., Any]:
    def value(u: Any) -> mpf:
        u = mpf(u)
        return function(u) if meant(u) else NAN

    return np.frompyfunc(value, 1, 1)


def _any(u: mpf) -> bool:
    return not mp.isnan(u)


def _divided(u: Any, v: Any) -> mpf:
    return mpf(u) / v if v != 0 else NAN


def _raised(u: Any, k: Any) -> mpf:
    return NAN if u == 0 and k < 0 else mpf(u) ** k


def _larger(u: Any, v: Any) -> Any:
    return NAN if mp.isnan(u) or mp.isnan(v) else max(u, v)


def _smaller(u: Any, v: Any) -> Any:
    return NAN if mp.isnan(u) or mp.isnan(v) else min(u, v)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": _real(mp.exp, _any),
    "tanh": _real(mp.tanh, _any),
    "sin": _real(mp.sin, _any),
    "cos": _real(mp.cos, _any),
    "tan": _real(mp.tan, _any),
    "erf": _real(mp.erf, _any),
    "abs": _real(abs, _any),
    "log": _real(mp.ln, lambda u: u > 0),
    "sqrt": _real(mp.sqrt, lambda u: u >= 0),
    "sigmoid": _real(lambda u: 1 / (1 + mp.exp(-u)), _any),
    "square": _real(lambda u: u * u, _any),
    "maximum": np.frompyfunc(_larger, 2, 1),
    "minimum": np.frompyfunc(_smaller, 2, 1),
    **{name: getattr(np, name) for name in ("where", "sum", "mean", "dot", "outer", "transpose")},
    "eye": lambda n: np.eye(n, dtype=object),
    **{name: getattr(np, name) for name in ("ones", "zeros", "ones_like", "zeros_like")},
}
DIVIDED, RAISED = np.frompyfunc(_divided, 2, 1), np.frompyfunc(_raised, 2, 1)


class _Exactly(ast.NodeTransformer):
    """Division and powers by our own functions, decimals as they are written, arrays as such."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        name = {ast.Div: "_divided", ast.Pow: "_raised"}.get(type(node.op))
        if name is None:
            return node
        return ast.Call(ast.Name(name, ast.Load()), [node.left, node.right], [])

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        node.value = ast.Call(ast.Name("_array", ast.Load()), [node.value], [])
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, float):
            return node
        return ast.Call(ast.Name("_number", ast.Load()), [ast.Constant(repr(node.value))], [])


@cache
def _compiled(text: str) -> CodeType:
    tree = _Exactly().visit(ast.parse(text, mode="eval"))
    return compile(ast.fix_missing_locations(tree), text, "eval")


def _array(value: Any) -> Any:
    """An array, which a sum over all is none any more."""
    return value if isinstance(value, _NumPy | np.ndarray) else np.asarray(value, dtype=object)


class _NumPy:
    """What stands after np. in a formula."""

    def __getattr__(self, name: str) -> Any:
        return +mp.pi if name == "pi" else FUNCTIONS[name]


def evaluated(text: str, names: Mapping[str, Any]) -> Any:
    """A formula's value with these values for its names."""
    known = {**FUNCTIONS, "np": _NumPy(), "len": len, "_number": mpf, "_array": _array}
    known |= {"_divided": DIVIDED, "_raised": RAISED, **names}
    return eval(_compiled(text.strip()), {}, known)


class Numbers:
    """The arrays of a network at a point: every free array by name, with rational entries."""

    def __init__(self, asked: Asked, sizes: Mapping[str, int], free: Mapping[str, Any]) -> None:
        self.asked, self.sizes, self.free = asked, sizes, free

    def loss(self, moved: tuple[int, ...], by: mpf) -> mpf:
        """J with one entry of the parameter moved."""
        names = self._names()
        names[self.asked.wrt][moved] += by
        forward(self.asked, names)
        rule = {"y": names["Y"], "a": names["A_out"]}
        terms = evaluated(self.asked.loss, rule)
        total = np.sum(np.broadcast_to(terms, names["Y"].shape))
        if self.asked.mean:
            total = total / mpf(self.sizes["n"])
        if self.asked.l2:
            weights = (names[f"W_{name}"] for name in self.asked.names)
            total += sum(names["lam"] * np.sum(w * w) for w in weights) / 2
        return mpf(total)

    def slopes(self, place: tuple[int, ...], digits: int = STEP) -> tuple[mpf, mpf]:
        """The slopes of J to both sides, right to about so many digits."""
        h = mpf(10) ** -digits
        here = self.loss(place, mpf(0))
        return ((self.loss(place, h) - here) / h, (here - self.loss(place, -h)) / h)

    def claim(self, place: tuple[int, ...]) -> mpf:
        """The claimed value."""
        names = self._names()
        forward(self.asked, names)
        value = evaluated(self.asked.claim, {**names, **self.sizes})
        return mpf(np.asarray(value, dtype=object)[place])

    def largest(self) -> mpf:
        """The largest |z| of the layers."""
        names = self._names()
        forward(self.asked, names)
        return max(abs(z) for name in self.asked.names for z in names[f"Z_{name}"].flat)

    def _names(self) -> dict[str, Any]:
        return {
            name: _as_mpf(value) if isinstance(value, np.ndarray) else _as_mpf(value).item()
            for name, value in self.free.items()
        }


def forward(asked: Asked, names: dict[str, Any]) -> None:
    """Add Z and A of each layer."""
    source = "X"
    for name in asked.names:
        before = names[source] @ names[f"W_{name}"]
        if asked.bias:
            before = before + names[f"b_{name}"]
        rule = asked.output if name == "out" else asked.hidden
        names[f"Z_{name}"] = before
        value = evaluated(ROWS.get(rule, rule), {"z": before, "Z_out": before})
        names[f"A_{name}"] = np.array(np.broadcast_to(value, before.shape), dtype=object)
        source = f"A_{name}"


def _as_mpf(value: Any) -> Any:
    return np.frompyfunc(lambda x: mpf(x.numerator) / x.denominator, 1, 1)(
        np.asarray(value, dtype=object)
    )
