"""The claim of the source: ∂J/∂W_out = (A_h)ᵀ δ_out (Bertrand 2023, sections 2 and 3)."""

from __future__ import annotations

from gradcheck_sym.claims import Claim
from gradcheck_sym.network import Network


def textbook(network: Network) -> Claim:
    """(A_h)ᵀ δ_out, in the names of this network."""
    a_h, delta_out = network.arrays["A_h"], network.arrays["delta_out"]
    return Claim("A_h.T @ delta_out", a_h.T @ delta_out)
