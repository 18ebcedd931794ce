"""Whether a kink is an instance of one that is excluded already, for all of its indices."""

from __future__ import annotations

from typing import Any

from gradcheck_sym.kernel.polynomial import Frozen


def instance_of(kink: Frozen, general: Frozen) -> bool:
    """Whether numbers or names for the names of indices in `general` make it `kink`."""
    return _matches(general, kink, {})


def _matches(general: Any, kink: Any, names: dict[str, Any]) -> bool:
    """Term by term; `names` collects what stands for the names of indices."""
    if isinstance(general, tuple):
        same = isinstance(kink, tuple) and len(kink) == len(general)
        if same and general and isinstance(general[0], str):  # an atom: its name, then its parts
            same, general, kink = general[0] == kink[0], general[1:], kink[1:]
        return same and all(_matches(a, b, names) for a, b in zip(general, kink, strict=True))
    if isinstance(general, str):
        return bool(names.setdefault(general, kink) == kink)
    return bool(general == kink)
