"""How the user's functions were called, as lines of Python that call them again.

Each script defines `_value(…)`, the loss at given inputs, and `_returned`, what the backward
function gives there. Everything is given copies, since functions may write to what they are
given, and random numbers begin with the same seed each time. `names` are what the functions are
called in the script; those of its own begin with a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gradcheck_sym.code.outputs import total
from gradcheck_sym.code.passing import (
    arguments,
    commas,
    copies,
    copy,
    in_script,
    only_entry,
    unpacked,
)

SEED = "np.random.seed(0)"


class Script(Protocol):
    """What is needed to call the functions again."""

    @property
    def functions(self) -> tuple[Any, ...]:
        """All that are called, the first of which tells the file."""

    @property
    def checked(self) -> Callable[..., Any]:
        """The function that gives the gradients."""

    @property
    def runs_apart(self) -> bool:
        """Whether the loss is not computed on the way to the gradients."""

    def lines(self, inputs: list[str], names: Sequence[str]) -> Iterator[str]:
        """The lines that define `_value` and `_returned`, in the names of the inputs."""

    def place(self, wrt: str) -> str:
        """Where the gradient by an input is."""


@dataclass(frozen=True)
class VjpScript:
    """forward, then backward for an upstream gradient."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    upstreams: tuple[str, ...]
    args: tuple[str, ...]  # of backward, as they are written
    places: Mapping[str, str]
    later: tuple[str, ...] = ()  # what backward alone is passed

    @property
    def functions(self) -> tuple[Any, ...]:
        """Forward and backward."""
        return self.forward, self.backward

    @property
    def checked(self) -> Callable[..., Any]:
        """What gives the gradients."""
        found: Callable[..., Any] = self.backward
        return found

    @property
    def runs_apart(self) -> bool:
        """Backward uses what forward kept."""
        return False

    def lines(self, inputs: list[str], names: Sequence[str]) -> Iterator[str]:
        """The loss is the sum of dout ∘ forward(…)."""
        forward, backward = names
        passed = [name for name in inputs if name not in self.later]
        yield "def _parts(given):"
        yield f"    {SEED}"
        yield f"    result = {forward}({unpacked('given', self.forward, passed)})"
        yield "    return result if isinstance(result, tuple) else (result, None)"
        yield ""
        yield f"def _value({commas(inputs)}):"
        yield f"    outputs = _parts({copies(passed)})"
        yield f"    return {total([*map(in_script, self.upstreams)], 'outputs')}"
        yield ""
        yield f"_inputs = {copies(passed)}"
        yield "_results = _parts(_inputs)"
        if self.later:
            yield f"_inputs.update({copies(self.later).removeprefix('dict(')}"
        yield f"_out, _rest = _results[0], _results[{max(len(self.upstreams), 1)}:]"
        yield "_cache = _rest[0] if len(_rest) == 1 else tuple(_rest)"
        yield f"_returned = {backward}({', '.join(self.args)})"

    def place(self, wrt: str) -> str:
        """By name or by order."""
        return f"_returned{self.places[wrt]}"


@dataclass(frozen=True)
class GradientScript:
    """A loss, and its gradient."""

    loss: Callable[..., Any]
    gradient: Callable[..., Any] | None
    args: tuple[str, ...]
    places: Mapping[str, str]
    later: tuple[str, ...] = ()  # what the gradient's function alone is passed

    @property
    def functions(self) -> tuple[Any, ...]:
        """The loss, and its gradient if that is another function."""
        return (self.loss,) if self.gradient is None else (self.loss, self.gradient)

    @property
    def checked(self) -> Callable[..., Any]:
        """What gives the gradients."""
        found: Callable[..., Any] = self.gradient or self.loss
        return found

    @property
    def runs_apart(self) -> bool:
        """The gradient's function is another one, unless the loss returns both."""
        return self.gradient is not None

    def lines(self, inputs: list[str], names: Sequence[str]) -> Iterator[str]:
        """The loss as it is; it may return the gradient as well."""
        loss, *gradient = names
        passed = [name for name in inputs if name not in self.later]
        yield f"def _value({commas(inputs)}):"
        yield f"    {SEED}"
        yield f"    result = {loss}({arguments(self.loss, passed)})"
        yield f"    return {only_entry('result[0] if isinstance(result, tuple) else result')}"
        yield ""
        yield SEED
        if self.gradient is not None:
            yield f"_returned = {gradient[0]}({arguments(self.gradient, self.args)})"
        else:
            yield f"_, *_rest = {loss}({arguments(self.loss, passed)})"
            yield "_returned = _rest[0] if len(_rest) == 1 else tuple(_rest)"

    def place(self, wrt: str) -> str:
        """By name or by order."""
        return f"_returned{self.places[wrt]}"


@dataclass(frozen=True)
class SlopeScript:
    """A function of each entry, and its slope."""

    forward: Callable[..., Any]
    slope: Callable[..., Any]
    upstream: str
    passed: Mapping[str, str]  # to the slope, by its parameters
    by_place: tuple[str, ...]  # of these, those that have no names
    later: tuple[str, ...] = ()  # what the slope alone is passed

    @property
    def functions(self) -> tuple[Any, ...]:
        """The function and its slope."""
        return self.forward, self.slope

    @property
    def checked(self) -> Callable[..., Any]:
        """What gives the gradients."""
        found: Callable[..., Any] = self.slope
        return found

    @property
    def runs_apart(self) -> bool:
        """The slope is a function of its own."""
        return True

    def lines(self, inputs: list[str], names: Sequence[str]) -> Iterator[str]:
        """The loss is the sum of dout ∘ f(…), and dout ∘ f′(…) is its gradient."""
        function, slope = names
        upstream = in_script(self.upstream)
        passed = [name for name in inputs if name not in self.later]
        yield f"def _value({commas(inputs)}):"
        yield f"    return np.sum({upstream} * {function}({arguments(self.forward, passed)}))"
        yield ""
        given = {name: copy(own) for name, own in self.passed.items()}
        args = [given.pop(name) for name in self.by_place]
        args += [f"{name}={text}" for name, text in given.items()]
        yield f"_returned = {upstream} * {slope}({', '.join(args)})"

    def place(self, wrt: str) -> str:
        """There is one."""
        del wrt
        return "_returned"
