"""All rows as an index, where nobody knows how many there are."""

from __future__ import annotations

from typing import Any, NoReturn

from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.missing import Foreign


class Rows(Foreign):
    """`range(n)` or `np.arange(n)` where n is a name: an index of every row, and no number."""

    __match_args__ = ("size",)

    def __init__(self, size: Size, *, is_range: bool = False) -> None:
        self.size, self.is_range = size, is_range

    def __len__(self) -> int:
        return Count(str(self.size)).__index__()

    def __iter__(self) -> Any:
        return iter(range(len(self)))

    def _refused(self, *_: object) -> NoReturn:
        raise ArrayError(f"all {self.size} are an index here, as in p[np.arange(n), y]")

    __hash__ = object.__hash__

    # fmt: off
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = __contains__ = _refused
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _refused
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refused
    __neg__ = __pos__ = __abs__ = __matmul__ = __rmatmul__ = __float__ = __int__ = _refused
    __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = __divmod__ = __rdivmod__ = _refused
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _refused
    __index__ = __complex__ = __round__ = __getitem__ = __setitem__ = __reversed__ = _refused
    __array__ = __array_ufunc__ = __array_function__ = _refused
    # fmt: on
