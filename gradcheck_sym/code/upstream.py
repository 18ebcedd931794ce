"""Which parameters of a backward function are the gradients by outputs: by their names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from gradcheck_sym.code.inputs import name_of, parameters
from gradcheck_sym.code.optional import has_default
from gradcheck_sym.code.source import cached_names, is_unread, returned_names, variables
from gradcheck_sym.code.targets import TARGETS
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.traced import Traced

UPSTREAM = "dout"
GRADIENT = re.compile(r"d[A-Za-z_]\w*|D[A-Z]\w*|g|grad\w*|delta\w*|up\w*|err\w*|v|ct")
SURELY = re.compile(r"d_?out\w*|grad\w*|upstream\w*|delta\w*|dL\w*")  # not data, dims or v
CACHE = re.compile(r"_?cached?|ctx|context|saved|tape|residuals?")
SHORT = ("g", "gy", "dy", "dz", "v", "ct")
OF_ONE_OUTPUT = re.compile(r"(?:grad_|d_|d|D)(\w+)")
WORDS = re.compile(r"data\w*|dims?|diff\w*|dist\w*|denom\w*|dot\w*|drop\w*|dict|v|ct")
BY_CAPITAL = re.compile(r"[dD]_?[A-Z]\w*|up\w*|err\w*")  # dA, dZ_out


def upstream_names(
    forward: Callable[..., Any], backward: Callable[..., Any], inputs: Sequence[str]
) -> tuple[str, ...]:
    """The parameters of backward that are the gradients by the outputs; raises `CodeError`.

    One that is called dout, grad… or after a variable of forward, else the first, which may be
    called as it likes; and `further` ones: dnext_h and dnext_c where forward has the variables
    next_h and next_c. None where backward takes inputs and a cache alone: a loss is not weighted.
    """
    own = variables(forward)
    plain = [name for name in parameters(backward) if name not in (*inputs, "out")]
    cached = cached_names(forward, 1)
    plain = [
        name
        for name in plain
        if name not in cached
        and not CACHE.fullmatch(name)
        and may_be_upstream(name, forward, backward)
    ]
    others = [name for name in plain if name not in own]
    alike = [name for name in others if GRADIENT.fullmatch(name)]
    sure = [name for name in alike if SURELY.fullmatch(name) or _is_by_one_of(name, own)]
    if not sure and len(alike) > 1:
        raise CodeError(
            f"{name_of(backward)}: {alike[1]} looks like the gradient by another output, beside "
            f"{alike[0]}; call it {UPSTREAM}, or each after what forward returns: dh for h"
        )
    if not plain and _takes_what_is_named(backward):
        return ()
    first = next(iter(sure or alike or plain), None)
    before = others if alike else list(parameters(backward))
    if first is None or (not sure and first != before[0]):
        raise CodeError(
            f"{name_of(backward)}: which parameter is the gradient by the output? "
            f"Call it {UPSTREAM}"
        )
    refuse_target(first, name_of(backward))
    return (first, *further(forward, backward, first))


def may_be_upstream(
    name: str, forward: Callable[..., Any], backward: Callable[..., Any], own: Collection[str] = ()
) -> bool:
    """Whether a parameter may be the gradient by the output, as far as its default tells.

    What forward has a default for is no gradient, and neither is a parameter with a default that
    an object is made with, one of its `own`. Others have the default 1 of a loss, or None, and are
    called after a gradient; a 1 that nothing reads stays 1, as in `loss.backward()`.

    >>> may_be_upstream("delta", len, lambda pred, y, delta=0.5: pred)
    False
    """
    default = parameters(backward)[name].default
    if has_default(forward, name):
        return False
    if default is inspect.Parameter.empty:
        return True
    one = isinstance(default, int | float) and not isinstance(default, bool) and default == 1
    if name in own or not (one or default is None) or (one and is_unread(backward, name)):
        return False
    called = any(one.fullmatch(name) for one in (SURELY, BY_CAPITAL))
    return called or name in SHORT or _is_by_one_of(name, variables(forward))


def refuse_unlike(
    forward: Callable[..., Any], backward: Callable[..., Any], name: str, out: object
) -> None:
    """Raise `CodeError` where a loss, which is a number, may be given its targets again.

    `name` is the parameter of backward that is taken for the gradient by it.
    """
    default = parameters(backward)[name].default
    sure = SURELY.fullmatch(name) or name in SHORT or _is_by_one_of(name, variables(forward))
    usual = sure or (isinstance(default, int | float) and default == 1)
    if isinstance(out, Traced) and not out.shape_held and not usual:
        raise CodeError(
            f"{name_of(backward)}: is {name} the gradient by the loss? Call it {UPSTREAM}, or an "
            "input as forward calls it"
        )


def refuse_target(name: str, function: str) -> None:
    """Raise `CodeError` where what is taken for a gradient by the output may be a target."""
    if TARGETS.fullmatch(name):
        raise CodeError(
            f"{function}: is {name} the gradient by the output? Call it {UPSTREAM}; targets belong "
            "to the loss, as an input of forward"
        )


def read_as(*names: str) -> tuple[str, ...]:
    """What is said of parameters that are taken for gradients by outputs, and not called so.

    >>> read_as("dout"), read_as("x")
    ((), ('x is taken for the gradient by the output',))
    """
    unlike = [name for name in names if not GRADIENT.fullmatch(name)]
    return tuple(f"{name} is taken for the gradient by the output" for name in unlike)


def _takes_what_is_named(function: Callable[..., Any]) -> bool:
    """Whether a function takes something, and no *args."""
    every = inspect.signature(function).parameters.values()
    return bool(every) and all(one.kind is not one.VAR_POSITIONAL for one in every)


def further(
    forward: Callable[..., Any], backward: Callable[..., Any], first: str
) -> tuple[str, ...]:
    """The parameters after the first that are called after what forward returns.

    Or after one of its own variables, where that is not known.
    """
    own, names = variables(forward), list(parameters(backward))
    returned = returned_names(forward)
    local = [name for name in own if name not in parameters(forward)]
    sure = [name for name in returned if name]
    outputs = sure if all(returned) and returned else local
    after = [name for name in names[names.index(first) + 1 :] if name not in own]
    optional = [name for name in after if has_default(backward, name)]
    return tuple(
        name
        for name in after
        if _is_by_one_of(name, sure if name in optional else outputs)
        and (name not in optional or _is_nothing(parameters(backward)[name].default))
    )


def _is_nothing(default: object) -> bool:
    """Whether a default says that nothing depends on an output: None, or 0."""
    return default is None or (isinstance(default, int | float) and default == 0)


def _is_by_one_of(name: str, variables: Collection[str]) -> bool:
    """Whether a gradient is called after one of the variables: dh for h."""
    match = OF_ONE_OUTPUT.fullmatch(name)
    return match is not None and match[1] in variables


def in_order(names: Sequence[str], forward: Callable[..., Any]) -> tuple[str, ...]:
    """The gradients in the order of the outputs that they are called after, the others as given.

    Raises `CodeError` where such an output comes after others that there is no gradient by.

    >>> in_order(("dout",), len)
    ('dout',)
    """
    returned = returned_names(forward)
    placed: dict[int, str] = {}
    unplaced: list[str] = []
    for name in names:
        output = output_of(name)
        place = returned.index(output) if output in returned else None
        if place is not None and place < len(names):
            placed.setdefault(place, name)
        elif place is None or SURELY.fullmatch(name):  # dout, whatever the output is called
            unplaced.append(name)
        else:
            raise CodeError(
                f"{name} is the gradient by {output}, and {name_of(forward)} returns other "
                f"outputs before it: return {output} before those without a gradient"
            )
    if len(unplaced) > 1:
        raise CodeError(
            f"{unplaced[0]} and {unplaced[1]} are gradients by which outputs? "
            f"Return variables from {name_of(forward)}, and call the gradients after them: dh for h"
        )
    others = iter([name for name in names if name not in placed.values()])
    return tuple(placed.get(place) or next(others) for place in range(len(names)))


def output_of(upstream: str) -> str:
    """What the output is called that such a gradient is by.

    >>> output_of("dnext_c"), output_of("g")
    ('next_c', 'out')
    """
    match = OF_ONE_OUTPUT.fullmatch(upstream)
    return match[1] if match else "out"
