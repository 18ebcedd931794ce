from fractions import Fraction
from itertools import product
from gradcheck_sym.check.proof import Witness
from gradcheck_sym.check.witness import holds_at, size_names
from gradcheck_sym.term.terms import entries


def find_witness(statement, conditions):
    names = sorted(
        {e.name for d in statement.definitions.values() for e in entries(d.value)}
        | {e.name for e in entries(statement.loss, statement.claim)}
    )
    free = [n for n in names if n not in statement.definitions]
    sizes = {n: 2 for n in size_names(statement, conditions)}
    for vals in product((Fraction(1, 2), Fraction(1), Fraction(-1, 2)), repeat=len(free)):
        w = Witness(sizes, dict(zip(free, vals)), {})
        if holds_at(w, statement, conditions):
            return w
    return None
