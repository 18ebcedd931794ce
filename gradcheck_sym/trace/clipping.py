"""`np.clip`: as it is, or as a bound that nothing reaches, where that is assumed.

Code clips an exponent or a probability so that floats stay finite, and differentiates as if it did
not. Between the bounds that is right.
"""

from __future__ import annotations

from gradcheck_sym.array import Array
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import current
from gradcheck_sym.trace.stand_for import Clip
from gradcheck_sym.trace.traced import Traced


def clip(
    a: object,
    a_min: object = None,
    a_max: object = None,
    *,
    min: object = None,  # noqa: A002 - NumPy's names
    max: object = None,  # noqa: A002 - NumPy's name
) -> Traced:
    """`np.clip`, with one bound or both."""
    array = array_held(a)
    bounds = (a_min if min is None else min, a_max if max is None else max)
    low, high = (None if bound is None else array_held(bound) for bound in bounds)
    current().clips.append(Clip(array, low, high))
    return Traced(array if current().inside_clip else _clipped(array, low, high))


def _clipped(array: Array, low: Array | None, high: Array | None) -> Array:
    if low is not None:
        array = OPERATIONS["maximum"](array, low)
    return array if high is None else OPERATIONS["minimum"](array, high)
