"""Formulas as people type them: each means what NumPy makes of the same text, or is an error.

`read` gives the array before its shape is compared with W_out's, so parts are tested alone.
"""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from functools import cache
from io import BytesIO, TextIOWrapper
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck_sym import language
from gradcheck_sym.answer import proved
from gradcheck_sym.array import shape
from gradcheck_sym.array.graph import alike
from gradcheck_sym.array.shape import letters
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.claim_texts import Typed, claim_texts
from gradcheck_sym.errors import ClaimFileError, FormulaError, GradcheckError, SizeError
from gradcheck_sym.language import syntax
from gradcheck_sym.language.functions import FUNCTIONS, METHODS, NUMPY
from gradcheck_sym.mlp.formula import formula
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import names as known_names
from gradcheck_sym.term.terms import SizeOf, Term
from tests.evaluate import entries


def read(text, network):
    return language.read(text, known_names(network), network.sizes)


SIZES = [
    {"m": 2, "d": 2, "t": 2, "n": 1},
    {"m": 4, "d": 3, "t": 5, "n": 3},
    {"m": 3, "d": 1, "t": 2, "n": 2},
    {"m": 1, "d": 4, "t": 1, "n": 2},
    {"m": 1, "d": 1, "t": 1, "n": 1},
]
GENERAL = Network("m", "d", "t", n="n")

# Each is valid at all sizes, and at sizes that are names.
FORMULAS = """
X
W_h
W_out
Y
Z_h
A_h
Z_out
A_out
delta_out
m + d * t - n
3
-2.5
.5
0.1 + 0.2
1e-3
1E+2
1_000
0x1F
+X
-X
--X
X + 1
1 - X
2 * X / 4
X * X
X - X.T.T
X + X * X - X / 2
-X ** 2
(-X) ** 2
X ** 3
X ** 0
X ** 1
A_h ** -1
A_h ** -2
A_h ** 0.5
A_h ** -0.5
A_h ** 1.5
A_h ** (1 / 2)
A_h ** -(1 / 2)
2 ** X
2 ** -X
n ** X
0.5 ** X
np.exp(1) ** -X
np.exp(X) ** Y.sum()
np.exp(X) ** X.sum(axis=1, keepdims=True)
(2 ** X) ** X.mean(axis=0)
np.exp(1) ** 0.3
2 ** 3 ** 2
2 ** -1
1 / X.shape[0]
X @ W_h
X.T @ Y
X.T @ A_h @ W_out
A_h.T @ (A_out - Y)
-A_h.T @ (Y - A_out)
A_h.T @ (A_out - Y) / n
X.T
X.T.T
np.transpose(X)
transpose(X)
X.transpose()
np.transpose(X.sum(axis=0))
X.sum()
X.sum(0)
X.sum(1)
X.sum(-1)
X.sum(axis=-2)
X.sum(axis=None)
X.sum(axis=(0, 1))
X.sum(axis=(-1, 0))
X.sum(axis=(1,))
X.sum(keepdims=True)
X.sum(axis=0, keepdims=True)
X.sum(axis=1, keepdims=True)
X.sum(axis=-1, keepdims=True)
X.sum(axis=(0, 1), keepdims=True)
X.sum(axis=0, keepdims=False)
X.sum().sum()
X.sum(0).sum(0)
X.sum(0).sum(-1, keepdims=True)
X.sum(0).T
np.sum(X)
np.sum(X, 1)
np.sum(X, axis=0, keepdims=True)
np.sum(a=X, axis=1)
sum(X, axis=1)
sum(X[0:0].sum(0)) if False else 0
np.sum(2)
X.mean()
X.mean(axis=0)
X.mean(axis=1, keepdims=True)
np.mean(X)
np.mean(X, axis=(0, 1))
mean(X, axis=-1)
np.mean(n)
X - X.mean(axis=0)
X - X.mean(axis=1, keepdims=True)
X / X.sum()
X * X.sum(axis=0)
X.sum(axis=0) * X
X + np.ones((n, 1))
X + np.ones((1, m))
X + np.ones(m)
np.ones((n, 1)) * np.ones((1, t))
np.ones((n, 1)) + np.ones(t)
np.ones((1, 1)) * X
np.ones(1) * X
X.sum(axis=1, keepdims=True) * Y
np.ones(n) @ X
X @ np.ones(m)
np.ones(n) @ X @ np.ones(m)
X.sum(0) @ X.sum(0)
X.sum(0) @ W_h
W_h.T @ X.sum(0)
X.sum(axis=0, keepdims=True) @ W_h
np.dot(X, W_h)
np.dot(np.ones(n), X)
np.dot(X, np.ones(m))
np.dot(X.sum(0), X.mean(0))
np.dot(X, 2)
np.dot(2, X)
np.dot(n, 3)
np.dot(X.sum(), X)
np.dot(a=X, b=W_h)
X.dot(W_h)
X.dot(W_h).dot(W_out)
X.T.dot(Y)
X.sum(0).dot(W_h)
dot(X, W_h)
np.matmul(X, W_h)
numpy.matmul(X, W_h)
matmul(X.T, Y)
np.multiply(X, X)
np.multiply(2, X)
multiply(X, X.sum(0))
np.add(X, 1)
np.subtract(1, X)
np.divide(X, 2)
np.true_divide(1, n)
np.negative(X)
np.power(X, 2)
np.power(A_h, -1)
np.power(A_h, 0.5)
np.exp(X)
exp(-X)
numpy.exp(X)
np.log(A_h)
log(1 + np.exp(X))
np.tanh(X)
tanh(Z_h / 2)
np.sin(X)
sin(2 * Z_h)
np.cos(-X)
cos(X) ** 2 + 1
np.tan(A_h)
tan(X / 3)
np.square(X)
square(X).sum()
np.sqrt(A_h)
sqrt(X ** 2)
np.sqrt(2)
np.sqrt(np.sum(np.square(X)))
np.abs(X)
abs(X)
np.absolute(X - 1)
sigmoid(X)
sigmoid(0)
sigmoid(X @ W_h) @ W_out
1 - sigmoid(-Z_out)
np.maximum(X, 0)
np.maximum(0, X)
np.maximum(X, X.mean())
np.maximum(X, X.sum(axis=1, keepdims=True))
maximum(X, -X)
np.minimum(X, 0)
np.minimum(np.maximum(X, -1), 1)
np.where(X > 0, X, 0)
np.where(X < 0, 1, -1)
np.where(X >= 0, 1, 0)
np.where(X <= 0, X, 2)
np.where(0 == X, 1, 0)
np.where(X == X, 1, 0)
np.where(X != X, 1, 0)
np.where(X - X >= 0, 1, 0)
np.where(X - X <= 0, 1, 0)
np.where(X - X > 0, 1, 0)
np.where(X - X < 0, 1, 0)
np.where(X > X.mean(axis=0), X, X.mean(axis=1, keepdims=True))
np.where(1 < 2, X, 3)
(X > 0) + 0.01 * (X <= 0)
1 - (X <= 0)
(X > -1) * (X < 1) * X
2 * ((X > -1) * (X < 1))
X * (np.abs(X) < 1)
(X > 0) / n
((X < 0) + (X > 1)).astype(int)
(X > 0) @ W_h
np.where((X > 0) & (X < 1), X, 0)
np.where((X < 0) | ~(X < 1), X, 0)
np.where((X < 0) * (Y.sum() > 0), 1, X)
np.sign(X)
sign(X - X)
np.clip(X, -1, 1)
np.clip(X, X.mean(axis=0), 2)
np.heaviside(X, 0.5)
np.heaviside(X - X, 0.5)
np.where(X.sum() > 0, 1, X)
np.where(X > 0, np.where(X > 1, 1, X), 0)
where(A_out > 0.5, 1, 0) - Y
np.sum(np.where(X > 0, X, 0) * np.where(X < 1, 1, X), axis=0)
np.ones(n)
np.ones((n,))
np.ones(shape=(n, m))
np.ones([n, m])
np.ones(())
np.ones(3)
np.ones((2, 3)) @ np.ones((3, 4))
np.ones(X.shape)
np.ones(X.T.shape)
np.ones((len(X), X.shape[1]))
np.ones((X.shape[-1], Y.shape[-2]))
np.zeros((d, t))
zeros(W_out.shape) + 1
np.ones_like(X)
np.zeros_like(X) + 3
ones_like(n)
np.eye(d)
np.eye(d, t)
np.eye(3)
np.eye(2, 3) @ np.ones((3, 2))
np.eye(n) @ X
X @ np.eye(m)
np.eye(N=n, M=m) * X
np.exp(np.eye(d)).sum()
np.outer(X.sum(0), Y.sum(0))
np.outer(X.sum(1), Y.sum(1, keepdims=True))
np.outer(X.sum(0, keepdims=True), 2)
np.outer(2, 3)
outer(np.ones(3), X.sum(0))
np.outer(X.sum(), X.sum(0)).T
len(X)
len(X.T) * len(X)
X.shape[0] / X.shape[1]
(X.T @ Y).shape[1]
((X.T) @ (Y))
(A_h.T@delta_out)*n/n  # a comment
np . dot ( X , W_h )
X .sum ( axis = 0 )
""".strip().splitlines()
FORMULAS.remove("sum(X[0:0].sum(0)) if False else 0")

# Each is valid at some numbers, and not where the sizes are names.
AT_NUMBERS = {
    "np.outer(A_h, delta_out)": {"n": 1},
    "A_h.T * delta_out": {"n": 1},
    "X + np.ones((n, 4))": {"m": 4},
    "X + Y": {"m": 4, "t": 4},
    "A_h @ W_out + A_h @ W_out.T": {"d": 3, "t": 3},
    "X ** n": {"n": 3},
    "np.ones((n + 1, m - 1))": {"m": 4},
    "np.ones(4) @ X.T": {"m": 4},
}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@cache
def names(**sizes):
    """What a formula may mention, at a point of small fractions; Y holds a 0, a 1 and others."""
    random = np.random.default_rng(sorted(sizes.values()))
    m, d, t, n = (sizes[label] for label in "mdtn")
    x, w_h, w_out, y = (
        random.integers(-9, 10, size=shape) / random.integers(1, 8, size=shape)
        for shape in ((n, m), (m, d), (d, t), (n, t))
    )
    z_h = x @ w_h
    z_out = sigmoid(z_h) @ w_out
    arrays = {"X": x, "W_h": w_h, "W_out": w_out, "Y": y, "Z_h": z_h, "A_h": sigmoid(z_h)}
    arrays |= {"Z_out": z_out, "A_out": sigmoid(z_out), "delta_out": sigmoid(z_out) - y}
    return arrays | sizes


LANGUAGE = {"np": np, "numpy": np, "sigmoid": sigmoid, "len": len}
LANGUAGE |= {name: getattr(np, name) for name in NUMPY}


def run(text, known):
    """What NumPy makes of the text."""
    with np.errstate(all="ignore"):
        return np.asarray(eval(text, LANGUAGE | known))


def assert_same(array, expected, known):
    found = entries(array, known)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


def network(sizes):
    return Network(sizes["m"], sizes["d"], sizes["t"], n=sizes["n"])


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_means_what_numpy_makes_of_it(text):
    """At numbers, and where the sizes are names and the numbers are put in afterwards."""
    _, general = read(text, GENERAL)
    for sizes in SIZES:
        known = names(**sizes)
        expected = run(text, known)
        assert_same(read(text, network(sizes))[1], expected, known)
        assert_same(general, expected, known)


@pytest.mark.parametrize("text", AT_NUMBERS)
def test_a_formula_that_needs_numbers_is_an_error_where_sizes_are_names(text):
    sizes = SIZES[1] | AT_NUMBERS[text]
    assert_same(read(text, network(sizes))[1], run(text, names(**sizes)), names(**sizes))
    with pytest.raises(FormulaError):
        read(text, GENERAL)


def test_every_function_of_the_language_is_compared_with_numpy():
    called = {name for text in FORMULAS for name in re.findall(r"(\w+) ?\(", text)}
    assert called >= {*FUNCTIONS, *METHODS} - {"erf"}  # SciPy's
    assert len(FORMULAS) >= 80


@pytest.mark.parametrize(
    ("mask", "spelled"),
    [
        ("(Z_h > 0) * A_h", "np.where(Z_h > 0, A_h, 0)"),
        ("A_h * (Z_h >= 0)", "np.where(Z_h >= 0, A_h, 0)"),
        ("(Z_h < 0).astype(float) + A_h", "np.where(Z_h < 0, 1, 0) + A_h"),
        ("(Z_h > 0).astype(int) @ W_out @ W_out.T", "np.where(Z_h > 0, 1, 0) @ W_out @ W_out.T"),
    ],
)
def test_a_mask_counts_as_one_and_zero(mask, spelled):
    """As NumPy has it, and no more: (a > b) + (c > d) is a logical or there."""
    one, other = (read(text, GENERAL)[1] for text in (mask, spelled))
    places = letters(one.shape)
    assert Ring().equal(one.entry(*places), other.entry(*places))


def test_decimals_are_exact():
    for text, value in {
        "0.1": "1/10",
        "1e-3": "1/1000",
        "2.50": "5/2",
        "1_0.0_1": "1001/100",
    }.items():
        assert read(text, GENERAL)[1].entry().value == Fraction(value)
    assert proved(question(GENERAL, formula("A_h.T @ delta_out * (0.1 + 0.2) / 0.3", GENERAL)))


def test_the_claim_is_the_text_and_the_array():
    claim = formula("  A_h.T @ (A_out - Y)  # δ written out\n", GENERAL)
    assert claim.text == "A_h.T @ (A_out - Y)"
    assert proved(question(GENERAL, claim))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("np.dot(A_h.T, sigmoid(A_h @ W_out) - Y)", True),
        ("A_h.T @ ((np.tanh(Z_out / 2) + 1) / 2 - Y)", True),
        ("A_h.T @ (np.exp(1) ** Z_out / (1 + np.exp(Z_out)) - Y)", True),
        ("np.eye(d) @ A_h.T @ delta_out", True),
        ("A_h.T @ delta_out / n", False),
        ("A_h.T @ (Y - A_out)", False),
    ],
)
def test_one_formula_serves_all_sizes(text, right):
    for network in (GENERAL, Network(4, 3, 5, n=3)):
        assert bool(proved(question(network, formula(text, network)))) is right


@pytest.mark.parametrize(("factor", "relation"), [("Y / Y", "≠"), ("(1 + 0 * np.log(Y))", ">")])
def test_what_cancels_is_not_forgotten(factor, relation):
    """The number 1 would say nothing of where Y is 0."""
    theorem = proved(question(GENERAL, formula(f"A_h.T @ (delta_out * {factor})", GENERAL)))
    (condition,) = theorem.conditions
    assert (condition.u.name, condition.relation) == ("Y", relation)


@pytest.mark.parametrize(
    "factor",
    [
        "(np.eye(2) - 1) / (np.eye(2) - 1)",
        "np.eye(2) / np.eye(2)",
        "(1 + 0 * np.log(np.eye(2)))",
        "(1 + 0 * np.sqrt(np.eye(2) - 1))",
    ],
)
@pytest.mark.parametrize("sizes", [(2, 2, 2, 2), ("m", "d", "d", "n")])
def test_what_is_undefined_on_or_off_the_diagonal_proves_nothing(factor, sizes):
    """NumPy makes nan or inf of it; a condition that no point meets is no condition."""
    *layers, n = sizes
    network = Network(*layers, n=n)
    factor = factor.replace("eye(2)", f"eye({network.d})")
    claim = formula(f"A_h.T @ delta_out * ({factor})", network)
    assert not proved(question(network, claim))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("1 + np.eye(2)", marks=pytest.mark.xfail(reason="no rule for 1/(1 + δ)")),
        "np.square(Y) + 1",
        "2 * Y**2 * A_out + 3",
        "1 + np.where(Y > 0, 1, 0)",
    ],
)
def test_what_is_never_zero_is_no_condition(value):
    """A square, a delta and a mask are not negative."""
    network = Network(2, 2, 2, n=2)
    claim = formula(f"A_h.T @ (delta_out / ({value}) * ({value}))", network)
    assert proved(question(network, claim)).conditions == ()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("W_out / W_out", False),
        ("np.sqrt(W_out) ** 2", False),
        ("W_out * 1", False),
        ("W_out", True),
    ],
)
def test_an_entry_is_exactly_what_is_written(text, same):
    places = letters(GENERAL.arrays["W_out"].shape)
    entry = formula(text, GENERAL).array.entry(*places)
    assert alike(entry, GENERAL.arrays["W_out"].entry(*places)) is same


def test_nothing_is_run():
    """No name of anything that runs or guesses at text stands in the sources of the language."""
    running = {"eval", "exec", "compile", "sympify", "parse_expr", "simplify", "__import__"}
    for path in Path(syntax.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = {getattr(node, "id", None), getattr(node, "attr", None)}
            assert not names & running, path


def test_sizes_go_by_their_letter_and_by_the_name_that_the_user_gave():
    named = Network("inputs", 3, "t", n="N")
    for text in ("np.ones((n, d))", "np.ones((N, 3))", "np.ones((len(X), d))"):
        assert shape.sizes(read(text, named)[1].shape) == ("N", 3)
    for text in ("n", "N"):
        assert alike(read(text, named)[1].entry(), SizeOf("N"))
    with pytest.raises(SizeError, match="m is called 'n', and n is a1: give it another name"):
        Network("n", 2, 2, n="a1")


# Errors -----------------------------------------------------------------------------------

ERRORS = [
    # names
    ("A_h.T @ (Aout - Y)", r"unknown name Aout: did you mean A_out\?", 9),
    ("x.T @ Y", r"unknown name x: did you mean X\?", 0),
    ("A_h.T @ delta", r"unknown name delta: did you mean delta_h\?", 8),
    ("2 * qwerty", "unknown name qwerty: there are X W_h W_out Y", 4),
    ("sigmod(Z_h)", r"unknown name sigmod: did you mean sigmoid\?", 0),
    ("A_h + J", "J is the loss itself", 6),
    ("np.exp + 1", "np.exp is a function: write its argument", 0),
    ("1 + exp", "exp alone is no value", 4),
    ("np + 1", "np alone is no value", 0),
    ("__import__('os')", "unknown name __import__", 0),
    ("X.__class__", ".__class__ is not supported", 2),
    # shapes
    ("A_h @ delta_out", r"\(n=3 × d=6\) @ \(n=3 × t=5\).*d=6 is not n=3; the left one transp", 4),
    ("X @ (W_h @ Y)", r"inner sizes differ, d=6 is not n=3", 9),
    ("X + Y", r"\(n=3 × m=4\) and \(n=3 × t=5\) do not broadcast: m=4 is not t=5", 2),
    ("np.dot(X, Y)", r"\(n=3 × m=4\) @ \(n=3 × t=5\)", 0),
    ("X.dot(Y)", r"\(n=3 × m=4\) @ \(n=3 × t=5\)", 2),
    ("X.T * X", r"n=3 is not m=4; the left one transposed would fit", 4),
    ("X + np.ones((7, 1))", r"\(n=3 × m=4\) and \(7 × 1\) do not broadcast: n=3 is not 7", 2),
    ("X @ 2", r"\(n=3 × m=4\) @ \(\): @ multiplies matrices and vectors", 2),
    ("X.sum(axis=2)", r"the shape \(n=3 × m=4\) has no axis 2", 2),
    ("X.sum(0).sum(1)", r"the shape \(m=4\) has no axis 1", 9),
    ("X.sum(axis=(0, -2))", "the axes 0, -2 name one of them twice", 2),
    ("X.shape[2]", r"the shape \(n=3 × m=4\) has no \[2\]", 8),
    ("np.outer(X, Y)", r"np.outer would flatten \(n=3 × m=4\)", 0),
    ("np.where(X > Y, 1, 0)", "do not broadcast", 0),
    ("len(n)", "a number has no length", 0),
    # the result
    ("delta_out.T @ A_h", r"shape \(t=5 × d=6\), ∂J/∂W_out needs \(d=6 × t=5\): its transpose", 0),
    ("X", r"the formula has the shape \(n=3 × m=4\), ∂J/∂W_out needs \(d=6 × t=5\)$", 0),
    ("1", r"the formula has the shape \(\), ∂J/∂W_out needs", 0),
    # syntax
    ("", "the formula is empty: write one such as A_h.T @ delta_out", 0),
    (" \t ", "the formula is empty", 0),
    ("# nothing", "the formula is empty", 0),
    ("A_h.T @", "invalid syntax: is an operator", 7),
    ("A_h.T delta_out", "invalid syntax: is an operator such as", 6),
    ("(A_h", "'\\(' was never closed: close the bracket", 0),
    ("A_h)", "unmatched '\\)'", 3),
    ("2A_h", "invalid decimal literal: write \\* between", 0),
    ("A_h'", "unterminated string literal.*for a transpose write .T", 3),
    ("A_h.T @ (A_out Y)", "invalid syntax: is an operator", 9),
    ("dW = A_h.T @ delta_out", "a formula has no =: write the right-hand side alone", 3),
    ("A_h ? Y", "invalid syntax", 4),
    ("import os", "invalid syntax", 0),
    # signs
    ("A_h −Y", r"− \(MINUS SIGN\) is no part of a formula: write -", 4),
    ("A_h ⊙ Y", "CIRCLED DOT OPERATOR.*write \\*", 4),
    ("А_h", r"CYRILLIC CAPITAL LETTER A\).*plain ASCII", 0),
    ("𝐀_h", "MATHEMATICAL BOLD CAPITAL A", 0),
    ("δ_out", "GREEK SMALL LETTER DELTA.*write delta_out", 0),
    ("A_hᵀ @ Y", "write .T", 3),
    ("X\x00", "character 0x0 is no part of a formula", 1),
    ("X\x1b[31m", "character 0x1b", 1),
    ("X\u202eY", "RIGHT-TO-LEFT OVERRIDE", 1),
    ("X\ud800", "character 0xd800", 1),
    ("(X +\nY)", "a formula is one line", 4),
    # NumPy, but not supported
    ("np.einsum('ij,jk', X, W_h)", "np.einsum is not supported: write the product with @", 0),
    ("1 + np.clip(X, 0)", "np.clip: missing a required argument: 'a_max'", 4),
    ("np.sgn(X)", "np.sgn is not supported", 0),
    ("np.summ(X)", r"np.summ is not supported: did you mean np.sum\?", 0),
    ("np.linalg.norm(X)", "np.linalg is not supported", 0),
    ("np.inf * X", "np.inf is not supported", 0),
    ("X.reshape(1, 2)", ".reshape is not supported: use keepdims", 2),
    ("X.t", r".t is not supported: did you mean .T\?", 2),
    ("X.exp()", r".exp is not supported: write np.exp\(", 2),
    ("X.dot", r".dot is a function: write .dot\(", 2),
    ("X.T()", r".T is no function: leave the \(\) out", 2),
    ("X.shape()", r".shape is no function: leave the \(\) out", 2),
    ("X.T(Y)", r"X.T is no function: write \* to multiply", 2),
    ("expit(X)", "expit is not supported: write sigmoid", 0),
    ("scipy.special.expit(X)", ".expit is not supported: write sigmoid", 14),
    ("einsum('ij,jk', X, W_h)", "einsum is not supported: write the product with @", 0),
    ("(X > 0).sum()", "comparisons belong in np.where", 3),
    ("(X > 0).T", "comparisons belong in np.where", 3),
    ("n.T", "only arrays have .T", 2),
    ("X.shape.T", "only arrays have .T", 8),
    ("X(Y)", r"X is no function: write \* to multiply", 0),
    ("2 (X)", r"2 is no function: write \* to multiply", 0),
    ("X[0]", "indexing is not supported", 0),
    ("X[:, 1]", "indexing is not supported", 0),
    ("X.shape[0:1]", "a whole number is needed here", 8),
    ("X.shape", "a shape is no array", 2),
    ("X + X.shape", "a shape is no array", 6),
    ("X % 2", "% is not supported", 2),
    ("(X) // 2", "// is not supported: write /", 4),
    ("X ^ 2", r"\^ is not supported: write \*\*", 2),
    ("X & Y", "& is not supported", 2),
    ("~X", "~ is not supported", 0),
    ("not X", "not is not supported", 0),
    ("X and Y", "and, or are not supported", 0),
    ("X if Y else X", "if … else is not supported: write np.where", 0),
    ("lambda: X", "lambda is not supported", 0),
    ("[x for x in X]", "comprehensions are not supported", 0),
    ("sum(x for x in X)", "comprehensions are not supported", 3),
    ("(x := X)", ":= is not supported", 1),
    ("'X'", "strings are not supported", 0),
    ("f'{X}'", "strings are not supported", 0),
    ("b'X'", "strings are not supported", 0),
    (r"'\d'", "strings are not supported", 0),
    ("1or X", "and, or are not supported", 0),  # Python warns of it
    ("X * 2j", "complex numbers are not supported", 4),
    ("True", "True and False are answers to keepdims= alone", 0),
    ("None", "None stands for all axes", 0),
    ("...", "is not supported", 0),
    ("(X, Y)", "a tuple stands for a shape", 0),
    ("[X]", "lists are not supported", 0),
    ("{X}", "braces are not supported", 0),
    ("{}", "braces are not supported", 0),
    ("await X", "await is not supported in a formula", 0),
    ("(yield)", "yield is not supported in a formula", 1),
    ("X > 0", "comparisons belong in np.where", 2),
    ("np.exp(X > 0)", "comparisons belong in np.where", 9),
    ("(X > 0) - (X < 0)", "comparisons belong in np.where", 3),
    ("np.where(X, 1, 0)", "np.where asks a comparison first", 9),
    ("np.where(0 < X < 1, 1, 0)", "chains of comparisons", 11),
    ("np.where(X in Y, 1, 0)", "in is not supported", 11),
    ("np.where(X is not Y, 1, 0)", "is not is not supported", 11),
    ("sum(X)", "Python's sum adds rows, NumPy's adds all entries: write np.sum", 0),
    # arguments
    ("np.dot(X)", "np.dot: missing a required argument: 'b'; it takes a, b here", 0),
    ("np.exp()", "np.exp: missing a required argument: 'x'", 0),
    ("np.exp(X, Y)", "np.exp: too many positional arguments", 0),
    ("np.exp(x=X)", "np.exp: ", 0),
    ("X.transpose(1)", ".transpose: too many positional arguments; it takes nothing", 2),
    ("np.sum(X, dtype=2)", "np.sum: dtype= is not supported; it takes a, axis, keepdims here", 10),
    ("np.ones(n, m)", r"np.ones takes one shape, in brackets .*: np.ones\(\(n, m\)\)", 0),
    ("np.sum(X, axis=0.0)", "a whole number is needed here", 15),
    ("np.sum(X, axis=2 / 2)", "a whole number is needed here", 17),
    ("X.shape[1.0]", "a whole number is needed here", 8),
    ("np.ones((n, 2.0))", "a size is a positive whole number", 12),
    ("np.sum(X, axis=0, axis=1)", "an argument is given twice", 0),
    ("np.sum(*X)", "starred arguments are not supported", 7),
    ("np.sum(**X)", "np.sum: ", 0),
    ("np.sum(X, axis=n)", "a whole number is needed here", 15),
    ("np.sum(X, axis=0.5)", "a whole number is needed here", 15),
    ("np.sum(X, keepdims=1)", "True or False is needed here", 19),
    ("np.ones((n, m, d))", "3 axes are not supported", 8),
    ("np.ones((n, 0))", "a size is a positive whole number", 12),
    ("np.ones((n, -1))", "a size is a positive whole number", 12),
    ("np.ones((n, X))", "a size is a positive whole number", 12),
    ("np.ones(20000)", "at most 10000", 8),
    ("np.ones(*X.shape)", "starred arguments are not supported", 8),
    ("np.eye((n, m))", "a tuple stands for a shape", 7),
    # numbers
    ("X ** Y", "an exponent is an integer or a half", 2),
    ("X ** 0.3", "an exponent is an integer or a half", 2),
    ("X ** 21", "exponents go up to 20", 2),
    ("(X ** 5) ** 5", "exponents go up to 20", 9),
    ("np.square(X ** 11)", "exponents go up to 20", 0),
    ("(-2) ** X", "an exponent is an integer or a half", 5),
    ("10 ** 10 ** 10 * X", "exponents go up to 20", 3),
    ("20 ** 20 ** 20", "exponents go up to 20", 3),
    ("((1e90 ** 20) ** 20) ** 20", "powers of numbers go from 1e-100 to 1e100", 7),
    ("2 ** (n * 10 ** 7)", "exponents go up to 20", 2),
    ("X / 0", "the divisor is 0", 2),
    ("1 / (2 - 2)", "the divisor is 0", 2),
    ("X / np.zeros((n, m))", "the divisor is 0", 2),
    ("0 ** -1", "the divisor is 0", 2),
    ("np.log(0)", "the logarithm of 0", 0),
    ("np.log(-1 * np.ones(3))", "", 0),
    ("np.sqrt(-1)", "the root of a negative number", 0),
    ("1e400", "powers of ten go up to 100", 0),
    ("1e-400", "powers of ten go up to 100", 0),
    ("1e" + "9" * 99, "powers of ten go up to 100", 0),
    ("2 + " + "5" * 5000, "a number of more than 200 digits", 4),
    ("0x" + "f" * 999, "more than 200 digits in all", 0),
    # bounds
    ("X" * 10_001, "10001 characters long, and at most 10000 fit", 10_000),
    ("(" * 61 + "X" + ")" * 61, "the brackets nest too deep", 60),
    ("-" * 9000 + "X", "too", None),
    ("X + " * 2000 + "X", "too", None),
    ("X" + ".T" * 4000, "too", None),
    ("X**" * 3000 + "X", "too", None),
    ("np.exp(" * 30 + "X" + ")" * 30, "too large", None),
    ("np.dot(" + "X, " * 3000 + "X)", "too large", None),
    (" * ".join(["1e99"] * 5), "more than 200 digits in all", None),
]
AT = Network(4, 6, 5, n=3)


@pytest.mark.parametrize(
    ("text", "message", "column"), ERRORS, ids=[repr(text[:40]) for text, *_ in ERRORS]
)
def test_an_error_says_what_is_wrong_and_points_at_it(text, message, column):
    with pytest.raises(FormulaError) as caught:
        formula(text, AT)
    error = caught.value
    assert isinstance(error, GradcheckError)
    first, shown, carets = str(error).split("\n")
    assert first == error.message
    assert re.search(message, first)
    assert column is None or error.start == column
    assert 0 <= error.start <= len(error.text)
    assert all(line.isprintable() and len(line) < 200 for line in (shown, carets))
    start, length = carets.index("^"), carets.count("^")
    assert carets.strip() == "^" * length
    under = error.text[error.start : error.end]
    printable = "".join(c if c.isprintable() else "?" for c in under)
    assert (shown + " ")[start : start + length].rstrip("… ") == printable[:length].rstrip()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A_h + Y", r"\(n × d\) and \(n × t\) do not broadcast: d and t need not be equal"),
        ("X @ W_out", r"the inner sizes differ, m and d need not be equal \(give equal sizes one"),
        ("A_h + np.ones(3)", r"\(n × d\) and \(3\) do not broadcast: d and 3 need not be equal"),
        ("W_out.T", r"shape \(t × d\), ∂J/∂W_out needs \(d × t\): its transpose would fit"),
        ("A_h ** n", "an exponent is an integer or a half, written as a number"),
        ("np.ones((d - 1, t))", "a size is a positive whole number, or one such as n"),
        ("np.outer(A_h, delta_out)", r"np.outer would flatten \(n × d\)"),
    ],
)
def test_sizes_that_are_names_may_differ(text, message):
    with pytest.raises(FormulaError, match=message):
        formula(text, GENERAL)


def test_a_long_formula_is_shown_around_the_place():
    text = "X + " * 30 + "Q" + " + X" * 30
    with pytest.raises(FormulaError) as caught:
        formula(text, GENERAL)
    _, shown, carets = str(caught.value).split("\n")
    assert shown[carets.index("^")] == "Q"
    assert shown.startswith(" … X + X")
    assert shown.endswith("…")
    assert len(shown) < 80


# Fuzzing ----------------------------------------------------------------------------------

NAMES = "X W_h W_out Y Z_h A_h Z_out A_out delta_out J m d t n np numpy q"
SIGNS = ".T .shape [0] [-1] [ ] ( ( ) ) ) , , = == < > >= != := : ; ' \" # @ @ * * ** / // %"
MORE = "+ - ~ ^ & | . .. ... 0 1 2 0.5 1e-3 1e999 -1 1j 0x f' b' \\ é δ − \0"
WORDS = "lambda if else for in not is and axis= keepdims= shape= True False None"
TOKENS = [
    *" ".join((NAMES, SIGNS, MORE, WORDS)).split(" "),
    *(f"{name}(" for name in FUNCTIONS),
    *(f"np.{name}(" for name in NUMPY),
    *(f".{name}(" for name in METHODS),
    *("\t", "\n"),
]


def answer(text, where):
    try:
        array = formula(text, where).array
        return array.entry(*letters(array.shape))
    except FormulaError as error:
        return str(error).split("\n")


def accepts_or_refuses(text):
    for where in (AT, GENERAL):
        found = answer(text, where)
        assert isinstance(found, Term) or len(found) == 3


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_is_a_formula_or_a_formula_error(text):
    accepts_or_refuses(text)


@given(st.lists(st.sampled_from(TOKENS), max_size=25), st.sampled_from(["", " "]))
@settings(max_examples=600)
def test_any_tokens_are_a_formula_or_a_formula_error(tokens, between):
    accepts_or_refuses(between.join(tokens))


LEAVES = "X W_h W_out Y A_h A_out delta_out n d 2 0.5 np.ones((n,1)) np.ones(m) np.eye(d)"
TEMPLATES = """
(? + ?)
(? - ?)
(? * ?)
(? @ ?)
(? @ ?)
(-?)
(?).T
(?).T
(? / 2)
(? ** 2)
(? / ?)
np.exp(?)
(0.5 ** ?)
(np.exp(?) ** ?)
np.sum(?)
np.sum(?, axis=0)
np.sum(?, axis=1, keepdims=True)
np.sum(?, axis=(0, 1))
np.mean(?, axis=-1)
np.dot(?, ?)
np.tanh(?)
np.sin(?)
np.cos(?)
sigmoid(?)
np.abs(?)
np.maximum(?, ?)
np.minimum(?, ?)
np.where(? > ?, ?, ?)
np.where(? <= 0, ?, 1)
np.ones_like(?)
"""


@st.composite
def well_formed(draw, depth=4):
    """A formula that Python can parse; its shapes may fit or not."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(LEAVES.split()))
    first, *others = draw(st.sampled_from(TEMPLATES.strip().split("\n"))).split("?")
    return first + "".join(draw(well_formed(depth - 1)) + other for other in others)


@given(well_formed(), st.sampled_from(SIZES))
@settings(max_examples=500)
def test_a_formula_is_right_exactly_where_numpy_takes_it(text, sizes):
    """Its shape and its entries are NumPy's; where NumPy refuses the shapes, so do we."""
    known = names(**sizes)
    try:
        expected = run(text, known)
    except AttributeError:  # Python's numbers have no .T, those of NumPy do
        return
    except (ValueError, TypeError):  # shapes; @ of numbers
        with pytest.raises(FormulaError):
            read(text, network(sizes))
        return
    try:
        _, array = read(text, network(sizes))
    except FormulaError as error:
        if not re.search(
            "exponents go up|only arrays have|has no axis|the divisor is 0", str(error)
        ):
            raise
        return
    found = entries(array, known)
    assert found.shape == expected.shape
    # a comparison of nearly equal numbers may fall either way
    overflows = "**" in text or "tanh" in text  # NumPy's 1 ** inf and tanh(inf) are 1
    infinite = overflows and not np.isfinite(found).all()
    if np.isfinite(expected).all() and "where" not in text and not infinite:
        assert np.abs(found - expected).max() <= 1e-6 * max(1, np.abs(expected).max())


def normal(array):
    return Ring().normal(array.entry(*letters(array.shape)))


def test_a_formula_at_the_bounds_is_read_and_written_within_the_stack():
    """The depth that is let through is one that the ring can walk."""
    for function in ("sigmoid", "np.tanh", "np.sqrt", "np.log", "np.abs"):
        depth = syntax.MOST_DEPTH // syntax.LEVELS_OF_A_CALL - 1
        text = f"{function}(" * depth + "W_out" + ")" * depth
        assert str(normal(formula(text, GENERAL).array))
    for sign in ("+", "*", "@ np.eye(t) +", "/"):
        text = f"W_out {sign} " * (syntax.MOST_DEPTH // 4) + "W_out"
        assert str(normal(formula(text, GENERAL).array))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_of_claims_may_come_from_windows(tmp_path, monkeypatch, mark, end):
    text = end.join([f"{mark}# mine", "", "A_h.T @ delta_out  # right", "  ", "W_out"])
    (tmp_path / "claims.txt").write_bytes(text.encode())
    file = str(tmp_path / "claims.txt")
    right = [Typed("A_h.T @ delta_out", file, 3), Typed("W_out", file, 5)]
    assert claim_texts([f"@{file}"]) == right
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode()), "ascii"))
    assert [(one.text, one.file) for one in claim_texts(["-"])] == [
        ("A_h.T @ delta_out", None),
        ("W_out", None),
    ]


def test_claims_without_a_standard_input_are_an_error(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(ClaimFileError, match="no standard input"):
        claim_texts(["-"])


def test_claims_that_are_no_text_are_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"\xff\xfeA\0"), "utf-8"))
    with pytest.raises(ClaimFileError, match="not text"):
        claim_texts(["-"])
