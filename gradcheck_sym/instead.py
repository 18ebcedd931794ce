"""What stands instead of sizes: explain, `--replay FILE`, `--code FILE` and `--all`."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import click

from gradcheck_sym.asked import format_of
from gradcheck_sym.errors import GradcheckError, printable
from gradcheck_sym.output import opened, stdout_to_stderr, writable, write_first
from gradcheck_sym.render import OF_FINDINGS
from gradcheck_sym.render.signs import ascii_only, takes_unicode
from gradcheck_sym.rules import ACTIVATIONS, ALIASES, LOSSES, ROWWISE
from gradcheck_sym.saving import FORMATS_OF_CODE, write_code
from gradcheck_sym.verdict import worst

if TYPE_CHECKING:
    from gradcheck_sym.code.report import CodeReport

FREE = {"activation": "in z", "loss": "in y and a, summed over examples and outputs"}
OF_REPLAY = {"replayed", "quiet", "color"}  # which has no colours, and may be told so
OF_ALL = {"all_checks", "format_", "file", "quiet", "color"}
OF_CODE = {
    "color",
    *("code", "shapes", "labels", "values", "assume", "timeout"),
    *("format_", "file", "quiet", "reproduce"),
}


def refuse_others(context: click.Context, option: str, allowed: Collection[str]) -> None:
    """Raise `UsageError` for anything that was typed and has no place beside an option."""
    typed = click.core.ParameterSource.COMMANDLINE
    for parameter in context.command.params:
        name = parameter.name or ""
        if name not in allowed and context.get_parameter_source(name) is typed:
            hint = parameter.get_error_hint(context)
            raise click.UsageError(f"{option} says what is asked; {hint} has no place there")


def explained(words: Sequence[str], context: click.Context) -> int:
    """Say what a code or a word of an answer means; the exit code."""
    refuse_others(context, "explain", {"sizes"})
    from gradcheck_sym.explained import lookup

    lines = lookup.explained(words) or _rule(" ".join(words))
    if lines is None:
        asked = printable(" ".join(words))
        raise click.UsageError(f"explain {asked}: nothing is called so; {lookup.nearest(words)}")
    unicode = takes_unicode(getattr(sys.stdout, "encoding", None))
    width = shutil.get_terminal_size().columns
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        said = line.strip() if unicode else ascii_only(line.strip())
        click.echo(click.wrap_text(said, width, indent[2:], indent))
    return 0


def _rule(word: str) -> list[str] | None:
    """What an activation or a loss is, by any of its names."""
    name = re.sub(r"[-\s]", "_", word.lower())
    name = ALIASES.get(name, name)
    for kind, table in (("activation", {**ACTIVATIONS, **ROWWISE}), ("loss", LOSSES)):
        if name in table:
            given = "in z, and in s, the row's sum of e^z" if name in ROWWISE else FREE[kind]
            return [f"{name}: the {kind} {table[name]}, {given}."]
    return None


def replayed(asked: SimpleNamespace, context: click.Context) -> tuple[int, list[str]]:
    """Replay the proofs of a file; the exit code, and what is wrong, a line each."""
    refuse_others(context, "--replay FILE", OF_REPLAY)
    from gradcheck_sym.replay import replay_file

    found = replay_file(asked.replayed)
    unicode = takes_unicode(getattr(sys.stdout, "encoding", None))
    for line in found.lines[-1:] if asked.quiet else found.lines:
        click.echo(line if unicode else ascii_only(line))
    return found.code, [found.error] if found.error else []


def all_checked(asked: SimpleNamespace, context: click.Context) -> tuple[int, list[str]]:
    """Run the checks of pyproject.toml and write what was found; the exit code, and what to say."""
    refuse_others(context, "--all", OF_ALL)
    format_ = format_of(asked.format_, asked.file)
    if format_ not in ("table", "json", *OF_FINDINGS):
        shown = f"as a table, as json, {', '.join(OF_FINDINGS)}"
        raise click.UsageError(f"--all is shown {shown}, not as {format_}")
    from gradcheck_sym.checks.command import checked
    from gradcheck_sym.checks.config import checks

    found = checks(Path.cwd(), context.command.params)
    path = None if asked.file in (None, "-") else writable(asked.file, found[0].source.file)
    with opened(path) as file:
        code, summary = checked(found, format_, file, quiet=asked.quiet)
    return code, [f"wrote {path}: {summary}"] if path and not asked.quiet else []


def code_checked(
    asked: SimpleNamespace, context: click.Context
) -> tuple[str, list[str], list[str]]:
    """Check the functions of a file, and write what was found.

    The worst verdict, what could not be checked, a line each, and what else is to be said.
    """
    refuse_others(context, "--code FILE", OF_CODE)
    asked.format_ = format_of(asked.format_, asked.file)
    if asked.format_ not in FORMATS_OF_CODE:
        shown = f"as a table, as json, html, {', '.join(OF_FINDINGS)}"
        raise click.UsageError(f"--code FILE is shown {shown}, not as {asked.format_}")
    read = [name for one in asked.code for name in (one, one.rpartition(":")[0])]
    path = None if asked.file in (None, "-") else writable(asked.file, *read)
    script = None if asked.reproduce is None else writable(asked.reproduce, *read)
    from gradcheck_sym.code.command import reports
    from gradcheck_sym.deadline import ending_the_process

    found: list[CodeReport] = []
    wrong: list[GradcheckError] = []
    with stdout_to_stderr():  # what the functions print is no part of the report
        for one in asked.code:
            limit = f"no end within {asked.timeout:g} seconds" if asked.timeout else ""
            with ending_the_process(f"--code {one}: {limit}, and the code catches what ends it"):
                more, bad = reports(
                    one, asked.shapes, asked.labels, asked.values, asked.assume, asked.timeout
                )
            found += more
            wrong += bad
    with opened(path) as file:
        write_code(asked.format_, found, wrong, file, quiet=asked.quiet)
    scripts: Iterable[str] = (part.reproduction or "" for report in found for part in report)
    verdict = worst(report.verdict for report in found)
    said = [f"wrote {path}: {verdict}"] if path and not asked.quiet else []
    if script and verdict == "refuted" and not any(scripts := list(scripts)):
        said.append(f"no script can show this one: {script} is not written")
    elif script:
        said.append(write_first(script, scripts))
    return verdict, [f"not checked: {error}" for error in wrong], said
