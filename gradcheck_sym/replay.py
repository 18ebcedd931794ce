"""Replay: the checker alone reads the proofs in a report's JSON file. No prover, no SymPy.

What is proved is the statement that stands beside each proof, which is shown; what the report
says of it in other words is not looked at. `python -m gradcheck_sym.replay FILE` needs nothing
but the standard library, `gradcheck-sym --replay FILE` does the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import TypeAlias

from gradcheck_sym.checker.check import Rejected, Theorem, check
from gradcheck_sym.checker.proof import Proof
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.proofs.damaged import (
    Damaged,
    Json,
    at,
    each,
    items,
    name,
    strict_json,
    whole,
)
from gradcheck_sym.proofs.read import read_proof
from gradcheck_sym.proofs.told import spoken_of, told
from gradcheck_sym.term.terms import Letter, Size

MOST_BYTES = 100_000_000
MOST_ENTRIES = 1_000_000  # that proofs of single entries are of
HOLDS, FAILS, UNREADABLE, NOT_ALL = 0, 1, 2, 3  # exit codes

Place: TypeAlias = tuple[int | None, ...]  # of an entry; None for all along an axis


class Fails(Exception):
    """A proof does not hold, or not of what the report says; one line that names the place."""


@dataclass(frozen=True)
class Outcome:
    """What was replayed, for people; `error` is the line for stderr, if there is one."""

    lines: tuple[str, ...]
    error: str
    code: int


def replay_file(file: str) -> Outcome:
    """Replay the proofs in this file; - is standard input."""
    try:
        if file == "-":
            read = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as source:
                read = source.read(MOST_BYTES + 1)
    except (OSError, AttributeError) as error:
        why = getattr(error, "strerror", None) or "it cannot be read"
        return Outcome((), f"--replay {file}: {why}; name a readable file", UNREADABLE)
    found = replay_text(read)
    return Outcome(found.lines, found.error and f"--replay {file}: {found.error}", found.code)


def replay_text(text: bytes | str) -> Outcome:
    """Replay the proofs of all claims in a report's JSON, or one proof by itself.

    >>> stated = '{"loss": "(1 + w[])", "wrt": "w", "at": [], "claim": "1"}'
    >>> shown = '{"parts": [{"slope": "w", "at": [], "value": "1", "by": []}]}'
    >>> replay_text(f'{{"format": 1, "statement": {stated}, "proof": {shown}}}').lines[-1]
    'replayed: 1 lemma, 1 of 1 entry'
    """
    if len(text) > MOST_BYTES:
        return Outcome((), f"larger than {MOST_BYTES} bytes, which are read here", UNREADABLE)
    lines: list[str] = []
    lemmas = served = total = 0
    try:
        document = items(strict_json(text if isinstance(text, str) else text.decode("utf-8-sig")))
        for place, report in _reports(document):
            with at(place):
                theorems = _theorems(report)
                covered, entries = _served(theorems, report)
            for theorem in theorems:
                lines += told(theorem)
            lemmas += sum(theorem.parts for theorem in theorems)
            served, total = served + covered, total + entries
    except Fails as error:
        return Outcome(tuple(lines), str(error), FAILS)
    except UnicodeDecodeError:
        return Outcome((), "not text; give a file that --format json wrote", UNREADABLE)
    except Damaged as error:
        return Outcome((), f"{error}; give a file that --format json wrote", UNREADABLE)
    kinds = "lemma" if lemmas == 1 else "lemmas", "entry" if total == 1 else "entries"
    lines.append(f"replayed: {lemmas} {kinds[0]}, {served} of {total} {kinds[1]}")
    return Outcome(tuple(lines), "", HOLDS if served == total else NOT_ALL)


def _reports(document: Json) -> Iterator[tuple[str, Json]]:
    """The claims of a document and what else it proves, or a proof by itself, with its place."""
    if "proof" in document:
        yield "the proof", document
        return
    if not document.get("claims"):
        raise Damaged("there are no claims in it")
    for key in ("claims", "maxima"):
        for number, report in enumerate(each(document.get(key, []), items), start=1):
            yield f"{key}.{number}", report


def _theorems(report: Json) -> tuple[Theorem, ...]:
    """What the checker makes of the proofs."""
    if "proof" in report:
        proofs: tuple[tuple[Statement, Proof], ...] = (read_proof(report),)
    elif "proofs" in report:
        with at("proofs"):
            proofs = each(report["proofs"], read_proof)
    else:
        raise Damaged("there are no proofs in it")
    if len({tuple(spoken_of(statement)) for statement, _ in proofs}) > 1:
        raise Fails("the proofs are not of one J, with one set of definitions")
    theorems = []
    for number, (statement, proof) in enumerate(proofs, start=1):
        try:
            theorems.append(check(statement, proof))
        except Rejected as error:
            raise Fails(f"proof {number} does not hold: {error}") from None
    return tuple(theorems)


def _served(theorems: tuple[Theorem, ...], report: Json) -> tuple[int, int]:
    """Of how many entries the theorems are, and how many there are."""
    if "proof" in report:  # by itself: of all that it speaks of
        letters = (x.size for x in theorems[0].statement.letters if isinstance(x, Letter))
        count = _count(letters)
        return count, count
    with at("wrt"):
        wrt = name(report.get("wrt"))
    with at("inputs"):
        shape = each(items(report.get("inputs")).get(wrt), _size)
    covered = _Covered(shape)
    for theorem in theorems:
        covered.add(theorem, wrt)
    for index, verdict in each(report.get("entries", []), _verdict):
        entry = f"{wrt}[{','.join(map(str, index))}]"
        proved = covered.has(tuple(k if isinstance(k, int) else None for k in index))
        if verdict == "proved" and not proved:
            raise Fails(f"{entry} is said to be proved, and there is no proof of it")
        if verdict == "refuted" and proved:
            raise Fails(f"{entry} is said to be refuted, and there is a proof of it")
    return covered.count(), _count(shape)


class _Covered:
    """The entries of a parameter that theorems speak of."""

    def __init__(self, shape: tuple[Size, ...]) -> None:
        self.shape = shape
        self.all = False
        self.places: set[Place] = set()

    def add(self, theorem: Theorem, wrt: str) -> None:
        """Add what a theorem speaks of, which has to be entries of the parameter."""
        statement = theorem.statement
        letters = statement.letters
        if statement.wrt != wrt or len(letters) != len(self.shape):
            raise Fails(f"a proof is not of {wrt}, but of {statement.wrt}")
        for index, size in zip(letters, self.shape, strict=True):
            fits = index.size == size if isinstance(index, Letter) else _is_in(index, size)
            if not fits:
                raise Fails(f"a proof is not of entries of {wrt}, but of others")
        if all(isinstance(index, Letter) for index in letters):
            self.all = True
            return
        axes = [
            (index,) if isinstance(index, int) else _range(size)
            for index, size in zip(letters, self.shape, strict=True)
        ]
        if len(self.places) + prod(map(len, axes)) > MOST_ENTRIES:
            raise Damaged("more entries than are counted here")
        self.places.update(product(*axes))

    def has(self, place: Place) -> bool:
        """Whether there is a theorem on this entry."""
        fits = len(place) == len(self.shape) and all(
            place is None if isinstance(size, str) else _is_in(place, size)
            for place, size in zip(place, self.shape, strict=True)
        )
        return fits and (self.all or place in self.places)

    def count(self) -> int:
        """How many entries there are theorems on."""
        return _count(self.shape) if self.all else len(self.places)


def _is_in(index: int | None, size: Size) -> bool:
    return isinstance(size, int) and index is not None and 1 <= index <= size


def _range(size: Size) -> Sequence[int | None]:
    return range(1, size + 1) if isinstance(size, int) else (None,)


def _count(sizes: Iterable[Size]) -> int:
    """The number of entries; along an axis whose size is a name they count as one."""
    return prod(size for size in sizes if isinstance(size, int))


def _size(document: Json) -> Size:
    return name(document) if isinstance(document, str) else whole(document)


def _verdict(document: Json) -> tuple[tuple[Size, ...], str]:
    entry = items(document)
    return each(entry.get("index"), _size), str(entry.get("verdict"))


def main() -> None:
    """Replay the file that the command line names."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m gradcheck_sym.replay FILE")
    found = replay_file(sys.argv[1])
    for stream, text in (sys.stdout, "\n".join(found.lines)), (sys.stderr, found.error):
        if text:
            encoding = stream.encoding or "ascii"
            print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)
    sys.exit(found.code)


if __name__ == "__main__":
    main()
