"""The network: sizes, activations and loss as the named arrays X … A_out and J.

    Z_h = X W_h    A_h = φ(Z_h)    Z_out = A_h W_out    A_out = φ(Z_out)    δ_out = A_out − Y
    J = Σ_i Σ_j L(y_ij, a_ij), a sum over the examples i and outputs j, without 1/n

Rows are examples: X (n×m), W_h (m×d), W_out (d×t), Y (n×t). Every entry of these four is
any real number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gradcheck_sym.arrays import Array, Named, Variable, elementwise
from gradcheck_sym.kernel.context import Context, Definition
from gradcheck_sym.rules import ACTIVATIONS, LOSSES
from gradcheck_sym.shapes import Axis, letters, symbol
from gradcheck_sym.sizes import Size, parse_size


@dataclass(frozen=True)
class Network:
    """A multi-layer perceptron m-d-t with n examples, and its loss.

    `Network(2, 2, 2)` has one example, `Network(4, 3, 5, n=3)` has three. A name stands for
    every positive integer: `Network("m", "d", "t", n="n")` is all such networks at once, and
    the same name twice means equal sizes. Raises `SizeError` for a size that is neither.
    """

    m: Size
    d: Size
    t: Size
    n: Size = 1
    hidden: str = "sigmoid"
    output: str = "sigmoid"
    loss: str = "bce"

    def __post_init__(self) -> None:
        for label in "mdtn":
            object.__setattr__(self, label, parse_size(label, getattr(self, label)))

    @property
    def sizes(self) -> dict[str, Size]:
        """The sizes m, d, t and n by name."""
        return {label: getattr(self, label) for label in "mdtn"}

    @cached_property
    def arrays(self) -> Mapping[str, Array]:
        """X, W_h, W_out, Y, Z_h, A_h, Z_out, A_out, delta_out and J by name."""
        m, d, t, n = (Axis(label, symbol(size)) for label, size in self.sizes.items())
        x, y = Variable("X", (n, m)), Variable("Y", (n, t))
        w_h, w_out = Variable("W_h", (m, d)), Variable("W_out", (d, t))
        z_h = Named("Z_h", x @ w_h)
        a_h = Named("A_h", elementwise(ACTIVATIONS[self.hidden], z_h))
        z_out = Named("Z_out", a_h @ w_out)
        a_out = Named("A_out", elementwise(ACTIVATIONS[self.output], z_out))
        delta_out = Named("delta_out", a_out - y)
        loss = Named("J", elementwise(LOSSES[self.loss], y, a_out).sum())
        named = (x, w_h, w_out, y, z_h, a_h, z_out, a_out, delta_out, loss)
        return {array.name: array for array in named}

    def named(self, name: str) -> Named:
        """The array of that name, which has a definition."""
        array = self.arrays[name]
        if not isinstance(array, Named):
            raise TypeError(f"{name} is free, not defined by others")
        return array

    def variable(self, name: str) -> Variable:
        """The free array of that name."""
        array = self.arrays[name]
        if not isinstance(array, Variable):
            raise TypeError(f"{name} is defined by others, not free")
        return array

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """The general entry of every named array, in order of dependency, J last."""
        found: dict[str, Definition] = {}
        for array in self.arrays.values():
            if isinstance(array, Named):
                indices = letters(array.shape)
                found[array.name] = Definition(indices, array.definition[indices])
        return found

    @cached_property
    def context(self) -> Context:
        """The definitions as the kernel wants them; J is none, it is what is differentiated."""
        found = {name: value for name, value in self.definitions.items() if name != "J"}
        names = (size for size in self.sizes.values() if isinstance(size, str))
        return Context(found, sizes=tuple(dict.fromkeys(names)))
