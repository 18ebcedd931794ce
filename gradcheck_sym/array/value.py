"""What arrays and masks share: Python's operators and NumPy's protocols, and what is refused.

An array here has no numbers in it. Python and NumPy ask for some in many places, often without
a word; each of these is one error.
"""

from __future__ import annotations

from typing import Any

from gradcheck_sym.array.operators import Operators, refused


class Value(Operators):
    """An array or a mask: NumPy's operators, functions and refusals, by one table."""

    def carried_out(self, name: str, *operands: object) -> Any:
        from gradcheck_sym.array.table import OPERATIONS

        return OPERATIONS[name](*operands)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: object) -> Any:
        from gradcheck_sym.array.protocol import ufunc_result

        return ufunc_result(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, _: object, args: Any, options: Any) -> Any:
        from gradcheck_sym.array.protocol import function_result

        return function_result(function, args, options)

    _in_place = refused("an operation in place", "write x = x + y for x += y")
    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = __imatmul__ = _in_place
    __iand__ = __ior__ = __setitem__ = __delitem__ = _in_place
    __getitem__ = refused("indexing", "entry(i, j) is the term of an entry, counted from 1")
    __iter__ = __reversed__ = refused("a loop over an array", "speak of the whole array")
