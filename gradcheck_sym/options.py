"""What can be typed on the command line: its options, in the order of --help."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import click
from click import argument, option

from gradcheck_sym.asked import Format, Seconds
from gradcheck_sym.completion import among, files, parameters
from gradcheck_sym.render import FORMATS
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, ROWWISE
from gradcheck_sym.version import __version__

# fmt: off
OPTIONS: tuple[Callable[[Any], Any], ...] = (
    argument("sizes", nargs=-1, metavar="SIZES..."),
    option("--n", default="1", metavar="N", help="Number of examples.  [default: 1]"),
    option("--hidden", default="sigmoid", metavar="NAME", shell_complete=among(ACTIVATIONS),
           help=f"Activation of the hidden layers: {', '.join(ACTIVATIONS)}, or a formula "
                "in z.  [default: sigmoid]"),
    option("--output-activation", "output", default="sigmoid", metavar="NAME",
           shell_complete=among((*ACTIVATIONS, *ROWWISE)),
           help=f"Activation of the output: these, {', '.join(ROWWISE)}.  [default: sigmoid]"),
    option("--loss", default="bce", metavar="NAME", shell_complete=among(LOSSES),
           help=f"{', '.join(LOSSES)}, or a formula in y and a.  [default: bce]"),
    option("--bias", is_flag=True, help="Add a bias to every layer: b_h, b_out."),
    option("--sum/--mean", "summed", default=True,
           help="J is the sum over the examples, or that divided by n.  [default: sum]"),
    option("--l2", is_flag=True, help="Add lam/2 times the squares of all weights to J."),
    option("--wrt", "parameters", multiple=True, metavar="NAME", shell_complete=parameters,
           help="What to differentiate by: W_h, b_out and so on, or all of these; or X, Z_h, "
                "A_out: what comes before it is left out.  [default: W_out]"),
    option("--claim", "given", multiple=True, metavar="FORMULA",
           help="A formula for the gradient in NumPy's language; @FILE or - for one a line; "
                "'W_h: FORMULA' says what it is the gradient by."),
    option("--assume", multiple=True, metavar="FORMULA",
           help="A hypothesis: 'Y.sum(axis=1) == 1', 'Y**2 == Y' or 'Y**2 == 1'."),
    option("--timeout", type=Seconds(min=0, min_open=True), default=10.0,
           metavar="SECONDS", help="What takes longer is undecided.  [default: 10]"),
    option("--steps", is_flag=True, help="Show the derivation, and the proof line by line."),
    option("--audit", is_flag=True, help="Compare every verdict with difference quotients of J."),
    option("--format", "format_", type=Format(list(FORMATS)),
           help="Output format.  [default: that of FILE's name, else table]"),
    option("-o", "--output", "file", metavar="FILE", shell_complete=files,
           help="Write to FILE, whole or not at all; - is stdout. Its ending says the format: "
                ".json, .tex, .md, .html, .xml for junit, .sarif."),
    option("--tikz", is_flag=True,
           help="Draw the network and the tree of the chain rule in LaTeX, with TikZ."),
    option("--fragment", is_flag=True,
           help="Write LaTeX without a preamble, for \\input in a document of your own."),
    option("--reproduce", metavar="FILE", shell_complete=files,
           help="Write a NumPy script that shows both numbers at the point of what is refuted."),
    option("--all-rows", is_flag=True, help="Show every row of a large table, also in JSON."),
    option("--color", type=click.Choice(["auto", "always", "never"]), default="auto",
           help="Colours in a table.  [default: auto, on a terminal]"),
    option("-q", "--quiet", is_flag=True, help="Print the verdict line alone."),
    option("--replay", "replayed", metavar="FILE", shell_complete=files,
           help="Check the proofs of a JSON report again, by the checker alone: without SymPy "
                "and without the search that found them; - is stdin."),
    option("--code", multiple=True, metavar="FILE[:NAME]", shell_complete=files,
           help="Check the forward and backward functions of a Python file, which is run: all "
                "pairs that are found, or one by its name."),
    option("--shape", "shapes", multiple=True, metavar="NAME=SIZES",
           help="The shape of a parameter of these functions, such as x=n,d."),
    option("--labels", multiple=True, metavar="NAME=N,T",
           help="A parameter that holds N integer labels of T classes, such as y=n,t."),
    option("--value", "values", multiple=True, metavar="NAME=VALUE",
           help="A parameter that is a number, a word or a dict, such as eps=1e-5 or mode=mean."),
    option("--all", "all_checks", is_flag=True,
           help="Check all that pyproject.toml lists in [tool.gradcheck-sym.checks.NAME], in "
                "processes of their own."),
    click.version_option(__version__, prog_name="gradcheck-sym"),
)
# fmt: on


GROUPS = {
    "The network": ("n", "hidden", "output", "loss", "bias", "summed", "l2"),
    "The question": ("parameters", "given", "assume", "timeout"),
    "What is shown": (
        *("steps", "audit", "format_", "file", "tikz", "fragment", "reproduce", "all_rows"),
        *("color", "quiet"),
    ),
    "Functions of yours": ("code", "shapes", "labels", "values"),
    "Instead of sizes": ("replayed", "all_checks"),
}
OTHERS = "Help"


class Grouped(click.Command):
    """A command whose --help has its options in groups."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, group by group, the others last."""
        group_of = {name: title for title, names in GROUPS.items() for name in names}
        groups: dict[str, list[tuple[str, str]]] = {title: [] for title in (*GROUPS, OTHERS)}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record and isinstance(parameter, click.Option):
                groups[group_of.get(parameter.name or "", OTHERS)].append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a command with all of them."""
    return reduce(lambda decorated, option: option(decorated), reversed(OPTIONS), command)
