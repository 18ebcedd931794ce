"""The whole argument in one function: a network and a claim → a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from gradcheck_sym.answer import Answers
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.deadline import OutOfTime, deadline, seconds_of
from gradcheck_sym.errors import AssumptionError, Disagreement, RuleError
from gradcheck_sym.everywhere import Progress
from gradcheck_sym.grid import Grid
from gradcheck_sym.mlp.beside import kinks_left_out, remarked, what_is_wrong
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.description import definitions, inputs, summary
from gradcheck_sym.mlp.entries import decided
from gradcheck_sym.mlp.formula import formula
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import background, parameter_of, question
from gradcheck_sym.mlp.textbook import textbook
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.slopes import Slopes
from gradcheck_sym.refuter.likely import hunch
from gradcheck_sym.report import Report
from gradcheck_sym.sizes import check_cost
from gradcheck_sym.verdict import Proved

if TYPE_CHECKING:
    from gradcheck_sym.audit import Audited
    from gradcheck_sym.hypotheses import Assumption
    from gradcheck_sym.question import Question
    from gradcheck_sym.steps import Derivation

TIMEOUT = 10.0  # seconds


def check(
    network: Network,
    claim: Claim | str | None = None,
    *,
    wrt: str | None = None,
    assume: Sequence[str] = (),
    audit: bool = False,
    steps: bool = False,
    timeout: float | None = TIMEOUT,
    progress: Progress | None = None,
) -> Report:
    """Decide for every entry of the parameter `wrt` that ∂J/∂(wrt) equals the claim.

    Without a claim it is the textbook's, for W_out if `wrt` is not given: (A_h)ᵀ δ_out; one may be
    text, as for `formula`. `assume` holds hypotheses such as "Y.sum(axis=1) == 1". `audit` asks for
    difference quotients of J at up to 64 entries, which are looked at anyway where that is cheap,
    `steps` for the derivation and the proof. More than `timeout` seconds of work are undecided;
    `progress` is told (entries done, entries in all). Raises `GradcheckError` for sizes whose work
    would not fit, a claim of the wrong shape and hypotheses of no use, and `Disagreement` if the
    audit contradicts a verdict.
    """
    claim = formula(claim, network, wrt or "W_out") if isinstance(claim, str) else claim
    if claim is not None:
        from gradcheck_sym.mlp.general import refuse_other_text

        refuse_other_text(network, claim)
    if claim and wrt and claim.wrt != wrt:
        raise RuleError(f"wrt is {wrt}, and the claim says {claim.wrt}; leave one of them out")
    wrt = claim.wrt if claim else wrt or "W_out"
    (report,) = check_all(
        network,
        [(wrt, claim)],
        assume=assume,
        audit=audit,
        steps=steps,
        timeout=timeout,
        progress=progress,
    )
    return report


def check_all(
    network: Network,
    asked: Sequence[tuple[str, Claim | None]],
    *,
    assume: Sequence[str] = (),
    audit: bool = False,
    steps: bool = False,
    timeout: float | None = TIMEOUT,
    progress: Progress | None = None,
) -> list[Report]:
    """What `check` says of several parameters; what is found on the way serves all of them."""
    timeout = seconds_of(timeout)
    assumed = _assumed(assume, network, timeout)
    known = Known(network, assumed) if len(asked) > 1 else None
    options = _Options(assumed, audit, steps, timeout, progress)
    return [_checked(network, wrt, claim, options, known) for wrt, claim in asked]


@dataclass(frozen=True)
class _Options:
    """What is asked beside the claim."""

    assumed: Sequence[Assumption]
    audit: bool
    steps: bool
    timeout: float | None
    progress: Progress | None


class Known:
    """The slopes of a network's loss that were found so far, for all claims about it."""

    def __init__(self, network: Network, assumed: Sequence[Assumption]) -> None:
        self._network, self._question = network, background(network, assumed)
        self._slopes: Slopes | None = None

    def of(self, network: Network) -> Slopes | None:
        """Those of this network, which may be another one, in which a name is free."""
        if network is not self._network:
            return None
        if self._slopes is None:
            statement, always = self._question.statement, self._question.always
            self._slopes = Slopes(Knowledge(statement, always), always, hunch(statement))
        return self._slopes

    def forget(self) -> None:
        """Begin again: what was interrupted is half done."""
        self._slopes = None


def _checked(
    network: Network, wrt: str, claim: Claim | None, options: _Options, known: Known | None
) -> Report:
    started = perf_counter()
    steps, assumed, timeout = options.steps, options.assumed, options.timeout
    parameter_of(network, wrt)
    if steps and wrt not in network.parameters:
        raise RuleError(
            f"--steps tells the derivation by weights and biases; by {wrt} there is the proof in "
            "--format json"
        )
    network = network.by(wrt)
    shape = sizes(parameter_of(network, wrt).shape)
    check_cost(network.sizes, shape, network.later(wrt))
    typed, (claim, asked) = claim, _asked(network, wrt, claim, options)
    answers = Answers(asked, timeout, known.of(network) if known else None)
    entries = decided(answers, wrt, options.progress)
    derivation = _derivation(network, wrt, answers.question, entries, options) if steps else None
    if known and answers.interrupted:
        known.forget()
    return Report(
        network=summary(network),
        inputs=inputs(network, wrt),
        definitions=definitions(network, wrt, claim.array),
        wrt=wrt,
        claim=claim.text,
        assumed=tuple(one.sentence for one in assumed),
        entries=entries,
        audit=_audited(answers, entries, wanted=options.audit),
        derivation=derivation,
        too_long=steps and derivation is None,
        kinks=kinks_left_out(network, entries),
        **what_is_wrong(network, claim, answers.question, assumed, entries, timeout),
        remarks=remarked(network, typed, assumed, entries, timeout),
        seconds=perf_counter() - started,
    )


def _asked(
    network: Network, wrt: str, claim: Claim | None, options: _Options
) -> tuple[Claim, Question]:
    """The claim, which is the textbook's if there is none, and the question that it makes."""
    try:
        with deadline(options.timeout):
            asked = claim or textbook(network, wrt)
            return asked, question(network, asked, options.assumed)
    except OutOfTime:
        raise RuleError(
            "the formulas of the network and of its gradient take too long to be written down: "
            "write simpler ones, or raise --timeout"
        ) from None


# What most checks do not need is imported where it is: start-up is part of speed.
def _assumed(texts: Sequence[str], network: Network, timeout: float | None) -> Sequence[Assumption]:
    if not texts:
        return ()
    texts = (texts,) if isinstance(texts, str) or not isinstance(texts, Iterable) else [*texts]
    for text in texts:
        if not isinstance(text, str):
            raise AssumptionError(f"--assume {text!r}: a hypothesis is text, such as 'Y**2 == Y'")
    from gradcheck_sym.mlp.hypotheses import assumptions

    try:
        with deadline(timeout):
            return assumptions(texts, network)
    except (OutOfTime, TooLarge):
        raise AssumptionError(
            "--assume: what it says takes too long to be made out; write it in a simpler way"
        ) from None


def _audited(answers: Answers, entries: Grid, *, wanted: bool) -> Audited | None:
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
    network: Network, wrt: str, asked: Question, entries: Grid, options: _Options
) -> Derivation | None:
    """The derivation, or None where it takes longer than the timeout."""
    from gradcheck_sym.mlp.derivation import derive

    proofs = (v.evidence for v in entries.distinct if isinstance(v, Proved))
    seconds = options.timeout
    with suppress(OutOfTime, TooLarge, RecursionError), deadline(seconds):
        if found := next(proofs, None):
            return derive(network, wrt, asked, found, seconds=seconds)
        instead = question(network, textbook(network, wrt), options.assumed)
        right = Answers(instead, seconds).general
        known = right.evidence if right else None
        return derive(network, wrt, asked, None, known, seconds=seconds)
    return None
