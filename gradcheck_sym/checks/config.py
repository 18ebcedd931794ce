"""`[tool.gradcheck-sym.checks.NAME]` in pyproject.toml → the words of a command line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from gradcheck_sym.errors import ConfigError
from gradcheck_sym.render.finding import Source

FILE, SECTION = "pyproject.toml", "[tool.gradcheck-sym]"
BESIDE = ("format", "output", "quiet")  # options that may stand beside --all
NOT_HERE = ("all", "all-rows", "color", "help", "replay", "reproduce", "steps", "version")


@dataclass(frozen=True)
class Check:
    """One question of a project: its name, its words on a command line, and where it stands."""

    name: str
    words: tuple[str, ...]
    source: Source

    @property
    def folder(self) -> Path:
        """The folder of pyproject.toml, which its paths start from."""
        return Path(self.source.file).parent


def checks(folder: Path, options: Sequence[click.Parameter]) -> list[Check]:
    """The checks of the project that a folder is in; raises `ConfigError`.

    The nearest pyproject.toml counts that has the section, upward from the folder.
    """
    path, section = _nearest(folder)
    if unknown := [key for key in section if key != "checks"]:
        raise ConfigError(f"{path}: {SECTION} {unknown[0]}: no such key; there is checks")
    tables = section.get("checks")
    if not isinstance(tables, dict) or not tables:
        raise ConfigError(
            f"{path}: {SECTION} names no check; write [tool.gradcheck-sym.checks.NAME] and "
            'below it its options, such as sizes = "2 2 2"'
        )
    text = path.read_text("utf-8-sig")
    found = []
    for name, table in tables.items():
        place = f"{path}: check {name}"
        if not isinstance(table, dict):
            raise ConfigError(f"{place}: {table!r} stands where a table of options belongs")
        words = tuple(_words(table, options, place))
        found.append(Check(name, words, Source(str(path), _line(text, name))))
    return found


def _nearest(folder: Path) -> tuple[Path, Mapping[str, Any]]:
    for place in (folder, *folder.parents):
        path = place / FILE
        if not path.is_file():
            continue
        try:
            tools = tomllib.loads(path.read_text("utf-8-sig")).get("tool", {})
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}; make it readable") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: no TOML: {error}; mend it") from None
        section = tools.get("gradcheck-sym") if isinstance(tools, dict) else None
        if isinstance(section, dict):
            return path, section
    raise ConfigError(
        f"--all: no {FILE} with {SECTION} in {folder} or above it; write one, with a table "
        "[tool.gradcheck-sym.checks.NAME] for each check"
    )


def _words(
    table: Mapping[str, Any], options: Sequence[click.Parameter], place: str
) -> Iterator[str]:
    """The options first, since sizes may follow anything."""
    known = {
        name.removeprefix("--"): option
        for option in options
        for name in (*option.opts, *option.secondary_opts)
        if name.startswith("--") and name.removeprefix("--") not in (*BESIDE, *NOT_HERE)
    }
    sizes: Any = table.get("sizes", ())
    given: dict[click.Parameter, str] = {}
    for key, value in table.items():
        if key == "sizes":
            continue
        if key in BESIDE:
            raise ConfigError(f"{place}: {key} is of all checks; give it beside --all")
        if key in NOT_HERE:
            raise ConfigError(f"{place}: {key} has no place in a check; leave it out")
        if key not in known:
            near = get_close_matches(key, ["sizes", *known], n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are sizes, {', '.join(known)}"
            raise ConfigError(f"{place}: {key}: no such option; {hint}")
        if known[key] in given:
            raise ConfigError(f"{place}: {given[known[key]]} and {key} are one option; choose one")
        given[known[key]] = key
        yield from _option(key, value, known[key], f"{place}: {key}")
    yield from _sizes(sizes, f"{place}: sizes")


def _option(key: str, value: Any, option: click.Parameter, place: str) -> Iterator[str]:
    """--key=value, as often as there are values."""
    if isinstance(option, click.Option) and option.is_flag:
        if not isinstance(value, bool):
            raise ConfigError(f"{place} is {value!r}; give true or false")
        opposite = {*option.opts, *option.secondary_opts} - {f"--{key}"}
        yield from [f"--{key}"] if value else sorted(opposite) if option.secondary_opts else []
        return
    if isinstance(value, dict) and option.multiple:  # shape = { x = "n,d" }
        value = [f"{name}={one}" for name, one in value.items()]
    values = value if isinstance(value, list) and option.multiple else [value]
    if not values:
        raise ConfigError(f"{place} is empty; leave it out, or give what is asked")
    for one in values:
        if isinstance(one, bool) or not isinstance(one, str | int | float):
            wanted = "a text or a list of texts" if option.multiple else "a text or a number"
            raise ConfigError(f"{place} is {value!r}; give {wanted}")
        yield f"--{key}={one}"


def _sizes(value: Any, place: str) -> Iterator[str]:
    """The sizes of "2 2 2", or of [2, 2, "t"]."""
    words = value.split() if isinstance(value, str) else value
    fine = isinstance(words, list | tuple) and all(
        isinstance(one, str | int) and not isinstance(one, bool) for one in words
    )
    if not fine or any(str(one).startswith("-") for one in words):
        raise ConfigError(f'{place} is {value!r}; give them as "2 2 2" or as [2, 2, 2]')
    yield from map(str, words)


def _line(text: str, name: str) -> int:
    """The line of a check's table, or 1 where it is not written as a table of its own."""
    key = rf"(?:{re.escape(name)}|\"{re.escape(name)}\"|'{re.escape(name)}')"
    head = rf"^[ \t]*\[\s*tool\s*\.\s*[\"']?gradcheck-sym[\"']?\s*\.\s*checks\s*\.\s*{key}\s*\]"
    match = re.search(head, text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1
