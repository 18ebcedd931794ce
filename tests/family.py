"""The whole family: every activation, output and loss that go together, and errors to plant.

`python -m tests.family` asks of every member with bias, by every parameter, what a kind of run
asks, and prints what is not as it should be, the counts and the slowest:

    proofs   the textbook's claim is proved at 2-2-2 n = 2
    names    and at m-d-t n
    audits   the audit agrees at 2-2-2 n = 1 and n = 2
    planted  each planted error is refuted at 2-2-2 n = 2

The test suite runs the members in `covering`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from gradcheck_sym import Network, check, formula
from gradcheck_sym.mlp.textbook import gradient_text
from gradcheck_sym.report import Report
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, ROWWISE

REAL = (*ACTIVATIONS,)
OUTPUTS = {  # the outputs whose values a loss is defined for, whatever the inputs are
    "bce": ("sigmoid", "softmax"),
    "ce": ("sigmoid", "softmax", "softplus"),
    "nll": ("log_softmax",),
    "mse": (*REAL, *ROWWISE),
    "half_mse": (*REAL, *ROWWISE),
    "hinge": REAL,
}
ASSUMED = {("softmax", "ce"), ("log_softmax", "nll")}  # hold if each row of Y sums to 1


@dataclass(frozen=True)
class Member:
    """One member of the family."""

    hidden: str
    output: str
    loss: str

    def __str__(self) -> str:
        return f"{self.hidden} → {self.output}, {self.loss}"

    @property
    def assume(self) -> tuple[str, ...]:
        """The hypothesis of its theorem."""
        return ("Y.sum(axis=1) == 1",) if (self.output, self.loss) in ASSUMED else ()

    def network(self, *sizes: int | str, n: int | str) -> Network:
        """The network with biases."""
        return Network(
            *sizes, n=n, hidden=self.hidden, output=self.output, loss=self.loss, bias=True
        )

    def check(self, network: Network, wrt: str, claim: str | None = None, **options) -> Report:
        """The report on the textbook's claim, or on another."""
        typed = formula(claim, network, wrt) if claim else None
        return check(network, typed, wrt=wrt, assume=self.assume, **options)


def members() -> list[Member]:
    """All of them."""
    return [
        Member(hidden, output, loss)
        for loss in LOSSES
        for output in OUTPUTS[loss]
        for hidden in ACTIVATIONS
    ]


def covering() -> list[Member]:
    """Some of them: each output with each of its losses, and each hidden activation often."""
    hidden = list(ACTIVATIONS)
    pairs = [(output, loss) for loss in LOSSES for output in OUTPUTS[loss]]
    cycled = [Member(hidden[k % len(hidden)], *pair) for k, pair in enumerate(pairs)]
    return list(dict.fromkeys([*cycled, *(Member(name, "sigmoid", "bce") for name in hidden)]))


def planted(network: Network, wrt: str) -> Iterator[str]:
    """The textbook's formula, made wrong."""
    right = gradient_text(network, wrt)
    layer = network.layer_of(wrt)
    yield f"-({right})"
    yield f"({right}) * 1.0005"
    yield f"({right}) / n"
    if wrt != layer.bias:
        yield f"({right}).T"
        yield right.replace(layer.source, "Y" if wrt == "W_h" else "A_out", 1)
    if layer.name == "h":
        error = "delta_out @ W_out.T"
        wrong = f"({error}) * Z_h"
        yield right.replace("delta_h", f"({wrong})")
        if network.hidden != "identity":
            yield right.replace("delta_h", f"({error})")


# The harness ---------------------------------------------------------------------------------

Finding = tuple[str, float, str]  # the question, the seconds it took, and what was not expected


def proofs(member: Member, sizes: tuple[int | str, ...], n: int | str) -> Iterator[Finding]:
    """Every parameter's textbook claim has to be proved."""
    network = member.network(*sizes, n=n)
    for wrt in network.parameters:
        started = perf_counter()
        report = member.check(network, wrt)
        wrong = [entry.verdict for entry in report.entries if entry.kind != "proved"]
        yield f"{member} {wrt}", perf_counter() - started, str(wrong[0]) if wrong else ""


def audits(member: Member) -> Iterator[Finding]:
    """The second route has to come to the same verdicts."""
    for n in (1, 2):
        network = member.network(2, 2, 2, n=n)
        for wrt in network.parameters:
            started = perf_counter()
            report = member.check(network, wrt, audit=True)
            looked = report.audit.entries == len(report.entries)
            wrong = [] if looked and report.verdict == "proved" else [report.audit]
            asked = f"{member} {wrt}, n = {n}, audited"
            yield asked, perf_counter() - started, str(wrong[0]) if wrong else ""


def errors(member: Member) -> Iterator[Finding]:
    """Every planted error has to be refuted in some entry, and undecided in none."""
    network = member.network(2, 2, 2, n=2)
    for wrt in network.parameters:
        for claim in planted(network, wrt):
            started = perf_counter()
            found = member.check(network, wrt, claim)
            right = found.verdict == "refuted" and not found.counts["undecided"]
            asked = f"{member} {wrt}, planted {claim}"
            yield asked, perf_counter() - started, "" if right else str(found.counts)


KINDS: dict[str, Callable[[Member], Iterator[Finding]]] = {
    "proofs": partial(proofs, sizes=(2, 2, 2), n=2),
    "names": partial(proofs, sizes=("m", "d", "t"), n="n"),
    "audits": audits,
    "planted": errors,
}


def _run(kind: str, member: Member) -> list[Finding]:
    return list(KINDS[kind](member))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], help="what to run; all if none")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at once")
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs) as pool:
        for kind in asked.kinds or KINDS:
            findings: list[Finding] = []
            for found in pool.map(partial(_run, kind), members()):
                findings += found
                for question, _, wrong in found:
                    if wrong:
                        print(f"{question}: {wrong}", flush=True)
            slowest = max(findings, key=lambda finding: finding[1])
            unexpected = sum(bool(wrong) for _, _, wrong in findings)
            print(
                f"{kind}: {len(members())} members, {len(findings)} questions, "
                f"{unexpected} not as expected; the slowest: {slowest[0]}, {slowest[1]:.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
