"""What users' code is given for an array: it is read, viewed and written to as NumPy's is.

Beneath, arrays never change; this is the place that holds one now, and another one after
`x += 1`. A view is what its base is at some indices, and a write to it is a write to the base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from gradcheck_sym.array import Array
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.shape import show, sizes
from gradcheck_sym.errors import ArrayError, ShapeError
from gradcheck_sym.trace.counts import Count, seen

Held: TypeAlias = Array | Mask


def _operator(name: str, *, swapped: bool = False) -> Callable[..., Traced]:
    def apply(self: Traced, other: object) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(name, *((other, self) if swapped else (self, other)))

    return apply


def _compared(name: str) -> Any:
    return _operator(name)


def _unary(name: str) -> Callable[..., Traced]:
    def apply(self: Traced) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(name, self)

    return apply


def _in_place(name: str) -> Callable[..., Traced]:
    def apply(self: Traced, other: object) -> Traced:
        from gradcheck_sym.trace.calls import called

        return self.become(called(name, self, other))

    return apply


def _method(name: str) -> Callable[..., Traced]:
    def apply(self: Traced, *args: Any, **options: Any) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(name, self, *args, **options)

    return apply


def _refused(what: str, mend: str) -> Any:
    def refuse(*_: object, **__: object) -> Any:
        raise ArrayError(f"{what}: entries have no numbers here; {mend}")

    return refuse


class Traced:
    """An array, or a mask, that may be assigned to."""

    __array_priority__ = 1000.0

    def __init__(self, held: Held, *, in_rows: bool = False) -> None:
        """`in_rows` says that it surely lies row by row in memory, so that reshape is a view."""
        self._held = held
        self.in_rows = in_rows
        self.changes = 0

    @property
    def held(self) -> Held:
        """What it is now."""
        return self._held

    @property
    def array(self) -> Array:
        """The same, a mask as 1 and 0."""
        held = self.held
        return held.value() if isinstance(held, Mask) else held

    def assign(self, value: Held) -> None:
        """Hold another value, of the same shape; raises `ShapeError`."""
        own = self.shape_held
        if sizes(value.shape) != sizes(own):
            from gradcheck_sym.trace.indexing import spread

            value = spread(value, own)
        self._held = value
        self.changes += 1

    def become(self, other: Traced) -> Traced:
        """What stands for this after an operation in place: of a number, another number."""
        if not self.ndim:
            return other
        self.assign(other.held)
        return self

    def current(self) -> int:
        """How often it was changed."""
        return self.changes

    def call_it(self, name: Callable[[], str]) -> None:
        """Give it a name, if it has none, so that proofs may speak of it."""
        from gradcheck_sym.trace.naming import named

        self._held = named(self.held, name)

    @property
    def shape_held(self) -> Any:
        """The axes of what it is."""
        return self.held.shape

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
        """NumPy's type of such entries."""
        import numpy as np

        return np.dtype(bool if isinstance(self.held, Mask) else float)

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

    def astype(self, *_: object, **__: object) -> Traced:
        """A copy: there is one type of numbers here."""
        return Traced(self.array)

    def copy(self, *_: object, **__: object) -> Traced:
        """One that changes by itself."""
        return Traced(self.held, in_rows=True)

    def fill(self, value: object) -> None:
        """Assign to all entries."""
        self[...] = value

    def item(self) -> Traced:
        """The only entry."""
        return Traced(self.array.squeeze())

    __hash__ = object.__hash__

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: Any) -> Any:
        from gradcheck_sym.trace.calls import ufunc_called

        return ufunc_called(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, _: object, args: Any, options: Any) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(str(function.__name__), *args, **options)

    # fmt: off
    __add__, __radd__         = _operator("add"), _operator("add", swapped=True)
    __sub__, __rsub__         = _operator("subtract"), _operator("subtract", swapped=True)
    __mul__, __rmul__         = _operator("multiply"), _operator("multiply", swapped=True)
    __truediv__, __rtruediv__ = _operator("divide"), _operator("divide", swapped=True)
    __pow__, __rpow__         = _operator("power"), _operator("power", swapped=True)
    __matmul__, __rmatmul__   = _operator("matmul"), _operator("matmul", swapped=True)
    __and__, __rand__         = _operator("logical_and"), _operator("logical_and", swapped=True)
    __or__, __ror__           = _operator("logical_or"), _operator("logical_or", swapped=True)
    __gt__, __lt__, __ge__    = map(_compared, ("greater", "less", "greater_equal"))
    __le__, __eq__, __ne__    = map(_compared, ("less_equal", "equal", "not_equal"))
    __neg__, __pos__          = _unary("negative"), _unary("positive")
    __abs__, __invert__       = _unary("absolute"), _unary("logical_not")

    __iadd__, __isub__        = _in_place("add"), _in_place("subtract")
    __imul__, __itruediv__    = _in_place("multiply"), _in_place("divide")
    __ipow__, __imatmul__     = _in_place("power"), _in_place("matmul")
    __iand__, __ior__         = _in_place("logical_and"), _in_place("logical_or")

    sum, mean, var, std       = map(_method, ("sum", "mean", "var", "std"))
    max, min, prod, cumsum    = map(_method, ("max", "min", "prod", "cumsum"))
    dot, clip, squeeze        = map(_method, ("dot", "clip", "squeeze"))
    swapaxes, trace, diagonal = map(_method, ("swapaxes", "trace", "diagonal"))
    repeat, argmax, argmin    = map(_method, ("repeat", "argmax", "argmin"))
    any, all, round, sort     = map(_method, ("any", "all", "round", "sort"))
    # fmt: on

    def transpose(self, *axes: Any) -> Traced:
        """The axes in another order, as a view."""
        from gradcheck_sym.trace.indexing import transposed

        return transposed(self, axes[0] if axes and not isinstance(axes[0], int) else axes)

    def reshape(self, *shape: Any, order: str = "C") -> Traced:
        """The entries row by row in another shape, as a view."""
        from gradcheck_sym.trace.indexing import reshaped

        if order != "C":
            raise ArrayError(f"reshape in the order {order!r} is not supported: leave it out")
        return reshaped(self, shape[0] if shape and isinstance(shape[0], tuple | list) else shape)

    def ravel(self) -> Traced:
        """The entries row by row, as a view."""
        return self.reshape(-1)

    def flatten(self) -> Traced:
        """The entries row by row, as a copy."""
        return self.reshape(-1).copy()

    # What needs numbers -------------------------------------------------------------------

    __bool__ = _refused("the truth of an array", "write np.where(condition, x, y) for if and else")
    __float__ = __int__ = __complex__ = __index__ = __round__ = _refused(
        "a conversion to a number", "keep the array as it is"
    )
    __array__ = _refused("a conversion to a NumPy array", "keep the array as it is")
    tolist = _refused("tolist", "keep the array as it is")
    __contains__ = _refused("`in`", "speak of the whole array")
    __mod__ = __rmod__ = _refused("%", "write it in + - * /")
    __floordiv__ = __rfloordiv__ = _refused("//", "write /")
    __xor__ = __rxor__ = _refused("^", "write ** for a power")


UNSURE = (
    "whether a reshape is a view or a copy depends on how the array lies in memory, and here "
    "one of them is written to: write .copy() after the reshape, or assign to the array itself"
)


class View(Traced):
    """What a base is at some indices, whatever the base becomes.

    One that is not `sure` may be a copy; then neither it nor its base may be written to.
    """

    def __init__(
        self,
        base: Traced,
        look: Callable[[Held], Held],
        change: Callable[[Held, Held], Held],
        *,
        sure: bool = True,
    ) -> None:
        super().__init__(look(base.held))
        self._base, self._look, self._change = base, look, change
        self._of: Held | None = None
        self._sure, self._made_at = sure, base.current()

    @property
    def held(self) -> Held:
        """What the base is there now."""
        self._refuse_unsure()
        if self._of is not self._base.held:
            self._of = self._base.held
            self._held = self._look(self._of)
        return self._held

    def current(self) -> int:
        """How often the base was changed."""
        return self._base.current()

    def _refuse_unsure(self) -> None:
        if not self._sure and self._base.current() != self._made_at:
            raise ArrayError(UNSURE)

    def assign(self, value: Held) -> None:
        if not self._sure:
            raise ArrayError(UNSURE)
        super().assign(value)
        self._base.assign(self._change(self._base.held, self._held))

    def call_it(self, name: Callable[[], str]) -> None:
        """A view has the name of its base."""
        self._base.call_it(name)


def same_shape(one: Held, other: Held) -> bool:
    """Whether the sizes are the same."""
    try:
        return sizes(one.shape) == sizes(other.shape)
    except ShapeError:
        return False
