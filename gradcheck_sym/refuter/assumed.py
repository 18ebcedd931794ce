"""What hypotheses say of the entries of an array, so that values can be chosen that satisfy it.

These are hints: whether a hypothesis holds at a point is evaluated there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import ONE as CONSTANT
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Hypothesis
from gradcheck_sym.refuter.inputs import Key, Shapes, Values, keys, number_of
from gradcheck_sym.term.terms import Entry, Sum, Term
from gradcheck_sym.term.walks import walk

MOST_ENTRIES = 20_000  # of an array that something is assumed of


@dataclass
class Assumed:
    """`rows` gives the axis along which entries sum to 1; entries are 0 or 1, −1 or 1, or > 0.

    `between` gives numbers between which all entries are, the lower one included.
    """

    rows: dict[str, int] = field(default_factory=dict)
    binary: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    positive: frozenset[str] = frozenset()
    between: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """The arrays that something is assumed of."""
        return self.binary | self.signs | self.rows.keys() | self.positive | self.between.keys()

    @property
    def single(self) -> set[str]:
        """The arrays whose entries may have single values alone."""
        return self.binary | self.signs

    def admitted(self, point: Values, shapes: Shapes, sizes: Mapping[str, int]) -> Values:
        """The nearest point that the hypotheses allow."""
        changed = dict(point)
        for name in sorted(self.names & shapes.keys()):
            entries = list(islice(keys(name, shapes[name], sizes), MOST_ENTRIES + 1))
            if len(entries) <= MOST_ENTRIES:
                whole = changed.pop((name,), Fraction(0))
                changed |= {e: self.value(name, point.get(e, whole)) for e in entries}
                if name in self.rows:
                    self._sum_to_one(changed, entries, self.rows[name] + 1)
        return {key: value for key, value in changed.items() if value}

    def whole_rows(
        self, inputs: Iterable[Key], shapes: Shapes, sizes: Mapping[str, int]
    ) -> Iterator[Key]:
        """The inputs, and then what else stands in rows that sum to 1, and so changes with them."""
        others: dict[Key, None] = {}
        read: set[Key] = set()
        for key in inputs:
            yield key
            read.add(key)
            axis = self.rows.get(str(key[0]))
            if axis is not None and len(others) < MOST_ENTRIES:
                size = number_of(shapes[str(key[0])][axis], sizes)
                row = ((*key[: axis + 1], k, *key[axis + 2 :]) for k in range(1, size + 1))
                others |= dict.fromkeys(islice(row, MOST_ENTRIES))
        yield from (key for key in others if key not in read)

    def value(self, name: str, value: Fraction) -> Fraction:
        """The nearest value that an entry may take, whatever the others are."""
        if name in self.binary:
            return Fraction(value > 0)
        if name in self.signs:
            return Fraction(-1 if value < 0 else 1)
        if name in self.between:
            low, high = self.between[name]
            far = abs(value) / (1 + abs(value))
            return value if low <= value < high else low + (high - low) * far
        return (abs(value) or Fraction(1)) if name in self.positive else value

    def _sum_to_one(self, changed: Values, entries: list[Key], axis: int) -> None:
        rows: dict[Key, list[Key]] = {}
        for entry in entries:
            rows.setdefault((*entry[:axis], *entry[axis + 1 :]), []).append(entry)
        for row in rows.values():
            *others, last = row
            if entries[0][0] in self.binary:
                chosen = next((entry for entry in row if changed[entry]), last)
                changed |= {entry: Fraction(entry == chosen) for entry in row}
            else:
                changed[last] = 1 - sum((changed[entry] for entry in others), Fraction(0))


def assumed(
    hypotheses: Iterable[Hypothesis],
    positive: frozenset[str] = frozenset(),
    needs: Iterable[Obligation] = (),
) -> Assumed:
    """The kinds of hypotheses, recognised by normal forms: y² = y, y² = 1, Σ_j y = 1.

    Of what is needed, it is bounds: u − 1 ≥ 0 and 2 − u > 0.

    >>> from gradcheck_sym.term.terms import ONE
    >>> y = Entry("y")
    >>> assumed([Hypothesis((), y * y, y), Hypothesis((), 1 - y * y, y - y)])
    Assumed(rows={}, binary={'y'}, signs={'y'}, positive=frozenset(), between={})
    >>> assumed((), needs=[Obligation(y - 1, "≥"), Obligation(2 - y, ">")]).between
    {'y': (Fraction(1, 1), Fraction(2, 1))}
    """
    found, ring = Assumed(positive=positive), Ring()
    for hypothesis in hypotheses:
        zero = hypothesis.left - hypothesis.right
        for entry, kind, value in _candidates(hypothesis):
            if not ring.normal(zero - value) or not ring.normal(zero + value):
                if isinstance(kind, int):
                    found.rows[entry.name] = kind
                else:
                    (found.binary if kind == "binary" else found.signs).add(entry.name)
    found.between = _between(ring, needs)
    return found


def _between(ring: Ring, needs: Iterable[Obligation]) -> dict[str, tuple[Fraction, Fraction]]:
    """Entries that need both u − low ≥ 0 and high − u > 0."""
    lows: dict[str, Fraction] = {}
    highs: dict[str, Fraction] = {}
    for needed in needs:
        for entry in dict.fromkeys(part for part in walk(needed.u) if isinstance(part, Entry)):
            if needed.guards or needed.relation == "≠":
                continue
            for found, rest in ((lows, entry - needed.u), (highs, needed.u + entry)):
                form = ring.normal(rest)
                if not form or list(form) == [CONSTANT]:
                    found[entry.name] = Fraction(form.get(CONSTANT, 0))
    return {name: (low, highs[name]) for name, low in lows.items() if low < highs.get(name, low)}


def _candidates(hypothesis: Hypothesis) -> Iterator[tuple[Entry, str | int, Term]]:
    for part in walk(hypothesis.left, hypothesis.right):
        match part:
            case Entry():
                yield part, "binary", part * part - part
                yield part, "signs", part * part - 1
            case Sum(index, Entry() as entry) if index in entry.indices:
                yield entry, entry.indices.index(index), part - 1
