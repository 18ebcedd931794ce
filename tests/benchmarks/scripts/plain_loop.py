"""The floor: a plain Python loop that forms the 2·d·t·n monomials of the claim, and no more.

    python plain_loop.py M D T N

Entry (k, j) of (A_h)ᵀ δ_out is Σ_i a_h[i,k] a_out[i,j] − a_h[i,k] y[i,j], as a dict from
tuples to coefficients. Nothing is imported, differentiated, compared or printed; a proof has
to form these terms for two sides.
"""

import sys

Atom = tuple[str, int, int]
Polynomial = dict[tuple[Atom, Atom], int]


def entry(k: int, j: int, n: int) -> Polynomial:
    """Entry (k, j) of the claim over n examples, expanded."""
    terms: Polynomial = {}
    for i in range(1, n + 1):
        monomial = (("A_h", i, k), ("A_out", i, j))
        terms[monomial] = terms.get(monomial, 0) + 1
        monomial = (("A_h", i, k), ("Y", i, j))
        terms[monomial] = terms.get(monomial, 0) - 1
    return terms


def formed(d: int, t: int, n: int) -> int:
    """How many monomials the d·t entries have; each entry is dropped once it is formed."""
    return sum(len(entry(k, j, n)) for k in range(1, d + 1) for j in range(1, t + 1))


if __name__ == "__main__":
    _, d, t, n = map(int, sys.argv[1:])
    sys.exit(formed(d, t, n) != 2 * d * t * n)
