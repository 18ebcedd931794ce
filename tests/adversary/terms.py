"""The same questions by the way of arrays over terms, without SymPy and without a report."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from gradcheck_sym.answer import Answers
from gradcheck_sym.mlp.formula import formula
from gradcheck_sym.mlp.hypotheses import assumptions
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import question
from gradcheck_sym.term.terms import Letter
from gradcheck_sym.verdict import Proved, Refuted, Verdict, worst
from tests.adversary.questions import Asked


@dataclass(frozen=True)
class Entry:
    """One entry, as a report has it."""

    index: tuple[int | str, ...]
    verdict: Verdict

    @property
    def kind(self) -> str:
        kinds = {Proved: "proved", Refuted: "refuted"}
        return kinds.get(type(self.verdict), "undecided")


@dataclass(frozen=True)
class Answered:
    """What a report has of a question."""

    entries: tuple[Entry, ...]

    @property
    def verdict(self) -> str:
        return worst(entry.kind for entry in self.entries)


def answer(asked: Asked) -> Answered:
    """The verdicts on all entries."""
    network = Network(*asked.layers, **asked.options)
    claim = formula(asked.claim, network, asked.wrt)
    assumed = assumptions(asked.assume, network)
    answers = Answers(question(network, claim, assumed))
    letters = answers.question.free_letters
    ranges = [range(1, x.size + 1) if isinstance(x.size, int) else [None] for x in letters]
    return Answered(tuple(_entry(answers, letters, numbers) for numbers in product(*ranges)))


def _entry(answers: Answers, letters: tuple[Letter, ...], numbers: tuple[int | None, ...]) -> Entry:
    pairs = list(zip(letters, numbers, strict=True))
    at = {letter.name: number for letter, number in pairs if number is not None}
    return Entry(tuple(k or letter.name for letter, k in pairs), answers.entry(at))
