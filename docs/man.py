"""Makes docs/gradcheck-sym.1, the manual page, from the options and texts of --help.

Run `python docs/man.py` after a change of these; a test says when.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gradcheck_sym.cli import command
from gradcheck_sym.completion import VARIABLE
from gradcheck_sym.help import HELP
from gradcheck_sym.version import __version__

PAGE = Path(__file__).parent / "gradcheck-sym.1"
CODES = {
    0: "All that was asked is proved.",
    1: "Something is refuted.",
    2: "The input is bad: one line on standard error says what is wrong with it.",
    3: "Nothing is refuted, and something is undecided.",
    70: "There is a bug in gradcheck-sym.",
    130: "It was interrupted.",
    141: "The reader of its output went away.",
}


def page() -> str:
    """The manual page, in the macros of man(7)."""
    title, _, rest = HELP.partition("\n\n\b\nExamples:\n")
    examples, _, description = rest.partition("\n\n")
    what = text(title.rstrip(".").replace("Prove", "prove", 1))
    lines = [
        f'.TH GRADCHECK\\-SYM 1 "" "gradcheck\\-sym {__version__}" "User Commands"',
        *(".SH NAME", f"gradcheck\\-sym \\- {what}"),
        ".SH SYNOPSIS",
        ".B gradcheck\\-sym",
        "\\fISIZES\\fR... [\\fIoptions\\fR]",
        *(".br", ".B gradcheck\\-sym \\-\\-code", "\\fIFILE\\fR[:\\fINAME\\fR] [\\fIoptions\\fR]"),
        *(".br", ".B gradcheck\\-sym \\-\\-replay", "\\fIFILE\\fR"),
        *(".br", ".B gradcheck\\-sym \\-\\-all", "[\\fIoptions\\fR]"),
        *(".SH DESCRIPTION", text(" ".join(description.split()))),
        *(".SH OPTIONS", *options()),
        *(".SH EXAMPLES", ".nf", *(text(line.strip()) for line in examples.splitlines()), ".fi"),
        ".SH EXIT STATUS",
    ]
    for code, meaning in CODES.items():
        lines += [".TP", f"\\fB{code}\\fR", text(meaning)]
    lines += [
        *(".SH FILES", ".TP", "\\fIpyproject.toml\\fR"),
        text("The checks of --all, a table [tool.gradcheck-sym.checks.NAME] for each."),
        *(".SH ENVIRONMENT", ".TP", f"\\fB{VARIABLE}\\fR"),
        text("Set to bash_source, zsh_source or fish_source, print what completes options there."),
    ]
    return "\n".join(lines) + "\n"


def options() -> Iterator[str]:
    """A paragraph for each option."""
    with click.Context(command, **command.context_settings) as context:
        found = [one for one in command.get_params(context) if isinstance(one, click.Option)]
    for option in found:
        bold = [f"\\fB{text(name)}\\fR" for name in (*option.opts, *option.secondary_opts)]
        shown = (" / " if option.secondary_opts else ", ").join(bold)
        if not option.is_flag:
            given = option.metavar or "|".join(getattr(option.type, "choices", ()))
            shown += f" \\fI{text(given)}\\fR"
        yield from (".TP", shown, text(" ".join((option.help or "").split())))


def text(plain: str) -> str:
    """Text that roff prints as it stands."""
    found = plain.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{found}" if found[:1] in (".", "'") else found


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
