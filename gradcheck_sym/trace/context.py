"""What one trace has met so far: names, and the arrays that stand for what has no formula."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from weakref import ref

from gradcheck_sym.array import Array, Input, Let, Shape
from gradcheck_sym.errors import ArrayError, GradcheckError
from gradcheck_sym.term.terms import INVENTED
from gradcheck_sym.trace.stand_for import Call, Clip, Draw, Triangle

MOST_NAMES = 80


_inside_clip: ContextVar[bool] = ContextVar("inside_clip", default=False)
_free_maxima: ContextVar[bool] = ContextVar("free_maxima", default=False)


_suffix: ContextVar[str] = ContextVar("suffix", default="")


@contextmanager
def names_end_with(suffix: str) -> Iterator[None]:
    """Traces that begin here have other names, so that theirs are no others."""
    token = _suffix.set(suffix)
    try:
        yield
    finally:
        _suffix.reset(token)


@contextmanager
def no_clip_acts() -> Iterator[None]:
    """Traces that begin here take what is clipped for lying within the bounds."""
    token = _inside_clip.set(True)
    try:
        yield
    finally:
        _inside_clip.reset(token)


@contextmanager
def maxima_are_free() -> Iterator[None]:
    """Traces that begin here take every maximum for any number, as with sizes that are names."""
    token = _free_maxima.set(True)
    try:
        yield
    finally:
        _free_maxima.reset(token)


@dataclass
class Trace:
    """The names of a trace, which end with `suffix`.

    `several` are variables that have other values, too, `bases` are called as a view of them,
    which need not be all of it. `shifts` stand for maxima: free, since
    none of them may matter.
    `shifted` tells of what, and over which axes, each of them is the maximum.

    `needed` has to be positive, or NumPy computes with what is no number.
    `triangles` are those of `np.triu` and `np.tril`: free, since no more of them may matter than
    that they are 0 or 1.
    `random` are free arrays that the user's code drew, `bound` says to which variable a name was
    given, and on which line, `ran` which lines of which files were run.
    `draws` tells what is known of them, `calls` who drew, in this order (None when the object was
    made), `streams` what was drawn with a seed, `generator` is that
    of `np.random`.
    `maxima` counts those that were written out, since none is free unless `free_maxima`.
    `clips` are what was clipped; `inside_clip` says that no clip is assumed to act. `raised` is
    the first refusal in the user's code, which may catch it. `single` tells that numbers were made
    of the type float32. `brought` and `made` are real arrays
    of numbers by their ids: those that the code brings along, and those that it makes. `traced`
    are all traced arrays that were made, of a trace that keeps them. `floats` are numbers that the
    code computes with.
    """

    taken: set[str] = field(default_factory=set)
    suffix: str = field(default_factory=_suffix.get)
    lets: list[Let] = field(default_factory=list)
    several: list[Let] = field(default_factory=list)
    bases: list[Let] = field(default_factory=list)
    shifts: list[Input] = field(default_factory=list)
    shifted: dict[str, tuple[Array, tuple[int, ...]]] = field(default_factory=dict)
    maxima: int = 0
    needed: list[Array] = field(default_factory=list)
    triangles: list[Triangle] = field(default_factory=list)
    free_maxima: bool = field(default_factory=_free_maxima.get)
    random: list[Input] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    calls: list[Call | None] = field(default_factory=list)
    streams: dict[str, list[Any]] = field(default_factory=dict)
    generator: Any = None
    bound: dict[str, tuple[str, int]] = field(default_factory=dict)
    ran: set[tuple[str, int]] = field(default_factory=set)
    clips: list[Clip] = field(default_factory=list)
    inside_clip: bool = field(default_factory=_inside_clip.get)
    raised: Exception | None = None
    single: bool = False
    brought: dict[int, Any] = field(default_factory=dict)
    made: dict[int, Any] = field(default_factory=dict)
    traced: list[ref[Any]] | None = None
    floats: list[float] = field(default_factory=list)

    def keep(self, error: Exception) -> None:
        """Keep a refusal, if it is the first."""
        self.raised = self.raised or error

    def fresh(self, name: str) -> str:
        """The name, with a number if it is taken."""
        own, number = f"{name}{self.suffix}", 2
        name = own
        while own in self.taken:
            own = f"{name}_{number}"
            number += 1
        self.taken.add(own)
        return own

    def let(self, name: str, array: Array) -> Array:
        """The array under a name: that of an equal one, if there is one."""
        from gradcheck_sym.array.graph import same

        candidate = Let(name, array)
        for known in self.lets:
            if same(known, candidate):
                return known
        if len(self.lets) >= MOST_NAMES:
            return array
        candidate.name = self.fresh(name)
        if candidate.name != f"{name}{self.suffix}":
            self.several += [candidate, *(known for known in self.lets if known.name == name)]
        self.lets.append(candidate)
        return candidate

    def tell_apart(self) -> None:
        """Mark the names of variables that have several values, so that none is taken for all."""
        for let in self.several:
            if not let.name.endswith(INVENTED):
                bound = self.bound.pop(let.name, None)
                let.name = self._untaken(let.name)
                self.bound |= {} if bound is None else {let.name: bound}

    def _untaken(self, name: str) -> str:
        """The name, marked as one that stands for no variable; what we named may be called so."""
        own, number = f"{name}{INVENTED}", 2
        while own in self.taken:
            own = f"{name}_{number}{INVENTED}"
            number += 1
        self.taken.add(own)
        return own

    def known(self, array: Array) -> Array:
        """The name of an equal array, if there is one."""
        from gradcheck_sym.array.graph import same

        candidate = Let("", array)
        return next((let for let in self.lets if same(let, candidate)), array)

    def shift(self, array: Array, axes: tuple[int, ...]) -> Input:
        """A free array for the maximum over these axes, the same for an equal array."""
        from gradcheck_sym.array.graph import same

        candidate = Let("", array)
        for shift in self.shifts:
            source, gone = self.shifted[shift.name]
            if gone == axes and same(Let("", source), candidate):
                return shift
        left = tuple(axis for k, axis in enumerate(array.shape) if k not in axes)
        self.shifts.append(Input(self.fresh("max"), left))
        self.shifted[self.shifts[-1].name] = array, axes
        return self.shifts[-1]

    def triangle(self, shape: Shape, k: int, *, upper: bool) -> Input:
        """A free array for the zeros and ones of a triangle, the same for the same one."""
        from gradcheck_sym.array.shape import sizes

        for one in self.triangles:
            same = sizes(one.array.shape) == sizes(shape)
            if same and (one.upper, one.k) == (upper, k):
                return one.array
        array = Input(self.fresh("triu" if upper else "tril"), shape)
        self.triangles.append(Triangle(array, upper, k))
        return array

    def unknown(self, shape: Shape) -> Input:
        """A free array for what nothing was written to yet."""
        self.random.append(Input(self.fresh("empty"), shape))
        return self.random[-1]

    def drawn(self, shape: Shape) -> Input:
        """A free array for random numbers."""
        self.random.append(Input(self.fresh("rand"), shape))
        return self.random[-1]


_current: ContextVar[Trace] = ContextVar("trace")


def current() -> Trace:
    """The trace that runs; raises `ArrayError` where none does."""
    try:
        return _current.get()
    except LookupError:
        raise ArrayError("this belongs inside a function that is given to prove") from None


def runs() -> bool:
    """Whether a trace runs, in this thread."""
    return _current.get(None) is not None


def keep_made(traced: object) -> None:
    """Let the trace that runs know of a traced array, if it wants to."""
    trace = _current.get(None)
    if trace is not None and trace.traced is not None:
        trace.traced.append(ref(traced))


@contextmanager
def tracing(trace: Trace) -> Iterator[Trace]:
    """Let this be the trace that runs; it is told of all that is refused meanwhile."""
    token = _current.set(trace)
    _running.append(trace)
    try:
        yield trace
    finally:
        _running[:] = [other for other in _running if other is not trace]
        _current.reset(token)


def _noticed(error: Exception) -> None:
    """Keep the first refusal: in a thread that the code began, for all traces that run."""
    own = _current.get(None)
    for trace in [own] if own is not None else list(_running):
        trace.keep(error)


_running: list[Trace] = []
GradcheckError.noticed = staticmethod(_noticed)
