"""What the expressions that the kernel is given speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy

from gradcheck_sym.kernel.polynomial import Index


@dataclass(frozen=True)
class Definition:
    """A let-binding: name[indices] stands for `value`, in terms of earlier names.

    A `short` one is an abbreviation, which is always written out.
    """

    indices: tuple[sympy.Symbol, ...]
    value: sympy.Expr
    short: bool = False

    def at(self, indices: tuple[sympy.Expr, ...]) -> sympy.Expr:
        """The value at these indices; the letters of its own sums give way to theirs."""
        values = dict(zip(self.indices, indices, strict=True))
        taken = {symbol for index in indices for symbol in index.free_symbols}
        bound = {limit[0] for total in self.value.atoms(sympy.Sum) for limit in total.limits}
        apart = {letter: sympy.Dummy(letter.name) for letter in bound & taken}
        return self.value.xreplace(apart).xreplace(values)


@dataclass(frozen=True)
class Requirement:
    """A value at all indices from 1 to these sizes that has to be "≠", ">" or "≥" 0."""

    entry: Definition
    sizes: tuple[Index, ...]
    relation: str


Domain = tuple[Requirement, ...]


@dataclass(frozen=True)
class Hypotheses:
    """What is assumed of the entries of free arrays.

    `row_sums` gives the width of arrays whose rows sum to 1; entries of those in `binary` are 0
    or 1, in `signs` −1 or 1.
    """

    row_sums: Mapping[str, Index] = field(default_factory=dict)
    binary: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The arrays that something is assumed of."""
        return self.binary.union(self.signs, self.row_sums)


@dataclass(frozen=True)
class Context:
    """Names with definitions, in order of dependency; every other name is any real number.

    `ranges` gives for each free index the size over which it runs, from 1; a size is a positive
    integer or one of the names in `sizes`, which stand for any positive integers.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    ranges: Mapping[str, Index] = field(default_factory=dict)
    sizes: tuple[str, ...] = ()
    hypotheses: Hypotheses = field(default_factory=Hypotheses)
