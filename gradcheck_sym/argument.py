"""The whole argument in one function: a network and a claim → a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Any

from gradcheck_sym.answer import SHOWN, Answers
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.deadline import OutOfTime, deadline
from gradcheck_sym.errors import AssumptionError, Disagreement, RuleError
from gradcheck_sym.everywhere import Progress, verdicts
from gradcheck_sym.grid import Grid
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.description import definitions, inputs, summary
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import parameter_of, question
from gradcheck_sym.mlp.textbook import textbook
from gradcheck_sym.report import Report
from gradcheck_sym.shown.length import length
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.sizes import check_cost
from gradcheck_sym.term.terms import Entry, Letter, Term
from gradcheck_sym.verdict import Proved, Refuted

if TYPE_CHECKING:
    from gradcheck_sym.audit import Audited
    from gradcheck_sym.mlp.hypotheses import Assumption
    from gradcheck_sym.question import Question
    from gradcheck_sym.steps import Derivation, Kink

TIMEOUT = 10.0  # seconds
LONGEST = 2_000  # signs of a derivative that is written out


def check(
    network: Network,
    claim: Claim | None = None,
    *,
    wrt: str | None = None,
    assume: Sequence[str] = (),
    audit: bool = False,
    steps: bool = False,
    timeout: float | None = TIMEOUT,
    progress: Progress | None = None,
) -> Report:
    """Decide for every entry of the parameter `wrt` that ∂J/∂(wrt) equals the claim.

    Without a claim it is the textbook's, for W_out if `wrt` is not given: (A_h)ᵀ δ_out. `assume`
    holds hypotheses such as "Y.sum(axis=1) == 1". `audit` asks for difference quotients of J at
    up to 64 entries, which are looked at anyway where that is cheap, `steps` for the derivation
    and the proof. What takes more than `timeout` seconds of work is undecided; None is no limit.
    `progress` is told (entries done, entries in all). Raises
    `GradcheckError` for sizes whose work would not fit, for a claim of the wrong shape and for
    hypotheses of no use, and `Disagreement` if the audit contradicts a verdict.
    """
    started = perf_counter()
    wrt = claim.wrt if claim else wrt or "W_out"
    parameter_of(network, wrt)
    if steps and wrt not in network.parameters:
        raise RuleError(
            f"--steps tells the derivation by weights and biases; by {wrt} there is the proof in "
            "--format json"
        )
    network = network.by(wrt)
    shape = sizes(parameter_of(network, wrt).shape)
    check_cost(network.sizes, shape, network.later(wrt))
    claim = claim or textbook(network, wrt)
    assumed = _assumed(assume, network, timeout)

    answers = Answers(question(network, claim, assumed), timeout)
    entries = _entries(answers, wrt, progress)
    return Report(
        network=summary(network),
        inputs=inputs(network, wrt),
        definitions=definitions(network, wrt),
        wrt=wrt,
        claim=claim.text,
        assumed=tuple(one.sentence for one in assumed),
        entries=entries,
        audit=_audited(answers, entries, wanted=audit),
        derivation=_derivation(network, wrt, answers.question, entries) if steps else None,
        kinks=_kinks(network, entries),
        **_what_is_wrong(network, claim, answers.question, assumed, entries, timeout),
        seconds=perf_counter() - started,
    )


# What most checks do not need is imported where it is: start-up is part of speed.


def _assumed(texts: Sequence[str], network: Network, timeout: float | None) -> Sequence[Assumption]:
    if not texts:
        return ()
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


def _derivation(network: Network, wrt: str, asked: Question, entries: Grid) -> Derivation:
    from gradcheck_sym.mlp.derivation import derive

    proofs = (v.evidence for v in entries.distinct if isinstance(v, Proved))
    return derive(network, wrt, asked, next(proofs, None))


def _kinks(network: Network, entries: Grid) -> tuple[Kink, ...]:
    """What is to be said of the kinks that the proofs leave out."""
    proofs = (v.evidence for v in entries.distinct if isinstance(v, Proved))
    conditions = dict.fromkeys(condition for proof in proofs for condition in proof.conditions)
    if not conditions:
        return ()
    from gradcheck_sym.mlp.kinks import kinks

    return tuple(kinks(network, conditions))


def _what_is_wrong(
    network: Network,
    claim: Claim,
    asked: Question,
    assumed: Sequence[Assumption],
    entries: Grid,
    timeout: float | None,
) -> dict[str, Any]:
    """For a refuted claim: the diagnosis, and the network as NumPy code."""
    refuted = [v.counterexample for v in entries.distinct if isinstance(v, Refuted)]
    if not refuted:
        return {}
    from gradcheck_sym.mlp.diagnosis import diagnose, missing
    from gradcheck_sym.mlp.numpy_code import code

    wanted = telling = None
    with suppress(OutOfTime), deadline(timeout):
        wanted = missing(network, claim, assumed)
        telling = None if wanted else diagnose(network, claim, assumed, asked, refuted[0])
    return {"diagnosis": telling, "missing": wanted, "code": code(network)}


def _entries(answers: Answers, wrt: str, progress: Progress | None) -> Grid:
    """Decide entry by entry; an index over a size that is a name stays a name."""
    statement = answers.question.statement
    letters = answers.question.free_letters
    names = {letter: letter.name for letter in letters}
    found = verdicts(answers, progress or (lambda *_: None))
    by_name = Entry(f"dJ_d{wrt}", statement.letters)
    derivative = _shown(answers.derivative, names, by_name, answers.budget.seconds)
    claim = tidied(statement.claim, names)

    @cache
    def difference() -> Term:
        instead = tidied(derivative - claim, names)
        return _shown(answers.difference, names, instead, answers.budget.seconds)

    return Grid(
        wrt=wrt,
        letters=letters,
        derivative=derivative,
        claim=claim,
        difference=difference,
        verdicts=found,
        places=range(len(found)),
    )


def _shown(
    made: Callable[[], Term], names: dict[Letter, str], instead: Term, seconds: float | None
) -> Term:
    """A term as it is shown; another one instead where it is long, or takes long to be made."""
    limit = None if seconds is None else SHOWN + min(SHOWN, seconds)
    with suppress(OutOfTime, TooLarge), deadline(limit):
        found = tidied(made(), names)
        if length(found) <= LONGEST:
            return found
    return instead
