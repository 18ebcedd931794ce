"""What a check found: frozen data, with no way to compute a verdict from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from gradcheck_sym.sizes import Size
from gradcheck_sym.steps import Derivation, Kink, Place
from gradcheck_sym.verdict import Evidence, Proved, Refuted, Undecided, Verdict, worst

if TYPE_CHECKING:
    import sympy

    from gradcheck_sym.audit import Audited

WRITTEN_OUT = 3  # a sum over at most so many examples is shown term by term,
MOST_TERMS = 8  # unless the entry would have more than so many terms

KINDS: dict[type, str] = {Proved: "proved", Refuted: "refuted", Undecided: "undecided"}


def kind_of(verdict: Verdict) -> str:
    """The verdict as a word: proved, refuted or undecided."""
    return KINDS[type(verdict)]


def written_out(expr: sympy.Expr) -> sympy.Expr:
    """The expression with short sums of numeric bounds written out term by term.

    `Sum.doit` does the same, and takes ten times as long.
    """
    import sympy

    if not isinstance(expr, sympy.Sum):
        return expr.func(*map(written_out, expr.args)) if expr.has(sympy.Sum) else expr
    *inner, (index, _, high) = expr.limits
    if not (high.is_Integer and high <= WRITTEN_OUT):
        return expr
    body = sympy.Sum(expr.function, *inner) if inner else expr.function
    terms = (body.xreplace({index: sympy.Integer(k)}) for k in range(1, int(high) + 1))
    return sympy.Add(*map(written_out, terms))


def terms(expr: sympy.Expr) -> int:
    """How many terms the expression has once sums with numeric bounds are written out."""
    import sympy

    match expr:
        case sympy.Add():
            return sum(map(terms, expr.args))
        case sympy.Mul():
            return prod(map(terms, expr.args))
        case sympy.Sum():
            bounds = (int(high) for _, _, high in expr.limits if high.is_Integer)
            return prod(bounds) * terms(expr.function)
    return 1


@dataclass(frozen=True, slots=True)
class Formula:
    """One entry of an array: its general expression, and where to read it.

    Entries of one array share the general expression, so thousands of them stay small.
    """

    general: sympy.Expr
    at: Mapping[sympy.Symbol, int]

    @property
    def expr(self) -> sympy.Expr:
        """The expression of this entry; short sums with numeric bounds are written out."""
        import sympy

        expr = self.general.xreplace({name: sympy.Integer(k) for name, k in self.at.items()})
        return expr if terms(expr) > MOST_TERMS else written_out(expr)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the gradient. `difference` is derivative − claim in normal form."""

    place: Place
    derivative: Formula
    claim: Formula
    difference: Formula
    verdict: Verdict

    @property
    def index(self) -> tuple[int | str, ...]:
        """Its row and column, numbers from 1 or names."""
        return tuple(int(k) if k.is_Integer else str(k) for k in self.place.index)

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers that stand for the names of its row and column."""
        return {name.name: number for name, number in self.claim.at.items()}

    @property
    def kind(self) -> str:
        """The verdict as a word: proved, refuted or undecided."""
        return kind_of(self.verdict)


@dataclass(frozen=True, slots=True)
class Definition:
    """A named array as the network defines it: its general entry and its shape."""

    place: Place
    shape: tuple[Size, ...]
    value: sympy.Expr


@dataclass(frozen=True, slots=True)
class Summary:
    """What the network is: its sizes by name, its activations and its loss.

    `hidden` is None where there is no hidden layer.
    """

    sizes: Mapping[str, Size]
    hidden: str | None
    output: str
    loss: str
    bias: bool = False
    mean: bool = False
    l2: bool = False


@dataclass(frozen=True)
class Report:
    """The whole result of one check.

    `inputs` gives the free arrays and their shapes, `definitions` the named ones in order,
    J last. `claim` is the claimed formula as text, `wrt` the array of weights it is about.
    `assumed` are the hypotheses in words, `kinks` what the proofs leave out. For a refuted claim
    `diagnosis` says what it is instead, `missing` gives a hypothesis under which it holds, in
    words and as it is typed, each if that was proved; `code` has the definitions as NumPy code.
    """

    network: Summary
    inputs: Mapping[str, tuple[Size, ...]]
    definitions: tuple[Definition, ...]
    wrt: str
    claim: str
    entries: tuple[Entry, ...]
    audit: Audited | None
    seconds: float
    assumed: tuple[str, ...] = ()
    kinks: tuple[Kink, ...] = ()
    diagnosis: str | None = None
    missing: tuple[str, str] | None = None
    code: Mapping[str, str] = field(default_factory=dict)
    derivation: Derivation | None = None

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many entries are proved, refuted and undecided."""
        found = Counter(entry.kind for entry in self.entries)
        return {kind: found[kind] for kind in KINDS.values()}

    @property
    def verdict(self) -> str:
        """Refuted if any entry is, else undecided if any is, else proved."""
        return worst(kind for kind, count in self.counts.items() if count)

    @cached_property
    def lemmas(self) -> tuple[sympy.Rel, ...]:
        """The identities that the proofs used."""
        return _united([evidence.lemmas for evidence in self.evidence])

    @cached_property
    def conditions(self) -> tuple[sympy.Rel, ...]:
        """What has to hold for the proofs, beyond real inputs."""
        return _united([evidence.conditions for evidence in self.evidence])

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Each theorem once, with its proof; one of them may serve many entries."""
        proofs = (e.verdict.evidence for e in self.entries if isinstance(e.verdict, Proved))
        return tuple(dict.fromkeys(proofs))


def _united(groups: list[tuple[sympy.Rel, ...]]) -> tuple[sympy.Rel, ...]:
    distinct = {id(group): group for group in groups}.values()
    return tuple(dict.fromkeys(relation for group in distinct for relation in group))
