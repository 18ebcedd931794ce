"""Statements of the family with their proofs and witnesses, as the tool finds them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from gradcheck_sym.checker.check import replay
from gradcheck_sym.checker.proof import Proof
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.mlp.hypotheses import assumptions
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import textbook
from gradcheck_sym.proofs.write import proof_json
from gradcheck_sym.prover.gradient import Prover
from gradcheck_sym.refuter.witnesses import find_witness
from tests.family import Member

NAMES = ("m", "d", "t"), "n"
NUMBERS = (2, 2, 2), 2


def proved(
    member: Member, wrt: str, sizes: tuple[tuple[int | str, ...], int | str] = NAMES
) -> tuple[Statement, Proof]:
    """The textbook's gradient of a member, and its proof."""
    network = member.network(*sizes[0], n=sizes[1])
    asked = question(network, textbook(network, wrt), assumptions(member.assume, network))
    prover = Prover(asked.statement, asked.always)
    proof = prover.prove(quick=True) or prover.prove()
    assert proof, f"{member} {wrt}"
    conditions = replay(prover.statement, proof).conditions
    return prover.statement, replace(proof, witness=find_witness(prover.statement, conditions))


@cache
def documents() -> dict[str, dict]:
    """Small proofs of all kinds as JSON: with and without conditions, cases and hypotheses."""
    asked = [
        (Member("sigmoid", "sigmoid", "bce"), "W_out", NAMES),
        (Member("sigmoid", "sigmoid", "bce"), "W_h", NUMBERS),
        (Member("tanh", "softmax", "ce"), "W_out", NAMES),
        (Member("relu", "log_softmax", "nll"), "W_h", NUMBERS),
        (Member("leaky_relu", "identity", "hinge"), "W_h", NAMES),
        (Member("elu", "tanh", "mse"), "b_h", NUMBERS),
        (Member("softplus", "softmax", "half_mse"), "b_out", NAMES),
        (Member("relu", "relu", "hinge"), "W_h", NUMBERS),
        (Member("z + cos(z)**2", "tan(z)", "half_mse"), "W_h", NAMES),
    ]
    return {f"{m} {wrt} {sizes}": proof_json(*proved(m, wrt, sizes)) for m, wrt, sizes in asked}
