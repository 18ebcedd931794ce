"""What was done to reach a normal form, and has to be justified: `facts.py` turns it into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gradcheck_sym.kernel.polynomial import Frozen, Index, Poly


@dataclass
class Notes:
    """What was divided by, what logarithms and roots were taken of, which identities were used.

    `kinks` must not be zero, because a derivative was taken there; the rows of the arrays in
    `rows` sum to 1.
    """

    denominators: dict[Frozen, Poly] = field(default_factory=dict)
    logarithms: dict[Frozen, Poly] = field(default_factory=dict)
    roots: dict[Frozen, Poly] = field(default_factory=dict)
    kinks: dict[Frozen, Poly] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Index] = field(default_factory=dict)
