"""`gradcheck-sym --code FILE`: every pair that a file has, or one by its name."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any

from gradcheck_sym.code.as_it_is import places_of
from gradcheck_sym.code.file import annotated, loaded, options
from gradcheck_sym.code.methods import is_layer
from gradcheck_sym.code.pairs import Pair, asked_for, is_wrapped, pairs, unread
from gradcheck_sym.code.proving import prove, prove_slope, prove_vjp, refuse_without_numpy
from gradcheck_sym.code.report import CodeReport
from gradcheck_sym.code.shapes import Value
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.trace.labels import Labels

NAME = re.compile(r"[^\W\d]\w*")
LABELS = r"^(y|ys|t|y_?true)$|label|target|class"  # what people call labels
WORD = re.compile(  # what reads as another value of Python's or NumPy's needs quotes to be one
    r"""(['"])(.*)\1|(?!(?:nan|inf|infinity|none|null|true|false)$)([a-z_][\w-]*)""", re.IGNORECASE
)


def reports(
    given: str,
    shapes: tuple[str, ...],
    labels: tuple[str, ...],
    values: tuple[str, ...],
    assume: Sequence[str],
    timeout: float | None,
) -> tuple[list[CodeReport], list[CodeError]]:
    """What is found of FILE or FILE:NAME, and what is wrong with some of several pairs.

    Raises `CodeError` where nothing could be checked.
    """
    refuse_without_numpy()
    path, name = _path_and_name(given)
    known = {
        **options(shapes, "--shape", _shape),
        **options(labels, "--labels", _labels),
        **(valued := options(values, "--value", _value)),
    }
    module = loaded(path, timeout)
    found, passed_over = pairs(module), unread(module)
    wanted = [pair for pair in found if name in (None, *pair.names)]
    if name and not wanted and (pair := asked_for(module, name)):
        wanted = [pair]
    asked = [one for one in passed_over if name in (None, *one[0].names)]
    wrong = [_not_read(module, *one) for one in asked]
    if not wanted and wrong:
        raise wrong[0]
    if not wanted:
        there = ", ".join(pair.name for pair in found)
        if name and there:
            raise CodeError(
                f"--code {given}: no pair of that name, and no function that returns a loss and "
                f"its gradient; there are {there}"
            )
        raise CodeError(
            f"--code {path}: no pair found; name functions NAME_forward and NAME_backward, "
            "NAME_loss and NAME_grad (or NAME_loss, which returns both), NAME and NAME_prime, "
            "or write a class with forward and backward"
        )
    others = {name for pair in wanted for name in pair.parameters}
    later = {name for pair in wanted for name in pair.later}
    if unused := [n for n in known if n not in others and not (n in valued and n in later)]:
        raise CodeError(
            f"{unused[0]} is no parameter of a function that is checked; there are "
            f"{', '.join(sorted(others))}"
        )
    found_out: list[CodeReport] = []
    for pair in wanted:
        try:
            about, inputs = _about(pair, assume, others, wanted), _inputs(pair, known, valued)
            found_out.append(_asked(pair, inputs, about, timeout, others))
        except GradcheckError as error:
            if len(wanted) == 1 and not wrong:
                raise
            said = str(error)
            wrong.append(CodeError(said if pair.name in said else f"{pair.name}: {said}"))
    if not found_out:
        raise CodeError(f"not checked: {wrong[0]}")
    return found_out, wrong


def _not_read(module: ModuleType, pair: Pair, called: str) -> CodeError:
    if is_wrapped(module, called):
        return CodeError(
            f"{pair.name}: {called} has no parameters with names: name them, or put "
            "@functools.wraps(f) on the function that its decorator returns"
        )
    return CodeError(
        f"{pair.name}: {called} is no function of yours that can be read: write it with def, as in "
        f"def {called}(x): return …"
    )


def _about(
    pair: Pair, assume: Sequence[str], known: Collection[str], wanted: Sequence[Pair]
) -> list[str]:
    """The hypotheses that are not about the parameters of other pairs alone, nor about objects."""
    others = set(known) - pair.parameters.keys()
    of_objects = is_layer(pair.first) or not any(is_layer(one.first) for one in wanted)
    return [
        text
        for text in assume
        if (of_objects if places_of([text]) else others.isdisjoint(NAME.findall(text)))
    ]


def _path_and_name(given: str) -> tuple[str, str | None]:
    path, colon, name = given.rpartition(":")
    return (path, name) if colon and name.isidentifier() and path else (given, None)


def _shape(name: str, text: str) -> tuple[str, ...] | str:
    """A tuple; n alone, without a comma, is a size where a class is made with one."""
    parts = tuple(part.strip() for part in text.removesuffix(",").split(",")) if text else ()
    if "" in parts:
        raise CodeError(f"--shape {name}={text}: a size is missing between the commas")
    return parts[0] if len(parts) == 1 and "," not in text else parts


def _labels(name: str, text: str) -> Labels:
    sizes = [part.strip() for part in text.split(",")]
    if len(sizes) != 2:
        raise CodeError(f"--labels {name}={text}: give how many, and of how many classes: n,t")
    return Labels(sizes[0], sizes[1])


def _value(name: str, text: str) -> Any:
    """A number, True or False, another word, which may stand in quotes, or a dict of such."""
    if text.startswith("{"):
        with suppress(SyntaxError, ValueError):
            if isinstance(found := ast.literal_eval(text), dict):
                return found
    if text in ("True", "False"):
        return text == "True"
    if word := WORD.fullmatch(text):
        return Value(word[2] if word[1] else word[3])
    try:
        found = float(text) if "." in text or "e" in text.lower() else int(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise CodeError(f"--value {name}={text}: give a number, True, False, a word or a dict")
    return found


def _inputs(pair: Pair, known: Mapping[str, Any], valued: Mapping[str, Any]) -> dict[str, Any]:
    """The shapes of a pair's parameters; raises `CodeError` where one is not known."""
    wanted = pair.parameters
    found = annotated(wanted)
    for name in [name for name in wanted if name in known]:
        vector = name in found and isinstance(known[name], str)  # where a class may take a size
        found[name] = (known[name],) if vector else known[name]
    found |= {name: valued[name] for name in pair.later if name in valued}
    missing = [n for n, p in wanted.items() if n not in found and p.default is p.empty]
    if missing:
        options = " ".join(f"--shape {name}=…" for name in missing)
        labels = [name for name in missing if re.search(LABELS, name)]
        instead = f", or for integer labels --labels {labels[0]}=n,t" if labels else ""
        raise CodeError(
            f"{pair.name}: the shape of {', '.join(missing)} is not known: give {options}{instead}"
        )
    return found


def _asked(
    pair: Pair,
    inputs: Mapping[str, Any],
    assume: Sequence[str],
    timeout: float | None,
    others: Collection[str],
) -> CodeReport:
    """The report; values that another pair's function asks for are given where there is need."""
    own = {n: one for n, one in inputs.items() if n in pair.parameters or n not in others}
    if len(own) < len(inputs):
        with suppress(CodeError):
            return _report(pair, own, assume, timeout)
    return _report(pair, inputs, assume, timeout)


def _report(
    pair: Pair, inputs: Mapping[str, Any], assume: Sequence[str], timeout: float | None
) -> CodeReport:
    limits: dict[str, Any] = {"assume": assume, "timeout": timeout}
    match pair.kind, pair.second:
        case "vjp", backward:
            return prove_vjp(pair.first, backward, **limits, **inputs)
        case "layer", _:
            return prove_vjp(pair.first, **limits, **inputs)
        case "slope", slope if slope is not None:
            return prove_slope(pair.first, slope, **limits, **inputs)
    return prove(pair.first, pair.second, **limits, **inputs)
