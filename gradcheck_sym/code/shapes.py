"""The inputs of the user's functions: arrays of shapes with names or numbers, labels, numbers."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal, TypeAlias, get_origin

from gradcheck_sym.array import UNIT, Axis
from gradcheck_sym.code.compared import compared_with_texts
from gradcheck_sym.code.copied import copied
from gradcheck_sym.errors import CodeError, raised
from gradcheck_sym.proofs.damaged import RESERVED
from gradcheck_sym.sizes import Size
from gradcheck_sym.trace.labels import Labels

SMALL = 2
Given: TypeAlias = Any  # a tuple of sizes, "n,d", Labels, Value, or else a value


@dataclass(frozen=True)
class Value:
    """A value that is passed as it is, where it would be taken for a shape: Value("relu")."""

    value: Any


def words(
    given: Mapping[str, Given],
    wanted: Mapping[str, inspect.Parameter],
    functions: Iterable[Callable[..., Any]],
) -> dict[str, Given]:
    """The same, with a `Value` for a string where a parameter takes strings that are no sizes.

    That is told by its default, its annotation, or a comparison with a text in these functions.
    """
    compared = {name for function in functions for name in compared_with_texts(function)}
    return {
        name: Value(one)
        if isinstance(one, str) and (name in compared or _takes_words(wanted.get(name)))
        else one
        for name, one in given.items()
    }


def passed_as(name: str, given: Given) -> Any:
    """What is passed for a value; raises `CodeError`."""
    try:
        return copied(given.value if isinstance(given, Value) else given)
    except Exception as error:
        raise CodeError(
            f"{name} cannot be copied ({raised(error)}): let the function look it up itself"
        ) from None


def _takes_words(parameter: inspect.Parameter | None) -> bool:
    """Whether the default is a string, or the annotation says so."""
    if parameter is None:
        return False
    annotation = parameter.annotation
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    literal = get_origin(annotation) is Literal or text.startswith(("Literal[", "typing.Literal["))
    return isinstance(parameter.default, str) or text == "str" or literal


def as_shape(name: str, given: Given) -> tuple[Size, ...] | Labels | None:
    """The shape that is meant, or None for a value; raises `CodeError`.

    >>> as_shape("x", ("n", 3)), as_shape("x", "n,d"), as_shape("eps", 0.1)
    (('n', 3), ('n', 'd'), None)
    """
    if isinstance(given, Labels):
        return Labels(*(_size(name, size) for size in (given.count, given.classes)))
    if isinstance(given, str):
        given = tuple(part for part in re.split(r"[\s,]+", given.strip("() ")) if part)
    if isinstance(given, tuple | list) and all(map(_may_be_size, given)):
        return tuple(_size(name, part) for part in given)
    return None


def _may_be_size(part: object) -> bool:
    """Whether it is a name or an integer, also one of NumPy's; a truth is none."""
    return isinstance(part, Integral | str) and not isinstance(part, bool)


def _size(name: str, size: object) -> Size:
    """A positive integer, or a name, which may be any that Python allows and proofs have not."""
    text = str(size)
    if text in ("True", "False", "None"):
        raise CodeError(
            f"the shape of {name}: {text} is no size; give a positive integer or a name"
        )
    if text.strip("_") == "":
        raise CodeError(f"the shape of {name}: {text!r} is no name of a size; give it one")
    if text in RESERVED:
        raise CodeError(f"the shape of {name}: {text} has a meaning in proofs; call it {text}1")
    if text.isascii() and text.isidentifier():
        return text
    if text.isascii() and text.isdigit() and int(text):
        return int(text)
    mend = "give a positive integer or a name"
    if re.search(r"\w\s*[-+*/]\s*\w", text):
        mend = "no arithmetic is done with names: give the sizes in it numbers, such as h=3 and 12"
    raise CodeError(f"the shape of {name}: {text!r} is no size; {mend}")


def small(given: Mapping[str, Given]) -> dict[str, Given]:
    """The same inputs with 2 for every size that is a name."""
    return with_sizes(given, lambda _: SMALL)


def with_sizes(given: Mapping[str, Given], instead: Callable[[str], Size]) -> dict[str, Given]:
    """The same inputs with other sizes for those that are names."""

    def number(size: Size) -> Size:
        return instead(size) if isinstance(size, str) else size

    found: dict[str, Given] = {}
    for name, one in given.items():
        match as_shape(name, one):
            case None:
                found[name] = one
            case Labels(count, classes):
                found[name] = Labels(number(count), number(classes))
            case shape:
                numbers = tuple(map(number, shape))
                found[name] = ",".join(map(str, numbers)) if isinstance(one, str) else numbers
    return found


def names_in(given: Mapping[str, Given]) -> list[str]:
    """The sizes that are names, in the order in which they stand."""
    found: list[Size] = []
    for name, one in given.items():
        match as_shape(name, one):
            case None:
                continue
            case Labels(count, classes):
                found += [count, classes]
            case shape:
                found += shape
    return [size for size in dict.fromkeys(found) if isinstance(size, str)]


def axes(shape: tuple[Size, ...]) -> tuple[Axis, ...]:
    """The axes of a shape."""
    return tuple(UNIT if size == 1 else Axis(str(size), size) for size in shape)
