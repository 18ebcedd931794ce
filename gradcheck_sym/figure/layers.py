"""The layers of a report's network as columns of units, and the path of one entry to the loss."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from gradcheck_sym.grid import Entry
from gradcheck_sym.report import Report
from gradcheck_sym.rules import ROWWISE
from gradcheck_sym.sizes import Size

MOST_UNITS = 4  # of a column that is drawn whole

Unit = int | str  # its number, or the letter of any


@dataclass(frozen=True, slots=True)
class Layer:
    """One column: A is the array of its units, `name` what its arrays are called after.

    The inputs have no `name`. `lit` are the units through which the chosen entry acts.
    """

    name: str
    after: str
    size: Size
    activation: str
    units: tuple[Unit | None, ...]
    lit: tuple[Unit, ...]

    # fmt: off
    @property
    def weights(self) -> str: return f"W_{self.name}"
    @property
    def bias(self) -> str:    return f"b_{self.name}"
    @property
    def before(self) -> str:  return f"Z_{self.name}"
    @property
    def delta(self) -> str:   return f"delta_{self.name}"
    # fmt: on

    def holds(self, array: str) -> bool:
        """Whether an array is one of this layer's."""
        return array in (self.after, self.weights, self.bias, self.before)


def chosen(report: Report) -> Entry:
    """The entry whose path is shown: the first that is not proved, else the first."""
    return next(iter(report.entries.not_proved), report.entries[0])


def layers(report: Report) -> tuple[Layer, ...]:
    """The columns from the inputs to the outputs.

    >>> from gradcheck_sym import Network, check
    >>> [(layer.after, layer.lit) for layer in layers(check(Network(2, 3, 2), wrt="W_h"))]
    [('X', (1,)), ('A_h', (1,)), ('A_out', (1, 2))]
    """
    network, entry = report.network, chosen(report)
    *sizes, _ = network.sizes.values()
    count = len(sizes) - 1
    hidden = ["h"] if count == 2 else [str(k) for k in range(1, count)]
    names = ["", *hidden, "out"]
    arrays = ["X", *(f"A_{name}" for name in names[1:])]
    place = _column(names, arrays, report.wrt)
    units: dict[int, tuple[Unit, ...]] = dict.fromkeys(range(count + 1), ())
    units[place] = (entry.index[-1],)
    if report.wrt.startswith("W"):
        units[place - 1] = (entry.index[0],)
    found = []
    for k, (name, after, size) in enumerate(zip(names, arrays, sizes, strict=True)):
        activation = (network.output if name == "out" else network.hidden or "") if name else ""
        shown = few(size, units[k])
        spread = k > place or (k == place == count and activation in ROWWISE)
        lit = tuple(u for u in shown if u is not None) if spread else units[k]
        found.append(Layer(name, after, size, activation, shown, lit))
    return tuple(found)


def _column(names: list[str], arrays: list[str], wrt: str) -> int:
    """The column whose units an array is made for or leads to."""
    return arrays.index(wrt) if wrt in arrays else names.index(wrt.partition("_")[2])


def few(size: Size, wanted: tuple[Unit, ...]) -> tuple[Unit | None, ...]:
    """The units of a column that are drawn: first, wanted and last ones, None for those between.

    >>> few(3, ()), few(9, (5,)), few("m", ("k",))
    ((1, 2, 3), (1, None, 5, None, 9), (1, None, 'k', None, 'm'))
    """
    if isinstance(size, int) and size <= MOST_UNITS and not any(isinstance(u, str) for u in wanted):
        return tuple(range(1, size + 1))
    if size == 1:
        return (1,)
    letters = [u for u in wanted if isinstance(u, str)]
    if letters or isinstance(size, str) or not wanted:
        middle: list[Unit] = [*letters] or [2]
        gap = [None] if letters else []
        return (1, *gap, *middle, None, size)
    numbers = sorted({1, size, *(u for u in wanted if isinstance(u, int))})
    if len(numbers) == 2:
        numbers.insert(1, 2 if wanted[0] == 1 else size - 1)
    shown: list[Unit | None] = [1]
    for before, number in pairwise(numbers):
        shown += [None] * (number - before > 1) + [number]
    return tuple(shown)
