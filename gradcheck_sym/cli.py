"""The command line: options → check → render → exit code.

SymPy and rich are imported only once the question is known to be a good one.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

import click

from gradcheck_sym.claims.source import claim_texts
from gradcheck_sym.errors import Disagreement, GradcheckError, SizeError
from gradcheck_sym.output import opened, writable
from gradcheck_sym.render import FORMATS, View, renderer
from gradcheck_sym.render.json_error import error_document
from gradcheck_sym.render.progress import progress_bar
from gradcheck_sym.render.signs import ascii_only, takes_unicode
from gradcheck_sym.sizes import check_audit, check_cost, parse_size
from gradcheck_sym.verdict import worst
from gradcheck_sym.version import __version__

if TYPE_CHECKING:
    from gradcheck_sym.claims import Claim
    from gradcheck_sym.network import Network

EXIT_CODES = {"proved": 0, "refuted": 1, "undecided": 3}
BAD_INPUT = 2
BUG = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

HELP = """Prove dJ/dW_out = A_h.T @ delta_out, entry by entry.

\b
Examples:
  gradcheck-sym 2 2 2                      the network 2-2-2, one example
  gradcheck-sym 4 3 5 --n 3                4-3-5, three examples
  gradcheck-sym m d t --n n                all sizes, all numbers of examples
  gradcheck-sym 2 2 2 --claim 'A_h.T @ (A_out - Y)'
  gradcheck-sym 4 3 5 --n 3 --audit        with a second, other derivative
  gradcheck-sym 2 2 2 --format json -o proof.json

M, D and T are the sizes of the input, the hidden and the output layer. The derivative of
the cross-entropy loss J by each entry of W_out is taken symbolically, and is shown to
equal the claim for all real X, W_h, W_out and Y, not at sample points.
"""

EPILOG = "Exit codes: 0 proved, 1 refuted, 2 bad input, 3 undecided, 130 interrupted."


# fmt: off
@click.command(
    help=HELP,
    epilog=EPILOG,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "ignore_unknown_options": True,
    },
)
@click.argument("sizes", nargs=-1, metavar="M D T")
@click.option("--n", default="1", metavar="N", help="Number of examples.  [default: 1]")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="table",
              help="Output format.  [default: table]")
@click.option("-o", "--output", metavar="FILE",
              help="Write to FILE, whole or not at all.")
@click.option("--all-rows", is_flag=True, help="Show every row of a large table.")
@click.option("-q", "--quiet", is_flag=True, help="Print the verdict line alone.")
@click.option("--claim", "given", multiple=True, metavar="FORMULA",
              help="A formula for the gradient in NumPy's language; @FILE or - for one a line.")
@click.option("--steps", is_flag=True, help="Show the derivation that leads to the claim.")
@click.option("--audit", is_flag=True, help="Check each entry a second way, with sympy.diff.")
@click.version_option(__version__, prog_name="gradcheck-sym")
def command(
    sizes: tuple[str, ...],
    n: str,
    format_: str,
    output: str | None,
    all_rows: bool,
    quiet: bool,
    given: tuple[str, ...],
    steps: bool,
    audit: bool,
) -> int:
    """Answer one question; the exit code."""
    for size in sizes:
        if size.startswith("-") and not size[1:2].isdigit():
            name = size.partition("=")[0]
            known = [option for parameter in command.params for option in parameter.opts]
            raise click.NoSuchOption(name, possibilities=get_close_matches(name, known))
    if len(sizes) != 3:
        shown = f"{len(sizes)} sizes ({' '.join(sizes)})" if sizes else "no sizes"
        raise SizeError(f"{shown} given; three are needed: M D T, such as 2 2 2")
    m, d, t = (parse_size(label, text) for label, text in zip("MDT", sizes, strict=True))
    examples = parse_size("--n", n)
    check_cost({"m": m, "d": d, "t": t, "n": examples})
    if audit:
        check_audit({"m": m, "d": d, "t": t, "n": examples})
    path = None if output is None else writable(output)

    texts = claim_texts(given)

    gc.disable()  # imports make no garbage, and looking for it takes a tenth of the start
    from gradcheck_sym.argument import check
    from gradcheck_sym.network import Network

    gc.freeze()
    gc.enable()
    network = Network(m, d, t, n=examples)
    claims = _formulas(texts, network) or [None]
    with progress_bar() as progress:
        reports = [check(network, c, audit=audit, steps=steps, progress=progress) for c in claims]
    with opened(path) as file:
        renderer(format_)(reports, file, View(all_rows, quiet))
    return EXIT_CODES[worst(report.verdict for report in reports)]


# fmt: on


def _formulas(texts: Sequence[str], network: Network) -> list[Claim | None]:
    """The claims that were typed; none stands for the textbook's."""
    if not texts:
        return []
    from gradcheck_sym.claims.formula import formula

    return [formula(text, network) for text in texts]


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
        message = f"{error.format_message().rstrip('.')}; see --help"
        code = _failed(arguments, type(error).__name__, message, BAD_INPUT)
    except GradcheckError as error:
        code = _failed(arguments, type(error).__name__, str(error), BAD_INPUT)
    if sys.stdout:
        sys.stdout.flush()
    return code


def _bug(arguments: Sequence[str], message: str) -> int:
    return _failed(arguments, "Bug", message, BUG)


def _failed(arguments: Sequence[str], kind: str, message: str, code: int) -> int:
    """Say in one line what is wrong; as JSON on stdout too where JSON was asked for."""
    _say(message)
    asked = " ".join(arguments).replace("=", " ")
    if "--format json" in asked:
        try:
            click.echo(error_document(kind, message, code))
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
