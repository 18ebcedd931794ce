"""Which code is the user's, and which of its values are arrays."""

from __future__ import annotations

import os
import sysconfig
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

PYTHONS = ("stdlib", "platstdlib", "purelib", "platlib")
FOLDERS = (str(Path(__file__).parents[1]), *map(sysconfig.get_path, PYTHONS))
NOT_USERS = ("<frozen", "<__array_function__", *(f"{folder}{os.sep}" for folder in FOLDERS))


@lru_cache(maxsize=10_000)
def is_users(file: str) -> bool:
    """Whether a file is the user's, and not ours, Python's or that of an installed package."""
    return not file.startswith(NOT_USERS)


def is_array(value: Any) -> TypeGuard[Any]:
    """Whether a value's type is one of arrays or NumPy's numbers; the value itself is not asked.

    >>> from types import SimpleNamespace
    >>> is_array(SimpleNamespace(dtype=float, shape=(2,)))
    False
    """
    return hasattr(type(value), "dtype") and hasattr(type(value), "shape")


def kind_of(value: object) -> str:
    """NumPy's letter for the kind of an array's entries; none for what is no array."""
    return str(getattr(getattr(value, "dtype", None), "kind", "")) if is_array(value) else ""
