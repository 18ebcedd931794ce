"""What NumPy's arrays or Python's integers have, and what stands for them here has not.

The user's code may catch what Python raises there, `except AttributeError`, and go on otherwise
than with numbers; so it is a refusal, as all others.
"""

from __future__ import annotations

import dis
import sys
from functools import cache
from types import FrameType
from typing import Any, ClassVar

from gradcheck_sym.errors import MissingError
from gradcheck_sym.trace.users import is_users


def missing(name: str) -> MissingError:
    """What is raised for an attribute that stands for nothing here."""
    return MissingError(f".{name} is not supported for what has no numbers: leave it out")


ASKING = ("LOAD_ATTR", "MATCH_CLASS")  # x.__class__, and case float():
DISPATCHES = "functools"  # asks for the type in the user's stead: singledispatch


def _asks(frame: FrameType) -> bool:
    """Whether the code itself asks for a type there, and not a function in C that it calls."""
    return dis.opname[frame.f_code.co_code[frame.f_lasti]] in ASKING


class Foreign:
    """What is not of the type that it stands for: `others`, or NumPy's arrays and numbers."""

    others: ClassVar[tuple[type, ...]] = ()

    @property  # type: ignore[misc]  # that of object may be set
    def __class__(self) -> type:
        """The type; to the user's code while it is traced, also in `match`, what it would be."""
        from gradcheck_sym.trace.context import runs

        asking = sys._getframe(1)
        users = is_users(asking.f_code.co_filename) or asking.f_globals["__name__"] == DISPATCHES
        if users and runs() and _asks(asking):
            from gradcheck_sym.trace.types import kind_of

            return kind_of(self)
        return type(self)

    def __getattr__(self, name: str) -> Any:
        users = is_users(sys._getframe(1).f_code.co_filename)
        if users and not name.startswith("__") and name in _names(self.others):
            raise missing(name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


@cache
def _names(others: tuple[type, ...]) -> frozenset[str]:
    import numpy as np

    return frozenset(name for kind in others or (np.ndarray, np.float64) for name in dir(kind))
