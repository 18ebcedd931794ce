"""Whether a claim speaks of the network that it is checked against."""

from __future__ import annotations

from gradcheck_sym.arrays import Array, Named, Variable
from gradcheck_sym.claims import Claim
from gradcheck_sym.claims.textbook import names
from gradcheck_sym.errors import RuleError, ShapeError
from gradcheck_sym.network import Network
from gradcheck_sym.shapes import letters, show


def refuse_misfit(claim: Claim, network: Network) -> None:
    """Raise `ShapeError` for a claim of another shape, or about the names of another network."""
    _check_shape(claim, parameter_of(network, claim.wrt))
    _check_names(claim, network)


def parameter_of(network: Network, name: str) -> Variable:
    """The parameter of that name; raises `RuleError`."""
    if name not in network.parameters:
        there = ", ".join(network.parameters)
        raise RuleError(f"{name} is no parameter of this network; there are {there}")
    return network.variable(name)


def _check_names(claim: Claim, network: Network) -> None:
    """Refuse the names of another network: entries are told apart by their names alone.

    What an equal network gave, with the same definitions all the way down, is as good as ours.
    """
    own = names(network)
    pending: list[Array] = [claim.array]
    seen: set[Array] = set()
    while pending:
        array = pending.pop()
        if array in seen:
            continue
        seen.add(array)
        ours = own.get(array.name) if isinstance(array, Named | Variable) else None
        if isinstance(array, Named | Variable) and (ours is None or not _is_like(array, ours)):
            raise ShapeError(f"the claim {claim.text}: its {array.name} is not this network's")
        pending += array.operands if array is not ours else ()


def _is_like(array: Array, ours: Array) -> bool:
    """Whether the two have the same shape and, in the same names, the same definition."""
    if array is ours:
        return True
    index = letters(ours.shape)
    if type(array) is not type(ours) or array.shape != ours.shape:
        return False
    return not isinstance(ours, Named) or array.operands[0][index] == ours.definition[index]


def _check_shape(claim: Claim, weights: Variable) -> None:
    if [axis.size for axis in claim.array.shape] != [axis.size for axis in weights.shape]:
        raise ShapeError(
            f"the claim {claim.text} has the shape {show(claim.array.shape)}; "
            f"∂J/∂{weights.name} needs {show(weights.shape)}"
        )
