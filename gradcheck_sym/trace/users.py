"""Which code is the user's."""

from __future__ import annotations

import sysconfig
from pathlib import Path

OURS = str(Path(__file__).parents[1])
PYTHONS = ("stdlib", "platstdlib", "purelib", "platlib")
NOT_USERS = ("<frozen", "<__array_function__", OURS, *map(sysconfig.get_path, PYTHONS))


def is_users(file: str) -> bool:
    """Whether a file is the user's, and not ours, Python's or that of an installed package."""
    return not file.startswith(NOT_USERS)
