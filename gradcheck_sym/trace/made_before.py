"""Random generators that were made before a trace: they draw numbers, and are looked for."""

from __future__ import annotations

import gc
import pickle
import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from gradcheck_sym.errors import ArrayError

BEFORE = (
    "random numbers are drawn by a generator that was made before, or by Python's random: make it "
    "where it is used, np.random.default_rng(0), or pass what it gives as an argument"
)
_there: ContextVar[list[Any] | None] = ContextVar("there", default=None)


@contextmanager
def none_made_before() -> Iterator[None]:
    """Raise `ArrayError` where numbers are drawn by generators that are not ours."""
    before = _states()
    yield
    if any(other != state for (_, state), (_, other) in zip(before, _states(before), strict=True)):
        raise ArrayError(BEFORE)


@contextmanager
def looked_for_once() -> Iterator[None]:
    """Look for generators once, through all objects that there are: meanwhile none is made."""
    token = _there.set(_generators())
    try:
        yield
    finally:
        _there.reset(token)


States = list[tuple[Any, Any]]


def _states(known: States | None = None) -> States:
    """The states of all generators that there are, or of those that are known."""
    looked_for = _there.get()
    own = _generators() if looked_for is None and known is None else looked_for or []
    found = own if known is None else [one for one, _ in known[1:]]
    return [
        (None, random.getstate()),
        *((one, pickle.dumps(_bits(one).state)) for one in found),
    ]


def _generators() -> list[Any]:
    from numpy.random import _generator, mtrand

    kinds = (_generator.Generator, mtrand.RandomState)
    return [one for one in gc.get_objects() if type(one) in kinds]


def _bits(one: Any) -> Any:
    return one.bit_generator if hasattr(one, "bit_generator") else one._bit_generator
