"""The whole family: every activation, output and loss that go together, and errors to plant.

`python -m tests.family` proves every member at 2-2-2 n = 2 with bias, by every parameter, audits
it at n = 1, refutes every planted error, and prints what is not as it should be, and the slowest;
`--names` does the proofs at m-d-t n alone, `--proofs` those at 2-2-2. The test suite runs the
members in `covering`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

from gradcheck_sym import Network, check, formula
from gradcheck_sym.claims.textbook import gradient_text
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true", help="proofs at m-d-t n alone")
    parser.add_argument("--proofs", action="store_true", help="proofs at 2-2-2 n = 2 alone")
    asked = parser.parse_args()
    slowest = (0.0, "")
    for member in members():
        network = member.network(
            *("m", "d", "t") if asked.names else (2, 2, 2), n="n" if asked.names else 2
        )
        for wrt in network.parameters:
            started = perf_counter()
            report = member.check(network, wrt)
            slowest = max(slowest, (perf_counter() - started, f"{member} {wrt}"))
            if report.verdict != "proved":
                worst = next(e for e in report.entries if e.kind != "proved")
                print(f"{member} {wrt}: {report.verdict} {worst.verdict}", flush=True)
            if asked.names or asked.proofs:
                continue
            audited = member.check(member.network(2, 2, 2, n=1), wrt, audit=True)
            for entry in audited.entries:
                if type(entry.audit) is not type(entry.verdict):
                    print(f"{member} {wrt}: the audit says {entry.audit}", flush=True)
                    break
            for claim in planted(network, wrt):
                found = member.check(network, wrt, claim)
                if found.verdict != "refuted" or found.counts["undecided"]:
                    print(f"{member} {wrt}, planted {claim}: {found.counts}", flush=True)
    print(f"{len(members())} members, the slowest: {slowest[1]}, {slowest[0]:.2f} s")


if __name__ == "__main__":
    main()
