"""How the user's functions were called, as lines of Python that call them again.

Each script defines `value(...)`, the loss at given inputs, and says where a gradient is
returned. A reader sees what was asked; `reproduction.py` adds a point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gradcheck_sym.code.inputs import name_of


def written(function: Any, otherwise: str) -> str:
    """The name of a function in a script; a lambda has none of its own."""
    name = name_of(function)
    return f"code.{name if name.isidentifier() else otherwise}"


class Script(Protocol):
    """What is needed to call the functions again."""

    @property
    def functions(self) -> tuple[Any, ...]:
        """All that are called, the first of which tells the file."""

    @property
    def repeatable(self) -> bool:
        """Whether they can be called again."""

    def lines(self, inputs: list[str]) -> Iterator[str]:
        """The lines that define `value` and `returned`, in the names of the inputs."""

    def place(self, wrt: str) -> str:
        """Where the gradient by an input is."""


@dataclass(frozen=True)
class VjpScript:
    """forward, then backward for an upstream gradient."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    upstream: str
    args: tuple[str, ...]
    places: Mapping[str, str]

    repeatable = True

    @property
    def functions(self) -> tuple[Any, ...]:
        """Forward and backward."""
        return self.forward, self.backward

    def lines(self, inputs: list[str]) -> Iterator[str]:
        """The loss is the sum of dout ∘ forward(…)."""
        passed = ", ".join(f"{name}={name}" for name in inputs)
        yield f"def forward({', '.join(inputs)}):"
        yield f"    result = {written(self.forward, 'function')}({passed})"
        yield "    return result if isinstance(result, tuple) else (result, None)"
        yield ""
        yield f"def value({', '.join(inputs)}):"
        yield f"    return np.sum({self.upstream} * forward({', '.join(inputs)})[0])"
        yield ""
        yield f"out, *rest = forward({', '.join(inputs)})"
        yield "cache = rest[0] if len(rest) == 1 else tuple(rest)"
        yield f"returned = {written(self.backward, 'gradient')}({', '.join(self.args)})"

    def place(self, wrt: str) -> str:
        """By name or by order."""
        return f"returned{self.places[wrt]}"


@dataclass(frozen=True)
class GradientScript:
    """A loss, and its gradient."""

    loss: Callable[..., Any]
    gradient: Callable[..., Any] | None
    args: tuple[str, ...]
    places: Mapping[str, str]

    repeatable = True

    @property
    def functions(self) -> tuple[Any, ...]:
        """The loss, and its gradient if that is another function."""
        return (self.loss,) if self.gradient is None else (self.loss, self.gradient)

    def lines(self, inputs: list[str]) -> Iterator[str]:
        """The loss as it is; it may return the gradient as well."""
        passed = ", ".join(f"{name}={name}" for name in inputs)
        yield f"def value({', '.join(inputs)}):"
        yield f"    result = {written(self.loss, 'function')}({passed})"
        yield "    return result[0] if isinstance(result, tuple) else result"
        yield ""
        if self.gradient is None:
            yield f"_, *rest = {written(self.loss, 'function')}({passed})"
            yield "returned = rest[0] if len(rest) == 1 else tuple(rest)"
        else:
            given = ", ".join(f"{name}={name}" for name in self.args)
            yield f"returned = {written(self.gradient, 'gradient')}({given})"

    def place(self, wrt: str) -> str:
        """By name or by order."""
        return f"returned{self.places[wrt]}"


@dataclass(frozen=True)
class SlopeScript:
    """A function of each entry, and its slope."""

    forward: Callable[..., Any]
    slope: Callable[..., Any]
    upstream: str
    args: tuple[str, ...]

    repeatable = True

    @property
    def functions(self) -> tuple[Any, ...]:
        """The function and its slope."""
        return self.forward, self.slope

    def lines(self, inputs: list[str]) -> Iterator[str]:
        """The loss is the sum of dout ∘ f(…), and dout ∘ f′(…) is its gradient."""
        yield f"def value({', '.join(inputs)}):"
        out = f"{written(self.forward, 'function')}({', '.join(inputs)})"
        yield f"    return np.sum({self.upstream} * {out})"
        yield ""
        slope = f"{written(self.slope, 'gradient')}({', '.join(self.args)})"
        yield f"returned = {self.upstream} * {slope}"

    def place(self, wrt: str) -> str:
        """There is one."""
        del wrt
        return "returned"


@dataclass(frozen=True)
class LayerScript:
    """An object with forward and backward, whose weights and gradients are attributes."""

    layer: Any
    made: str  # how it is made, empty where it was there
    upstream: str
    passed: tuple[str, ...]  # to forward
    places: Mapping[str, str]
    weights: Mapping[str, str] = field(default_factory=dict)  # .W, .params['W']

    @property
    def functions(self) -> tuple[Any, ...]:
        """The class."""
        return (type(self.layer),)

    @property
    def repeatable(self) -> bool:
        """Whether it is made anew each time."""
        return bool(self.made)

    def lines(self, inputs: list[str]) -> Iterator[str]:
        """A new object each time, with these weights."""
        yield f"def made({', '.join(inputs)}):"
        yield f"    layer = code.{self.made}"
        for name, place in self.weights.items():
            yield f"    layer{place} = {name}"
        yield "    return layer"
        yield ""
        yield f"def value({', '.join(inputs)}):"
        yield f"    out = made({', '.join(inputs)}).forward({', '.join(self.passed)})"
        yield f"    return np.sum({self.upstream} * (out[0] if isinstance(out, tuple) else out))"
        yield ""
        yield f"layer = made({', '.join(inputs)})"
        yield f"layer.forward({', '.join(self.passed)})"
        yield f"returned = layer.backward({self.upstream})"

    def place(self, wrt: str) -> str:
        """Returned, or left in an attribute."""
        return self.places[wrt]
