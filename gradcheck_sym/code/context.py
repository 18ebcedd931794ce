"""Classes of functions with a context, as PyTorch has them: forward(ctx, x), backward(ctx, dout).

The context is an object of a class made of the two, in which `ctx` is what `self` is elsewhere.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

METHODS = ("forward", "backward")
CONTEXT = "ctx"  # what their first parameter is called
CONTEXTS = "_contexts"  # what the class is called in a script


class Context:
    """What forward leaves for backward."""

    saved_tensors: tuple[Any, ...] = ()

    def save_for_backward(self, *saved: Any) -> None:
        """Keep these."""
        self.saved_tensors = saved


def takes_context(value: object) -> bool:
    """Whether it is a class with both as static methods that begin with a context."""
    if not isinstance(value, type) or is_context(value):
        return False
    methods = [inspect.getattr_static(value, name, None) for name in METHODS]
    return all(isinstance(method, staticmethod) and _begins(method) for method in methods)


def _begins(method: staticmethod[..., Any]) -> bool:
    return next(iter(inspect.signature(method.__func__).parameters), None) == CONTEXT


def with_context(function: type) -> type:
    """The class of its contexts, which is run as any other one; of others, the class itself."""
    if not takes_context(function):
        return function
    own = {name: inspect.getattr_static(function, name).__func__ for name in METHODS}
    told = {name: getattr(function, name) for name in ("__module__", "__qualname__", "__doc__")}
    return type(function.__name__, (Context,), {**told, **own, "function": function})


def of_users(value: Any) -> Any:
    """The user's class, of that of its contexts; else what it is."""
    return value.function if is_context(value) else value


def is_context(value: object) -> bool:
    """Whether it is the class of the contexts of another one."""
    return isinstance(value, type) and issubclass(value, Context)


def lines(name: str) -> Iterator[str]:
    """The same in a script, for the class of this name."""
    yield "class _Context:"
    yield "    def save_for_backward(self, *saved):"
    yield "        self.saved_tensors = saved"
    yield ""
    yield f"_methods = dict(forward={name}.forward, backward={name}.backward)"
    yield f'{CONTEXTS} = type("_Contexts", (_Context,), _methods)'
    yield ""
