"""What stands for the functions and the types of `np.random`, but in other threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcheck_sym.trace.context import runs
from gradcheck_sym.trace.drawing import Generator


class _OfGenerators(type):
    """A type of `np.random`: what it makes is drawn from as is traced."""

    real: type
    traced: Callable[..., Any]

    def __call__(cls, *args: Any, **options: Any) -> Any:
        return (cls.traced if runs() else cls.real)(*args, **options)

    def __instancecheck__(cls, value: object) -> bool:
        is_ours = isinstance(value, Generator) and value.kind == cls.real.__name__
        return is_ours or isinstance(value, cls.real)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.real

    def __hash__(cls) -> int:
        return hash(cls.real)  # it is equal to that


def in_a_trace(real: Callable[..., Any], traced: Callable[..., Any]) -> Callable[..., Any]:
    """The traced function, whatever it is given, but in other threads."""
    if isinstance(real, type):
        own = {"real": real, "traced": staticmethod(traced), "__module__": real.__module__}
        return _OfGenerators(real.__name__, (), own)

    def drawn(*args: Any, **options: Any) -> Any:
        return (traced if runs() else real)(*args, **options)

    return drawn
