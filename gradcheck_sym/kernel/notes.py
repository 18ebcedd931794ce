"""What was done to reach a normal form, and has to be justified: `facts.py` turns it into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gradcheck_sym.kernel.polynomial import Frozen, Index, Poly

Case = tuple[str, Any, bool]  # "positive", "negative" or "zero", of what, and whether it is so
Cases = tuple[Case, ...]
Noted = dict[tuple[Frozen, Cases], Poly]


@dataclass
class Notes:
    """What was divided by, what logarithms and roots were taken of, which identities were used.

    These are noted with the cases in which they are needed. `kinks` must not be zero, because a
    derivative was taken there; the rows of the arrays in `rows` sum to 1.
    """

    denominators: Noted = field(default_factory=dict)
    logarithms: Noted = field(default_factory=dict)
    roots: Noted = field(default_factory=dict)
    kinks: dict[Frozen, Poly] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Index] = field(default_factory=dict)


def take_down(noted: Noted, frozen: Frozen, poly: Poly, cases: Cases) -> None:
    """Note what is needed in these cases, unless it is needed anyway, or they exclude each other.

    Whatever a quantity is that is needed in one case alone, it stands under the indicator of
    that case, and each rule does to h·m what it does to m: where h is 0 it cancels.
    """
    needed = tuple(sorted(set(cases), key=repr))
    so, not_so = ({case[:2] for case in needed if case[2] is truth} for truth in (True, False))
    positive, other = ({of for kind, of in so if (kind == "positive") is t} for t in (True, False))
    if (frozen, ()) not in noted and not so & not_so and not positive & other:
        noted.setdefault((frozen, needed), poly)
