"""Whether two runs give the same, and functions that keep something from one call to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from functools import partial
from itertools import islice, product
from random import Random
from types import FunctionType
from typing import Any, TypeAlias

from gradcheck_sym.array import Array, Input, Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import alike, names, same
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.code.between import Left, between, leave
from gradcheck_sym.code.copied import is_plain
from gradcheck_sym.code.inputs import UPSTREAMS, Buffers, passed_in, same_values
from gradcheck_sym.code.looked_up import asks_identity, may_keep, of_methods
from gradcheck_sym.code.questions import defined
from gradcheck_sym.code.restored import restored
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.shapes import Given, with_sizes
from gradcheck_sym.code.slots import holds_others
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.refuter.floats import Floats, near
from gradcheck_sym.term.terms import Letter, Num, SizeOf, Sum, Term, Where
from gradcheck_sym.term.walks import walk
from gradcheck_sym.trace.context import names_end_with

Named: TypeAlias = Mapping[str, Input | Let]
SCALES = (1, 10, 1, 0.1, 100, 10_000)  # of numbers, for one point after the other
ENTRIES, MOST_ENTRIES = 12, 10_000  # that are compared, of so many
LARGEST = 1e12  # of bounds that points are drawn beside
MOST_ALONE = 6  # inputs that are passed as the same object, one after the other
BEFORE = "_earlier"  # ends the names of what belongs to another call


class Way(Enum):
    """What comes before a call, as messages say it; PARTED, also between forward and backward."""

    PARTED = "it was called with other inputs, also between forward and backward"
    CALLED = "it was called with other inputs"
    FORWARD_ALONE = "a forward pass without backward"


def refuse_kept(
    found: Run, ran: Callable[[Mapping[str, Given]], Run], given: Mapping[str, Given], name: str
) -> None:
    """Raise `CodeError` where functions give something else after calls with other inputs."""
    own = [*found.script.functions, *of_values(found.constants.values())]
    if not may_keep(*own) and all(map(is_plain, found.constants.values())):
        return
    others = (with_sizes(given, lambda size: f"{size}{BEFORE}"), given)
    again_passed = again_with(found.inputs, *own, *of_values(found.told.values()))
    ways: list[tuple[Sequence[Mapping[str, Given]], Buffers | None, Way]] = [
        *((others, None, way) for way in Way),
        *(((given,), one, Way.CALLED) for one in again_passed),
    ]
    for befores, buffers, way in ways:
        again = _after(found, ran, given, befores, buffers, name, way)
        pairs: list[tuple[Array, Array | None]] = [(found.loss, again.loss)]
        pairs += [(c, again.claims.get(n)) for n, c in found.claims.items()]
        if any(other is None or not look_alike(one, other) for one, other in pairs):
            raise CodeError(f"{name} gives something else after {way.value}: what does it keep?")


def again_with(names: Iterable[str], *functions: Any) -> Iterator[Buffers]:
    """What is passed as the same objects: all of it, or one, where functions ask for identity."""
    if asks_identity(*functions):
        yield {}, None
        for name in list(names)[:MOST_ALONE]:
            yield {}, frozenset({name})
        yield {}, frozenset({UPSTREAMS})


def of_values(values: Iterable[Any]) -> list[Any]:
    """The functions among what is passed or held, and those of objects there."""
    found = [one for one in values if isinstance(one, FunctionType)]
    return found + [f for one in values if holds_others(one) for f in of_methods(one)]


def _after(
    found: Run,
    ran: Callable[[Mapping[str, Given]], Run],
    given: Mapping[str, Given],
    befores: Sequence[Mapping[str, Given]],
    buffers: Buffers | None,
    name: str,
    way: Way,
) -> Run:
    """The run after some with other inputs, the first of other shapes if that is possible."""
    failed: GradcheckError | None = None
    for before in befores:
        try:
            with restored(*found.script.functions), passed_in(buffers), same_values():
                if way is Way.FORWARD_ALONE:
                    for shapes in (before, given):
                        with suppress(Left), between(leave):
                            _run_again(ran, shapes)
                    return ran(given)
                _run_again(ran, before)
                if way is Way.CALLED:
                    _run_again(ran, given)
                    return ran(given)
                with between(partial(_run_again, ran, before)):
                    return ran(given)
        except GradcheckError as error:
            failed = error
    raise CodeError(f"{name}, after {way.value}: {failed}")


def _run_again(ran: Callable[[Mapping[str, Given]], Run], given: Mapping[str, Given]) -> None:
    with suppress(GradcheckError), names_end_with(BEFORE):
        ran(given)


def look_alike(one: Array, other: Array) -> bool:
    """Whether two arrays are the same: seen at once, or at points at random.

    The other one has nothing of calls before.
    """
    if sizes(one.shape) != sizes(other.shape):
        return False
    places = letters(one.shape)
    try:
        left, right = names(one), names(other)
    except GradcheckError:  # one name stands for two arrays
        return False
    if any(name.endswith(BEFORE) and _is_free(right[name]) for name in right.keys() - left.keys()):
        return False
    known = left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    entries = one.entry(*places), other.entry(*places)
    return (known and alike(*entries)) or _look_alike(entries, places, (left, right))


def _is_free(array: Input | Let) -> bool:
    """Whether it depends on what may have any value: a mask that is made once does not."""
    if isinstance(array, Input):
        return True
    return any(isinstance(one, Input) for one in names(array.definition).values())


def _look_alike(
    entries: tuple[Term, Term], places: Sequence[Letter], named: tuple[Named, Named]
) -> bool:
    """Whether two terms, each with names of its own, have the same values; what has none may be."""
    told = []
    for there in named:
        own = Entries()
        told.append({name: defined(a, own) for name, a in there.items() if isinstance(a, Let)})
    arrays = [array for there in named for array in there.values()]
    terms = [*entries, *(d.value for one in told for d in one.values())]
    numbers, bounds = _numbers(arrays, places, terms), _bounds(terms)
    for seed, scale in enumerate(SCALES):
        points = [Floats(one, numbers, partial(_wide, scale, bounds), seed) for one in told]
        for at in _everywhere(places, points[0], seed):
            try:
                values = [
                    point.value(term, at) for point, term in zip(points, entries, strict=True)
                ]
            except ArithmeticError:
                continue
            if not near(*values):
                return False
    return True


def _wide(
    scale: float, bounds: Sequence[float], _: str, __: tuple[int, ...], random: Random
) -> float:
    """A number of either sign; every fifth is near a bound that stands in the code, if any does."""
    if bounds and not random.randrange(5):
        return random.choice((-1, 1)) * random.choice(bounds) * random.uniform(0.5, 1.5)
    return random.gauss(0, scale)


def _bounds(terms: Sequence[Term]) -> list[float]:
    """The numbers in what is compared with 0, beyond 1."""
    cases = [part.u for part in walk(*terms) if isinstance(part, Where)]
    found = {abs(float(x.value)) for x in walk(*cases) if isinstance(x, Num)}
    return sorted(bound for bound in found if 1 < bound < LARGEST)


def _numbers(
    arrays: Sequence[Array], places: Sequence[Letter], terms: Sequence[Term]
) -> dict[str, int]:
    """A number for each size that is a name, all of them others."""
    named = [size for array in arrays for size in sizes(array.shape)]
    inside = [part for part in walk(*terms) if isinstance(part, SizeOf | Sum)]
    named += [part.name if isinstance(part, SizeOf) else part.index.size for part in inside]
    named += [place.size for place in places]
    return {n: 3 + k for k, n in enumerate(dict.fromkeys(named)) if isinstance(n, str)}


def _everywhere(places: Sequence[Letter], point: Floats, seed: int) -> Iterator[dict[Letter, int]]:
    """All entries, or the first, the last and many of them at random."""
    ranges = [range(1, point.count(place.size) + 1) for place in places]
    every = list(islice(product(*ranges), MOST_ENTRIES))
    ends = [tuple(r[k] for r in ranges) for k in (0, -1)] if every else []
    some = Random(seed).sample(every, min(len(every), ENTRIES))
    for numbers in dict.fromkeys((*ends, *some)):
        yield dict(zip(places, numbers, strict=True))
