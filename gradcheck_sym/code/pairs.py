"""Which functions of a file belong together: forward and backward, loss and gradient.

NAME_forward, NAME_backward    forward_NAME, backward_NAME    forward, backward
NAME, NAME_grad or grad_NAME   NAME, NAME_backward            f, f_prime
a class with forward (or __call__) and backward, or with loss, which returns (loss, gradients), or
with loss and gradient (or grad, gradients), which returns them
loss or cost and grad or gradient, also compute_loss and compute_grad
NAME_loss or loss_NAME, which returns (loss, gradient)
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, Literal

from gradcheck_sym.code.context import with_context
from gradcheck_sym.code.inputs import parameters
from gradcheck_sym.code.methods import checked, forward_name, is_layer, taken
from gradcheck_sym.code.source import body, defined, returns_several
from gradcheck_sym.trace.users import is_users

Kind = Literal["vjp", "gradient", "layer", "slope"]

WHOLE = ("loss", "cost", "compute_loss", "compute_cost", "calc_loss", "get_loss")
BACKWARD: tuple[
    tuple[str, tuple[str, ...], Kind], ...
] = (  # pattern of the one that is to be checked, and of the one it belongs to
    (r"(.*)_(?:backward|bwd|vjp)", ("{}_forward", "{}_fwd", "{}"), "vjp"),
    (r"(?:backward|bwd)_(.*)", ("forward_{}", "fwd_{}", "{}"), "vjp"),
    (r"(?:backward|bwd)()", ("forward", "fwd"), "vjp"),
    (r"(?:compute_|calc_|get_)?(?:grad|gradient|grads|gradients)()", WHOLE, "gradient"),
    (r"(.*?)_?(?:grad|gradient)", ("{}_loss", "{}_cost", "{}"), "gradient"),
    (r"(?:grad|gradient|d)_(.*)", ("{}", "{}_loss"), "gradient"),
    (r"(.*)_(?:prime|derivative|deriv|slope)", ("{}",), "slope"),
)


@dataclass(frozen=True)
class Pair:
    """Two functions that belong together; `second` is None where the first does it all."""

    name: str
    kind: Kind
    first: Callable[..., Any]
    second: Callable[..., Any] | None = None
    called: tuple[str, ...] = ()  # the names of both in the file

    @property
    def names(self) -> tuple[str, ...]:
        """By which it may be asked for."""
        own = getattr(self.first, "__name__", self.name)  # an object has none
        return (self.name, own, *self.called)

    @property
    def later(self) -> set[str]:
        """The parameters of what gives the gradients, which may be given values."""
        last: Any = self.second or (checked(self.first) if self.kind == "layer" else None)
        return {name for name in parameters(last) if name != "self"} if last else set()

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The parameters whose shapes are to be known."""
        if self.kind != "layer":
            return parameters(self.first)
        layer: Any = self.first
        own = parameters(layer) if isinstance(layer, type) else {}
        return {**own, **taken(layer)}


def pairs(module: ModuleType) -> list[Pair]:
    """The pairs of a file, in its order."""
    own = _own(module)
    found = [*_layers(own), *(pair for pair in _pairs(module) if not _unread(module, pair))]
    used = {id(function) for pair in found for function in (pair.first, pair.second)}
    for name, value in own.items():
        if inspect.isfunction(value) and id(value) not in used and _returns_both(name, value):
            found.append(Pair(name, "gradient", value))
    return sorted(found, key=lambda pair: _line(pair.first))


def unread(module: ModuleType) -> list[tuple[Pair, str]]:
    """Pairs one of whose functions is not written in Python, and the name of that one."""
    return [(pair, name) for pair in _pairs(module) if (name := _unread(module, pair))]


def is_wrapped(module: ModuleType, name: str) -> bool:
    """Whether a function has no parameters with names, as a decorator without wraps gives it."""
    function = vars(module)[name]
    if not inspect.isfunction(function) or parameters(function):
        return False
    return bool(inspect.signature(function).parameters)


def asked_for(module: ModuleType, name: str) -> Pair | None:
    """A function that is asked for by its name, if it returns a loss and its gradient."""
    function = vars(module).get(name)
    if inspect.isfunction(function) and returns_several(function):
        return Pair(name, "gradient", function)
    return None


def _own(module: ModuleType) -> dict[str, Any]:
    """What a file defines: functions, classes, and what decorators and partial make of them.

    A decorator without functools.wraps gives a function of another module.
    """
    written = defined(module)
    return {
        name: value
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__
        or isinstance(value, partial)
        or (name in written and callable(value) and not inspect.isclass(value))
    }


def _layers(own: Mapping[str, Any]) -> Iterator[Pair]:
    for name, kind in own.items():
        value = with_context(kind) if inspect.isclass(kind) else kind
        if inspect.isclass(value) and is_layer(value) and not _is_abstract(value):
            yield Pair(name, "layer", value)


def _pairs(module: ModuleType) -> Iterator[Pair]:
    """Two functions by their names, of which the file defines one at least."""
    there = {n: f for n, f in vars(module).items() if callable(f) and not inspect.isclass(f)}
    own = _own(module)
    users = [n for n, f in there.items() if inspect.isfunction(f) and _is_of_users(f)]
    for name in dict.fromkeys([*(n for n in own if n in there), *users]):
        for pattern, others, kind in BACKWARD:
            if (match := re.fullmatch(pattern, name)) is None:
                continue
            wanted = (other.format(match[1]) for other in others)
            first = next((other for other in wanted if other in there), None)
            if first is None or not {first, name} & own.keys():
                continue
            if there[first] is not there[name]:
                yield Pair(match[1] or name, kind, there[first], there[name], (first, name))
                break


def _is_of_users(function: Any) -> bool:
    return is_users(function.__code__.co_filename)


def _unread(module: ModuleType, pair: Pair) -> str | None:
    """The name of a function that is no user's, or whose parameters a decorator hides."""
    for name in pair.called:
        function = vars(module)[name]
        is_function = inspect.isfunction(function)
        own = is_function and function.__module__ == module.__name__
        if not own and not (is_function and _is_of_users(function)):
            return name
        if is_wrapped(module, name):
            return name
    return None


def _is_abstract(kind: type) -> bool:
    """Whether a class is one for others to be made of: its forward does nothing but raise."""
    forward = vars(kind).get(forward_name(kind) or "")
    raises = [isinstance(node, ast.Raise | ast.Pass) for node in body(forward)]
    return inspect.isabstract(kind) or (bool(raises) and all(raises))


def _returns_both(name: str, function: Callable[..., Any]) -> bool:
    """Whether a loss seems to return its gradient as well."""
    return bool(re.search(r"(^|_)(loss|cost)(_|$)", name)) and returns_several(function)


def _line(function: Any) -> int:
    method = checked(function) if is_layer(function) else function
    code = getattr(method, "__code__", None)
    return int(code.co_firstlineno) if code else 0
