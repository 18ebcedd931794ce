"""What users' code is given for an array: it is read, viewed and written to as NumPy's is.

Beneath, arrays never change; this is the place that holds one now, and another one after
`x += 1`. A view is what its base is at some indices, and a write to it is a write to the base.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, TypeAlias

from gradcheck_sym.array import Array, Let
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.shape import show, sizes
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.context import current, keep_made, runs
from gradcheck_sym.trace.counts import Count, seen
from gradcheck_sym.trace.methods import Methods
from gradcheck_sym.trace.unread import HIDDEN, INFINITE, NUMBER, SINGLE, UNKNOWN
from gradcheck_sym.trace.users import is_users

Held: TypeAlias = Array | Mask


class Traced(Methods):
    """An array, or a mask, that may be assigned to.

    `rowwise` tells that the entries surely lie row by row in memory, `whole` that they may be
    integers to NumPy, `scalar` that no axes mean a number, which is never changed in place, or
    an array (False); of most that is not known (None).
    """

    __array_priority__ = 1000.0

    def __init__(
        self,
        held: Held,
        *,
        rowwise: bool = True,
        whole: bool = False,
        scalar: bool | None = None,
    ) -> None:
        self._held = held
        self.rowwise, self.whole, self.scalar = rowwise, whole, scalar
        self.left_out: Mask | None = None  # where it is −∞, which is no number
        self.spoilt = False  # a write that may or may not have reached it
        self.hidden = False  # made with an object, and nowhere in it
        self.writes = 0
        keep_made(self)

    @property
    def held(self) -> Held:
        """What it is now; raises `ArrayError` where that is not known."""
        if self.hidden:
            raise ArrayError(HIDDEN)
        if self.spoilt:
            raise ArrayError(UNKNOWN if self._held.shape else NUMBER)
        if self.left_out is not None:
            raise ArrayError(INFINITE)
        return self._held

    @property
    def named(self) -> Held | None:
        """What it is, if that is known and has a formula."""
        known = not self.spoilt and not self.hidden and self.left_out is None
        return self._held if known else None

    @property
    def unbounded(self) -> Array:
        """The array without what is left out."""
        held = self._held
        return held.value() if isinstance(held, Mask) else held

    @property
    def array(self) -> Array:
        """The same, a mask as 1 and 0."""
        held = self.held
        return held.value() if isinstance(held, Mask) else held

    @property
    def is_truth(self) -> bool:
        """Whether it is a comparison's result, true or false at each entry."""
        return isinstance(self._held, Mask)

    def assign(self, value: Held) -> None:
        """Hold another value, of the same shape; raises `ShapeError`."""
        own = self.held.shape
        if sizes(value.shape) != sizes(own):
            from gradcheck_sym.trace.indexing import spread

            value = spread(value, own)
        if isinstance(self._held, Let) and runs():
            current().several.append(self._held)
        self._held = value
        self.writes += 1

    def load(self, other: Traced) -> None:
        """Hold what another array holds, of any shape, as an array that is passed again."""
        self._held, self.left_out, self.spoilt = other._held, other.left_out, other.spoilt

    def become(self, other: Traced) -> Traced:
        """What stands for this after an operation in place."""
        if self.scalar is not False and not self.shape_held:
            if self.scalar is None:
                self.spoil()
            return other
        if other.left_out is not None:
            if type(self) is not Traced or sizes(other.shape_held) != sizes(self.shape_held):
                raise ArrayError("-np.inf in a part of an array is not supported: write z = z + y")
            self._held, self.left_out = other._held, other.left_out
            self.writes += 1
            return self
        if self.whole and not other.whole:
            raise ArrayError("NumPy does not put numbers into an array of integers in place")
        if isinstance(self.held, Mask) and not isinstance(other.held, Mask):
            raise ArrayError("NumPy does not put numbers into a comparison's result in place")
        self.assign(other.held if isinstance(self.held, Mask) else other.array)
        return self

    def spoil(self) -> None:
        """A write may or may not have reached this."""
        self.spoilt = True

    def call_it(self, name: str) -> None:
        """Give it a name, if it has none, so that proofs may speak of it."""
        from gradcheck_sym.trace.naming import named

        if not self.spoilt and not self.hidden and runs():  # not in a thread of the user's
            self._held = named(self._held, name)

    @property
    def shape_held(self) -> Any:
        """The axes of what it is."""
        return self.held.shape if self.left_out is None else self._held.shape

    # As NumPy's arrays are read ------------------------------------------------------------

    @property
    def shape(self) -> tuple[int | Count, ...]:
        """The sizes, numbers or names."""
        return tuple(seen(size) for size in sizes(self.shape_held))

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape_held)

    @property
    def size(self) -> Any:
        """The number of entries."""
        total: Any = 1
        for size in self.shape:
            total = size * total
        return total

    @property
    def dtype(self) -> Any:
        """NumPy's type of such entries; raises `ArrayError` where some are of float32."""
        import numpy as np

        if runs() and current().single and is_users(sys._getframe(1).f_code.co_filename):
            raise ArrayError(SINGLE)
        return np.dtype(bool if self.is_truth else int if self.whole else float)

    @property
    def T(self) -> Traced:  # noqa: N802 - NumPy's name
        """The axes in reverse, as a view."""
        return self.transpose()

    def __repr__(self) -> str:
        return f"array{show(self.shape_held)}"

    def __len__(self) -> int:
        if not self.shape_held:
            raise ArrayError("a number has no length")
        size = self.shape[0]
        return size if isinstance(size, int) else size.__index__()

    def __iter__(self) -> Iterator[Traced]:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, key: object) -> Any:
        from gradcheck_sym.trace.indexing import read

        return read(self, key)

    def __setitem__(self, key: object, value: object) -> None:
        from gradcheck_sym.trace.indexing import write

        write(self, key, value)

    def astype(self, dtype: object, *, copy: bool = True) -> Traced:
        """A copy, of floats: there is one type of numbers here."""
        from gradcheck_sym.trace.likes import as_type

        return as_type(self, dtype, copy=copy)

    def copy(self, order: str = "C") -> Traced:
        """One that changes by itself."""
        rowwise = order == "C" or (order != "F" and self.rowwise)
        return Traced(self.held, rowwise=rowwise, whole=self.whole, scalar=self.scalar)

    def __copy__(self) -> Traced:
        return self.copy("K")

    def __deepcopy__(self, _: object) -> Traced:
        if not self.hidden:
            return self.copy("K")
        found = Traced(self._held)
        found.hidden = True
        return found

    def fill(self, value: object) -> None:
        """Assign to all entries."""
        self[...] = value

    def item(self) -> Traced:
        """The only entry."""
        if any(size != 1 for size in sizes(self.shape_held)):
            raise ArrayError("item() is the entry of an array that has one alone")
        return Traced(self.array.squeeze(), whole=self.whole or self.is_truth, scalar=True)

    def transpose(self, *axes: Any) -> Traced:
        """The axes in another order, as a view."""
        from gradcheck_sym.trace.indexing import transposed

        return transposed(self, axes[0] if axes and not isinstance(axes[0], int) else axes)

    def reshape(self, *shape: Any, order: str = "C", copy: bool | None = None) -> Traced:
        """The entries row by row in another shape, as a view, or as a copy."""
        from gradcheck_sym.trace.indexing import reshaped

        if order != "C":
            raise ArrayError(f"reshape in the order {order!r} is not supported: leave it out")
        wanted: Any = shape[0] if shape and isinstance(shape[0], tuple | list) else shape
        found = reshaped(self, wanted, sure=self.rowwise or self.ndim < 2)
        return found.copy() if copy else found

    def ravel(self) -> Traced:
        """The entries row by row, as a view where they lie so."""
        from gradcheck_sym.trace.indexing import reshaped

        return reshaped(self, (-1,), sure=self.rowwise, flat=True)

    def flatten(self) -> Traced:
        """The entries row by row, as a copy."""
        return self.reshape(-1).copy()
