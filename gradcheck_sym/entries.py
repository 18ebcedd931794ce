"""The general entry of an array as an expression, and what has to hold of one."""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from gradcheck_sym.sizes import Size


@dataclass(frozen=True)
class Definition:
    """A let-binding: name[indices] stands for `value`, in terms of earlier names."""

    indices: tuple[sympy.Symbol, ...]
    value: sympy.Expr


@dataclass(frozen=True)
class Requirement:
    """A value at all indices from 1 to these sizes that has to be "≠", ">" or "≥" 0."""

    entry: Definition
    sizes: tuple[Size, ...]
    relation: str


Domain = tuple[Requirement, ...]
