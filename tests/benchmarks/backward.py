"""Hand-written backward passes: `torch.autograd.gradcheck` and `prove_vjp` side by side.

    python tests/benchmarks/backward.py

Each is the same text for both, with xp = torch or numpy; torch is not needed for the rest of the
project. A time is the least of three, in one process, without imports.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import torch

from gradcheck_sym import prove_vjp

ROWS, COLUMNS = 4, 3  # for torch; prove_vjp is given names


@dataclass(frozen=True)
class Row:
    """A forward and a backward function as text, and what is wrong with it, if anything."""

    name: str
    forward: str
    backward: str
    wrong: str = ""


SOFTMAX = "e = xp.exp(x); p = e / e.sum(axis=1, keepdims=True)"
RMS = "r = xp.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-6); u = x / r"
CENTRED = "c = x - x.mean(axis=1, keepdims=True)"
LAYER = f"{CENTRED}; s = xp.sqrt((c**2).mean(axis=1, keepdims=True) + 1e-5); u = c / s"
GELU = "c = 0.7978845608028654; t = xp.tanh(c * (x + 0.044715 * x**3))"
ROWS_OF_TABLE = (
    Row(
        "softmax",
        f"{SOFTMAX}; y = p",
        f"{SOFTMAX}; dx = p * (g - (g * p).sum(axis=1, keepdims=True))",
    ),
    Row("softmax", f"{SOFTMAX}; y = p", f"{SOFTMAX}; dx = g * p * (1 - p)", "no cross terms"),
    Row(
        "RMS norm",
        f"{RMS}; y = u",
        f"{RMS}; dx = (g - u * (g * u).mean(axis=1, keepdims=True)) / r",
    ),
    Row(
        "RMS norm",
        f"{RMS}; y = u",
        f"{RMS}; dx = (g - u * (g * u).sum(axis=1, keepdims=True)) / r",
        "a sum for a mean",
    ),
    Row(
        "layer norm",
        f"{LAYER}; y = u",
        f"{LAYER}; h = g - g.mean(axis=1, keepdims=True); "
        "dx = (h - u * (g * u).mean(axis=1, keepdims=True)) / s",
    ),
    Row("tanh", "y = xp.tanh(x)", "dx = g * (1 - x**2)", "the slope at the input"),
    Row(
        "gelu",
        f"{GELU}; y = 0.5 * x * (1 + t)",
        f"{GELU}; w = c + 0.1070322242 * x**2; dx = g * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * w)",
        "a constant rounded in the tenth digit",
    ),
    Row(
        "softplus",
        "y = xp.log(1 + xp.exp(x))",
        "dx = g * xp.where(x > 20, xp.ones_like(x), 1 / (1 + xp.exp(-x)))",
        "1 where x > 20",
    ),
    Row("clipped", "y = xp.where(x > 6, 6 + 0 * x, x)", "dx = g", "no clip at 6"),
    Row("a penalty", "y = x + 5e-6 * x**2", "dx = g", "its slope left out, 10⁻⁵ x"),
)


def function(text: str, arguments: str, result: str, xp: Any) -> Callable[..., Any]:
    """The function whose body is the text."""
    space: dict[str, Any] = {"xp": xp}
    body = "".join(f"    {line.strip()}\n" for line in text.split(";"))
    exec(f"def run({arguments}):\n{body}    return {result}\n", space)
    found: Callable[..., Any] = space["run"]
    return found


def by_torch(row: Row) -> tuple[str, float]:
    """What gradcheck says with its defaults, in double precision at one random point."""
    forward = function(row.forward, "x", "y", torch)
    backward = function(row.backward, "g, x", "dx", torch)

    class Layer(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            context.save_for_backward(x)
            return forward(x)

        @staticmethod
        def backward(context, g):
            return backward(g, *context.saved_tensors)

    torch.manual_seed(0)
    x = torch.randn(ROWS, COLUMNS, dtype=torch.double, requires_grad=True)
    started = perf_counter()
    passed = torch.autograd.gradcheck(Layer.apply, (x,), raise_exception=False)
    return "passes" if passed else "fails", perf_counter() - started


def by_proof(row: Row) -> tuple[str, float]:
    """What prove_vjp says, for all sizes."""
    forward = function(row.forward, "x", "y", np)
    backward = function(row.backward, "g, x", "dx", np)
    started = perf_counter()
    report = prove_vjp(forward, backward, x=("n", "d"))
    return report.verdict, perf_counter() - started


def main() -> None:
    """Print the table."""
    print(
        "| backward pass | what is wrong with it | torch gradcheck | prove_vjp | time ÷ torch's |"
    )
    print("| --- | --- | --- | --- | --- |")
    for row in ROWS_OF_TABLE:
        torchs = [by_torch(row) for _ in range(3)]
        ours = [by_proof(row) for _ in range(3)]
        ratio = min(t for _, t in ours) / min(t for _, t in torchs)
        wrong = row.wrong or "nothing"
        print(f"| {row.name} | {wrong} | {torchs[0][0]} | {ours[0][0]} | {ratio:.1f}× |")


if __name__ == "__main__":
    main()
