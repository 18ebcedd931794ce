"""`gradcheck-sym --code FILE`: every pair that a file has, or one by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gradcheck_sym.code.file import annotated, loaded, options
from gradcheck_sym.code.inputs import parameters
from gradcheck_sym.code.pairs import Pair, pairs
from gradcheck_sym.code.proving import prove, prove_slope, prove_vjp, refuse_without_numpy
from gradcheck_sym.code.report import CodeReport
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.trace.labels import Labels


def reports(
    given: str,
    shapes: tuple[str, ...],
    labels: tuple[str, ...],
    values: tuple[str, ...],
    assume: Sequence[str],
    timeout: float | None,
) -> tuple[list[CodeReport], list[str]]:
    """What is found of FILE or FILE:NAME, and what is wrong with some of several pairs.

    Raises `CodeError` where nothing could be checked.
    """
    refuse_without_numpy()
    path, name = _path_and_name(given)
    known = {
        **options(shapes, "--shape", _shape),
        **options(labels, "--labels", _labels),
        **options(values, "--value", _value),
    }
    found = pairs(loaded(path, timeout))
    wanted = [pair for pair in found if name in (None, pair.name, pair.first.__name__)]
    if not wanted:
        there = ", ".join(pair.name for pair in found)
        if name and there:
            raise CodeError(f"--code {given}: no pair of that name; there are {there}")
        raise CodeError(
            f"--code {path}: no pair found; name functions NAME_forward and NAME_backward, "
            "or write a class with forward and backward"
        )
    if unused := [n for n in known if not any(n in pair.parameters for pair in wanted)]:
        raise CodeError(f"{unused[0]} is no parameter of a function that is checked")
    found_out: list[CodeReport] = []
    wrong: list[str] = []
    for pair in wanted:
        try:
            found_out.append(_report(pair, _inputs(pair, known), assume, timeout))
        except GradcheckError as error:
            if len(wanted) == 1:
                raise
            wrong.append(f"not checked: {error}")
    if not found_out:
        raise CodeError(wrong[0])
    return found_out, wrong


def _path_and_name(given: str) -> tuple[str, str | None]:
    path, colon, name = given.rpartition(":")
    return (path, name) if colon and name.isidentifier() and path else (given, None)


def _shape(_: str, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _labels(name: str, text: str) -> Labels:
    sizes = [part.strip() for part in text.split(",")]
    if len(sizes) != 2:
        raise CodeError(f"--labels {name}={text}: give how many, and of how many classes: n,t")
    return Labels(*(int(size) if size.isdigit() else size for size in sizes))


def _value(name: str, text: str) -> Any:
    try:
        return float(Fraction(text)) if "." in text or "e" in text.lower() else int(text)
    except ValueError:
        if text in ("True", "False"):
            return text == "True"
        raise CodeError(f"--value {name}={text}: give a number, True or False") from None


def _inputs(pair: Pair, known: Mapping[str, Any]) -> dict[str, Any]:
    """The shapes of a pair's parameters; raises `CodeError` where one is not known."""
    wanted = pair.parameters
    found = {**annotated(wanted), **{name: one for name, one in known.items() if name in wanted}}
    missing = [n for n, p in wanted.items() if n not in found and p.default is p.empty]
    if missing:
        options = " ".join(f"--shape {name}=…" for name in missing)
        raise CodeError(
            f"{pair.name}: the shape of {', '.join(missing)} is not known: give {options}"
        )
    if pair.kind == "layer":
        own = set(wanted) - set(_forward(pair))
        sizes = {
            n: s[0] for n, s in found.items() if n in own and isinstance(s, tuple) and len(s) == 1
        }
        found |= sizes
    return found


def _forward(pair: Pair) -> Mapping[str, Any]:
    layer: Any = pair.first
    return dict(list(parameters(layer.forward).items())[1:])


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
