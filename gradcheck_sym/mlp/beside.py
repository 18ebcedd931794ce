"""What a report says beside its verdicts: kinks, remarks, and what is wrong with a claim.

Imports are where they are needed: start-up is part of speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gradcheck_sym.deadline import OutOfTime, deadline
from gradcheck_sym.grid import Grid
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.report import Remark
from gradcheck_sym.verdict import Proved, Refuted

if TYPE_CHECKING:
    from gradcheck_sym.hypotheses import Assumption
    from gradcheck_sym.question import Question
    from gradcheck_sym.steps import Kink


def kinks_left_out(network: Network, entries: Grid) -> tuple[Kink, ...]:
    """What is to be said of the kinks that the proofs leave out; nothing where that takes long."""
    proofs = [v.evidence for v in entries.distinct if isinstance(v, Proved)]
    conditions = dict.fromkeys(condition for proof in proofs for condition in proof.conditions)
    if not conditions:
        return ()
    from gradcheck_sym.answer import SHOWN
    from gradcheck_sym.mlp.kinks import kinks

    regions = dict.fromkeys(condition for proof in proofs for condition in proof.left_out)
    with suppress(OutOfTime), deadline(SHOWN):
        return tuple(kinks(network, conditions, regions))
    return ()


def remarked(
    network: Network,
    typed: Claim | None,
    assumed: Sequence[Assumption],
    entries: Grid,
    timeout: float | None,
) -> tuple[Remark, ...]:
    """What a claim that was typed rests on beside its proof."""
    if typed is None:
        return ()
    from gradcheck_sym.mlp.remarks import remarks

    proved = all(isinstance(verdict, Proved) for verdict in entries.distinct)
    return tuple(remarks(network, typed, assumed, timeout, proved=proved))


def what_is_wrong(
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
    from gradcheck_sym.mlp.diagnosis import Diagnosis, diagnose, missing
    from gradcheck_sym.mlp.numpy_code import code

    wanted, found = None, Diagnosis(None, None, ())
    with suppress(OutOfTime), deadline(timeout):
        if there := missing(network, claim, assumed):
            natural, where = there
            wanted, found = (natural.sentence, natural.text), Diagnosis(None, None, where)
        else:
            found = diagnose(network, claim, assumed, asked, refuted[0])
    said = {"diagnosis": found.sentence, "missing": wanted, "correction": found.right}
    return {**said, "mend_conditions": found.conditions, "code": code(network)}
