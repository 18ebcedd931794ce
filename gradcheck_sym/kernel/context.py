"""What the expressions that the kernel is given speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy

from gradcheck_sym.kernel.polynomial import Index


@dataclass(frozen=True)
class Definition:
    """A let-binding: name[indices] stands for `value`, in terms of earlier names."""

    indices: tuple[sympy.Symbol, ...]
    value: sympy.Expr

    def at(self, indices: tuple[sympy.Expr, ...]) -> sympy.Expr:
        """The value at these indices."""
        return self.value.xreplace(dict(zip(self.indices, indices, strict=True)))


@dataclass(frozen=True)
class Domain:
    """Expressions that must not be zero, must be positive, must not be negative."""

    nonzero: tuple[sympy.Expr, ...] = ()
    positive: tuple[sympy.Expr, ...] = ()
    nonnegative: tuple[sympy.Expr, ...] = ()


@dataclass(frozen=True)
class Context:
    """Names with definitions, in order of dependency; every other name is any real number.

    A definition is defined for all values of the inputs. `ranges` gives for each free index
    the size over which it runs, from 1; a size is a positive integer or one of the names in
    `sizes`, which stand for any positive integers.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    ranges: Mapping[str, Index] = field(default_factory=dict)
    sizes: tuple[str, ...] = ()
