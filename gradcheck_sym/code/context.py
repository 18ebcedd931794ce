"""Classes of functions with a context, as PyTorch has them: forward(ctx, x), backward(ctx, dout).

The context is an object of a class made of the two, in which `ctx` is what `self` is elsewhere.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from gradcheck_sym.code.returned import Returned
from gradcheck_sym.code.valued import array_returned
from gradcheck_sym.errors import CodeError

METHODS = ("forward", "backward")
KEPT_BY = ("save_for_backward", "saved_tensors")
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
    for name in KEPT_BY:
        if hasattr(function, name):
            raise CodeError(f"{function.__name__}.{name} is its own, and not called: leave it out")
    own = {name: inspect.getattr_static(function, name).__func__ for name in METHODS}
    told = {name: getattr(function, name) for name in ("__module__", "__qualname__", "__doc__")}
    return type(function.__name__, (Context,), {**told, **own, "__of__": function})


def by_outputs(contexts: type, values: Collection[str]) -> tuple[str, ...]:
    """The parameters of backward, which is passed a gradient for each output, by its place.

    Raises `CodeError` for others, and for `values` that it takes alone.
    """
    method = contexts.__dict__["backward"]
    _, *own = inspect.signature(method).parameters.values()
    plain = all(one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD for one in own)
    if not own or not plain or values:
        raise CodeError(
            f"{contexts.__name__}.backward is passed one gradient for each output, by its place: "
            "name these after ctx, without defaults, and nothing else"
        )
    return tuple(one.name for one in own)


def refuse_other_outputs(contexts: type, result: Any, upstreams: Collection[str]) -> None:
    """Raise `CodeError` where forward does not return as many outputs."""
    count = len(result) if isinstance(result, tuple) else 1
    if count != len(upstreams):
        raise CodeError(
            f"{contexts.__name__}.forward returns {count} outputs, and backward takes "
            f"{len(upstreams)} gradients: it is passed one for each output"
        )


def returned_in_order(
    returned: Any, inputs: Sequence[str], every: Sequence[str], function: str
) -> Returned:
    """By their places alone: one for `every` parameter, None where there is none."""
    several = isinstance(returned, tuple | list)
    values = list(returned) if several else [returned]
    if len(values) < len(every) or any(value is not None for value in values[len(every) :]):
        raise CodeError(
            f"{function} returns {len(values)} gradients for {', '.join(every)}: return one for "
            "each, in this order, None where there is none"
        )
    pairs = enumerate(zip(every, values, strict=False))
    found = {name: (k, value) for k, (name, value) in pairs if name in inputs and value is not None}
    return Returned(
        {name: array_returned(value, function) for name, (_, value) in found.items()},
        {name: (k,) if several else () for name, (k, _) in found.items()},
    )


def of_users(value: Any) -> Any:
    """The user's class, of that of its contexts; else what it is."""
    return value.__of__ if is_context(value) else value


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
