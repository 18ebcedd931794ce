"""The whole argument in one function: a network and a claim → a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import product
from math import prod
from time import perf_counter
from typing import TYPE_CHECKING, Any

import sympy

from gradcheck_sym.answer import Answers
from gradcheck_sym.arrays import Named
from gradcheck_sym.claims import Claim
from gradcheck_sym.claims.checked import parameter_of, refuse_misfit
from gradcheck_sym.claims.textbook import deltas, textbook
from gradcheck_sym.description import definitions, inputs, summary
from gradcheck_sym.errors import Disagreement
from gradcheck_sym.network import Network
from gradcheck_sym.report import Entry, Formula, Report
from gradcheck_sym.shapes import counts
from gradcheck_sym.sizes import check_cost
from gradcheck_sym.statement import question
from gradcheck_sym.steps import Place
from gradcheck_sym.to_sympy import to_sympy
from gradcheck_sym.verdict import Proved, Refuted

if TYPE_CHECKING:
    from gradcheck_sym.assumptions import Assumption
    from gradcheck_sym.audit import Audited
    from gradcheck_sym.question import Question
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
    holds hypotheses such as "Y.sum(axis=1) == 1". `audit` asks for difference quotients of J at
    up to 64 entries, which are looked at anyway where that is cheap, `steps` for the derivation
    and the proof; `progress` is told (entries done, entries in all). Raises
    `GradcheckError` for sizes whose work would not fit, for a claim of the wrong shape and for
    hypotheses of no use, and `Disagreement` if the audit contradicts a verdict.
    """
    started = perf_counter()
    wrt = claim.wrt if claim else wrt or "W_out"
    parameter = parameter_of(network, wrt)
    check_cost(network.sizes, counts(parameter.shape), network.later(wrt))
    claim = claim or textbook(network, wrt)
    refuse_misfit(claim, network)
    assumed = _assumed(assume, network)

    index = sympy.symbols("p q")[-len(parameter.shape) :]
    answers = Answers(question(network, claim, assumed))
    entries = tuple(_entries(answers, claim, index, progress))
    return Report(
        network=summary(network),
        inputs=inputs(network),
        definitions=definitions(network, wrt),
        wrt=wrt,
        claim=claim.text,
        assumed=tuple(one.sentence for one in assumed),
        entries=entries,
        audit=_audited(answers, entries, wanted=audit),
        derivation=_derivation(network, wrt, answers.question, entries) if steps else None,
        kinks=_kinks(network, entries),
        **_what_is_wrong(network, claim, answers.question, assumed, entries),
        seconds=perf_counter() - started,
    )


# What most checks do not need is imported where it is: start-up is part of speed.


def _assumed(texts: Sequence[str], network: Network) -> Sequence[Assumption]:
    if not texts:
        return ()
    from gradcheck_sym.assumptions import assumptions

    return assumptions(texts, network)


def _audited(answers: Answers, entries: Sequence[Entry], *, wanted: bool) -> Audited | None:
    """What the audit says, if it is asked for or costs next to nothing; raises `Disagreement`."""
    from gradcheck_sym.audit import MOST_AUDITED, audited, is_cheap

    statement = answers.question.statement
    if not wanted and not is_cheap(statement, len(entries)):
        return None
    spread = entries[:: -(-len(entries) // MOST_AUDITED)]
    found = audited(statement, {tuple(e.numbers.items()): e.verdict for e in spread})
    if found.disagree:
        raise Disagreement(
            f"entry {found.disagree[0]}: the difference quotient of J contradicts the verdict"
        )
    return found


def _derivation(
    network: Network, wrt: str, asked: Question, entries: Sequence[Entry]
) -> Derivation:
    from gradcheck_sym.derivation import derive

    proofs = (e.verdict.evidence for e in entries if isinstance(e.verdict, Proved))
    return derive(network, wrt, asked, next(proofs, None))


def _kinks(network: Network, entries: Sequence[Entry]) -> tuple[Kink, ...]:
    """What is to be said of the kinks that the proofs leave out."""
    proofs = (entry.verdict.evidence for entry in entries if isinstance(entry.verdict, Proved))
    conditions = dict.fromkeys(condition for proof in proofs for condition in proof.conditions)
    if not conditions:
        return ()
    from gradcheck_sym.kinks import kinks

    return tuple(kinks(network, conditions))


def _what_is_wrong(
    network: Network,
    claim: Claim,
    asked: Question,
    assumed: Sequence[Assumption],
    entries: Sequence[Entry],
) -> dict[str, Any]:
    """For a refuted claim: the diagnosis, and the network as NumPy code."""
    refuted = [e.verdict.counterexample for e in entries if isinstance(e.verdict, Refuted)]
    if not refuted:
        return {}
    from gradcheck_sym.diagnosis import diagnose, missing
    from gradcheck_sym.numpy_code import code

    named = {**network.arrays, **deltas(network)}.items()
    found = {name: array.definition for name, array in named if isinstance(array, Named)}
    wanted = missing(network, claim, assumed)
    telling = None if wanted else diagnose(network, claim, asked, refuted[0])
    return {
        "diagnosis": telling,
        "missing": wanted,
        "code": {name: code(array, inlined=name == "J") for name, array in found.items()},
    }


def _entries(
    answers: Answers,
    claim: Claim,
    index: tuple[sympy.Symbol, ...],
    progress: Progress | None,
) -> Iterator[Entry]:
    """Decide entry by entry; an index over a size that is a name stays a name."""
    letters = answers.question.free_letters
    names = {letter: letter.name for letter in letters}
    derivative = to_sympy(answers.prover.derivative(), names)
    claimed = claim.array[index]

    @cache
    def difference() -> sympy.Expr:
        return to_sympy(answers.prover.difference(), names)

    ranges = [letter.size for letter in letters]
    places = [range(1, s + 1) if isinstance(s, int) else [None] for s in ranges]
    total = prod(map(len, places))
    for done, numbers in enumerate(product(*places), start=1):
        at = {name: k for name, k in zip(index, numbers, strict=True) if k is not None}
        verdict = answers.entry({name.name: k for name, k in at.items()})
        left = sympy.S.Zero if isinstance(verdict, Proved) else difference()
        yield Entry(
            place=Place(
                claim.wrt,
                tuple(sympy.Integer(at[name]) if name in at else name for name in index),
            ),
            derivative=Formula(derivative, at),
            claim=Formula(claimed, at),
            difference=Formula(left, at),
            verdict=verdict,
        )
        if progress:
            progress(done, total)
