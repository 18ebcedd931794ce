"""Points at which a question is looked at: random ones, small integers, mostly zeros, all alike."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from tests.adversary.questions import Asked

KINDS = ("real", "positive", "integer", "signs", "signs", "sparse", "alike")
MOST = 3  # of a size that is a name


def sizes_at(asked: Asked, random: Random) -> dict[str, int]:
    """Numbers for the names, and the sizes by their letters."""
    names = {size for size in (*asked.layers, asked.n) if isinstance(size, str)}
    return lettered(asked, {name: random.randint(1, MOST) for name in sorted(names)})


def lettered(asked: Asked, known: Mapping[str, int]) -> dict[str, int]:
    """The sizes by their letters, m, d, t and n, and by the names that they have."""
    hidden = [f"d_{k}" for k in range(1, len(asked.layers) - 1)]
    letters = ["m", *(["d"] if len(hidden) == 1 else hidden), "t", "n"]
    numbers = [known.get(str(size), size) for size in (*asked.layers, asked.n)]
    return {**dict(zip(letters, map(int, numbers), strict=True)), **known}


def shapes(asked: Asked, sizes: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """The shapes of the free arrays."""
    *counts, n = (sizes.get(str(size), size) for size in (*asked.layers, asked.n))
    found: dict[str, tuple[int, ...]] = {"X": (int(n), int(counts[0]))}
    for name, rows, columns in zip(asked.names, counts, counts[1:], strict=False):
        found[f"W_{name}"] = (int(rows), int(columns))
        if asked.bias:
            found[f"b_{name}"] = (int(columns),)
    found["Y"] = (int(n), int(counts[-1]))
    return found | ({"lam": ()} if asked.l2 else {})


def drawn(asked: Asked, sizes: Mapping[str, int], random: Random) -> dict[str, Any]:
    """Values for the free arrays that the hypotheses on Y allow."""
    kind = random.choice(KINDS)
    free = {name: _array(shape, kind, random) for name, shape in shapes(asked, sizes).items()}
    free["Y"] = _allowed(free["Y"], asked.assume, random)
    return free


def _array(shape: tuple[int, ...], kind: str, random: Random) -> Any:
    alike = Fraction(random.choice((-2, -1, 1, 2)), random.choice((1, 2)))
    draw = {
        "real": lambda: Fraction(random.randint(-48, 48), 16),
        "positive": lambda: Fraction(random.randint(1, 24), 16),
        "integer": lambda: Fraction(random.randint(-2, 2)),
        "signs": lambda: Fraction(random.choice((-1, 1))),
        "sparse": lambda: Fraction(random.choice((0, 0, 0, 1, -1))),
        "alike": lambda: alike,
    }[kind]
    found = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        found[place] = draw()
    return found


def _allowed(y: Any, assume: tuple[str, ...], random: Random) -> Any:
    for text in assume:
        match text:
            case "Y**2 == Y":
                y = np.frompyfunc(lambda _: Fraction(random.randint(0, 1)), 1, 1)(y)
            case "Y**2 == 1":
                y = np.frompyfunc(lambda _: Fraction(random.choice((-1, 1))), 1, 1)(y)
            case "Y.sum(axis=1) == 1":
                y[:, -1] += 1 - y.sum(axis=1)
    return y


def shown(free: Mapping[str, Any]) -> str:
    """A point, to be read."""
    texts = ((name, np.vectorize(str, otypes=[object])(value)) for name, value in free.items())
    return ", ".join(f"{name} = {text.tolist()}" for name, text in texts)
