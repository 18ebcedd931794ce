"""What the command line asks, from the words that were typed."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from gradcheck_sym.claim_texts import Typed
from gradcheck_sym.errors import FormulaError, OutputError, RuleError, SizeError
from gradcheck_sym.render import EXCHANGE
from gradcheck_sym.rules import ACTIVATIONS, ROWWISE
from gradcheck_sym.sizes import Size, parse_size, size_labels

if TYPE_CHECKING:
    from gradcheck_sym.mlp.claim import Claim
    from gradcheck_sym.mlp.network import Network


class Seconds(click.FloatRange):
    """A time; inf is no limit, which is None."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is no number of seconds", param, ctx)
        return None if math.isinf(seconds) else seconds


TOGETHER = re.compile(r"(\w+(?:[-,]\w+)+)|\d+(?:x\d+)+")
SHORT = {"tex": "latex", "md": "markdown", "text": "table", "txt": "table", "xml": "junit"}
ENDINGS = ("json", "tex", "md", "html", "xml", "sarif")
UNKNOWN = ("pdf", "htm", "csv", "docx", "png", "svg", "yaml", "py")


class Format(click.Choice):  # type: ignore[type-arg]  # click 8.1 has no such argument
    """A format by its name, or by how files of it end: md, tex."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        return value if value == EXCHANGE else super().convert(SHORT.get(value, value), param, ctx)


def layer_sizes(
    given: Sequence[str], examples: str, options: Sequence[str]
) -> tuple[tuple[Size, ...], Size]:
    """The sizes of the layers and the number of examples; raises `SizeError`.

    One word may hold them all: 2-2-2, 2,2,2 or 2x2x2. What looks like one of the command's
    options, and is none, is an error of its own.
    """
    for size in given:
        if size.startswith("-") and not size[1:2].isdigit():
            name = size.partition("=")[0]
            if name not in options:  # one that stands after -- is taken for a size
                raise click.NoSuchOption(name, possibilities=get_close_matches(name, options))
    if len(given) == 1 and (parts := TOGETHER.fullmatch(given[0])):
        given = re.split(r"[-,]" if parts[1] else "x", given[0])
    if len(given) < 2:
        shown = f"one size ({given[0]})" if given else "no sizes"
        raise SizeError(
            f"{shown} given; at least two are needed, such as 2 2 2 or m d t: "
            "a size is a positive integer, or a name that stands for any"
        )
    labels = [label.upper() for label in size_labels(len(given))]
    sizes = tuple(parse_size(label, text) for label, text in zip(labels, given, strict=True))
    return sizes, parse_size("--n", examples)


def refuse_without_code(asked: Any) -> None:
    """Raise `UsageError` for an option that says something of functions, where there are none."""
    for option, given in (
        ("shape", asked.shapes),
        ("labels", asked.labels),
        ("value", asked.values),
    ):
        if given:
            raise click.UsageError(f"--{option} {given[0]}: it belongs to --code FILE")


def refuse_without_latex(asked: Any, format_: str) -> None:
    """Raise `UsageError` for an option that says how LaTeX is written, in another format."""
    for option, given in (("fragment", asked.fragment), ("tikz", asked.tikz)):
        if given and format_ != "latex":
            raise click.UsageError(f"--{option}: it belongs to --format latex")


def format_of(given: str | None, file: str | None) -> str:
    """The format that was asked for, or that a file's name ends with, or a table.

    Raises `OutputError` where what is named as a file is an activation.
    """
    if file in {**ACTIVATIONS, **ROWWISE}:
        raise OutputError(
            f"--output {file}: it names a file to write; the activation is "
            f"--output-activation {file}, and the file of that name ./{file}"
        )
    ending = (file or "").rpartition(".")[2].lower()
    if not given and ending in UNKNOWN:
        known = ", ".join(f".{one}" for one in ENDINGS)
        raise OutputError(f"--output {file}: no such format; files end in {known}")
    return given or (SHORT.get(ending, ending) if ending in ENDINGS else "table")


def format_typed(words: Sequence[str], formats: Collection[str]) -> str | None:
    """The last of these formats that is asked for, also among words that are no good question."""
    typed = re.findall(r"--format\0(\w+)", "\0".join(words).replace("--format=", "--format\0"))
    known = [name for name in (SHORT.get(one, one) for one in typed) if name in formats]
    return known[-1] if known else None


def parameters_and_claims(
    network: Network, parameters: Sequence[str], typed: Sequence[Typed]
) -> list[tuple[str, Claim | None]]:
    """What is asked of each parameter; None stands for the textbook's claim."""
    wanted = list(parameters) or ["W_out"]
    if "all" in wanted:
        wanted = list(network.parameters)
    for name in wanted:
        if name not in network.differentiable:
            if re.fullmatch(r"b_\w+", name) and not network.bias:
                raise RuleError(f"--wrt {name}: this network has no biases; add --bias")
            there = ", ".join((*network.differentiable, "all"))
            raise RuleError(f"--wrt {name}: no such array in this network; there are {there}")
    if not typed:
        return [(name, None) for name in dict.fromkeys(wanted)]
    wrt = wanted[0] if len(wanted) == 1 else None
    claims = [_claim(one, network, wrt) for one in typed]
    for claim in claims:
        if parameters and claim.wrt not in wanted:
            raise RuleError(f"--wrt {wanted[0]}: a claim says {claim.wrt}; leave one of them out")
    return [(claim.wrt, claim) for claim in claims]


def _claim(typed: Typed, network: Network, wrt: str | None) -> Claim:
    from gradcheck_sym.mlp.formula import formula

    try:
        return formula(typed.text, network, wrt)
    except FormulaError as error:
        message = f"{typed.file}, line {typed.line}: " * bool(typed.file) + error.message
        if error.code == "GS012":
            from gradcheck_sym.mlp.mend import what_fits

            right = what_fits(network, typed.text, wrt)
            message += f"; right is {right} (proved)" if right else ""
        raise FormulaError(message, error.text, error.start, error.end, error.code) from None
