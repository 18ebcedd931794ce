"""The whole argument in one function: a network and a claim → a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import prod
from time import perf_counter
from typing import TYPE_CHECKING, Any

import sympy

from gradcheck_sym.arrays import Variable
from gradcheck_sym.claims import Claim
from gradcheck_sym.claims.textbook import textbook
from gradcheck_sym.domain import domain
from gradcheck_sym.errors import Disagreement, ShapeError
from gradcheck_sym.gradient import gradient
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.network import Network
from gradcheck_sym.report import Definition, Entry, Formula, Report, Summary
from gradcheck_sym.shapes import counts, show
from gradcheck_sym.sizes import Size, check_cost
from gradcheck_sym.steps import Place
from gradcheck_sym.verdict import Proved, Refuted, Verdict

if TYPE_CHECKING:
    from gradcheck_sym.audit import Audit
    from gradcheck_sym.kernel.context import Context
    from gradcheck_sym.steps import Derivation

Progress = Callable[[int, int], None]


def check(
    network: Network,
    claim: Claim | None = None,
    *,
    audit: bool = False,
    steps: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Decide for every entry of W_out that ∂J/∂W_out equals the claim, (A_h)ᵀ δ_out if None.

    `audit` asks for a second, independent derivative of every entry, `steps` for the
    derivation that leads to the claim; `progress` is told
    (entries done, entries in all). Raises `GradcheckError` for sizes whose work would not fit and
    for a claim of the wrong shape, and `Disagreement` if the two routes contradict each other.
    """
    started = perf_counter()
    check_cost(network.sizes)
    claim = claim or textbook(network)
    weights = network.variable("W_out")
    _check_shape(claim, weights)

    derivative = gradient(network.arrays["J"], weights)
    row, column = index = sympy.symbols("p q")
    ranges = {name.name: axis.count for name, axis in zip(index, weights.shape, strict=True)}
    context = replace(network.context, ranges=ranges)
    equation = Equation(
        derivative[row, column], claim.array[row, column], context, domain(claim.array)
    )
    second = _audit(network, weights, claim) if audit else None
    entries = tuple(_entries(equation, weights.name, index, second, progress))
    return Report(
        network=Summary(network.sizes, network.hidden, network.output, network.loss),
        inputs=_inputs(network),
        definitions=_definitions(network),
        wrt=weights.name,
        claim=claim.text,
        entries=entries,
        audited=audit,
        derivation=_derivation(network) if steps else None,
        **_what_is_wrong(network, claim, context, entries),
        seconds=perf_counter() - started,
    )


# What most checks do not need is imported where it is: start-up is part of speed.


def _audit(network: Network, weights: Variable, claim: Claim) -> Audit:
    from gradcheck_sym.audit import Audit

    return Audit(network, weights, claim.array)


def _derivation(network: Network) -> Derivation:
    from gradcheck_sym.derivation import derive

    return derive(network)


def _what_is_wrong(
    network: Network, claim: Claim, context: Context, entries: Sequence[Entry]
) -> dict[str, Any]:
    """For a refuted claim: the diagnosis, and the network as NumPy code."""
    refuted = [e.verdict.counterexample for e in entries if isinstance(e.verdict, Refuted)]
    if not refuted:
        return {}
    from gradcheck_sym.diagnosis import diagnose
    from gradcheck_sym.numpy_code import code

    places = [entry.numbers for entry in entries]
    named = ((name, network.named(name).definition) for name in network.definitions)
    return {
        "diagnosis": diagnose(network, claim.array, context, places, refuted[0]),
        "code": {name: code(array, inlined=name == "J") for name, array in named},
    }


def _entries(
    equation: Equation,
    weights: str,
    index: tuple[sympy.Symbol, ...],
    second: Audit | None,
    progress: Progress | None,
) -> Iterator[Entry]:
    """Decide entry by entry; an index over a size that is a name stays a name."""
    derivative, difference = equation.normal_form(), equation.difference()
    ranges = [equation.context.ranges[name.name] for name in index]
    places = [range(1, s + 1) if isinstance(s, int) else [None] for s in ranges]
    total = prod(map(len, places))
    for done, numbers in enumerate(product(*places), start=1):
        at = {name: k for name, k in zip(index, numbers, strict=True) if k is not None}
        verdict = equation.decide({name.name: k for name, k in at.items()})
        left = sympy.S.Zero if isinstance(verdict, Proved) else difference
        yield Entry(
            place=Place(
                weights,
                tuple(sympy.Integer(at[name]) if name in at else name for name in index),
            ),
            derivative=Formula(derivative, at),
            claim=Formula(equation.right, at),
            difference=Formula(left, at),
            verdict=verdict,
            audit=_second_opinion(second, tuple(at.values()), verdict),
        )
        if progress:
            progress(done, total)


def _second_opinion(
    second: Audit | None, index: tuple[int, ...], verdict: Verdict
) -> Verdict | None:
    """The audit's verdict; raises `Disagreement` if one route proves what the other refutes."""
    if second is None:
        return None
    opinion = second.decide(index)
    if {type(opinion), type(verdict)} == {Proved, Refuted}:
        raise Disagreement(
            f"the two derivatives of entry {index} disagree: "
            f"{type(verdict).__name__} in reverse mode, {type(opinion).__name__} in the audit"
        )
    return opinion


def _check_shape(claim: Claim, weights: Variable) -> None:
    if [axis.size for axis in claim.array.shape] != [axis.size for axis in weights.shape]:
        raise ShapeError(
            f"the claim {claim.text} has the shape {show(claim.array.shape)}; "
            f"∂J/∂{weights.name} needs {show(weights.shape)}"
        )


def _inputs(network: Network) -> dict[str, tuple[Size, ...]]:
    arrays = network.arrays.items()
    return {name: counts(a.shape) for name, a in arrays if isinstance(a, Variable)}


def _definitions(network: Network) -> tuple[Definition, ...]:
    return tuple(
        Definition(
            Place(name, found.indices),
            counts(network.arrays[name].shape),
            found.value,
        )
        for name, found in network.definitions.items()
    )
