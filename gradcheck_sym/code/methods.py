"""The methods of an object that are run: forward and backward, or a loss that gives gradients too.

And what backward asks for: gradients by outputs, and inputs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradcheck_sym.code.context import by_outputs, is_context
from gradcheck_sym.code.inputs import name_of, parameters
from gradcheck_sym.code.later import BY_THE_OUTPUT, known
from gradcheck_sym.code.source import cached_names, returns_several
from gradcheck_sym.code.upstream import (
    CACHE,
    SURELY,
    UPSTREAM,
    further,
    in_order,
    may_be_upstream,
    refuse_target,
)
from gradcheck_sym.errors import CodeError

BESIDE_A_LOSS = ("gradient", "grad", "gradients")  # methods that give the gradients of `loss`


@dataclass(frozen=True)
class Asked:
    """The parameters of backward that are gradients by outputs, and those that are inputs.

    Where one method gives the loss and its gradients, `at_once`, there are none.
    """

    backward: Callable[..., Any]
    upstreams: tuple[str, ...]
    inputs: tuple[str, ...]
    at_once: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)  # that backward alone takes

    @property
    def weights(self) -> tuple[str, ...]:
        """What outputs are weighted with: dout, and what further ones are called."""
        return (UPSTREAM, *self.upstreams[1:]) if self.upstreams else ()


def is_layer(value: object) -> bool:
    """Whether this is a class, or an object of one, with forward (or __call__) and backward.

    Or with a loss that returns its gradients as well, or one beside a method that returns them.
    """
    has_both = backward_name(value) is not None and forward_name(value) is not None
    return has_both or _is_at_once(value)


def forward_name(value: object) -> str | None:
    """What the method that computes the outputs is called; None where there is none."""
    if returns_them(value):
        return "loss"
    if callable(getattr(value, "forward", None)):
        return "forward"
    kind = value if isinstance(value, type) else type(value)  # a class is called to make objects
    users = not inspect.isroutine(value) and any("__call__" in vars(one) for one in kind.__mro__)
    return "__call__" if users else None


def backward_name(value: object) -> str | None:
    """What the method that gives the gradients is called, if it is one of its own."""
    if callable(getattr(value, "backward", None)):
        return "backward"
    if inspect.ismodule(value) or not inspect.isroutine(getattr(value, "loss", None)):
        return None
    own = (name for name in BESIDE_A_LOSS if inspect.isroutine(getattr(value, name, None)))
    return None if _is_at_once(value) else next(own, None)


def _is_at_once(value: object) -> bool:
    """Whether there is no backward, and a loss that returns a pair somewhere."""
    loss = getattr(value, "loss", None)
    has_backward = callable(getattr(value, "backward", None))
    if not inspect.isroutine(loss) or has_backward or inspect.ismodule(value):
        return False
    return returns_several(loss)


def returns_them(layer: object) -> bool:
    """Whether people read what the method returns, and not what objects inside keep."""
    return backward_name(layer) in BESIDE_A_LOSS


def beside(layer: Any) -> tuple[str, ...]:
    """What is said of a loss, and a method for its gradients, beside forward and backward."""
    own = [name for name in ("loss", *BESIDE_A_LOSS) if _is_method(layer, name)]
    gives = [name for name in own if name != "loss"] or (own and returns_several(layer.loss))
    if backward_name(layer) != "backward" or not gives:
        return ()
    return (f"not looked at: {' and '.join(own)}, beside forward and backward",)


def _is_method(layer: Any, name: str) -> bool:
    return inspect.isroutine(getattr(type(layer), name, None))


def entry(layer: Any) -> Any:
    """The method that takes the inputs."""
    return getattr(layer, _entry_name(layer))


def _entry_name(layer: Any) -> str:
    return "loss" if _is_at_once(layer) else forward_name(layer) or "forward"


def taken(layer: Any) -> dict[str, inspect.Parameter]:
    """The parameters of that method, without the object itself."""
    found = list(parameters(entry(layer)).items())
    static = inspect.getattr_static(layer, _entry_name(layer), None)
    is_bound = not isinstance(layer, type) or isinstance(static, staticmethod | classmethod)
    return dict(found if is_bound else found[1:])


def checked(layer: Any) -> Any:
    """The method that gives the gradients."""
    return getattr(layer, "loss" if _is_at_once(layer) else backward_name(layer) or "backward")


def asked_of(layer: Any, inputs: Sequence[str], values: Mapping[str, Any]) -> Asked:
    """What backward asks for: its first parameter is dout whatever it is called, but an input.

    `values` are what backward alone is given.
    """
    if _is_at_once(layer):
        return Asked(layer.loss, (), (), at_once=True)
    backward = checked(layer)
    if is_context(type(layer)):
        return Asked(backward, by_outputs(type(layer), values), ())
    method, wanted = f"{name_of(type(layer))}.{backward_name(layer)}", parameters(backward)
    taken = tuple(name for name in wanted if name in inputs)
    told, cached = (*taken, *values), cached_names(entry(layer), 1)
    own_numbers = parameters(type(layer).__init__)
    may_be = [
        name
        for name in wanted
        if name not in taken and may_be_upstream(name, entry(layer), backward, own_numbers)
    ]
    first = next(iter(may_be), "")
    if first in values and SURELY.fullmatch(first):
        raise known(method, first, BY_THE_OUTPUT)
    plain = [
        name
        for name in may_be
        if name not in told
        and (SURELY.fullmatch(name) or not (name in cached or CACHE.fullmatch(name)))
    ]
    own: tuple[str, ...] = ()
    if plain:
        own = (plain[0], *further(entry(layer), backward, plain[0]))
    if own and in_order(own, entry(layer)) != own:
        raise CodeError(
            f"{method}: {own[0]} is called after an output that forward "
            "does not return first; give the gradients in the order of the outputs"
        )
    for name in own:
        refuse_target(name, method)
    return Asked(backward, own, taken, values=values)
