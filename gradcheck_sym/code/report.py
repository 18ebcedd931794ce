"""What was found of a user's functions: one verdict for each input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradcheck_sym.asserted import Asserted, Kind
from gradcheck_sym.grid import kind_of
from gradcheck_sym.sizes import Size
from gradcheck_sym.verdict import Evidence, Verdict, worst


@dataclass(frozen=True)
class WrongShape:
    """What is returned has another shape than the input."""

    reason: str


@dataclass(frozen=True)
class Part:
    """The gradient by one input: what is said of it, and what helps to mend it.

    `proofs` are all that a proved one rests on, and `maxima` those that the loss depends on no
    array that stands for a maximum; `compared` says whether NumPy gave anything to compare it
    with, `leaves_out` whether its conditions leave out more than single points. `hypotheses` are
    what was assumed. `diagnosis` says what is returned instead, or what is wrong in a line, where
    that was proved; `correction` is that `line` made right, `proved_for`
    which numbers it takes as they are, `mend_conditions` where it is; `right` are the variables of
    the backward function that were shown to be gradients, with the lines that make them;
    `reproduction` is a script in NumPy alone that shows the two numbers.
    """

    wrt: str
    shape: tuple[Size, ...]
    verdict: Verdict | WrongShape
    proofs: tuple[Evidence, ...] = ()
    maxima: tuple[Evidence, ...] = ()
    compared: bool = True
    leaves_out: bool = False
    hypotheses: tuple[str, ...] = ()
    diagnosis: str | None = None
    correction: str | None = None
    line: int | None = None
    proved_for: str = ""
    mend_conditions: tuple[Any, ...] = ()
    right: tuple[str, ...] = ()
    reproduction: str | None = None

    @property
    def conditions(self) -> tuple[Any, ...]:
        """What has to hold for the proofs, beyond real inputs and the hypotheses."""
        return tuple(dict.fromkeys(c for e in (*self.proofs, *self.maxima) for c in e.conditions))

    @property
    def proved(self) -> bool:
        """Whether this gradient is proved."""
        return self.kind == "proved"

    @property
    def kind(self) -> Kind:
        """The verdict as a word: proved, refuted or undecided."""
        return "refuted" if isinstance(self.verdict, WrongShape) else kind_of(self.verdict)

    def __str__(self) -> str:
        from gradcheck_sym.code.text import part_as_text

        return part_as_text(self)

    def __repr__(self) -> str:
        return f"<Part by {self.wrt}: {self.kind}>"


@dataclass(frozen=True)
class CodeReport(Asserted):
    """The whole result for a pair of functions; `report["w"]` is the part of one input.

    `where` says where the backward function stands, `source` its whole path and its line;
    `inputs` are the free arrays and their shapes, `sizes` the sizes that are names. `hypotheses`
    are what was assumed, `constants` the numbers and other values that were taken as they are:
    what is proved is proved for these.
    `remarks` are what else a reader should know.
    """

    name: str
    where: str
    inputs: Mapping[str, tuple[Size, ...]]
    labels: tuple[str, ...]
    parts: tuple[Part, ...]
    seconds: float
    hypotheses: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    source: tuple[str, int] | None = None

    def __getitem__(self, wrt: str) -> Part:
        __tracebackhide__ = True  # pytest shows the line of the test
        found = {part.wrt: part for part in self.parts}
        if wrt not in found:
            raise KeyError(f"no gradient by {wrt} was checked; there are {', '.join(found)}")
        return found[wrt]

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    @property
    def verdict(self) -> Kind:
        """The worst of all: refuted, else undecided, else proved."""
        return worst(part.kind for part in self.parts)

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes that are names."""
        found = [size for shape in self.inputs.values() for size in shape if isinstance(size, str)]
        return tuple(dict.fromkeys(found))

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, str]:
        """The report as notebooks show it: as a page."""
        from gradcheck_sym.code.html import page
        from gradcheck_sym.page.notebook import framed

        return {"text/plain": str(self), "text/html": framed(page([self]), repr(self))}

    def __str__(self) -> str:
        from gradcheck_sym.code.text import as_text

        return as_text(self)

    def __repr__(self) -> str:
        return f"<CodeReport of {self.name}: {self.verdict}>"
