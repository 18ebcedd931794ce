"""What a shell offers for the values of options, when the tabulator key is pressed.

`_GRADCHECK_SYM_COMPLETE=bash_source gradcheck-sym` prints what bash is to run for that, and
zsh_source and fish_source what these are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from gradcheck_sym.asked import layer_sizes

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

VARIABLE = "_GRADCHECK_SYM_COMPLETE"
USUAL = ("2", "2", "2")  # where no sizes are typed yet

Offer = Callable[[click.Context, click.Parameter, str], "list[str] | list[CompletionItem]"]


def among(names: Iterable[str]) -> Offer:
    """Offer those of some names that begin as what is typed."""
    known = tuple(names)
    return lambda _, __, typed: [name for name in known if name.startswith(typed)]


def files(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """Leave it to the shell to offer its files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(typed, type="file")]


def parameters(context: click.Context, __: click.Parameter, typed: str) -> list[str]:
    """Offer what the network has that was typed so far: W_out, b_h, Z_h, and all."""
    from gradcheck_sym.errors import GradcheckError
    from gradcheck_sym.mlp.network import Network

    given = context.params
    typed_sizes = given.get("sizes") or context.args  # there, while an option has no value yet
    bias = bool(given.get("bias"))
    try:
        sizes, _ = layer_sizes(typed_sizes or USUAL, "1", ())
        network = Network(*sizes, bias=bias)
    except (GradcheckError, click.UsageError):
        network = Network(2, 2, 2, bias=bias)
    return [name for name in (*network.differentiable, "all") if name.startswith(typed)]
