"""How to ask the same again: the command, and how its proof is replayed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from gradcheck_sym.mlp.hypotheses import TYPED
from gradcheck_sym.page.blocks import listing
from gradcheck_sym.page.escape import text
from gradcheck_sym.report import Report
from gradcheck_sym.version import __version__


def reproduce(report: Report) -> Iterator[str]:
    """The command that answers the question again, and the one that replays its proof."""
    command = shlex.join(asked_again(report))
    yield listing(f"{command} --format html -o proof.html")
    if report.evidence:
        yield "<p>And to replay its proof with the checker alone, without the search:</p>"
        yield listing(f"{command} --format json -o proof.json\ngradcheck-sym --replay proof.json")
    yield f"<p>gradcheck-sym {text(__version__)}</p>"


def asked_again(report: Report) -> list[str]:
    """The words of the command, the textbook's claim typed as any other.

    >>> from gradcheck_sym import Network, check
    >>> shlex.join(asked_again(check(Network(2, 2, n="n"))))
    "gradcheck-sym 2 2 --n n --claim 'W_out: X.T @ delta_out'"
    """
    network = report.network
    *sizes, n = map(str, network.sizes.values())
    words = ["gradcheck-sym", *sizes, "--n", n]
    for option, name, usual in (
        ("--hidden", network.hidden, "sigmoid"),
        ("--output-activation", network.output, "sigmoid"),
        ("--loss", network.loss, "bce"),
    ):
        if name not in (None, usual):
            words += [option, name]
    flags = (("--bias", network.bias), ("--mean", network.mean), ("--l2", network.l2))
    words += [flag for flag, there in flags if there]
    for sentence in report.assumed:
        words += ["--assume", TYPED.get(sentence, sentence)]
    words += ["--steps"] if report.derivation or report.too_long else []
    return [*words, "--claim", f"{report.wrt}: {report.claim}"]
