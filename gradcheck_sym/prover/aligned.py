"""What stands under equal sums, with one letter for what is one index: of examples, of outputs.

Where two sizes are equal the normal form of each product orders its sums for itself, so that i
may come first in one and j in the next. An index is known by where it stands: X[i,·], Y[i,·].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, permutations

from gradcheck_sym.checker.polynomial import Monomial, Poly
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.term.terms import Letter, Size, Term, add
from gradcheck_sym.term.walks import entries

MOST_ORDERS = 120
Role = tuple[str, int]  # an array, and which of its indices


def under_sums(
    bench: Workbench, poly: Poly, letter: Callable[[Size, int], Letter]
) -> dict[tuple[Letter, ...], Term]:
    """The bodies of the sums that a polynomial is, by the letters that these run over."""
    known: dict[Letter, set[Role]] = {}
    groups: dict[tuple[Letter, ...], list[Term]] = {}
    roles = {monomial: _roles(bench, monomial) for monomial in poly}
    for monomial in sorted(poly, key=lambda m: -sum(map(len, roles[m]))):
        own = tuple(letter(size, k) for k, size in enumerate(monomial[0]))
        chosen = _fitting(own, roles[monomial], known)
        for x, places in zip(chosen, roles[monomial], strict=True):
            known.setdefault(x, set()).update(places)
        scale, powers = bench.ring.opened(monomial, chosen)
        value = bench.product(dict(powers), 0, poly[monomial] * scale)
        groups.setdefault(own, []).append(value)
    return {letters: add(*terms) for letters, terms in groups.items()}


def _roles(bench: Workbench, monomial: Monomial) -> list[set[Role]]:
    """Where each of the indices that a monomial is summed over stands."""
    _, opened = bench.opened(monomial, 0)
    found: dict[Letter, set[Role]] = {x: set() for x in opened.letters}
    for entry in entries(bench.product(opened.powers, 0)):
        for place, x in enumerate(entry.indices):
            if isinstance(x, Letter) and x in found:
                found[x].add((entry.name, place))
    return list(found.values())


def _fitting(
    own: tuple[Letter, ...], roles: Sequence[set[Role]], known: dict[Letter, set[Role]]
) -> tuple[Letter, ...]:
    """The order of the letters in which most indices stand where they stood before."""

    def fit(order: tuple[Letter, ...]) -> int:
        pairs = zip(order, own, roles, strict=True)
        same = [len(known.get(x, set()) & places) for x, y, places in pairs if x.size == y.size]
        return sum(same) if len(same) == len(own) else -1

    return max(islice(permutations(own), MOST_ORDERS), key=fit)
