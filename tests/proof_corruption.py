"""Proofs and statements made wrong at random: what the checker still takes has to be true.

`python -m tests.proof_corruption --count 10000` corrupts the JSON of proofs, and of what they
prove, one place at a time; what is accepted is looked at with 50 digits at random points where
its hypotheses and conditions hold, on the borders of cases too. Prints the counts, and each
statement that was accepted and is false.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random

from gradcheck_sym.checker.check import Rejected, check
from gradcheck_sym.checker.laws import LAWS
from gradcheck_sym.proofs.damaged import Damaged
from gradcheck_sym.proofs.read import read_proof
from gradcheck_sym.term.functions import FUNCTIONS
from tests.numeric import lies
from tests.proved import documents

TOKEN = re.compile(r"#\d+|-?\d+(?:/\d+)?|[^\W\d]\w*(?:\.\d+)?| [+*] ")
POINTS = 12

Json = dict | list | str | int | None
Place = tuple[dict | list, str | int]  # a container and a key in it


def places(document: Json) -> Iterator[Place]:
    """Every place in a document."""
    if isinstance(document, dict | list):
        for key in document if isinstance(document, dict) else range(len(document)):
            yield document, key
            yield from places(document[key])


@dataclass
class Corruption:
    """One place of a document made wrong, in its "proof" or its "statement"."""

    document: dict
    part: str
    random: Random

    def __post_init__(self) -> None:
        self.all = list(places(self.document[self.part]))
        self.letters = [
            *self.document["statement"].get("letters", ()),
            *(self.document["proof"].get("letters", ()) if self.part == "proof" else ()),
        ]
        whole = json.dumps(self.document, ensure_ascii=False)
        self.names = sorted(set(re.findall(r"([^\W\d]\w*)\[", whole)))

    def any(self, wanted: Callable[[Json, str | int], bool]) -> Place | None:
        """A place with such a value under such a key."""
        found = [(x, key) for x, key in self.all if wanted(x[key], key)]
        return self.random.choice(found) if found else None

    def text(self, pattern: str) -> Place | None:
        """A term in which the pattern occurs."""
        return self.any(
            lambda x, key: isinstance(x, str) and key not in ("law", "relation")
            and re.search(pattern, x) is not None
        )  # fmt: skip

    def swap(self, place: Place | None, pattern: str, new: Callable[[str], str]) -> bool:
        """Put something else for one occurrence of the pattern."""
        if place is None:
            return False
        container, key = place
        text = container[key]
        match = self.random.choice(list(re.finditer(pattern, text)))
        container[key] = text[: match.start()] + new(match[0]) + text[match.end() :]
        return container[key] != text

    def items(self, keys: tuple[str, ...] = ()) -> list | None:
        """A list that is not empty."""
        wanted = lambda x, key: isinstance(x, list) and x and (not keys or key in keys)  # noqa: E731
        place = self.any(wanted)
        return place[0][place[1]] if place else None

    # The kinds ---------------------------------------------------------------------------

    def index(self) -> bool:
        """Another letter, or a number, for an index in a term."""
        inside = r"(?<=[\[,(])[^\W\d]\w*(?:\.\d+)?(?=[\],])"
        return self.swap(self.text(inside), inside, lambda _: self.an_index())

    def an_index(self) -> str:
        return str(self.random.choice([*self.letters, 1, 2, 3]))

    def letter(self) -> bool:
        """Another letter in a list of indices."""
        place = self.any(lambda x, _: x in self.letters)
        if place and isinstance(place[0], list):
            place[0][place[1]] = self.random.choice([*self.letters, 1, 2])
            return True
        return False

    def coefficient(self) -> bool:
        """Another number in a term."""
        number = r"(?<![\w#\[,/.])-?\d+(?:/\d+)?(?![\w\]])"
        other = lambda _: self.random.choice(["0", "1", "-1", "2", "-2", "1/2", "3"])  # noqa: E731
        return self.swap(self.text(number), number, other)

    def factor(self) -> bool:
        """A term times a number, or with one added."""
        place = self.text(r"[\[(]")
        if place is None:
            return False
        container, key = place
        by = self.random.choice(["-1", "2", "1/2", "0", "-3"])
        container[key] = f"({by} {self.random.choice('+*')} {container[key]})"
        return True

    def sign(self) -> bool:
        """A product of two for a sum of two, or the other way around."""
        two = r"(?<=[\w\])]) [+*] (?=[\w\[(#-])"
        return self.swap(self.text(two), two, lambda x: " * " if x == " + " else " + ")

    def name(self) -> bool:
        """Another array."""
        array = r"[^\W\d]\w*(?=\[)"
        return self.swap(self.text(array), array, lambda _: self.random.choice(self.names))

    def reference(self) -> bool:
        """Another term of the table."""
        most = len(self.document["proof"].get("terms", ())) + 2
        other = lambda _: f"#{self.random.randint(1, most)}"  # noqa: E731
        return self.swap(self.text(r"#\d+"), r"#\d+", other)

    def term(self) -> bool:
        """Another term, or a part of a term, for a whole one."""
        one, other = self.text(r"[\[(#]"), self.text(r"[\[(#]")
        if one is None or other is None:
            return False
        one[0][one[1]] = other[0][other[1]]
        return True

    def function(self) -> bool:
        """Another function."""
        known = r"(?:inv|exp|log|sqrt|sin|cos|erf)(?=\()"
        other = lambda _: self.random.choice([*FUNCTIONS, ""])  # noqa: E731
        return self.swap(self.text(known), known, other)

    def law(self) -> bool:
        """Another law."""
        place = self.any(lambda _, key: key == "law")
        if place is None:
            return False
        laws = [*LAWS, "definition", "lemma", "hypothesis", "one-hot", "case"]
        place[0]["law"] = self.random.choice(laws)
        return True

    def reason(self) -> bool:
        """No reason, or another one."""
        found = self.items(("reasons", "needs"))
        if not found:
            return False
        found[self.random.randrange(len(found))] = self.random.choice([None, 1, 2, 3, 4])
        return True

    def order(self) -> bool:
        """Two items of a list in the other order."""
        found = self.items()
        if not found or len(found) < 2:
            return False
        k, m = self.random.sample(range(len(found)), 2)
        found[k], found[m] = found[m], found[k]
        return True

    def drop(self) -> bool:
        """An item less: a step, a part, a reason, a case."""
        found = self.items()
        if found:
            del found[self.random.randrange(len(found))]
        return bool(found is not None)

    def twice(self) -> bool:
        """An item twice."""
        found = self.items()
        if found:
            found.insert(0, deepcopy(self.random.choice(found)))
        return bool(found)

    def field(self) -> bool:
        """A field of an object less."""
        place = self.any(lambda _, key: isinstance(key, str))
        if place is None:
            return False
        del place[0][place[1]]
        return True

    def exchange(self) -> bool:
        """The two sides of an equation, or of a case distinction, exchanged."""
        pairs = [("left", "right"), ("above", "below"), ("times", "value")]
        found = [(x, p) for x, _ in self.all for p in pairs if isinstance(x, dict) and p[0] in x]
        found = [(x, p) for x, p in found if p[1] in x]
        if not found:
            return False
        owner, (one, other) = self.random.choice(found)
        owner[one], owner[other] = owner[other], owner[one]
        return True

    def number(self) -> bool:
        """Another number, of a lemma or a size."""
        place = self.any(lambda x, _: type(x) is int)
        if place is None:
            return False
        place[0][place[1]] += self.random.choice([-1, 1, 2])
        return True

    def size(self) -> bool:
        """Another range of a letter."""
        letters = self.document[self.part].get("letters")
        if not letters:
            return False
        key = self.random.choice(list(letters))
        letters[key] = self.random.choice([1, 2, 3, "n", "d", "t", "m"])
        return True

    def witness(self) -> bool:
        """Another value of the witness."""
        witness = self.document["proof"].get("witness", {})
        values = [(x, k) for x in witness.values() for k in x]
        if not values or self.part == "statement":
            return False
        owner, key = self.random.choice(values)
        old = owner[key]
        owner[key] = self.random.choice(["0", "1", "-1", "1/2"]) if isinstance(old, str) else 3
        return True

    def relation(self) -> bool:
        """Another relation."""
        place = self.any(lambda _, key: key == "relation")
        if place is None:
            return False
        place[0]["relation"] = self.random.choice("≠>≥")
        return True


KINDS = [
    name for name, value in vars(Corruption).items()
    if callable(value) and name[0] != "_"
    and name not in ("any", "text", "swap", "items", "an_index")
]  # fmt: skip


def everywhere(document: dict, random: Random) -> tuple[str, dict]:
    """The document with one sign for another wherever it stands, in the statement and the proof.

    Most proofs go through with other letters, sizes, names or numbers; so may a false statement.
    """
    text = json.dumps(document, ensure_ascii=False)
    letters = {**document["statement"]["letters"], **document["proof"].get("letters", {})}
    names = sorted(set(re.findall(r"([^\W\d]\w*)\[", text)))
    sizes = [json.dumps(size) for size in dict.fromkeys([*letters.values(), "n", 2, 3])]
    functions = [*FUNCTIONS]
    choices = {
        "letters": ([*letters], [*letters, "1", "2"], r'(?<![\w.]){}(?![\w.]|": [\d"])'),
        "names": (names, names, r'(?<![\w.]){}(?=\[|")'),
        "numbers": (["0", "1", "-1", "2", "1/2"], ["0", "1", "-1", "2", "-2", "3"],
                    r'(?<=[(" ]){}(?=[)" ])'),
        "sizes": (sizes, sizes, r"(?<=: ){}(?=[,}}])"),
        "functions": (functions, functions, r"\b{}(?=\()"),
        "signs": ([" + ", " * "], [" + ", " * "], r"(?<=[\w\])]){}(?=[\w\[(#-])"),
    }  # fmt: skip
    kind = random.choice(list(choices))
    old, new, pattern = choices[kind]
    one, other = random.choice(old), random.choice(new)
    found = re.sub(pattern.format(re.escape(one)), other, text)
    found = re.sub(rf"(?<=[\[ ])\"{other}\"(?=[,\]])", other, found) if other in "12" else found
    return kind, json.loads(found)


def corrupted(document: dict, part: str, random: Random) -> tuple[str, dict]:
    """The kind of corruption, and the document with one; "both" is everywhere."""
    while True:
        copy = deepcopy(document)
        if part == "both":
            kind, copy = everywhere(copy, random)
            if copy != document:
                return kind, copy
            continue
        kind = random.choice(KINDS)
        if getattr(Corruption(copy, part, random), kind)() and copy != document:
            return kind, copy


@dataclass(frozen=True)
class Found:
    """What came of a corruption: "damaged", "rejected", "true", "false" or "not looked at"."""

    answer: str
    kind: str
    part: str
    document: dict
    why: str = ""


def tried(seed: int) -> Found:
    """Corrupt one proof, or one statement, and see."""
    random = Random(seed)
    name = random.choice(list(documents()))
    part = random.choice(["proof", "statement", "both"])
    kind, document = corrupted(documents()[name], part, random)
    try:
        statement, proof = read_proof(document)
    except Damaged as error:
        return Found("damaged", kind, part, document, str(error))
    try:
        theorem = check(statement, proof)
    except Rejected as error:
        return Found("rejected", kind, part, document, str(error))
    why = lies(theorem, proof.witness, random, points=POINTS)
    answer = "not looked at" if why is None else "false" if why else "true"
    return Found(answer, kind, part, document, f"{name}: {why}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    kinds: Counter[str] = Counter()
    for seed in range(asked.seed, asked.seed + asked.count):
        found = tried(seed)
        counts[found.part, found.answer] += 1
        kinds[found.kind] += 1
        if found.answer in ("false", "not looked at"):
            print(seed, found.answer, found.part, found.kind, found.why, flush=True)
    for (part, answer), count in sorted(counts.items()):
        print(f"{part} {answer}: {count}")
    print(dict(kinds))


if __name__ == "__main__":
    main()
