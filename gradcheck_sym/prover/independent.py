"""Terms that speak of different entries, as those of two examples: each group is 0 by itself."""

from __future__ import annotations

from gradcheck_sym.checker.polynomial import Monomial, Place, Poly
from gradcheck_sym.prover.workbench import Workbench

Variable = tuple[str, tuple[Place, ...]]  # an entry, its indices numbers, letters or bound ones


def independent(bench: Workbench, poly: Poly) -> list[Poly]:
    """Groups of monomials of which no two speak of an entry that may be the same.

    One group alone where some monomial speaks of none: it may belong to any.
    """
    groups: list[tuple[frozenset[Variable], Poly]] = []
    for monomial, coefficient in poly.items():
        spoken = spoken_of(bench, monomial)
        if not spoken:
            return [poly]
        joined: Poly = {monomial: coefficient}
        apart = []
        for others, group in groups:
            if any(_may_be_one(one, other) for one in spoken for other in others):
                spoken, joined = spoken | others, {**group, **joined}
            else:
                apart.append((others, group))
        groups = [*apart, (spoken, joined)]
    return [group for _, group in groups]


def spoken_of(bench: Workbench, monomial: Monomial) -> frozenset[Variable]:
    """The entries in a monomial, and in the functions in it."""
    found: set[Variable] = set()
    pending, seen = [number for number, _ in monomial[1]], set[int]()
    while pending:
        if (number := pending.pop()) in seen:
            continue
        seen.add(number)
        match bench.ring.atoms[number]:
            case ("entry", str(name), *places):
                found.add((name, tuple(places)))
            case ("delta" | "size" | "pi", *_):
                pass
            case _:
                inside = bench.argument(number)
                pending += [inner for _, factors in inside for inner, _ in factors]
    return frozenset(found)


def _may_be_one(one: Variable, other: Variable) -> bool:
    """Whether two entries may be the same; not if an index is 1 in one and 2 in the other."""
    pairs = zip(one[1], other[1], strict=True) if one[0] == other[0] else None
    return pairs is not None and not any(
        isinstance(i, int) and isinstance(j, int) and i != j for i, j in pairs
    )
