"""The whole argument in one function: a network and a claim → a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import prod
from time import perf_counter
from typing import TYPE_CHECKING, Any

import sympy

from gradcheck_sym.arrays import Named, Variable
from gradcheck_sym.claims import Claim
from gradcheck_sym.claims.checked import parameter_of, refuse_misfit
from gradcheck_sym.claims.textbook import deltas, textbook
from gradcheck_sym.description import definitions, inputs, summary
from gradcheck_sym.domain import domain
from gradcheck_sym.errors import Disagreement
from gradcheck_sym.gradient import gradient
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.network import Network, defined
from gradcheck_sym.report import Entry, Formula, Report
from gradcheck_sym.shapes import counts
from gradcheck_sym.sizes import check_cost
from gradcheck_sym.steps import Place
from gradcheck_sym.verdict import Proved, Refuted, Verdict

if TYPE_CHECKING:
    from gradcheck_sym.assumptions import Assumption
    from gradcheck_sym.audit import Audit
    from gradcheck_sym.kernel.context import Context, Requirement
    from gradcheck_sym.kernel.polynomial import Index
    from gradcheck_sym.steps import Derivation, Kink

Progress = Callable[[int, int], None]


def check(
    network: Network,
    claim: Claim | None = None,
    *,
    wrt: str | None = None,
    assume: Sequence[str] = (),
    audit: bool = False,
    steps: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Decide for every entry of the parameter `wrt` that ∂J/∂(wrt) equals the claim.

    Without a claim it is the textbook's, for W_out if `wrt` is not given: (A_h)ᵀ δ_out. `assume`
    holds hypotheses such as "Y.sum(axis=1) == 1". `audit` asks for a second, independent
    derivative of every entry, `steps` for the derivation that leads to the claim; `progress` is
    told (entries done, entries in all). Raises `GradcheckError` for sizes whose work would not
    fit, for a claim of the wrong shape and for hypotheses of no use, and `Disagreement` if the
    two routes contradict each other.
    """
    started = perf_counter()
    wrt = claim.wrt if claim else wrt or "W_out"
    parameter = parameter_of(network, wrt)
    check_cost(network.sizes, counts(parameter.shape), network.later(wrt))
    claim = claim or textbook(network, wrt)
    refuse_misfit(claim, network)
    assumed = _assumed(assume, network)

    index = sympy.symbols("p q")[-len(parameter.shape) :]
    ranges = {name.name: axis.count for name, axis in zip(index, parameter.shape, strict=True)}
    context = _context(network, ranges, assumed)
    needed = (*_around(network, context), *domain(claim.array))
    derivative = gradient(network.arrays["J"], parameter)
    equation = Equation(derivative[index], claim.array[index], context, needed)
    second = _audit(network, parameter, claim, context) if audit else None
    entries = tuple(_entries(equation, wrt, index, second, progress))
    return Report(
        network=summary(network),
        inputs=inputs(network),
        definitions=definitions(network, wrt),
        wrt=wrt,
        claim=claim.text,
        assumed=tuple(one.sentence for one in assumed),
        entries=entries,
        audited=audit,
        derivation=_derivation(network, wrt, context) if steps else None,
        kinks=_kinks(network, entries),
        **_what_is_wrong(network, claim, equation, entries),
        seconds=perf_counter() - started,
    )


def _around(network: Network, context: Context) -> Iterator[Requirement]:
    """Where J is defined with its neighbourhood: roots of what moves with a parameter are not 0."""
    moving = {*context.definitions, *network.parameters}
    for requirement in domain(network.arrays["J"], through_names=True):
        names = {entry.base.name for entry in requirement.entry.value.atoms(sympy.Indexed)}
        edge = requirement.relation == "≥" and not names.isdisjoint(moving)
        yield replace(requirement, relation=">") if edge else requirement


def _context(network: Network, ranges: dict[str, Index], assumed: Sequence[Assumption]) -> Context:
    """The network's names, the deltas as abbreviations, the indices p and q, the hypotheses."""
    context = replace(
        network.context,
        definitions={**network.context.definitions, **defined(deltas(network), short=True)},
        ranges=ranges,
    )
    if not assumed:
        return context
    from gradcheck_sym.assumptions import hypotheses

    return replace(context, hypotheses=hypotheses(assumed, network))


# What most checks do not need is imported where it is: start-up is part of speed.


def _assumed(texts: Sequence[str], network: Network) -> Sequence[Assumption]:
    if not texts:
        return ()
    from gradcheck_sym.assumptions import assumptions

    return assumptions(texts, network)


def _audit(network: Network, parameter: Variable, claim: Claim, context: Context) -> Audit:
    from gradcheck_sym.audit import Audit

    return Audit(network, parameter, claim.array, context)


def _derivation(network: Network, wrt: str, context: Context) -> Derivation:
    from gradcheck_sym.derivation import derive

    return derive(network, wrt, context)


def _kinks(network: Network, entries: Sequence[Entry]) -> tuple[Kink, ...]:
    """What is to be said of the kinks that the proofs leave out."""
    proofs = (entry.verdict.evidence for entry in entries if isinstance(entry.verdict, Proved))
    conditions = dict.fromkeys(condition for proof in proofs for condition in proof.conditions)
    if not conditions:
        return ()
    from gradcheck_sym.kinks import kinks

    return tuple(kinks(network, conditions))


def _what_is_wrong(
    network: Network, claim: Claim, equation: Equation, entries: Sequence[Entry]
) -> dict[str, Any]:
    """For a refuted claim: the diagnosis, and the network as NumPy code."""
    refuted = [e.verdict.counterexample for e in entries if isinstance(e.verdict, Refuted)]
    if not refuted:
        return {}
    from gradcheck_sym.diagnosis import diagnose, missing
    from gradcheck_sym.numpy_code import code

    open_ = [entry.numbers for entry in entries if not isinstance(entry.verdict, Proved)]
    shut = [entry.numbers for entry in entries if isinstance(entry.verdict, Proved)]
    named = {**network.arrays, **deltas(network)}.items()
    found = {name: array.definition for name, array in named if isinstance(array, Named)}
    wanted = missing(network, equation, open_)
    telling = None if wanted else diagnose(network, claim, equation, [*open_, *shut], refuted[0])
    return {
        "diagnosis": telling,
        "missing": wanted,
        "code": {name: code(array, inlined=name == "J") for name, array in found.items()},
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
