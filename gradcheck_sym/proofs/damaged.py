"""JSON that is read strictly: what is not as it should be raises `Damaged`, with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

from gradcheck_sym.term.terms import Number

Json: TypeAlias = Any  # what json.loads gives
Found = TypeVar("Found")

LARGEST = 10**9  # of sizes and indices
MOST_DIGITS = 1_000  # of a number
NAME = re.compile(r"[A-Za-z_]\w{0,99}", re.ASCII)  # letters that look like these are others
RESERVED = ("J", "pi")  # are shown as what they are
NUMBER = re.compile(r"-?[0-9]+(/[0-9]+)?")


class Damaged(Exception):
    """What is read is no proof: one line that names the place.

    >>> str(Damaged("there is no letter k", "statement", "claim"))
    'statement.claim: there is no letter k'
    """

    def __init__(self, what: str, *place: str) -> None:
        super().__init__(what, *place)
        self.what, self.place = what, place

    def __str__(self) -> str:
        return f"{'.'.join(self.place)}: {self.what}" if self.place else self.what


@contextmanager
def at(place: str | int) -> Iterator[None]:
    """Add the place to what is raised inside."""
    try:
        yield
    except Damaged as error:
        raise Damaged(error.what, seen(place), *error.place) from None


def seen(document: Json) -> str:
    """A piece of the document for a message: printable, and short.

    >>> seen("x" * 100)
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
    """
    text = str(document)
    shown = "".join(sign if sign.isprintable() else "?" for sign in text[:40])
    return f"{shown}…" if len(text) > 40 else shown


def strict_json(text: str) -> Json:
    """The JSON document. Raises `Damaged`, for a key that stands twice too.

    >>> strict_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    gradcheck_sym.proofs.damaged.Damaged: the key a stands twice
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except ValueError as error:
        raise Damaged(f"not JSON: {str(error)[:100]}") from None
    except RecursionError:
        raise Damaged("not JSON that is read here: nested too deep") from None


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise Damaged(f"the key {seen(key)} stands twice")
        found[key] = value
    return found


def _no_number(text: str) -> Json:
    raise Damaged(f"not JSON: {text} is no number")


def fields(document: Json, *needed: str, **others: Json) -> dict[str, Json]:
    """The fields of an object: those needed, and others with what they are if left out.

    >>> fields({"a": 1}, "a", b=[])
    {'b': [], 'a': 1}
    """
    for key in items(document):
        if key not in needed and key not in others:
            raise Damaged(f"the key {seen(key)} is not known")
    for key in needed:
        if key not in document:
            raise Damaged(f"the key {key} is missing")
    return {**others, **document}


def items(document: Json) -> Mapping[str, Json]:
    """An object with any keys."""
    if not isinstance(document, dict):
        raise Damaged(f"{seen(document)} stands where an object belongs")
    return document


def each(document: Json, read: Callable[[Json], Found]) -> tuple[Found, ...]:
    """A list, item by item, counted from 1."""
    if not isinstance(document, list):
        raise Damaged(f"{seen(document)} stands where a list belongs")
    found = []
    for item in document:
        try:
            found.append(read(item))
        except Damaged as error:
            raise Damaged(error.what, str(len(found) + 1), *error.place) from None
    return tuple(found)


def named(document: Json, read: Callable[[Json], Found]) -> dict[str, Found]:
    """An object whose keys are names of arrays."""
    found = {}
    for key, value in items(document).items():
        with at(key):
            found[array_name(key)] = read(value)
    return found


def name(document: Json) -> str:
    """The name of an array, a size or a letter."""
    if not isinstance(document, str) or not NAME.fullmatch(document):
        raise Damaged(f"{seen(document)} is no name")
    return document


def array_name(document: Json) -> str:
    """The name of an array, which is not that of something else.

    >>> array_name("J")
    Traceback (most recent call last):
    gradcheck_sym.proofs.damaged.Damaged: J is no name of an array
    """
    if name(document) in RESERVED:
        raise Damaged(f"{document} is no name of an array")
    return str(document)


def size_name(document: Json) -> str:
    """The name of a size, which is not that of something else either."""
    if name(document) in RESERVED:
        raise Damaged(f"{document} is no name of a size")
    return str(document)


def whole(document: Json, least: int = 1) -> int:
    """A whole number that is not too large."""
    if type(document) is not int or not least <= document <= LARGEST:
        raise Damaged(f"{seen(document)} stands where a whole number from {least} belongs")
    return document


def rational(document: Json) -> Number:
    """An integer or a fraction, as the only text that it has.

    >>> rational("-3/4"), rational("7")
    (Fraction(-3, 4), 7)
    """
    if not isinstance(document, str) or not NUMBER.fullmatch(document):
        raise Damaged(f"{seen(document)} stands where a fraction belongs, as text")
    if len(document) > MOST_DIGITS:
        raise Damaged("a number that is too long")
    above, _, below = document.partition("/")
    if below and not int(below):
        raise Damaged(f"{seen(document)} divides by 0")
    value = Fraction(int(above), int(below or 1))
    if str(value) != document:
        raise Damaged(f"{seen(document)} is to be written {seen(value)}")
    return value if below else value.numerator
