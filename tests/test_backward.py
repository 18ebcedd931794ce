"""A corpus of backward functions: what is right is proved, and what is wrong is refuted.

Here every sixth row is asked at names, and some at numbers; `python -m tests.backward` asks all.
For what is refuted, the point is looked at again: the user's functions run there in NumPy alone,
and a difference quotient of the loss is compared with what the backward function returns.
"""

from __future__ import annotations

import copy
import inspect
from unittest import mock

import numpy as np
import pytest

from gradcheck_sym import CodeReport, Labels
from gradcheck_sym.verdict import Refuted
from tests.backward.table import NUMBERS, OTHER, ROWS, Row

UNDECIDED_AT_NUMBERS = {"recurrent.rnn_sequence/rnn_sequence_backward"}  # in ten seconds

AT_NUMBERS = [row for row in ROWS if row.has_names and row.name not in UNDECIDED_AT_NUMBERS]


def test_the_corpus_has_at_least_eighty_functions_right_and_wrong():
    assert len({row.forward for row in ROWS}) >= 80
    assert len([row for row in ROWS if not row.wrong]) >= 80
    assert len([row for row in ROWS if row.wrong]) >= 80
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("row", ROWS[::6], ids=lambda row: row.name)
def test_each_gradient_is_decided(row):
    decided(row, None)


@pytest.mark.parametrize("row", AT_NUMBERS[1::16], ids=lambda row: row.name)
def test_each_gradient_is_decided_at_small_numbers(row):
    decided(row, NUMBERS)


@pytest.mark.parametrize("row", AT_NUMBERS[3::32], ids=lambda row: row.name)
def test_each_gradient_is_decided_at_other_numbers(row):
    decided(row, OTHER)


def decided(row: Row, numbers: dict[str, int] | None) -> None:
    """Assert each verdict, and of each point that it is one."""
    report = row.report(numbers)
    assert {part.wrt: part.kind for part in report} == row.expected, str(report)
    for part in report:
        if isinstance(part.verdict, Refuted):
            slope, returned = looked_at_again(row, report, part.wrt)
            point = part.verdict.counterexample
            told = [(float_of(point.left), slope), (float_of(point.right), returned)]
            for said, found in told:
                assert said == pytest.approx(found, rel=1e-4, abs=1e-6), str(report)
            if "is a constant rounded" not in str(report):  # which floats hardly tell
                assert abs(slope - returned) > tolerance(slope, returned), str(report)


def tolerance(*numbers: float) -> float:
    """How much a difference quotient may be off."""
    return 1e-8 * (1 + max(map(abs, numbers)))


def float_of(bounds) -> float:
    numerator, _, denominator = bounds.low.partition("/")
    return float(numerator) / float(denominator or 1)


# A point, in NumPy alone -----------------------------------------------------------------------


STEPS = (1e-3, 1e-8)  # the finer one where something like 1/(x + 10⁻⁶) bends


def looked_at_again(row: Row, report: CodeReport, wrt: str) -> tuple[float, float]:
    """The slope of the loss by difference quotients, and what the user's function returns."""
    point = report[wrt].verdict.counterexample
    there = Point(row, report, point)
    place = tuple(number - 1 for number in point.indices.values())
    place = place if len(place) == len(report[wrt].shape) else there.fixed(report[wrt].shape, place)

    def loss(step: float) -> float:
        return there.run(wrt, place, step)[0]

    def quotient(step: float) -> float:
        return (loss(step) - loss(-step)) / (2 * step)

    slopes = [(4 * quotient(h / 2) - quotient(h)) / 3 for h in STEPS]
    slope = min(slopes, key=lambda found: abs(found - float_of(point.left)))
    return slope, float(np.asarray(there.run(wrt, place, 0.0)[1][wrt])[place])


class Point:
    """The arrays of a counterexample; entries that it does not speak of are 0."""

    def __init__(self, row: Row, report: CodeReport, point) -> None:
        self.row, self.sizes = row, dict(point.sizes)
        self.values = {name: float(number) for name, number in point.values.items()}
        self.arrays = {name: self.array(name, shape) for name, shape in report.inputs.items()}
        for name in report.labels:
            self.arrays[name] = self.arrays[name].argmax(axis=1)

    def array(self, name, shape):
        """The array of that name; a size that is not told may be any."""
        result = np.zeros([self.number(size) for size in shape])
        for place in np.ndindex(result.shape):
            indices = ",".join(str(k + 1) for k in place)
            result[place] = self.values.get(f"{name}[{indices}]" if place else name, 0.0)
        return result

    def number(self, size):
        return self.sizes.get(size, 2) if isinstance(size, str) else size

    def fixed(self, shape, place):
        """An index of an axis of size 1 is not told."""
        numbers = iter(place)
        return tuple(0 if self.number(size) == 1 else next(numbers) for size in shape)

    def run(self, wrt, place, step):
        """The loss where one entry is moved, and all that is returned."""
        arrays = copy.deepcopy(self.arrays)
        if not isinstance(self.row.forward, type) or wrt in arrays:
            arrays[wrt] = np.asarray(arrays[wrt])
            arrays[wrt][place] += step
        with np.errstate(all="ignore"), self.draws(arrays):
            if isinstance(self.row.forward, type):
                return self.run_class(arrays)
            return self.run_functions(arrays)

    def run_functions(self, arrays):
        row = self.row
        wanted = inspect.signature(row.forward).parameters
        given = {name: arrays.get(name, row.shapes[name]) for name in row.shapes}
        out = row.forward(**{name: one for name, one in given.items() if name in wanted})
        results = out if isinstance(out, tuple) else (out,)
        outputs, rest = results[: row.outputs], results[row.outputs :]
        cache = rest[0] if len(rest) == 1 else rest
        if row.loss:
            returned = cache
            if row.backward:
                named = inspect.signature(row.backward).parameters
                returned = row.backward(**{n: v for n, v in given.items() if n in named})
            return float(outputs[0]), self.by_name(returned)
        names = list(inspect.signature(row.backward).parameters)
        loss, upstreams = self.weighted(outputs, names)
        args = [given.get(name, cache) for name in names[row.outputs :]]
        return loss, self.by_name(row.backward(*upstreams, *args))

    def weighted(self, outputs, names):
        """The loss, and the gradients by the outputs at this point."""
        pairs = zip(names, outputs, strict=False)
        upstreams = [self.array(name, np.shape(out)) for name, out in pairs]
        products = zip(upstreams, outputs, strict=True)
        return float(sum(np.sum(dout * out) for dout, out in products)), upstreams

    def run_class(self, arrays):
        cls = self.row.forward
        wanted = inspect.signature(cls).parameters if "__init__" in dir(cls) else {}
        sizes = self.row.shapes
        made = {
            name: arrays[name] if name in arrays else self.number(sizes[name])
            for name in wanted
            if name in sizes
        }
        layer = cls(**made)
        for holder in (vars(layer), *(v for v in vars(layer).values() if isinstance(v, dict))):
            for name in holder:
                if name in arrays:
                    holder[name] = arrays[name]
        x = arrays["x"]
        out = layer.forward(x)
        outputs = out if isinstance(out, tuple) else (out,)
        later = list(inspect.signature(layer.backward).parameters)[1:]
        loss, upstreams = self.weighted(outputs, ["dout", *later])
        found = {"x": layer.backward(*upstreams)}
        for name in self.row.expected:
            if name not in found:
                held = getattr(layer, "grads", {}).get(name)
                found[name] = getattr(layer, f"d{name}") if held is None else held
        return loss, found

    def by_name(self, returned):
        names = [name for name in self.row.shapes if not isinstance(self.row.shapes[name], Labels)]
        if isinstance(returned, dict):
            return {name: returned.get(name, returned.get(f"d{name}")) for name in names}
        parts = returned if isinstance(returned, tuple) else (returned,)
        return dict(zip(names, parts, strict=False))

    def draws(self, arrays):
        """What the user's functions draw: the arrays rand, rand_2, … of the point."""
        numbers = iter(range(1, 100))

        def rand(*shape):
            number = next(numbers)
            return self.array("rand" if number == 1 else f"rand_{number}", shape)

        return mock.patch.object(np.random, "rand", rand)
