"""The subscripts of `np.einsum`, written out: an implied result, and what … stands for."""

from __future__ import annotations

from string import ascii_letters
from typing import Any

from gradcheck_sym.array.einsum import einsum as written_out
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.indexing import viewed
from gradcheck_sym.trace.likes import traced_of
from gradcheck_sym.trace.traced import Traced


def einsum(subscripts: Any, *operands: object) -> Traced:
    """`np.einsum`."""
    if not isinstance(subscripts, str):
        raise ArrayError("np.einsum: give the subscripts first, as in 'ij,jk->ik'")
    arrays = [array_held(operand) for operand in operands]
    text = explicit(subscripts, [a.ndim for a in arrays])
    left, _, result = text.partition("->")
    if len(operands) == 1 and set(left) == set(result) and len(set(result)) == len(result):
        import numpy as np

        return viewed(traced_of(operands[0]), lambda p, _: np.einsum(text, p))
    found = written_out(text, *arrays)
    return Traced(found, rowwise=found.ndim < 2)  # in which order NumPy sums is its own affair


def explicit(subscripts: str, axes: list[int]) -> str:
    """Every index written out, as NumPy means it; `axes` is how many the operands have.

    >>> explicit("ij,jk", [2, 2]), explicit("...ij,jk", [3, 2]), explicit("b...->...", [3])
    ('ij,jk->ik', 'aij,jk->aik', 'bac->ac')
    """
    text = subscripts.replace(" ", "")
    left, arrow, result = text.partition("->")
    inputs = left.split(",")
    if len(inputs) != len(axes):
        raise ArrayError(f"np.einsum: {subscripts!r} does not fit {len(axes)} arrays")
    if not arrow:
        named = [x for x in left if x.isalpha()]
        once = "".join(sorted(x for x in set(named) if named.count(x) == 1))
        result = ("..." if "..." in left else "") + once
    spare = [x for x in ascii_letters if x not in text]
    hidden = [
        max(n - len(part.replace("...", "")), 0) for part, n in zip(inputs, axes, strict=True)
    ]
    most = max((n for n, part in zip(hidden, inputs, strict=True) if "..." in part), default=0)
    filled = [
        part.replace("...", "".join(spare[most - n : most]))
        for part, n in zip(inputs, hidden, strict=True)
    ]
    return ",".join(filled) + "->" + result.replace("...", "".join(spare[:most]))


def tensordot(a: object, b: object, axes: Any = 2) -> Traced:
    """`np.tensordot`: sums over pairs of axes, the last of a with the first of b for a number."""
    axes_of = [array_held(a).ndim, array_held(b).ndim]
    if isinstance(axes, int):
        axes = range(axes_of[0] - axes, axes_of[0]), range(axes)
    summed = [[one] if isinstance(one, int) else list(one) for one in axes]
    if len(summed) != 2 or len(summed[0]) != len(summed[1]):
        raise ArrayError(f"np.tensordot: axes={axes!r} does not pair the axes of two arrays")
    letters = iter(ascii_letters)
    left, right = ([next(letters) for _ in range(count)] for count in axes_of)
    for one, other in zip(*summed, strict=True):
        if not (-len(left) <= one < len(left) and -len(right) <= other < len(right)):
            raise ArrayError(f"np.tensordot: axes={axes!r} are not there")
        right[other] = left[one]
    paired = {left[k] for k in summed[0]}
    if not len(paired) == len(paired.intersection(right)) == len(summed[0]):
        raise ArrayError(f"np.tensordot: axes={axes!r} name an axis twice")
    kept = [x for x in (*left, *right) if x not in paired]
    return einsum(f"{''.join(left)},{''.join(right)}->{''.join(kept)}", a, b)
