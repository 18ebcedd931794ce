"""What a check found: frozen data, with no way to compute a verdict from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gradcheck_sym.asserted import Asserted, Kind
from gradcheck_sym.explained.codes import HYPOTHESIS, code_of
from gradcheck_sym.grid import KINDS, Grid
from gradcheck_sym.sizes import Size
from gradcheck_sym.steps import Derivation, Kink, Place
from gradcheck_sym.verdict import Evidence, Proved, worst

if TYPE_CHECKING:
    import sympy

    from gradcheck_sym.audit import Audited
    from gradcheck_sym.relation import Relation
    from gradcheck_sym.term.terms import Term


@dataclass(frozen=True, slots=True)
class Definition:
    """A named array as the network defines it: its general entry and its shape."""

    place: Place
    shape: tuple[Size, ...]
    value: Term

    @property
    def expr(self) -> sympy.Expr:
        """The general entry as an expression of SymPy."""
        from gradcheck_sym.to_sympy import to_sympy

        return to_sympy(self.value)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be known of a claim beside its verdict, with the code that explains it."""

    code: str
    text: str


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


@dataclass(frozen=True, repr=False)
class Report(Asserted):
    """The whole result of one check.

    `inputs` gives the free arrays and their shapes, `definitions` the named ones in order,
    J last. `claim` is the claimed formula as text, `wrt` the array of weights it is about.
    `assumed` are the hypotheses in words, `kinks` what the proofs leave out. For a refuted claim
    `diagnosis` says what it is instead, `missing` gives a hypothesis under which it holds, in
    words and as it is typed, `correction` the formula that is right, each if that was proved,
    where the `mend_conditions` hold; `remarks` say what a claim that was typed rests on beside its
    proof, such as n = 1; `code` has the definitions as NumPy code. `too_long` is whether a
    derivation was asked for that takes longer than the timeout.
    """

    network: Summary
    inputs: Mapping[str, tuple[Size, ...]]
    definitions: tuple[Definition, ...]
    wrt: str
    claim: str
    entries: Grid
    audit: Audited | None
    seconds: float
    assumed: tuple[str, ...] = ()
    kinks: tuple[Kink, ...] = ()
    diagnosis: str | None = None
    missing: tuple[str, str] | None = None
    correction: str | None = None
    mend_conditions: tuple[Relation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    code: Mapping[str, str] = field(default_factory=dict)
    derivation: Derivation | None = None
    too_long: bool = False

    def __str__(self) -> str:
        from gradcheck_sym.render.short import short

        return short(self)

    def __repr__(self) -> str:
        return f"<Report of ∂J/∂{self.wrt} = {self.claim}: {self.verdict}>"

    @property
    def mend_proved(self) -> str:
        """How the diagnosis and the correction are proved."""
        return "proved, under side conditions" if self.mend_conditions else "proved"

    @property
    def diagnosis_code(self) -> str | None:
        """What `gradcheck-sym explain` knows the diagnosis, or the missing hypothesis, by."""
        if self.missing:
            return HYPOTHESIS
        return code_of(self.diagnosis) if self.diagnosis else None

    @cached_property
    def counts(self) -> Mapping[Kind, int]:
        """How many entries are proved, refuted and undecided."""
        found = self.entries.kinds
        return {kind: found.get(kind, 0) for kind in KINDS.values()}

    @property
    def verdict(self) -> Kind:
        """Refuted if any entry is, else undecided if any is, else proved."""
        return worst(kind for kind, count in self.counts.items() if count)

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, str]:
        """The report as notebooks show it: as a page."""
        from gradcheck_sym.page.notebook import bundle

        return bundle(self)

    @cached_property
    def lemmas(self) -> tuple[Relation, ...]:
        """The identities that the proofs used."""
        return _united([evidence.lemmas for evidence in self.evidence])

    @cached_property
    def conditions(self) -> tuple[Relation, ...]:
        """What has to hold for the proofs, beyond real inputs."""
        return _united([evidence.conditions for evidence in self.evidence])

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Each theorem once, with its proof; one of them may serve many entries."""
        proofs = (v.evidence for v in self.entries.distinct if isinstance(v, Proved))
        return tuple(dict.fromkeys(proofs))


def _united(groups: list[tuple[Relation, ...]]) -> tuple[Relation, ...]:
    distinct = {id(group): group for group in groups}.values()
    return tuple(dict.fromkeys(relation for group in distinct for relation in group))
