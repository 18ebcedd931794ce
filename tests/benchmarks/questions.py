"""What is asked of gradcheck-sym, and the targets: section 5 of the design."""

from __future__ import annotations

from dataclasses import dataclass

from measure import Command

NOT_YET = (0, 2)  # exit codes of a question that older versions refuse


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

    @property
    def command(self) -> Command:
        """The question as a process."""
        return Command(("-m", "gradcheck_sym", *self.text.split()), self.codes)


QUESTIONS = (
    Question("2 2 2", Target(imports=1.3), (2, 2, 2, 1)),
    Question("4 3 5 --n 3", Target(imports=1.4), (4, 3, 5, 3)),
    Question("100 100 10 --n 32", Target(seconds=2.5), (100, 100, 10, 32)),
    Question("784 512 10 --n 64", Target(seconds=5, megabytes=400), (784, 512, 10, 64)),
    Question("m d t --n n", Target(imports=2), codes=NOT_YET),
    Question("4 3 5 --n 3 --bias --wrt all", Target(imports=2)),
    Question(
        "784 512 10 --n 64 --bias --wrt all", Target(seconds=20)
    ),  # this and the next: our own
    Question("100 100 10 --n 32 --claim A_h.T@(Y-A_out)", Target(seconds=10), codes=(1,)),
    Question("--help", Target(seconds=0.15)),
    Question("--version", Target(seconds=0.15)),
    Question("0 2 2", Target(seconds=0.15), codes=(2,)),
)
