"""What happens where an activation or a loss has a kink: stated, not averaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy

from gradcheck_sym.arrays import Array, Map
from gradcheck_sym.network import Network
from gradcheck_sym.shapes import letters
from gradcheck_sym.steps import Kink


def kinks(network: Network, conditions: Iterable[sympy.Rel]) -> Iterator[Kink]:
    """The kinks that these conditions leave out, through the network, the loss's last."""
    left_out = {_without_indices(condition.lhs) for condition in conditions}
    for kink in _all(network):
        if not left_out.isdisjoint({_without_indices(kink.where), _without_indices(-kink.where)}):
            yield kink


def _without_indices(expr: sympy.Expr) -> sympy.Expr:
    return expr.xreplace({entry: entry.base.label for entry in expr.atoms(sympy.Indexed)})


def _all(network: Network) -> Iterator[Kink]:
    for layer in network.structure:
        definition = network.named(layer.after).definition
        if isinstance(definition, Map):
            yield from _of(layer.activation, definition, 0)
    for part in _maps(network.named("J").definition):
        yield from _of(network.loss, part, len(part.operands) - 1)


def _maps(array: Array) -> Iterator[Map]:
    """The maps of Y and A_out that the loss is made of."""
    names = [getattr(operand, "name", "") for operand in array.operands]
    if isinstance(array, Map) and "A_out" in names:
        yield array
    for operand in array.operands if "A_out" not in names else ():
        yield from _maps(operand)


def _of(what: str, function: Map, k: int) -> Iterator[Kink]:
    """The kinks of an element-wise function in its k-th operand; u and −u are the same kink."""
    slope = sympy.diff(function.body, function.symbols[k])
    steps = sorted(slope.atoms(sympy.Heaviside), key=str)
    for u in dict.fromkeys(_oriented(step.args[0]) for step in steps):
        sides = [_with_steps(slope, u, above) for above in (0, 1, sympy.S.Half)]
        rise = sympy.diff(u, function.symbols[k])
        if rise.is_number and rise != 0:
            here = -u.xreplace({function.symbols[k]: sympy.S.Zero}) / rise
            sides = [side.subs(function.symbols[k], here) for side in sides]
        entry = letters(function.shape)
        where, *values = (Map(e, function.symbols, function.operands)[entry] for e in (u, *sides))
        yield Kink(what, where, *values)


def _oriented(u: sympy.Expr) -> sympy.Expr:
    return -u if u.could_extract_minus_sign() else u


def _with_steps(slope: sympy.Expr, u: sympy.Expr, above: sympy.Expr) -> sympy.Expr:
    """The slope where the step of u is this, and that of −u what is left of 1."""
    values = {}
    for step in slope.atoms(sympy.Heaviside):
        if step.args[0] == u:
            values[step] = sympy.S(above)
        elif step.args[0] == -u:
            values[step] = 1 - sympy.S(above)
    return slope.xreplace(values)
