"""Values of inputs as a point for the checker, and those of them that there are."""

from __future__ import annotations

from collections.abc import Mapping

from gradcheck_sym.refuter.inputs import Derived, Shapes, Values, number_of
from gradcheck_sym.values.evaluator import Point


def as_point(values: Values, arrays: Shapes) -> Point:
    """The point for the checker, where a name alone, of an array with indices, is all entries."""
    whole = {name: values[name,] for name, shape in arrays.items() if shape and (name,) in values}
    return Point(
        {key: v for key, v in values.items() if len(key) > 1 or key[0] not in whole}, whole
    )


def within(values: Values, arrays: Shapes, sizes: Mapping[str, int]) -> Values:
    """The values without those of other arrays, and of entries beyond a size.

    >>> within({("x", 3): Fraction(1), ("x", 2): Fraction(1)}, {"x": ("n",)}, {"n": 2})
    {('x', 2): Fraction(1, 1)}
    """
    return {
        key: value
        for key, value in values.items()
        if (shape := arrays.get(str(key[0]))) is not None
        and all(
            int(place) <= number_of(size, sizes)
            for place, size in zip(key[1:], shape, strict=False)  # a name alone has no places
        )
    }


def followed(
    derived: Derived, values: Values, arrays: Shapes, sizes: Mapping[str, int]
) -> Values | None:
    """The values, and those of the arrays that follow from others, None where these are unknown."""
    found = derived(as_point(values, arrays), sizes)
    if found is None:
        return None
    names = {key[0] for key in found}
    own = {key: value for key, value in values.items() if key[0] not in names}
    return {**own, **{key: v for key, v in found.items() if v and key[0] in arrays}}
