"""Python's builtins for the user's code, which take sizes and arrays without numbers as well."""

from __future__ import annotations

import builtins
import math
from typing import Any

from gradcheck_sym.trace.counts import Count, seen
from gradcheck_sym.trace.labelled import Labelled
from gradcheck_sym.trace.rows import Rows
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.types import Float, Int, Range, Type, attribute, has_attribute, is_instance


def _len(value: Any) -> Any:
    if isinstance(value, Rows):
        return seen(value.size)
    if isinstance(value, Traced | Labelled) and value.ndim:
        return value.shape[0]
    return builtins.len(value)


def _largest(*values: Any, **options: Any) -> Any:
    """`max`: no size is less than 1."""
    sizes = [value for value in values if isinstance(value, Count)]
    others = [value for value in values if not isinstance(value, Count)]
    if len(sizes) == 1 and others and all(isinstance(x, int) and x <= 1 for x in others):
        return sizes[0]
    return max(*values, **options)


def _least(*values: Any, **options: Any) -> Any:
    """`min`."""
    numbers = [value for value in values if isinstance(value, int)]
    if numbers and min(numbers) <= 1 and all(isinstance(x, Count | int) for x in values):
        return min(numbers)
    return min(*values, **options)


MATH = {
    name: getattr(math, name)
    for name in ("sqrt", "exp", "log", "log2", "log10", "sin", "cos", "tan", "tanh", "fabs", "erf")
}
BUILTINS = {
    **{"len": _len, "range": Range, "max": _largest, "min": _least},
    **{"isinstance": is_instance, "hasattr": has_attribute, "getattr": attribute},
    **{"float": Float, "int": Int, "type": Type},
}
