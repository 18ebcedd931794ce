"""What a forward function returns: outputs, each weighted with a free array, and a cache."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.inputs import name_of, parameters
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.traced import Traced

UPSTREAM = "dout"
GRADIENT = re.compile(r"d[A-Za-z_]\w*|D[A-Z]\w*|g|grad\w*|delta\w*|up\w*|err\w*|v|ct")
SURELY = re.compile(r"d_?out\w*|grad\w*|upstream\w*|delta\w*|dL\w*")  # not data, dims or v
OF_ONE_OUTPUT = re.compile(r"(?:grad_|d_|d|D)(\w+)")


def upstream_names(
    forward: Callable[..., Any], backward: Callable[..., Any], inputs: Sequence[str]
) -> tuple[str, ...]:
    """The parameters of backward that are the gradients by the outputs; raises `CodeError`.

    One that is called dout, grad… or after a variable of forward, else one that looks like a
    gradient, else the first; and `further` ones: dnext_h and dnext_c where forward has the
    variables next_h and next_c.
    """
    own = variables(forward)
    plain = [name for name in parameters(backward) if name not in (*inputs, "cache", "out")]
    alike = [name for name in plain if GRADIENT.fullmatch(name) and name not in own]
    sure = [name for name in alike if SURELY.fullmatch(name) or _is_by_one_of(name, own)]
    if not sure and len(alike) > 1:
        raise CodeError(
            f"{name_of(backward)}: {alike[1]} looks like the gradient by another output, beside "
            f"{alike[0]}; call it {UPSTREAM}, or each after what forward returns: dh for h"
        )
    first = next(iter(sure or alike), None)
    if first is None and plain[:1] != list(parameters(backward))[:1]:
        raise CodeError(
            f"{name_of(backward)}: which parameter is the gradient by the output? "
            f"Call it {UPSTREAM}"
        )
    first = first or plain[0]
    return (first, *further(forward, backward, first))


def variables(function: Callable[..., Any]) -> tuple[str, ...]:
    """The variables of a function, its parameters among them."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_varnames if code else ()


def further(
    forward: Callable[..., Any], backward: Callable[..., Any], first: str
) -> tuple[str, ...]:
    """The parameters after the first that are called after what forward returns.

    Or after one of its own variables, where that is not known.
    """
    own, names = variables(forward), list(parameters(backward))
    returned = _returned_names(forward)
    local = [name for name in own if name not in parameters(forward)]
    outputs = [name for name in returned if name] if all(returned) and returned else local
    after = names[names.index(first) + 1 :]
    return tuple(name for name in after if name not in own and _is_by_one_of(name, outputs))


def _is_by_one_of(name: str, variables: Collection[str]) -> bool:
    """Whether a gradient is called after one of the variables: dh for h."""
    match = OF_ONE_OUTPUT.fullmatch(name)
    return match is not None and match[1] in variables


def in_order(names: Sequence[str], forward: Callable[..., Any]) -> tuple[str, ...]:
    """The gradients in the order of the outputs that they are called after, the others as given.

    Raises `CodeError` where such an output comes after others that there is no gradient by.

    >>> def forward(x): return x, 2 * x
    >>> in_order(("dc", "dh"), forward)
    ('dc', 'dh')
    """
    returned = _returned_names(forward)
    placed: dict[int, str] = {}
    for name in names:
        if (output := output_of(name)) in returned:
            place = returned.index(output)
            if place >= len(names):
                if SURELY.fullmatch(name):  # dout, whatever the output is called
                    continue
                raise CodeError(
                    f"{name} is the gradient by {output}, and {name_of(forward)} returns other "
                    f"outputs before it: return {output} before those without a gradient"
                )
            placed.setdefault(place, name)
    others = iter([name for name in names if name not in placed.values()])
    return tuple(placed.get(place) or next(others) for place in range(len(names)))


def _returned_names(function: Callable[..., Any]) -> list[str | None]:
    """The variables that a function returns, where each of its returns has the same."""
    return [node.id if isinstance(node, ast.Name) else None for node in _returned(function)]


def cached_names(function: Callable[..., Any], outputs: int) -> dict[str | None, int | None]:
    """The variables that a function caches, and which part of the cache each is.

    None is the place of one that is the whole cache, and the name of what has none.

    >>> cached_names(cached_names, 1)
    {None: None}
    """
    rest = _returned(function)[outputs:]
    if len(rest) == 1 and isinstance(rest[0], ast.Name):
        return {rest[0].id: None}
    if len(rest) == 1 and isinstance(rest[0], ast.Tuple):
        rest = rest[0].elts
    if not rest or any(isinstance(node, ast.Starred) for node in rest):
        return {None: None}
    return {node.id if isinstance(node, ast.Name) else None: k for k, node in enumerate(rest)}


def _returned(function: Callable[..., Any]) -> list[ast.expr]:
    """What stands in the tuple that a function returns, if it has one such return."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return []
    values = [node.value for node in _own(tree.body[0]) if isinstance(node, ast.Return)]
    tuples = {ast.dump(value): value for value in values if isinstance(value, ast.Tuple)}
    return next(iter(tuples.values())).elts if len(tuples) == 1 else []


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, and not in one inside it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield node
            yield from _own(node)


def output_of(upstream: str) -> str:
    """What the output is called that such a gradient is by.

    >>> output_of("dnext_c"), output_of("g")
    ('next_c', 'out')
    """
    match = OF_ONE_OUTPUT.fullmatch(upstream)
    return match[1] if match else "out"


def outputs_and_cache(result: Any, count: int = 1) -> tuple[tuple[Any, ...], Any]:
    """The first values that are returned, that many, and the rest of them.

    >>> outputs_and_cache(("h", "c", "cache"), 2), outputs_and_cache("h")
    ((('h', 'c'), 'cache'), (('h',), None))
    """
    if not isinstance(result, tuple) or not result:
        return (result,), None
    rest = result[count:]
    return result[:count], rest[0] if len(rest) == 1 else rest


def weighted(
    outputs: Sequence[Any], names: Sequence[str], trace: Trace
) -> tuple[tuple[Input, ...], Array]:
    """A free array for each output, and the sum of all their products, which is the loss."""
    if len(outputs) < len(names) or not all(isinstance(out, Traced) for out in outputs):
        if len(names) > 1:
            raise CodeError(
                f"{' and '.join(names)} are taken for gradients by outputs, and the forward "
                f"function does not return {len(names)} arrays first"
            )
        raise CodeError("the forward function returns no array that depends on its inputs")
    upstreams: list[Input] = []
    loss: Array | None = None
    for out, name in zip(outputs, names, strict=True):
        fresh = trace.fresh(name if name not in trace.taken else UPSTREAM)
        upstreams.append(Input(fresh, out.array.shape))
        term: Array = OPERATIONS["multiply"](upstreams[-1], out.array).sum()
        loss = term if loss is None else OPERATIONS["add"](loss, term)
    assert loss is not None
    return tuple(upstreams), loss


def total(upstreams: Sequence[str], outputs: str) -> str:
    """The same loss as it is written in a script, where the outputs are in a tuple.

    >>> total(["dh", "dc"], "_outs")
    'np.sum(dh * _outs[0]) + np.sum(dc * _outs[1])'
    """
    return " + ".join(f"np.sum({name} * {outputs}[{k}])" for k, name in enumerate(upstreams))
