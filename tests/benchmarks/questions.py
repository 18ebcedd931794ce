"""What is asked of gradcheck-sym, and the targets: section 5 of the design."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from measure import Command

SCRIPTS = Path(__file__).with_name("scripts")


@dataclass(frozen=True, slots=True)
class Target:
    """At most so many times the import of SymPy, so many seconds, so many megabytes."""

    imports: float | None = None
    seconds: float | None = None
    megabytes: float | None = None

    def __str__(self) -> str:
        limits = ((self.imports, "× import"), (self.seconds, " s"), (self.megabytes, " MB"))
        return ", ".join(f"{limit}{unit}" for limit, unit in limits if limit is not None)

    def met(self, seconds: float, peak: int, import_seconds: float) -> bool:
        """Whether a process with that time and peak memory in bytes stays within all limits."""
        found = (seconds / import_seconds, seconds, peak / 1e6)
        limits = (self.imports, self.seconds, self.megabytes)
        pairs = zip(found, limits, strict=True)
        return all(limit is None or value <= limit for value, limit in pairs)


@dataclass(frozen=True, slots=True)
class Question:
    """Arguments of gradcheck-sym, the target, and the sizes m d t n where they are numbers."""

    text: str
    target: Target
    sizes: tuple[int, int, int, int] | None = None
    codes: tuple[int, ...] = (0,)
    proved: bool = True

    @property
    def proof(self) -> Command:
        """The proofs of the question alone; the process prints the seconds that they take."""
        script = str(SCRIPTS / "proof_alone.py")
        return Command((script, *self.text.split()), self.codes)

    @property
    def command(self) -> Command:
        """The question as a process."""
        return Command(("-m", "gradcheck_sym", *self.text.split()), self.codes)


DEEP = "m d1 d2 d3 d4 d5 d6 d7 d8 d9 t --n n --wrt W_1"
WRONG = "784 512 10 --n 64 --claim"

QUESTIONS = (
    Question("2 2 2", Target(imports=1.15), (2, 2, 2, 1)),
    Question("4 3 5 --n 3", Target(imports=1.25), (4, 3, 5, 3)),
    Question("100 100 10 --n 32", Target(imports=1.5), (100, 100, 10, 32)),
    Question("784 512 10 --n 64", Target(seconds=1, megabytes=150), (784, 512, 10, 64)),
    Question("m d t --n n", Target(imports=1.5)),
    Question(DEEP, Target(imports=1.5)),
    Question("4 3 5 --n 3 --bias --wrt all", Target(imports=2)),
    Question("784 512 10 --n 64 --bias --wrt all", Target(seconds=1, megabytes=150)),
    Question(f"{WRONG} A_h.T@(Y-A_out)", Target(seconds=2), codes=(1,), proved=False),
    Question(f"{WRONG} W_h:X.T@(-delta_h)", Target(seconds=2), codes=(1,), proved=False),
    Question("4 3 5 --n 3 --audit", Target(seconds=2)),
    Question("--help", Target(seconds=0.15), proved=False),
    Question("--version", Target(seconds=0.15), proved=False),
    Question("0 2 2", Target(seconds=0.15), codes=(2,), proved=False),
)
