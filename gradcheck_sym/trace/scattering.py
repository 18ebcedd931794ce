"""`np.add.at`: entries are added to at indices, one after the other."""

from __future__ import annotations

from typing import Any

from gradcheck_sym.array.einsum import matmul
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.calls import array_held, called
from gradcheck_sym.trace.indexing import spread
from gradcheck_sym.trace.kinds import may_be_whole
from gradcheck_sym.trace.labels import LabelVector
from gradcheck_sym.trace.likes import axes_of
from gradcheck_sym.trace.traced import Traced

MOST_ADDED = 1_000


def added_at(name: str, target: Any, indices: Any, values: Any) -> None:
    """Add, or subtract, so that what stands at an index twice counts twice."""
    if not isinstance(target, Traced):
        raise ArrayError(f"np.{name}.at of an array of numbers is not supported")
    if target.is_truth or (target.whole and not may_be_whole(values)):
        raise ArrayError(f"np.{name}.at of integers or truths: make it of floats")
    if isinstance(indices, LabelVector):
        indices.refuse_other(target)
        shape = (indices.one_hot.shape[0], *target.shape_held[1:])
        rows = spread(array_held(values), shape)
        if len(shape) > 2:
            raise ArrayError(f"np.{name}.at needs a vector or a matrix")
        change = matmul(indices.one_hot.T, OPERATIONS["multiply"](1, rows))
        target.assign(OPERATIONS[name](target.array, change))
        return
    import numpy as np

    keys = indices if isinstance(indices, tuple) else (indices,)
    if any(isinstance(key, Traced | slice) or key is Ellipsis for key in keys):
        raise ArrayError(f"np.{name}.at needs arrays of numbers as indices")
    wide = np.broadcast_arrays(*(np.asarray(key) for key in keys))
    if wide[0].dtype.kind not in "iu" or wide[0].size > MOST_ADDED:
        raise ArrayError(f"np.{name}.at needs {MOST_ADDED} integers as indices at most")
    # the values are those before, also where they are a part of what is added to
    shape = (*axes_of(wide[0].shape), *target.shape_held[len(keys) :])
    given = Traced(spread(array_held(values), shape), whole=may_be_whole(values))
    for place in np.ndindex(wide[0].shape):
        key = tuple(int(one[place]) for one in wide)
        target[key] = called(name, target[key], given[place] if place else given)
