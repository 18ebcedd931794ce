"""What a notation in two dimensions has to say: how a fraction, an index or a Σ looks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import Index


class Layout(ABC):
    """The signs that formulas are put together from, as text in some language."""

    # fmt: off
    @abstractmethod
    def partial(self, top: Place, bottom: Place) -> str: """∂top/∂bottom."""
    @abstractmethod
    def entry(self, name: str, indices: Iterable[Index | str]) -> str: """An entry of an array."""
    @abstractmethod
    def symbol(self, name: str) -> str: """What has no index: J, λ, π, a size."""
    @abstractmethod
    def number(self, number: int) -> str: """A number that is not negative."""
    @abstractmethod
    def kronecker(self, left: Index, right: Index) -> str: """Kronecker's delta."""
    @abstractmethod
    def related(self, left: str, sign: str, right: str) -> str: """A relation."""
    @abstractmethod
    def row(self, parts: Sequence[str]) -> str: """Parts one after the other."""
    @abstractmethod
    def tight(self, factors: Sequence[str]) -> str: """A product, without a space."""
    @abstractmethod
    def beside(self, factors: Sequence[str]) -> str: """A product, by a narrow space."""
    @abstractmethod
    def crossed(self, factors: Sequence[str]) -> str: """A product, by crosses."""
    @abstractmethod
    def signed(self, term: str, *, minus: bool, first: bool) -> str: """One term of a sum."""
    @abstractmethod
    def negated(self, text: str, *, close: bool) -> str: """−text; `close`: without a space."""
    @abstractmethod
    def bracketed(self, text: str) -> str: """(text)."""
    @abstractmethod
    def squared(self, text: str) -> str: """[text], behind a Σ."""
    @abstractmethod
    def opened(self, sigma: str, first: str) -> str: """The first piece of Σ [ … ]."""
    @abstractmethod
    def closed(self, last: str) -> str: """The last piece of Σ [ … ]."""
    @abstractmethod
    def fraction(self, above: str, below: str) -> str: """above/below."""
    @abstractmethod
    def power(self, base: str, exponent: str) -> str: """base^exponent."""
    @abstractmethod
    def exponential(self, argument: str) -> str: """e^argument."""
    @abstractmethod
    def root(self, argument: str) -> str: """√argument."""
    @abstractmethod
    def called(self, function: str, argument: str) -> str: """A function of one term."""
    @abstractmethod
    def named_function(self, name: str, arguments: Sequence[str]) -> str: """max, min or abs."""
    @abstractmethod
    def sigma(self, index: str, above: str) -> str: """Σ from index = 1 to above."""
    @abstractmethod
    def indicated(self, condition: str) -> str: """1 where the condition holds, else 0."""
    @abstractmethod
    def cases(self, there: str, condition: str, elsewhere: str) -> str: """A case distinction."""
    # fmt: on
