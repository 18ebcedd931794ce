"""What the user's functions draw at random in NumPy, in the order in which they do.

So what was traced can be compared with it: the free arrays have the values that were drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from gradcheck_sym.trace.drawing import DRAWING
from gradcheck_sym.trace.replaced import Places, places_of, replaced, replacements
from gradcheck_sym.trace.stand_for import Call

MOST_UNSEEDED = 1_000  # in one run


@dataclass(frozen=True)
class Recorded:
    """What was drawn at once, between or around two numbers or arrays."""

    value: Any
    ends: tuple[Any, Any]  # of uniform the bounds, of normal the mean and the deviation
    is_uniform: bool

    @property
    def unit(self) -> Any:
        """What was drawn before it was moved and stretched."""
        first, second = self.ends
        return (self.value - first) / (second - first if self.is_uniform else second)


class Record(list[Recorded]):
    """What was drawn so far."""

    is_drawing = False


def drawing_places(function: Callable[..., Any]) -> Places:
    """Where a function's module, and others, have names for what draws."""
    import numpy as np

    made = {getattr(np.random, name) for name in (*DRAWING, "default_rng", "RandomState")}
    return [(names, keys) for names, keys in places_of(function, {np.random, *made}) if keys]


@contextmanager
def recording(
    function: Callable[..., Any], seed: int, places: Places | None = None
) -> Iterator[Record]:
    """Keep what is drawn meanwhile; generators without a seed have one, from this one on.

    `places` are the `drawing_places`, for many runs of one function.
    """
    import numpy as np

    kept = Record()
    unseeded = count(MOST_UNSEEDED * seed)
    new = _kept_by(np.random.Generator, kept, lambda one: (deepcopy(one.bit_generator),))
    legacy = _kept_by(np.random.RandomState, kept, lambda one: (deepcopy(one._bit_generator),))

    def default_rng(seed: Any = None) -> Any:
        if isinstance(seed, np.random.Generator):
            return seed
        return new(np.random.PCG64(next(unseeded) if seed is None else seed))

    made = np.random.RandomState.__init__

    def seeded(self: Any, seed: Any = None) -> None:
        made(self, next(unseeded) if seed is None else seed)

    legacy.__init__ = seeded  # type: ignore[misc]
    functions = {name: _noted(name, getattr(np.random, name), kept) for name in DRAWING}
    ours = {**functions, "default_rng": default_rng, "RandomState": legacy}
    ours = replacements(np.random, ours)
    with replaced(function, {np.random: ours}, np.random, places=places):
        yield kept


def values(calls: Sequence[Call | None], kept: Sequence[Recorded]) -> dict[str, Any] | None:
    """The values of the free arrays; None if something else was drawn than was traced.

    Raises `ArithmeticError` where they are not known.
    """
    import numpy as np

    if len(calls) != len(kept):
        return None
    found: dict[str, Any] = {}
    for call, one in zip(calls, kept, strict=True):
        if call is not None:
            value = np.asarray(one.unit if call.is_unit else one.value, dtype=float)
            if value.ndim != call.array.ndim:
                return None
            if not np.isfinite(value).all():
                raise ArithmeticError("numbers between bounds that are equal")
            found[call.array.name] = value
    return found


class _OfKept(type):
    """The type of a generator: also of one that was made before, or as it was loaded."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.__bases__[0])


def _kept_by(kind: type, kept: Record, again: Callable[[Any], tuple[Any, ...]]) -> type:
    """Generators of this kind, of which it is kept what they draw, also of their copies."""

    def draw(name: str) -> Callable[..., Any]:
        real = getattr(kind, name)
        return lambda self, *args, **options: _noted(name, partial(real, self), kept)(
            *args, **options
        )

    def copied(self: Any, memo: dict[int, Any] | None = None) -> Any:
        del memo
        return type(self)(*again(self))

    own = {name: draw(name) for name in DRAWING if hasattr(kind, name)}
    return _OfKept(kind.__name__, (kind,), {**own, "__copy__": copied, "__deepcopy__": copied})


def _noted(name: str, draw: Callable[..., Any], kept: Record) -> Callable[..., Any]:
    def noted(*args: Any, **options: Any) -> Any:
        import numpy as np

        if kept.is_drawing:  # NumPy's functions call each other
            return draw(*args, **options)
        kept.is_drawing = True
        try:
            value = draw(*args, **options)
        except ValueError as error:  # such as a negative deviation: there are no such numbers
            raise ArithmeticError(str(error)) from None
        finally:
            kept.is_drawing = False
        ends = _between(0.0, 1.0)
        if name == "uniform":
            ends = _between(*args[:2], **{k: v for k, v in options.items() if k != "size"})
        elif name == "normal":
            ends = _around(*args[:2], **{k: v for k, v in options.items() if k != "size"})
        copies = np.array(ends[0]), np.array(ends[1])
        kept.append(Recorded(np.array(value), copies, is_uniform=name == "uniform"))
        return value

    return noted


def _between(low: Any = 0.0, high: Any = 1.0) -> tuple[Any, Any]:
    return low, high


def _around(loc: Any = 0.0, scale: Any = 1.0) -> tuple[Any, Any]:
    return loc, scale
