"""`np.random`, while a trace runs: what is drawn is a free array, with what is known of it.

Two generators of one seed draw the same, so a mask that is drawn again is the same mask.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

from gradcheck_sym.array.graph import names
from gradcheck_sym.array.powers import visible_number
from gradcheck_sym.array.shape import broadcast, sizes
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import current, runs
from gradcheck_sym.trace.counts import seen
from gradcheck_sym.trace.likes import axes_of, filled
from gradcheck_sym.trace.stand_for import Call, Draw
from gradcheck_sym.trace.traced import Traced

DRAWING = (
    *("rand", "random", "random_sample", "randn"),
    *("uniform", "normal", "standard_normal", "binomial"),
)
OF_ARRAYS = " of arrays"  # what is drawn before it is moved and stretched
OTHERWISE = "two generators of one seed draw otherwise: draw once, and keep what is drawn"


class Generator:
    """`np.random.default_rng()` and its like: a seed, and how often was drawn from it."""

    def __init__(self, seed: object = None, kind: str = "Generator") -> None:
        if not (seed is None or isinstance(seed, int) or hasattr(seed, "__index__")):
            raise ArrayError("a generator is made of an integer here, np.random.default_rng(0)")
        self._given = None if seed is None else f"{kind} {operator.index(cast('Any', seed))}"
        self.kind = kind  # NumPy's name for it
        self._place = 0
        self._trace = current() if runs() else None

    def __copy__(self) -> Generator:
        """One that goes on from the same place, in the same run."""
        other = Generator.__new__(type(self))
        other.__dict__ |= self.__dict__
        return other

    def __deepcopy__(self, memo: dict[int, Any]) -> Generator:
        """The same: a trace is what is going on, and is not copied."""
        del memo
        return self.__copy__()

    @property
    def _seed(self) -> str | None:
        """The seed, in the run that it was given in: later, who drew before is not known."""
        return self._given if runs() and current() is self._trace else None

    def rand(self, *shape: Any) -> Traced:
        """Numbers in [0, 1)."""
        return self._draw("rand", (), shape or None, 0, 1)

    def random(self, size: Any = None, dtype: object = None) -> Traced:
        """Numbers in [0, 1), of 32 or 64 bits."""
        return self._draw(f"rand{_bits_of(dtype)}", (), size, 0, 1)

    random_sample = random

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Traced:
        """Numbers between two bounds."""
        if _depends(low, high):  # as NumPy has it
            unit = self._draw(f"uniform{OF_ARRAYS}", (), _size(size, low, high), 0, 1)
            return cast("Traced", low + (high - low) * unit)
        if isinstance(low, int | float) and isinstance(high, int | float):
            low, high = sorted((low, high))
        return self._draw("uniform", (low, high), size, low, high)

    def randn(self, *shape: Any) -> Traced:
        """Any numbers."""
        return self._draw("randn", (), shape or None)

    def standard_normal(self, size: Any = None, dtype: object = None) -> Traced:
        """Any numbers, of 32 or 64 bits."""
        return self._draw(f"randn{_bits_of(dtype)}", (), size)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Traced:
        """Any numbers; around others, what is drawn moves with them."""
        if _depends(loc, scale):
            current().needed.append(array_held(scale))
            unit = self._draw(f"normal{OF_ARRAYS}", (), _size(size, loc, scale))
            return cast("Traced", loc + scale * unit)
        return self._draw("normal", (loc, scale), size)

    def binomial(self, n: Any, p: Any, size: Any = None) -> Traced:
        """Integers from 0 to n."""
        if _depends(n, p):
            raise ArrayError(
                "np.random.binomial with a probability that is computed from inputs depends on "
                "them: pass what it gives as an argument"
            )
        kind = "bits" if visible_number(array_held(n)) == 1 else "counts"
        found = self._draw("binomial", (n, p), size, 0, n, kind)
        if p in (0, 1):
            found = filled(array_held(n) if p else 0, found.shape_held)
        found.whole = True
        return found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _refused(name)

    def _draw(
        self,
        name: str,
        args: Sequence[Any],
        size: Any,
        low: Any = None,
        high: Any = None,
        kind: str = "numbers",
    ) -> Traced:
        own = broadcast(*(array_held(arg).shape for arg in args))
        shape = own if size is None else axes_of(size)
        told = (name, sizes(shape), [a if isinstance(a, int | float) else id(a) for a in args])
        known = current().streams.setdefault(self._seed, []) if self._seed is not None else []
        if self._place >= len(known) or self._seed is None:
            least, most = (None if x is None else array_held(x) for x in (low, high))
            unplaced = None if self._given is None or self._seed else (self._given, self)
            draw = Draw(current().drawn(shape), least, most, kind, unplaced)
            current().draws.append(draw)
            known.append((told, draw, args))
        before, draw, _ = known[-1 if self._seed is None else self._place]
        if before != told:
            raise ArrayError(OTHERWISE)
        self._place += 1
        current().calls.append(Call(draw.array, name.endswith(OF_ARRAYS)))
        return Traced(draw.array, scalar=True if size is None and not shape else None)


def _depends(*values: object) -> bool:
    """Whether what is drawn depends on the inputs."""
    return any(names(array_held(value)) for value in values)


def _size(size: Any, *values: object) -> Any:
    """The shape of what is drawn, where it is not given."""
    own = broadcast(*(array_held(value).shape for value in values))
    return size if size is not None else tuple(seen(one) for one in sizes(own)) or None


def _bits_of(dtype: object) -> str:
    """Of 32 bits others are drawn than of 64, which are the usual ones."""
    import numpy as np

    kind = np.dtype(float if dtype is None else cast("Any", dtype))
    return "" if kind == np.float64 else kind.name


def _refused(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise ArrayError(f"np.random.{name} is not supported: pass what it gives as an argument")

    return refuse


def _of_all(name: str) -> Callable[..., Any]:
    """The function of `np.random` itself, which has one generator."""

    def draw(*args: Any, **options: Any) -> Any:
        return getattr(_one(), name)(*args, **options)

    return draw


def _one() -> Generator:
    current().generator = current().generator or Generator()
    found: Generator = current().generator
    return found


def _seed(seed: object = None) -> None:
    current().generator = Generator(seed, "RandomState")


def _default_rng(seed: object = None) -> Generator:
    return seed if isinstance(seed, Generator) else Generator(seed)


DRAWN: dict[str, Callable[..., Any]] = {
    **{name: _of_all(name) for name in DRAWING},
    "default_rng": _default_rng,
    "RandomState": lambda seed=None: Generator(seed, "RandomState"),
    "seed": _seed,
}


def drawing(every: Sequence[str]) -> dict[str, Callable[..., Any]]:
    """What stands for these functions of `np.random`: most are refused."""
    return {name: DRAWN.get(name) or _refused(name) for name in every}
