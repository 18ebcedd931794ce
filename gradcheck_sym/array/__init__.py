"""Arrays over terms: shapes, operations, and where they are defined. No SymPy, and no NumPy."""

from gradcheck_sym.array.arrays import Array, Constant, Input, Let, Map, Reduce, Reindex
from gradcheck_sym.array.shape import UNIT, Axis, Shape

__all__ = ["UNIT", "Array", "Axis", "Constant", "Input", "Let", "Map", "Reduce", "Reindex", "Shape"]
