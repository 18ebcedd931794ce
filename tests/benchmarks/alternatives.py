"""The other ways to check the same gradient, as processes; the scripts are in scripts/."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from measure import ROOT, Command, Runs
from questions import Question

IMPORT = Command(("-c", "import sympy, click, rich"))
SCRIPTS = Path(__file__).parent.relative_to(ROOT) / "scripts"
SCRIPT, LOOP, TORCH = "SymPy script", "plain loop", "torch gradcheck"
HAS_TORCH = find_spec("torch") is not None
TITLES = (SCRIPT, LOOP, TORCH) if HAS_TORCH else (SCRIPT, LOOP)

MOST_TERMS_WHOLE = 4  # d·t·n up to which the SymPy script ends within seconds: 2 2 2
MOST_TERMS = 45  # up to which one entry does: 4 3 5 --n 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """A process that does the first of `parts` equal parts of the work."""

    title: str
    command: Command
    parts: int = 1

    def seconds(self, runs: Runs) -> float:
        """The time for all parts; the import of SymPy counts once."""
        start = runs.seconds(IMPORT) if self.parts > 1 else 0.0
        return start + (runs.seconds(self.command) - start) * self.parts


def alternatives(question: Question, *, slow: bool) -> Iterator[Alternative]:
    """The other ways to answer a question that end within minutes, or within seconds if not slow.

    Where the SymPy script takes minutes, one entry of d·t stands for all unless `slow`.
    """
    if question.sizes is None:
        return
    _, d, t, n = question.sizes
    if d * t * n <= MOST_TERMS_WHOLE or (slow and d * t * n <= MOST_TERMS):
        yield Alternative(SCRIPT, _command("sympy_script.py", question.sizes))
    elif d * t * n <= MOST_TERMS:
        yield Alternative(SCRIPT, _command("sympy_script.py", (*question.sizes, 1)), parts=d * t)
    yield Alternative(LOOP, _command("plain_loop.py", question.sizes))
    if HAS_TORCH:
        yield Alternative(TORCH, _command("torch_gradcheck.py", question.sizes))


def _command(file: str, numbers: Sequence[int]) -> Command:
    return Command((str(SCRIPTS / file), *map(str, numbers)))
