"""What a forward function returns: outputs, each weighted with a free array, and a cache."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.upstream import UPSTREAM
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.traced import Traced


def outputs_and_cache(result: Any, count: int = 1) -> tuple[tuple[Any, ...], Any]:
    """The first values that are returned, that many, and the rest of them.

    >>> outputs_and_cache(("h", "c", "cache"), 2), outputs_and_cache("h")
    ((('h', 'c'), 'cache'), (('h',), None))
    """
    if not isinstance(result, tuple) or not result:
        return (result,), None
    count = max(count, 1)
    rest = result[count:]
    return result[:count], rest[0] if len(rest) == 1 else rest


def weighted(
    outputs: Sequence[Any], names: Sequence[str], trace: Trace
) -> tuple[tuple[Input, ...], Array]:
    """A free array for each output, and the sum of all their products, which is the loss.

    Without names it is the output itself, which has to be a number.
    """
    if len(outputs) < len(names) or not all(isinstance(out, Traced) for out in outputs):
        if len(names) > 1:
            raise CodeError(
                f"{' and '.join(names)} are taken for gradients by outputs, and the forward "
                f"function does not return {len(names)} arrays first"
            )
        raise CodeError("the forward function returns no array that depends on its inputs")
    if not names:
        return (), _number(outputs[0])
    upstreams: list[Input] = []
    loss: Array | None = None
    for out, name in zip(outputs, names, strict=True):
        fresh = trace.fresh(name if name not in trace.taken else UPSTREAM)
        upstreams.append(Input(fresh, out.array.shape))
        term: Array = OPERATIONS["multiply"](upstreams[-1], out.array).sum()
        loss = term if loss is None else OPERATIONS["add"](loss, term)
    assert loss is not None
    return tuple(upstreams), loss


def _number(out: Traced) -> Array:
    total: Array = out.array.squeeze()
    if total.shape:
        raise CodeError(
            "what gives the gradients takes no gradient by the output, which has the shape "
            f"{out.shape}: let it take {UPSTREAM}, or call it …_prime if it is a slope"
        )
    return total


def total(upstreams: Sequence[str], outputs: str) -> str:
    """The same loss as it is written in a script, where the outputs are in a tuple.

    >>> total(["dh", "dc"], "_outs")
    'np.sum(dh * _outs[0]) + np.sum(dc * _outs[1])'
    """
    if not upstreams:
        return f"np.sum({outputs}[0])"
    return " + ".join(f"np.sum({name} * {outputs}[{k}])" for k, name in enumerate(upstreams))
