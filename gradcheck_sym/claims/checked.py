"""Whether a claim speaks of the network that it is checked against."""

from __future__ import annotations

from gradcheck_sym.arrays import Array, Named, Variable
from gradcheck_sym.claims import Claim
from gradcheck_sym.claims.textbook import names
from gradcheck_sym.errors import RuleError, ShapeError
from gradcheck_sym.network import Network
from gradcheck_sym.shapes import show


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
    """Refuse the names of another network: entries are told apart by their names alone."""
    own = names(network)
    pending: list[Array] = [claim.array]
    seen: set[Array] = set()
    while pending:
        array = pending.pop()
        if array in seen:
            continue
        seen.add(array)
        if isinstance(array, Named | Variable) and own.get(array.name) is not array:
            raise ShapeError(f"the claim {claim.text}: its {array.name} is not this network's")
        pending += array.operands if not isinstance(array, Named) else ()


def _check_shape(claim: Claim, weights: Variable) -> None:
    if [axis.size for axis in claim.array.shape] != [axis.size for axis in weights.shape]:
        raise ShapeError(
            f"the claim {claim.text} has the shape {show(claim.array.shape)}; "
            f"∂J/∂{weights.name} needs {show(weights.shape)}"
        )
