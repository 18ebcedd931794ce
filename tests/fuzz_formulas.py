"""Random text and random formulas against the whole tool: `python -m tests.fuzz_formulas`.

No traceback, no hang (the slowest is printed), and no `Proved` that evaluation with 50 digits at
random points contradicts. `--strings N --formulas N --seed N`; the test suite runs a small sample.
"""

from __future__ import annotations

import argparse
from random import Random
from time import perf_counter

import mpmath
import numpy as np

from gradcheck_sym import GradcheckError, Network, check
from gradcheck_sym.mlp.formula import formula

TOKENS = [
    "A_h",
    "A_out",
    "Y",
    "Z_out",
    "Z_h",
    "X",
    "W_h",
    "W_out",
    "delta_out",
    "m",
    "d",
    "t",
    "n",
    "np",
    ".",
    "T",
    "sum",
    "mean",
    "exp",
    "log",
    "tanh",
    "sin",
    "cos",
    "sqrt",
    "where",
    "maximum",
    "outer",
    "dot",
    "sigmoid",
    "ones",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "**",
    "@",
    "0",
    "1",
    "2",
    "0.5",
    "1e3",
    "axis=0",
    "keepdims=True",
    ">",
    "==",
    "'",
    "#",
    "é",
    "\x00",
    "\n",
]
NETWORK = Network(2, 2, 2, n=2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("strings", 100_000), ("formulas", 10_000), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    random = Random(asked.seed)
    slowest = max(timed(read, soup(random)) for _ in range(asked.strings))
    print(f"{asked.strings} strings: no traceback, the slowest took {slowest:.2f} s")
    found: dict[str, int] = {}
    slowest = 0.0
    for _ in range(asked.formulas):
        text = matrix(random, 3)
        started = perf_counter()
        kind = verdict(text)
        slowest = max(slowest, perf_counter() - started)
        found[kind] = found.get(kind, 0) + 1
    print(f"{asked.formulas} formulas: {found}, the slowest took {slowest:.2f} s")


def timed(function, text):
    started = perf_counter()
    function(text)
    return perf_counter() - started


def read(text):
    """A claim, or nothing for a text that is none; anything else is an error of this tool."""
    try:
        return formula(text, NETWORK)
    except GradcheckError:
        return None


def soup(random):
    return random.choice(("", " ")).join(random.choices(TOKENS, k=random.randint(1, 25)))


def matrix(random, depth):
    """A well-formed formula of the shape of W_out, close to the right one."""
    kind = random.randrange(6 if depth else 2)
    if kind < 2:
        left = random.choice(("A_h.T", "sigmoid(Z_h).T", "(X @ W_h).T"))
        return f"({left} @ {error(random, depth)})"
    inner = matrix(random, depth - 1)
    if kind == 2:
        return f"({inner} + {matrix(random, depth - 1)} - {matrix(random, depth - 1)})"
    if kind == 3:
        return f"({inner} * {random.choice(('1', '2', '0.5', 'n / 2', '(1 - 1/2000)'))})"
    return f"({inner}).T.T" if kind == 4 else f"-(-{inner})"


def error(random, depth):
    """Something of the shape of delta_out, often equal to it."""
    a = random.choice(("A_out", "sigmoid(Z_out)", "1/(1+np.exp(-Z_out))", "(1+np.tanh(Z_out/2))/2"))
    choices = (
        "delta_out",
        f"({a} - Y)",
        f"(-(Y - {a}))",
        f"(np.maximum({a}, Y) - Y)",
        f"({a} * (1 - Y))",
    )
    inner = random.choice(choices)
    if depth and random.random() < 0.4:
        u = error(random, depth - 1)
        inner = random.choice(
            (
                f"np.where({u} > 0, {inner}, {inner})",
                f"({inner} * A_out / A_out)",
                f"np.sqrt({inner}**2)",
                f"np.log(np.exp({inner}))",
                f"({inner} + {u} - {u})",
            )
        )
    return inner


def verdict(text):
    """The verdict of the tool, after 50 digits at random points had their say on a proof."""
    report = check(NETWORK, formula(text, NETWORK))
    if report.verdict == "proved":
        for seed in range(2):
            claimed, derivative = evaluated(text, Random(seed))
            assert np.abs(claimed - derivative).max() < mpmath.mpf(10) ** -40, text
    return report.verdict


def evaluated(text, random):
    """The claim and A_hᵀ(A_out − Y) at a random point, with 50 digits."""
    mpmath.mp.dps = 60

    class Functions:
        exp, log, tanh, sin, cos, sqrt = (
            np.vectorize(getattr(mpmath, name), otypes=[object])
            for name in ("exp", "log", "tanh", "sin", "cos", "sqrt")
        )
        where, maximum = staticmethod(np.where), staticmethod(np.maximum)

    def free(*shape):
        return np.array(
            [mpmath.mpf(random.randint(-300, 300)) / 97 for _ in range(np.prod(shape))]
        ).reshape(shape)

    def sigmoid(z):
        return 1 / (1 + Functions.exp(-z))

    names = {"X": free(2, 2), "W_h": free(2, 2), "W_out": free(2, 2), "Y": free(2, 2)}
    names["Z_h"] = names["X"] @ names["W_h"]
    names["A_h"] = sigmoid(names["Z_h"])
    names["Z_out"] = names["A_h"] @ names["W_out"]
    names["A_out"] = sigmoid(names["Z_out"])
    names["delta_out"] = names["A_out"] - names["Y"]
    names |= {"np": Functions, "sigmoid": sigmoid, **dict.fromkeys("mdtn", 2)}
    exact = text.replace("0.5", "(mpf(1)/2)").replace("1/2000", "mpf(1)/2000")
    claimed = eval(exact, {"mpf": mpmath.mpf, **names})
    return claimed, names["A_h"].T @ names["delta_out"]


if __name__ == "__main__":
    main()
