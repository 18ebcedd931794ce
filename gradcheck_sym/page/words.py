"""Numbers of things in words."""

from __future__ import annotations


def counted(number: int, one: str) -> str:
    """The number and the noun, which is regular.

    >>> counted(1, "part"), counted(3, "use")
    ('1 part', '3 uses')
    """
    return f"{number} {one}" + "s" * (number != 1)
