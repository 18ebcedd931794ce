"""The command line: options → check → render → exit code.

The search and rich are imported only once the question is known to be a good one.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, NoReturn

import click

from gradcheck_sym.asked import (
    Format,
    Seconds,
    format_of,
    layer_sizes,
    parameters_and_claims,
    refuse_without_code,
)
from gradcheck_sym.claim_texts import claim_texts
from gradcheck_sym.errors import CostError, Disagreement, GradcheckError, printable
from gradcheck_sym.help import EPILOG, HELP
from gradcheck_sym.output import opened, writable, write_first
from gradcheck_sym.render import FORMATS, View, renderer
from gradcheck_sym.render.json_error import error_document
from gradcheck_sym.render.progress import progress_bar
from gradcheck_sym.render.signs import ascii_only, takes_unicode
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, ROWWISE, rule_name
from gradcheck_sym.sizes import check_cost, size_labels
from gradcheck_sym.verdict import worst
from gradcheck_sym.version import __version__

EXIT_CODES = {"proved": 0, "refuted": 1, "undecided": 3}
BAD_INPUT = 2
BUG = 70
INTERRUPTED = 130
BROKEN_PIPE = 141


# fmt: off
@click.command(
    help=HELP,
    epilog=EPILOG,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "ignore_unknown_options": True,
    },
)
@click.argument("sizes", nargs=-1, metavar="SIZES...")
@click.option("--n", default="1", metavar="N", help="Number of examples.  [default: 1]")
@click.option("--hidden", default="sigmoid", metavar="NAME",
              help=f"Activation of the hidden layers: {', '.join(ACTIVATIONS)}, or a formula "
                   "in z.  [default: sigmoid]")
@click.option("--output-activation", "output", default="sigmoid", metavar="NAME",
              help=f"Activation of the output: these, {', '.join(ROWWISE)}.  [default: sigmoid]")
@click.option("--loss", default="bce", metavar="NAME",
              help=f"{', '.join(LOSSES)}, or a formula in y and a.  [default: bce]")
@click.option("--bias", is_flag=True, help="Add a bias to every layer: b_h, b_out.")
@click.option("--sum/--mean", "summed", default=True,
              help="J is the sum over the examples, or that divided by n.  [default: sum]")
@click.option("--l2", is_flag=True, help="Add lam/2 times the squares of all weights to J.")
@click.option("--wrt", "parameters", multiple=True, metavar="NAME",
              help="What to differentiate by: W_h, b_out and so on, or all of these; or X, Z_h, "
                   "A_out: what comes before it is left out.  [default: W_out]")
@click.option("--claim", "given", multiple=True, metavar="FORMULA",
              help="A formula for the gradient in NumPy's language; @FILE or - for one a line; "
                   "'W_h: FORMULA' says what it is the gradient by.")
@click.option("--assume", multiple=True, metavar="FORMULA",
              help="A hypothesis: 'Y.sum(axis=1) == 1', 'Y**2 == Y' or 'Y**2 == 1'.")
@click.option("--timeout", type=Seconds(min=0, min_open=True), default=10.0,
              metavar="SECONDS", help="What takes longer is undecided.  [default: 10]")
@click.option("--steps", is_flag=True, help="Show the derivation, and the proof line by line.")
@click.option("--audit", is_flag=True, help="Compare every verdict with difference quotients of J.")
@click.option("--format", "format_", type=Format(list(FORMATS)),
              help="Output format.  [default: that of FILE's name, else table]")
@click.option("-o", "--output", "file", metavar="FILE",
              help="Write to FILE, whole or not at all; - is stdout. Its ending says the format: "
                   ".json, .tex, .md, .html.")
@click.option("--reproduce", metavar="FILE",
              help="Write a NumPy script that shows both numbers at the point of what is refuted.")
@click.option("--all-rows", is_flag=True, help="Show every row of a large table.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto",
              help="Colours in a table.  [default: auto, on a terminal]")
@click.option("-q", "--quiet", is_flag=True, help="Print the verdict line alone.")
@click.option("--replay", "replayed", metavar="FILE",
              help="Check the proofs of a JSON report again, by the checker alone: without SymPy "
                   "and without the search that found them; - is stdin.")
@click.option("--code", multiple=True, metavar="FILE[:NAME]",
              help="Check the forward and backward functions of a Python file, which is run: all "
                   "pairs that are found, or one by its name.")
@click.option("--shape", "shapes", multiple=True, metavar="NAME=SIZES",
              help="The shape of a parameter of these functions, such as x=n,d.")
@click.option("--labels", multiple=True, metavar="NAME=N,T",
              help="A parameter that holds N integer labels of T classes, such as y=n,t.")
@click.option("--value", "values", multiple=True, metavar="NAME=NUMBER",
              help="A parameter that is a number, such as eps=1e-5.")
@click.version_option(__version__, prog_name="gradcheck-sym")
def command(**options: Any) -> int:
    """Answer one question; the exit code."""
    asked = SimpleNamespace(**options)
    asked.explain = asked.sizes[:1] == ("explain",)
    if asked.explain or asked.code or asked.replayed is not None:
        return _instead(asked)
    refuse_without_code(asked)
    known = [option for parameter in command.params for option in parameter.opts]
    sizes, examples = layer_sizes(asked.sizes, asked.n, known)
    format_ = format_of(asked.format_, asked.file)
    layers = {
        "hidden": rule_name(asked.hidden, "hidden"),
        "output": rule_name(asked.output, "output"),
        "loss": rule_name(asked.loss, "loss"),
    }
    labelled = {**dict(zip(size_labels(len(sizes)), sizes, strict=True)), "n": examples}
    check_cost(labelled)
    read = [text.removeprefix("@") for text in asked.given if text.startswith("@")]
    path = None if asked.file in (None, "-") else writable(asked.file, *read)
    script = None if asked.reproduce is None else writable(asked.reproduce, *read)
    texts = claim_texts(asked.given)

    gc.disable()  # imports make no garbage, and looking for it takes a tenth of the start
    from gradcheck_sym.argument import check_all
    from gradcheck_sym.mlp.network import Network

    gc.freeze()
    gc.enable()
    network = Network(
        *sizes, n=examples, **layers, bias=asked.bias, mean=not asked.summed, l2=asked.l2
    )
    questions = parameters_and_claims(network, asked.parameters, texts)
    with progress_bar() as progress:
        reports = check_all(
            network, questions, assume=asked.assume, audit=asked.audit,
            steps=asked.steps, timeout=asked.timeout, progress=progress,
        )
    with opened(path) as file:
        renderer(format_)(reports, file, View(asked.all_rows, asked.quiet, asked.color))
    kind = worst(report.verdict for report in reports)
    if path and not asked.quiet:
        _say(f"wrote {path}: {kind}")
    if script:
        from gradcheck_sym.render.reproduction import reproductions

        _say(write_first(script, reproductions(reports)))
    return EXIT_CODES[kind]


# fmt: on


def _instead(asked: SimpleNamespace) -> int:
    """Answer a question that has no sizes; the exit code."""
    from gradcheck_sym import instead

    context = click.get_current_context()
    if asked.explain:
        return instead.explained(asked.sizes[1:], context)
    if asked.code:
        verdict, wrong, said = instead.code_checked(asked, context)
        for line in said:
            _say(line)
        code = BAD_INPUT if wrong and verdict != "refuted" else EXIT_CODES[verdict]
    else:
        code, wrong = instead.replayed(asked, context)
    for line in wrong:
        _say(line)
    return code


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit code."""
    try:
        return _answered(arguments)
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return BROKEN_PIPE
    except OSError as error:
        _drop_stdout()
        _say(f"cannot write: {error.strerror}; choose another place")
        return BAD_INPUT
    except MemoryError:
        message = "the work does not fit in memory; choose smaller sizes, or names such as m d t"
        return _failed(arguments, CostError.__name__, message, BAD_INPUT, CostError.code)
    except Disagreement as error:
        return _bug(arguments, f"THIS IS A BUG, please report it: {error}")
    except Exception as error:
        traceback.print_exc()
        return _bug(arguments, f"this is a bug, please report it: {type(error).__name__}: {error}")


def _answered(arguments: Sequence[str]) -> int:
    """The exit code of a question that was answered, or that is no question."""
    try:
        with command.make_context("gradcheck-sym", list(arguments)) as context:
            code: int = command.invoke(context)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.ClickException as error:
        message = printable(error.format_message().rstrip("."))
        message += " See --help" if message.endswith("?") else "; see --help"
        code = _failed(arguments, type(error).__name__, message, BAD_INPUT, "GS007")
    except GradcheckError as error:
        code = _failed(arguments, type(error).__name__, str(error), BAD_INPUT, error.code)
    if sys.stdout:
        sys.stdout.flush()
    return code


def _bug(arguments: Sequence[str], message: str) -> int:
    return _failed(arguments, "Bug", printable(message), BUG, "GS070")


def _failed(arguments: Sequence[str], kind: str, message: str, code: int, explained: str) -> int:
    """Say in one line what is wrong; as JSON on stdout too where JSON was asked for."""
    first, *carets = message.split("\n")
    _say("\n".join([f"{first} [{explained}]", *carets]))
    asked = " ".join(arguments).replace("=", " ")
    if "--format json" in asked and sys.stdout:
        try:
            click.echo(error_document(kind, message, code, explained))
            sys.stdout.flush()
        except OSError:  # the line on stderr has said it
            _drop_stdout()
    return code


def _say(message: str) -> None:
    """One line on stderr, in signs that it can take."""
    unicode = takes_unicode(getattr(sys.stderr, "encoding", None))
    click.echo(f"gradcheck-sym: {message if unicode else ascii_only(message)}", err=True)


def _drop_stdout() -> None:
    """Let what is still buffered go nowhere, or Python complains when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> NoReturn:
    """The entry point of `gradcheck-sym` and of `python -m gradcheck_sym`."""
    sys.exit(run(sys.argv[1:]))
