"""What was done to reach a normal form, and has to be justified: `facts.py` turns it into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gradcheck_sym.kernel.polynomial import Frozen, Poly


@dataclass
class Notes:
    """What was divided by, what logarithms and roots were taken of, which identities were used."""

    denominators: dict[Frozen, Poly] = field(default_factory=dict)
    logarithms: dict[Frozen, Poly] = field(default_factory=dict)
    roots: dict[Frozen, Poly] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
