"""What a size may be, and what the work at given sizes would cost. Imports no SymPy."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gradcheck_sym.errors import CostError, SizeError

Size = int | str

MOST_SECONDS = 3600.0
MOST_BYTES = 8e9
SECONDS_PER_MONOMIAL = 1e-6  # measured on a 2-core machine
SECONDS_PER_ENTRY = 5e-5
BYTES_PER_MONOMIAL = 500.0
BYTES_PER_ENTRY = 1500.0


def parse_size(label: str, text: object) -> Size:
    """A size from what a user gave: a positive integer, in digits or as an int.

    `label` names the place (M, D, T, --n). Raises `SizeError`.
    """
    value = str(text).strip()
    if isinstance(text, bool) or not re.fullmatch(r"\+?[0-9]+", value):
        raise SizeError(f"{label} is {value!r}: a size is a positive integer, such as 3")
    if int(value) < 1:
        raise SizeError(f"{label} is {value}: a size is at least 1")
    return int(value)


def check_cost(sizes: Mapping[str, Size]) -> None:
    """Refuse sizes whose proof would not fit; raises `CostError` with the estimate."""
    d, t, n = (int(sizes[name]) for name in "dtn")
    seconds = d * t * (SECONDS_PER_ENTRY + 4 * n * SECONDS_PER_MONOMIAL)
    memory = d * t * BYTES_PER_ENTRY + 4 * n * BYTES_PER_MONOMIAL
    if seconds > MOST_SECONDS or memory > MOST_BYTES:
        raise CostError(
            f"{d}·{t} entries over {n} examples would take about {duration(seconds)} and "
            f"{amount(memory)}; the limits are {duration(MOST_SECONDS)} and {amount(MOST_BYTES)}: "
            "choose a smaller D, T or --n (M costs nothing)"
        )


def duration(seconds: float) -> str:
    """Seconds for people: 40 s, 3 min, 7 h, 12 days."""
    for limit, unit, name in ((60, 1, " s"), (3600, 60, " min"), (86400, 3600, " h")):
        if seconds < limit:
            return f"{seconds / unit:.0f}{name}"
    return f"{seconds / 86400:,.0f} days"


def amount(size: float) -> str:
    """Bytes for people: 40 MB, 8 GB."""
    return f"{size / 1e6:.0f} MB" if size < 1e9 else f"{size / 1e9:,.0f} GB"
