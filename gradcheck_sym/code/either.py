"""Whether a parameter of backward is an input, or what forward has returned.

The two may have one name, and be two arrays. A call such as `backward(dout, *cache)` tells which is
meant where it leaves one reading; where names tell, that is said; else it is refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gradcheck_sym.code.inputs import name_of, parameters
from gradcheck_sym.code.optional import is_given, is_left
from gradcheck_sym.code.outputs import outputs_and_cache
from gradcheck_sym.code.sameness import look_alike
from gradcheck_sym.code.source import bound_names, cached_names, output_names
from gradcheck_sym.code.upstream import CACHE
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.traced import Traced


@dataclass(frozen=True)
class Either:
    """What forward returns, and what backward takes beside the gradients by outputs.

    `inputs` are what is passed for them, as forward left it.
    """

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    upstreams: Sequence[str]
    result: Any
    inputs: Mapping[str, Any]
    keeps: bool = False  # whether an object does what backward needs

    @cached_property
    def outputs(self) -> tuple[Any, ...]:
        """What is weighted with the gradients by it."""
        return outputs_and_cache(self.result, len(self.upstreams))[0]

    @cached_property
    def cache(self) -> Any:
        """What is returned beside it: one value, or a tuple of several."""
        return outputs_and_cache(self.result, len(self.upstreams))[1]

    @property
    def parts(self) -> Sequence[Any]:
        """What a call `backward(dout, *cache)` passes, or `backward(dout, cache)`."""
        return self.cache if isinstance(self.cache, tuple | list) else (self.cache,)

    @cached_property
    def cached(self) -> Mapping[str | None, int | None]:
        """The variables that are returned beside the outputs, and which part each is."""
        return cached_names(self.forward, len(self.outputs)) if self.cache is not None else {}

    @cached_property
    def caches(self) -> tuple[str, ...]:
        """The parameters with the default None that take what is returned beside the outputs.

        They are called so; of functions, which keep nothing, also after a variable that is
        returned, and the only one takes a cache that nothing else could.
        """
        others = {*self.upstreams, *self.inputs, "out"}
        every = parameters(self.backward)
        plain = [n for n, one in every.items() if n not in others and one.default is None]
        called = [name for name in plain if CACHE.fullmatch(name)][:1]
        if self.keeps or self.cache is None:
            return tuple(called) if self.cache is not None else ()
        named = [name for name in plain if name in self.cached and name not in called]
        alone = len(every) == len(self.upstreams) + 1 and (self.is_packed or self._is_cache)
        return (*called, *named) or tuple(plain if alone else ())

    @cached_property
    def taken(self) -> list[str]:
        """The parameters that a call without names fills, but those that are outputs."""
        outputs = {"out", *(name for names in self._called for name in names)}
        others = {*self.upstreams, *(outputs - self.inputs.keys())}
        caches = [name for name in self.caches if not is_left(name)]
        return [
            name
            for name, one in parameters(self.backward).items()
            if name not in others and (one.default is one.empty or is_given(name) or name in caches)
        ]

    @cached_property
    def by_order(self) -> dict[str, Any]:
        """What such a call passes for each of them; nothing where it cannot be made."""
        fit = self.cache is not None and len(self.taken) == len(self.parts)
        return dict(zip(self.taken, self.parts, strict=True)) if fit else {}

    def is_cached(self, name: str) -> bool:
        """Whether a parameter takes what is returned under its name; raises `CodeError`.

        An input of that name may be another array. Where backward takes nothing else than what is
        returned, a call with that is meant.
        """
        if name not in self.cached:
            return False
        if self.is_another(name) and any(one not in self.cached for one in self.taken):
            self._refuse(name, name)
        return True

    def is_another(self, name: str) -> bool:
        """Whether what is returned under the name of an input is another array."""
        return name in self.inputs and self._differs(name, self._returned(name))

    def is_whole(self, name: str) -> bool:
        """Whether a parameter that is called as an input takes the cache: nothing else could."""
        alone = self._is_cache and self.taken == [name]
        return alone and self._differs(name, self.cache)

    def refuse_returned(self, name: str) -> None:
        """Raise `CodeError` where an input may be another array that is returned.

        An output or a key of the cache is called so; or one array is returned beside the outputs
        for the only parameter, and forward has given its name to another array.
        """
        pairs = zip(self.outputs, self._called, strict=False)
        returned = [output for output, names in pairs if name in names]
        if isinstance(self.cache, dict) and name in self.cache:
            returned.append(self.cache[name])
        if any(self._differs(name, one) for one in returned):
            self._refuse(name, name)
        own = next((one for one, place in self.cached.items() if place is None), None)
        alone = own is not None and self.taken == [name] and isinstance(self.cache, Traced)
        if alone and self._is_changed(name) and not self.is_of_inputs(self.cache):
            self._refuse(name, own)

    def refuse_untaken(self, roles: Mapping[str, Any]) -> None:
        """Raise `CodeError` where no parameter takes what is cached.

        A variable may be one more output, which nothing needs, unless it is called a cache or is
        in a tuple, in the place of an input.
        """
        if "cache" in roles.values():
            return
        by_place = {role[1] for role in roles.values() if role[0] == "cache"}
        named = {place for name, place in self.cached.items() if name is not None}
        is_known = isinstance(self.cache, Traced) and not self._is_cache
        left = []
        if (None in self.cached or (None in named and not is_known)) and not by_place:
            left = [self.cache]
        if isinstance(self.cached.get(None), int):
            places = {*range(len(self.parts))} - by_place - named
            left += [self.parts[place] for place in sorted(places)]
        if None not in named:
            left += [x for name, x in self._named if CACHE.fullmatch(name) and name not in roles]
        if not all(map(self.is_of_inputs, left)):
            raise CodeError(
                f"{qualified(self.backward)} takes no parameter for what {name_of(self.forward)} "
                "returns beside its output; call it cache"
            )
        own = {place: name for name, place in self.cached.items() if name not in roles}
        for place, (name, value) in enumerate(self.by_order.items() if self.is_packed else ()):
            is_input = roles.get(name) == ("input", name) and place in own
            if is_input and not self.is_of_inputs(value):
                self._refuse(name, own[place])

    def readings(self, roles: Mapping[str, Any]) -> tuple[str, ...]:
        """What is said of inputs that are taken by their names, or are not."""
        forward = qualified(self.forward)
        others = [
            name
            for name, role in roles.items()
            if name in self.inputs and (role == "cache" or role[0] == "cache")
            if self._differs(name, self.cache if role == "cache" else self.parts[role[1]])
        ]
        found = [f"{name} is what {forward} returns, not the input of that name" for name in others]
        taken = [name for name in self.taken if roles.get(name) == ("input", name)]
        moved = [
            n for n in taken if n in self.by_order and not _same(self.inputs[n], self.by_order[n])
        ]
        if not any(isinstance(self.by_order[name], Traced) for name in moved):
            left = [part for name, part in self._named if name not in roles]
            is_left = any(isinstance(x, Traced) and not self.is_of_inputs(x) for x in left)
            moved = [name for name in taken if is_left and self._is_changed(name)]
        if moved:
            said = "are the inputs of these names" if moved[1:] else "is the input of that name"
            found += [f"{', '.join(moved)} {said}, not what {forward} returns there"]
        return tuple(found)

    def is_of_inputs(self, cache: Any) -> bool:
        """Whether a cache holds no array but inputs, as backward is given them."""
        match cache:
            case dict():
                return all(map(self.is_of_inputs, cache.values()))
            case tuple() | list():
                return all(map(self.is_of_inputs, cache))
            case Traced():
                return any(_same(one, cache) for one in self.inputs.values())
        return True

    @cached_property
    def _called(self) -> list[set[str]]:
        return output_names(self.forward, len(self.outputs))

    @property
    def _is_cache(self) -> bool:
        """Whether a variable that is called so is all that is returned beside the outputs."""
        own = [x for x, place in self.cached.items() if x and place is None]
        return any(CACHE.fullmatch(name) for name in own)

    @property
    def is_packed(self) -> bool:
        """Whether what is returned beside the outputs is one tuple."""
        return isinstance(self.cache, tuple | list) and len(self.result) == len(self.outputs) + 1

    @property
    def _named(self) -> list[tuple[str, Any]]:
        """The variables that are returned beside the outputs, with what they are."""
        return [(name, self._returned(name)) for name in self.cached if name is not None]

    def _returned(self, name: str) -> Any:
        place = self.cached[name]
        return self.cache if place is None else self.parts[place]

    def _differs(self, name: str, value: Any) -> bool:
        """Whether something is an array, and not what is passed for this input."""
        return isinstance(value, Traced) and not _same(self.inputs[name], value)

    def _is_changed(self, name: str) -> bool:
        """Whether forward has given the name of an input to something else, or written to it."""
        return name in bound_names(self.forward) or getattr(self.inputs[name], "writes", 0) > 0

    def _refuse(self, name: str, other: str | None) -> None:
        raise CodeError(
            f"{qualified(self.backward)}: is {name} the input, or another array, which "
            f"{qualified(self.forward)} returns as {other}? Call one of the two otherwise"
        )


def qualified(function: Callable[..., Any]) -> str:
    """The name of a function, of a method after that of its class."""
    name = name_of(function)
    return f"{name_of(type(function.__self__))}.{name}" if inspect.ismethod(function) else name


def _same(one: Any, other: Any) -> bool:
    """Whether two values that are passed are the same, arrays as far as points at random tell."""
    if one is other or not (isinstance(one, Traced) and isinstance(other, Traced)):
        return one is other
    if one.named is None or other.named is None:
        return False
    return one.named is other.named or look_alike(one.array, other.array)
