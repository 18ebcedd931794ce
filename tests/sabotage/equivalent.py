"""Mutants of the checker that no test can tell from it, and why."""

from __future__ import annotations

EITHER = "an order that does not matter: only equal or not, or a member of a set or not, counts"
EQUIVALENT: dict[str, str] = {
    "Replay.conclude: self.ring.equal(last.value, statement.claim)  →  "
    "self.ring.equal(statement.claim, last.value)": EITHER,
    "Replay.settle: (*guards, *needed.guards)  →  (*needed.guards, *guards)": (
        "no law has an obligation with guards, and what has them is settled outside of cases"
    ),
    "Replay._shown: (self.ring.shape(self.ring.normal(needed.u)), needed.relation)  →  "
    "(needed.relation, self.ring.shape(self.ring.normal(needed.u)))": EITHER,
    "Replay._assume: ring.shape(u, *guards)  →  ring.shape(*guards, u)": EITHER,
    "Replay._assume: ring.shape(scale(u, -1), *guards)  →  ring.shape(*guards, scale(u, -1))": (
        EITHER
    ),
    "Replay._assume: (same, opposite)  →  (opposite, same)": EITHER,
    "Replay._assume: ('>', '≠')  →  ('≠', '>')": EITHER,
}
