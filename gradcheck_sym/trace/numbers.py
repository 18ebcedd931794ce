"""Arrays of numbers that the user's code makes: `np.array([1.0, 2.0])`, `np.ones(3)`."""

from __future__ import annotations

from typing import Any

from gradcheck_sym.array import UNIT, Array, Axis
from gradcheck_sym.array.listed import Listed
from gradcheck_sym.array.operations import array_of
from gradcheck_sym.array.shape import Indices
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.traced import Traced

MOST_LISTED = 1_000


def numbers_array(value: Any) -> Array:
    """An array of NumPy's, its numbers exact; raises `ArrayError`."""
    flat = value.reshape(-1).tolist()
    shape = tuple(Axis(str(k), k) if k != 1 else UNIT for k in value.shape)
    if not flat:
        raise ArrayError("an array with no entries is not supported")
    if value.dtype == object:
        return _listed([array_of(v.array if isinstance(v, Traced) else v) for v in flat], shape)
    if len(set(flat)) == 1:
        return _filled(flat[0], shape)
    if len(flat) > MOST_LISTED:
        raise ArrayError(f"an array of {len(flat)} numbers is too large: {MOST_LISTED} at most")
    return _listed([array_of(int(v) if isinstance(v, bool) else v) for v in flat], shape)


def _filled(number: Any, shape: tuple[Axis, ...]) -> Array:
    array = array_of(int(number) if isinstance(number, bool) else number)
    for axis in reversed(shape):
        array = array.expand(0, axis)
    return array


def _listed(cells: list[Array], shape: tuple[Axis, ...]) -> Array:
    lengths = [int(axis.size) for axis in shape]

    def read(indices: Indices) -> tuple[Array, Indices]:
        place = 0
        for index, length in zip(indices, lengths, strict=True):
            assert isinstance(index, int)
            place = place * length + index - 1
        return cells[place], ()

    return Listed(shape, range(len(shape)), read, *cells)
