"""The derivative as the chain rule gives it, for values at points: no law is used.

∂J/∂u of each name u is a definition, in those of the names that read u. The ring contracts the
deltas of entries, so that a value does not take sums over all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcheck_sym.checker.chain import Link, between, chain
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Identity, Slope
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Definition, Statement
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.refuter.region import may_be_regions
from gradcheck_sym.term.terms import Entry, Letter, Term, add
from gradcheck_sym.term.walks import rebuilt

SLOPE = "∂J/∂"  # before a name, which no array has


@dataclass(frozen=True)
class Derivative:
    """The derivative that a statement is about, in definitions of its own, and what it needs."""

    value: Term
    definitions: Mapping[str, Definition]
    needs: tuple[Obligation, ...]

    @property
    def may_hide_regions(self) -> bool:
        """Whether a border may be a region, where what is made simple off the borders is wrong."""
        return may_be_regions(self.needs, self.definitions)

    @property
    def written_out(self) -> Term:
        """The value with the slopes in it written out, in the names of the statement."""

        def put(part: Term) -> Term:
            if isinstance(part, Entry) and part.name.startswith(SLOPE):
                return put(self.definitions[part.name].at(part.indices))
            return rebuilt(part, put)

        return put(self.value)


def derivative(statement: Statement) -> Derivative:
    """∂loss/∂wrt[letters] by the chain rule."""
    definitions = dict(statement.definitions)
    needs: list[Obligation] = []
    slopes: dict[str, Slope] = {}
    for name in between(statement):
        letters = tuple(Letter(x.name, x.size) for x in statement.definitions[name].letters)
        links = chain(statement, slopes, name, letters)
        needs += [needed for link in links for needed in link.needs]
        slope = f"{SLOPE}{name}"
        definitions[slope] = Definition(letters, _contracted(links))
        slopes[name] = Slope(name, letters, Entry(slope, letters), Identity())
    links = chain(statement, slopes, statement.wrt, statement.letters)
    needs += [needed for link in links for needed in link.needs]
    return Derivative(_contracted(links), definitions, tuple(needs))


def _contracted(links: tuple[Link, ...]) -> Term:
    bench = Workbench(Ring())
    return bench.poly_term(bench.ring.normal(add(*(link.value for link in links))), 0)
