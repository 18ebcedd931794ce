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
    format_of,
    format_typed,
    layer_sizes,
    parameters_and_claims,
    refuse_without_code,
    refuse_without_latex,
)
from gradcheck_sym.claim_texts import claim_texts
from gradcheck_sym.completion import VARIABLE
from gradcheck_sym.ending import keep_exit_code, known
from gradcheck_sym.errors import CostError, Disagreement, GradcheckError, printable
from gradcheck_sym.exit_codes import BAD_INPUT, BROKEN_PIPE, BUG, INTERRUPTED, exit_code
from gradcheck_sym.help import EPILOG, HELP
from gradcheck_sym.options import Grouped, options
from gradcheck_sym.output import opened, writable, write_first
from gradcheck_sym.render import EXCHANGE, OF_FINDINGS, View, renderer, writer
from gradcheck_sym.render.finding import Source, failed
from gradcheck_sym.render.json_head import error_document
from gradcheck_sym.render.progress import progress_bar
from gradcheck_sym.render.signs import ascii_only, takes_unicode
from gradcheck_sym.rules import rule_name
from gradcheck_sym.sizes import check_cost, size_labels
from gradcheck_sym.verdict import worst


@click.command(
    cls=Grouped,
    help=HELP,
    epilog=EPILOG,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "ignore_unknown_options": True,
    },
)
@options
def command(**given: Any) -> int:
    """Answer one question; the exit code."""
    asked = SimpleNamespace(**given)
    asked.explain = asked.sizes[:1] == ("explain",)
    if asked.explain or asked.replayed is not None or asked.code or asked.all_checks:
        return _instead(asked)
    refuse_without_code(asked)
    known = [option for parameter in command.params for option in parameter.opts]
    sizes, examples = layer_sizes(asked.sizes, asked.n, known)
    format_ = format_of(asked.format_, asked.file)
    refuse_without_latex(asked, format_)
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
    typed = claim_texts(asked.given)

    gc.disable()  # imports make no garbage, and looking for it takes a tenth of the start
    from gradcheck_sym.argument import check_all
    from gradcheck_sym.mlp.network import Network

    gc.freeze()
    gc.set_threshold(50_000)  # terms hold no cycles, and the process ends soon
    gc.enable()
    network = Network(
        *sizes, n=examples, **layers, bias=asked.bias, mean=not asked.summed, l2=asked.l2
    )
    questions = parameters_and_claims(network, asked.parameters, typed)
    with progress_bar() as progress:
        reports = check_all(
            network,
            questions,
            assume=asked.assume,
            audit=asked.audit,
            steps=asked.steps,
            timeout=asked.timeout,
            progress=progress,
        )
    sources = tuple(Source(one.file, one.line) if one.file else None for one in typed)
    view = View(asked.all_rows, asked.quiet, asked.color, sources, asked.fragment, asked.tikz)
    with opened(path) as file:
        renderer(format_)(reports, file, view)
    kind = worst(report.verdict for report in reports)
    if path and not asked.quiet:
        _say(f"wrote {path}: {kind}")
    if script:
        from gradcheck_sym.render.reproduction import reproductions

        _say(write_first(script, reproductions(reports)))
    return exit_code(kind)


def _instead(asked: SimpleNamespace) -> int:
    """Answer a question that has no sizes; the exit code."""
    from gradcheck_sym import instead

    context = click.get_current_context()
    if asked.explain:
        return instead.explained(asked.sizes[1:], context)
    if asked.all_checks:
        code, wrong = instead.all_checked(asked, context)
    elif asked.code:
        verdict, wrong, said = instead.code_checked(asked, context)
        for line in said:
            _say(line)
        code = exit_code(verdict, wrong=bool(wrong))
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
    """Say in one line what is wrong; on stdout too in a format that tools read, if asked."""
    first, *carets = message.split("\n")
    shown = "\n".join([f"{first} [{explained}]", *carets])
    _say(shown)
    format_ = format_typed(arguments, ("json", *OF_FINDINGS, EXCHANGE))
    if format_ and sys.stdout:
        try:
            if format_ == "json":
                click.echo(error_document(kind, message, code, explained))
            else:
                writer(format_)([failed(shown)], sys.stdout)
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
    if asked := os.environ.get(VARIABLE):
        from click.shell_completion import shell_complete

        sys.exit(shell_complete(command, {}, "gradcheck-sym", VARIABLE, asked))
    keep_exit_code()
    sys.exit(known(run(sys.argv[1:])))
