"""An object of the user's class, made with sizes, free arrays and other values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isfinite
from typing import Any
from weakref import ref

from gradcheck_sym.array import Array, Constant, Input
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.constants import defaults
from gradcheck_sym.code.copied import copied, refuse_bound
from gradcheck_sym.code.inputs import parameters, positional
from gradcheck_sym.code.literal import literal
from gradcheck_sym.code.methods import entry
from gradcheck_sym.code.passing import copy, size_in_script
from gradcheck_sym.code.shapes import Given, as_shape, axes, passed_as
from gradcheck_sym.errors import CodeError
from gradcheck_sym.term.terms import SizeOf
from gradcheck_sym.term.walks import walk
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.counts import Count, seen
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.traced import Traced

MADE_WITH = "_made_with_"  # begins the name of a value in a script


@dataclass(frozen=True)
class Made:
    """The object, the shapes that are left for forward, and what it was made with."""

    layer: Any
    kind: Any  # the class, or the object itself
    rest: dict[str, Given]
    texts: Mapping[str, str] | None = None  # what it is made with, as that is written
    sizes: frozenset[str] = frozenset()  # which of these are sizes
    arrays: tuple[Input, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    traced: Sequence[ref[Traced]] = ()
    anew: Callable[[], Any] = lambda: None  # another such object, as this one was at first
    values: Mapping[str, Any] = field(default_factory=dict)  # of the names in `texts`

    def text(self, taken: Collection[str]) -> str:
        """How it is made, in brackets; nothing for an object. Names that are taken are arrays'."""
        if self.texts is None:
            return ""
        named = {
            name: size_in_script(value, taken) if name in self.sizes else value
            for name, value in self.texts.items()
        }
        args = [named.pop(name) for name in positional(self.kind, named)]
        return f"({', '.join([*args, *(f'{name}={value}' for name, value in named.items())])})"

    def hide(self) -> None:
        """Let what reads an array that was made with the object, and is not free now, be refused.

        Weights have been replaced by free arrays: what is left is where nobody looked.
        """
        for there in self.traced:
            if (one := there()) is not None:
                one.hidden = True


def made_with(layer: Any) -> Mapping[str, inspect.Parameter]:
    """The parameters that a class is made with; an object is made.

    One with a default that forward needs as well is what forward keeps, as a dataclass has it.
    """
    if not isinstance(layer, type) or layer.__init__ is object.__init__:  # type: ignore[misc]
        return {}
    needed = {name for name, one in parameters(entry(layer)).items() if one.default is one.empty}
    own = parameters(layer).items()
    return {name: x for name, x in own if name not in needed or x.default is x.empty}


def made_of(layer: Any, given: Mapping[str, Given], trace: Trace) -> Made:
    """Make it, or copy it, if it is an object; raises `CodeError`."""
    if not isinstance(layer, type):
        return Made(_copied(layer), layer, dict(given), anew=lambda: _copied(layer))
    wanted = made_with(layer)
    mine = {name: one for name, one in given.items() if name in wanted}
    passed: dict[str, Any] = {}
    texts: dict[str, str] = {}
    own: set[str] = set()
    arrays: list[Input] = []
    values: dict[str, Any] = {}
    for name, one in mine.items():
        shape = as_shape(name, one)
        if isinstance(shape, tuple) and isinstance(one, str) and len(shape) == 1:
            passed[name], texts[name] = seen(shape[0]), str(shape[0])
            own.add(name)
        elif isinstance(shape, tuple):
            trace.taken.add(name)
            arrays.append(Input(name, axes(shape)))
            passed[name], texts[name] = Traced(arrays[-1]), copy(name)
        else:
            passed[name], value = passed_as(name, one), passed_as(name, one)
            texts[name] = str(literal(value, {}))
            if not _is_plain(value):
                values[f"{MADE_WITH}{name}"] = value
                texts[name] = f"deepcopy({MADE_WITH}{name})"
    missing = [n for n, p in wanted.items() if n not in passed and p.default is p.empty]
    if missing:
        raise CodeError(
            f'{layer.__name__} needs {", ".join(missing)}: give a size as {missing[0]}="d", '
            f'or a shape as {missing[0]}=("d", "t")'
        )
    rest = {name: one for name, one in given.items() if name not in wanted}
    making = Trace(taken=trace.taken.copy(), traced=[])  # what it names are no names of weights
    made = run(making, layer, given=passed)
    if making.shifts or making.clips or making.triangles:
        raise CodeError(f"{layer.__name__}.__init__ computes more than weights of any value")
    trace.calls += [None] * len(making.calls)
    trace.single = trace.single or making.single
    trace.ran |= making.ran
    plain = {name: value for name, value in passed.items() if not isinstance(value, Traced)}
    told = {**defaults(layer, passed), **plain}
    anew = partial(_anew, layer, given)
    sized = frozenset(own)
    kept = making.traced or ()
    return Made(made, layer, rest, texts, sized, tuple(arrays), told, kept, anew, values)


def _is_plain(value: Any) -> bool:
    """Whether a value's own text is Python that reads it back."""
    is_finite = isinstance(value, float) and isfinite(value)
    return is_finite or type(value) in (bool, int, str, type(None))


def _anew(layer: Any, given: Mapping[str, Given]) -> Any:
    return made_of(layer, given, Trace()).layer


def _copied(layer: Any) -> Any:
    """A copy of an object, which is changed instead; raises `CodeError`."""
    refuse_bound(layer)
    try:
        return copied(layer)
    except Exception as error:
        kind = type(layer).__name__
        raise CodeError(
            f"the {kind} cannot be copied ({error}): give the class, and what it is made with"
        ) from None


def refuse_unmet(made: Made, *arrays: Array) -> None:
    """Raise `CodeError` for a size that nothing has: it may be a word that is meant as such."""
    every = ordered(*arrays)
    numbers = [array.value for array in every if isinstance(array, Constant)]
    met = {size for array in every for size in sizes(array.shape)}
    met |= {part.name for part in walk(*numbers) if isinstance(part, SizeOf)}
    for name, size in made.told.items():
        if isinstance(size, Count) and size.name not in met:
            raise CodeError(
                f"{name} = {size} was taken for a size, and no array has it: give a number, "
                f"or the word as Value({str(size)!r}), --value {name}={size}"
            )
