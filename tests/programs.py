"""Random small programs in NumPy, as text: each line makes a new variable of those before it.

A line is kept if NumPy carries it out on random numbers and the result is tame, so what is made
is what people could write: shapes broadcast, axes are there, logarithms are of what is positive.
"""

from __future__ import annotations

import warnings
from random import Random

import numpy as np

SHAPES = ((2, 3), (3,), (2, 3), (3, 2), ())
UNARY = """
np.exp({0} / 4); np.tanh({0}); np.log({0}**2 + 1); np.sqrt({0}**2 + 2); np.abs({0}); -{0}; {0}.T
np.square({0}); 1 / (2 + {0}**2); np.log1p({0}**2); np.expm1({0} / 3); np.maximum({0}, 0.3)
np.minimum({0}, -0.2); np.clip({0}, -1, 1); np.sign({0}) * {0}; {0}.sum(); {0}.mean(); {0} ** 3
{0}.sum(axis=0); {0}.mean(axis=-1, keepdims=True); {0}.max(axis=-1, keepdims=True); {0}.min()
{0}.var(axis=0); np.std({0} * 3) + 1; np.where({0} > 0.1, {0}, 0.5 * {0}); ({0} > 0) * {0}
{0}.copy(); {0}.reshape(-1); {0}.reshape(-1, 1); {0}[None]; {0}[..., None]; {0}[::-1]; {0}[1:]
{0}[:, 1]; {0}[0]; {0}[[0, 1, 0]]; np.cumsum({0}, axis=0); np.flip({0}, axis=0); np.diag({0})
np.roll({0}, 1, axis=0); np.repeat({0}, 2, axis=0); np.tile({0}, 2); np.squeeze({0})
np.expand_dims({0}, 0); np.swapaxes({0}, 0, 1); np.linalg.norm({0} + 3); np.prod({0}[:2])
np.zeros_like({0}) + {0}; np.ones_like({0}) - {0}; np.full_like({0}, 2) * {0}; {0}.ravel() * 2
np.split({0}, 2)[1]; np.logaddexp({0}, 0.5); np.reciprocal({0}**2 + 1); np.cosh({0} / 2)
"""
BINARY = """
{0} + {1}; {0} - {1}; {0} * {1}; {0} / (1.5 + {1}**2); {0} @ {1}; {0} @ {1}.T; np.dot({0}, {1})
np.outer({0}, {1}); np.maximum({0}, {1}); np.minimum({0}, {1}); np.where({0} > {1}, {0}, 2 * {1})
np.concatenate([{0}, {1}]); np.stack([{0}, {1}]); np.vstack([{0}, {1}]); np.hstack([{0}, {1}])
np.einsum('ij,ij->i', {0}, {1}); np.einsum('ij,jk->ki', {0}, {1}); np.inner({0}, {1})
np.logaddexp({0}, {1}); np.array([{0}, {1}])
"""
IN_PLACE = """
{0} += 2; {0} *= {1}; {0}[0] = {1}; {0}[:, 0] *= 2; {0}[{0} > 0] = 0; {0}[1] += {0}[0]
{0} -= {0}.mean(); {0}.T[0] = 1; {0}.reshape(-1)[1] = 5; {0}[{0} < 0] *= 0.1; {0}[::2] /= 2
"""
REFUSED = (
    *("depends on how the array lies in memory", "the shape () has no axis"),
    "an array of no axes, which changes in place",
)


def _patterns(text: str) -> list[str]:
    return [pattern.strip() for line in text.strip().splitlines() for pattern in line.split(";")]


LARGEST = 50.0
MOST_ENTRIES = 24


def program(seed: int, lines: int = 6) -> str:
    """The text of a function `forward(a, b, c, d, e)` of arrays of these SHAPES."""
    random = Random(seed)
    names = list("abcde")
    values = inputs(seed)
    kept: list[str] = []
    for _ in range(40 * lines):
        if len(kept) >= lines:
            break
        line, name = _line(random, names)
        tried = {key: np.copy(value) for key, value in values.items()}
        exec("\n".join(kept), {"np": np}, tried)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                exec(line, {"np": np}, tried)
        except Exception:
            continue
        if all(_is_tame(value) for value in tried.values()):
            kept.append(line)
            if name not in names:
                names.append(name)
    body = "".join(f"    {line}\n" for line in kept)
    return f"def forward(a, b, c, d, e):\n{body}    return {names[-1]}\n"


def inputs(seed: int) -> dict[str, np.ndarray]:
    """Random numbers for the inputs, on no border of cases."""
    random = Random(seed + 10**6)
    return {
        name: np.array([random.uniform(-2, 2) for _ in range(int(np.prod(shape)))]).reshape(shape)
        for name, shape in zip("abcde", SHAPES, strict=True)
    }


def _line(random: Random, names: list[str]) -> tuple[str, str]:
    one, other = random.choice(names[-3:] + names), random.choice(names)
    if random.random() < 0.2 and one not in "abcde":
        return random.choice(_patterns(IN_PLACE)).format(one, other), one
    pattern = random.choice(_patterns(UNARY if random.random() < 0.6 else BINARY))
    name = f"v{len(names)}"
    return f"{name} = {pattern.format(one, other)}", name


def _is_tame(value: object) -> bool:
    array = np.asarray(value)
    return bool(
        array.dtype.kind == "f"
        and 0 < array.size <= MOST_ENTRIES
        and np.isfinite(array).all()
        and np.abs(array).max() < LARGEST
    )
