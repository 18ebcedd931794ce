"""Wrong claims for ∂J/∂W_out, each with the entries in which it is wrong.

The checker is worth its name only if it refutes each of them, there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradcheck_sym import Claim, Network
from gradcheck_sym.array import Array, Constant, Shape
from gradcheck_sym.array.entries import Plan
from gradcheck_sym.array.shape import Indices
from gradcheck_sym.mlp.textbook import names
from gradcheck_sym.term.terms import ONE, Delta, Term, size_term


class Entrywise(Array):
    """An array given by a function of its indices."""

    def __init__(self, shape: Shape, function: Callable[..., Term]) -> None:
        super().__init__(shape)
        self.function = function

    def plan(self, indices: Indices) -> Plan:
        return Plan((), lambda _: self.function(*indices))


@dataclass(frozen=True)
class Planted:
    """`value` is what the claim gives at (k, j) for rows of a_h and δ given as lists."""

    name: str
    array: Callable[[Network], Array]
    wrong: Callable[[int, int], bool]
    value: Callable[..., object]
    needs_square: bool = False
    needs_examples: bool = False

    def claim(self, network: Network) -> Claim:
        return Claim(f"planted: {self.name}", self.array(network))

    def fits(self, network: Network) -> bool:
        square = network.d == network.t or not self.needs_square
        return square and (network.n != 1 or not self.needs_examples)


def _true(network: Network) -> Array:
    return network.arrays["A_h"].T @ names(network)["delta_out"]


def _off_by_one_entry(network: Network) -> Array:
    right = _true(network)
    factor = Entrywise(right.shape, lambda p, q: ONE + Delta(p, 1) * Delta(q, 2) / 2000)
    return right * factor


def _wrong_index(network: Network) -> Array:
    right = _true(network)
    return Entrywise(right.shape, lambda p, q: right.entry(p, 1))


def _left_out(network: Network) -> Array:
    a_h, delta_out = network.arrays["A_h"], names(network)["delta_out"]
    mask = Entrywise(delta_out.shape, lambda i, j: ONE - Delta(i, 1))
    return a_h.T @ (mask * delta_out)


def _dot(a, d, k, j):
    return sum(row[k] * error[j] for row, error in zip(a, d, strict=True))


def everywhere(k: int, j: int) -> bool:
    return True


# a, o, d, y: the rows of A_h, A_out, delta_out and Y; k and j count from 0 here
PLANTED = [
    Planted(
        "transposed",
        lambda net: names(net)["delta_out"].T @ net.arrays["A_h"],
        lambda k, j: k != j,
        lambda a, o, d, y, k, j: _dot(a, d, j, k),
        needs_square=True,
    ),
    Planted(
        "sign flipped",
        lambda net: -_true(net),
        everywhere,
        lambda a, o, d, y, k, j: -_dot(a, d, k, j),
    ),
    Planted(
        "Y - A_out",
        lambda net: net.arrays["A_h"].T @ (net.arrays["Y"] - net.arrays["A_out"]),
        everywhere,
        lambda a, o, d, y, k, j: -_dot(a, d, k, j),
    ),
    Planted(
        "A_out in place of A_h",
        lambda net: net.arrays["A_out"].T @ names(net)["delta_out"],
        everywhere,
        lambda a, o, d, y, k, j: _dot(o, d, k, j),
        needs_square=True,
    ),
    Planted(
        "A_out in place of delta_out",
        lambda net: net.arrays["A_h"].T @ net.arrays["A_out"],
        everywhere,
        lambda a, o, d, y, k, j: _dot(a, o, k, j),
    ),
    Planted(
        "one index off",
        _wrong_index,
        lambda k, j: j != 1,
        lambda a, o, d, y, k, j: _dot(a, d, k, 0),
    ),
    Planted(
        "one coefficient off by 0.05 %",
        _off_by_one_entry,
        lambda k, j: (k, j) == (1, 2),
        lambda a, o, d, y, k, j: _dot(a, d, k, j) * (2001 if (k, j) == (0, 1) else 2000) / 2000,
    ),
    Planted(
        "1/n",
        lambda net: _true(net) / Constant(size_term(net.n)),
        everywhere,
        lambda a, o, d, y, k, j: _dot(a, d, k, j) / len(a),
        needs_examples=True,
    ),
    Planted(
        "one example left out",
        _left_out,
        everywhere,
        lambda a, o, d, y, k, j: _dot(a[1:], d[1:], k, j),
        needs_examples=True,
    ),
]
