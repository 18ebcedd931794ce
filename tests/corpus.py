"""Formulas for ∂J/∂W_out as people write them in NumPy: right ones, and the classic errors.

J = −Σ_i Σ_j [y ln a + (1 − y) ln(1 − a)], both activations are sigmoids, and X, W_h, W_out
and Y are any real numbers. `test_corpus_numpy.py` confirms both lists with NumPy alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Needs = Literal[
    "",
    "m == d",
    "m == d == t",
    "d == t",
    "d == t > 1",
    "d != t",
    "n == d > 1",
    "n == d == t > 1",
    "n == 1",
    "t == 1",
    "m > 1",
    "d > 1",
    "t > 1",
    "n > 1",
]


@dataclass(frozen=True)
class Formula:
    """A formula, the spelling or the error that it is, and the sizes that it needs to be one.

    At other sizes it has another shape, or a wrong one is right by accident, or a right one wrong.
    """

    text: str
    note: str
    needs: Needs = ""

    def fits(self, *, m: int, d: int, t: int, n: int) -> bool:
        """Whether these are sizes that the formula needs."""
        return not self.needs or eval(self.needs, {"m": m, "d": d, "t": t, "n": n})


# The most general sizes at which a formula with such a need is to be proved or refuted.
NAMED_SIZES: dict[Needs, tuple[str | int, str | int, str | int, str | int]] = {
    "": ("m", "d", "t", "n"),
    "m == d": ("d", "d", "t", "n"),
    "m == d == t": ("d", "d", "d", "n"),
    "d == t": ("m", "d", "d", "n"),
    "d == t > 1": ("m", "d", "d", "n"),
    "d != t": ("m", "d", "t", "n"),
    "n == d > 1": ("m", "d", "t", "d"),
    "n == d == t > 1": ("m", "d", "d", "d"),
    "n == 1": ("m", "d", "t", 1),
    "t == 1": ("m", "d", 1, "n"),
    "m > 1": ("m", "d", "t", "n"),
    "d > 1": ("m", "d", "t", "n"),
    "t > 1": ("m", "d", "t", "n"),
    "n > 1": ("m", "d", "t", "n"),
}


RIGHT = (
    # in names
    Formula("A_h.T @ delta_out", "the textbook's"),
    Formula("A_h.T @ (A_out - Y)", "delta_out written out"),
    Formula("np.dot(A_h.T, delta_out)", "np.dot"),
    Formula("np.dot(A_h.T, (A_out - Y))", "np.dot, delta_out written out"),
    Formula("np.matmul(np.transpose(A_h), A_out - Y)", "np.matmul and np.transpose"),
    Formula("np.transpose(A_h) @ delta_out", "np.transpose"),
    Formula("dot(A_h.T, delta_out)", "without np."),
    Formula("matmul(transpose(A_h), A_out - Y)", "without np., all functions"),
    Formula("(delta_out.T @ A_h).T", "transpose of the transposed product"),
    Formula("np.dot((A_out - Y).T, A_h).T", "transpose of the transposed np.dot"),
    Formula("np.transpose(np.transpose(delta_out) @ A_h)", "the same with np.transpose"),
    Formula("A_h.T.T.T @ delta_out.T.T", "transposes of transposes"),
    Formula("-A_h.T @ (Y - A_out)", "two signs that cancel, in front"),
    Formula("-(A_h.T @ (Y - A_out))", "two signs that cancel, around"),
    Formula("A_h.T @ -(Y - A_out)", "two signs that cancel, inside"),
    Formula("np.multiply(-1, np.dot(A_h.T, Y - A_out))", "the sign as np.multiply"),
    Formula("A_h.T @ A_out - A_h.T @ Y", "expanded product"),
    Formula("np.dot(A_h.T, A_out) - np.dot(A_h.T, Y)", "expanded np.dot"),
    Formula("(A_out.T @ A_h - Y.T @ A_h).T", "expanded, then transposed"),
    Formula("-(A_h.T @ Y) + A_h.T @ A_out", "expanded, in the other order"),
    # factors that cancel, and zeros
    Formula("1 / 2 * A_h.T @ (2 * A_out - 2 * Y)", "the ½ of a squared error and its 2"),
    Formula("0.1 * (A_h.T @ (10 * delta_out))", "a decimal that is exact"),
    Formula("1e-3 * A_h.T @ (1e3 * delta_out)", "scientific notation"),
    Formula("n * (A_h.T @ delta_out / n)", "the mean times n"),
    Formula("A_h.T @ (delta_out / len(X)) * X.shape[0]", "the mean times n, as len and shape"),
    Formula("(A_h.T @ delta_out) / (n * t) * n * t", "the mean over everything, undone"),
    Formula("np.zeros((d, t)) + np.dot(A_h.T, delta_out)", "added to a fresh buffer"),
    Formula(
        "np.zeros((W_out.shape[0], W_out.shape[1])) + A_h.T @ delta_out",
        "a buffer shaped like W_out",
    ),
    Formula("A_h.T @ delta_out + 0 * W_out", "a regularisation that is switched off"),
    Formula("A_h.T @ delta_out + 0.5 * W_out - W_out / 2", "a regularisation that cancels"),
    Formula("A_h.T @ np.multiply(delta_out, np.ones((n, t)))", "sample weights of one"),
    Formula("(np.ones((n, 1)) * A_h).T @ delta_out", "sample weights of one, broadcast"),
    Formula("A_h.T @ (np.ones(t) * (A_out - Y))", "class weights of one, a vector"),
    Formula("W_out - (W_out - A_h.T @ delta_out)", "old weights minus new, step 1"),
    # column sums, ones and means
    Formula("A_h.T @ (A_out - 1) + A_h.T @ (1 - Y)", "1 taken away and added"),
    Formula("A_h.T @ (np.ones((n, t)) - Y) - A_h.T @ (np.ones((n, t)) - A_out)", "in 1 − a, 1 − y"),
    Formula(
        "A_h.sum(axis=0, keepdims=True).T - A_h.T @ (1 - A_out + Y)",
        "a column sum, broadcast over the outputs",
    ),
    Formula(
        "A_h.T @ np.ones((n, 1)) - A_h.T @ (1 - A_out + Y)",
        "a column sum as a product with ones",
    ),
    Formula(
        "n * np.mean(A_h, axis=0, keepdims=True).T - A_h.T @ (1 - A_out + Y)",
        "a column sum as n times the mean",
    ),
    Formula(
        "np.outer(A_h.sum(axis=0), np.ones(t)) - A_h.T @ (1 - A_out + Y)",
        "a column sum as a vector, outer product with ones",
    ),
    Formula(
        "np.outer(np.ones((1, n)) @ A_h, np.ones((1, t))) - A_h.T @ (1 - A_out + Y)",
        "the outer product of two matrices of one row",
    ),
    Formula("np.ones((d, n)) @ delta_out - (1 - A_h).T @ delta_out", "1 − (1 − a) at the hidden"),
    Formula(
        "np.sum(delta_out, axis=0, keepdims=True) - (1 - A_h).T @ delta_out",
        "the bias gradient, broadcast over the hidden units",
    ),
    Formula(
        "delta_out.sum(axis=0) - (1 - A_h).T @ delta_out",
        "the bias gradient as a vector, broadcast",
    ),
    Formula(
        "(2 * A_h - 1).T @ delta_out / 2 + np.sum(delta_out, axis=0) / 2",
        "hidden units made symmetric",
    ),
    Formula(
        "(A_h - np.mean(A_h, axis=0, keepdims=True)).T @ delta_out"
        " + np.mean(A_h, axis=0, keepdims=True).T @ delta_out.sum(axis=0, keepdims=True)",
        "centred hidden units and what the mean contributes",
    ),
    Formula(
        "(A_h - A_h.mean(axis=0)).T @ (delta_out - delta_out.mean(axis=0))"
        " + n * np.outer(A_h.mean(axis=0), delta_out.mean(axis=0))",
        "a covariance and the product of the means",
    ),
    # products of matrices, regrouped
    Formula(
        "A_h.T @ (Z_out + delta_out) - A_h.T @ A_h @ W_out",
        "the Gram matrix taken away again",
    ),
    Formula(
        "(A_h.T @ A_h) @ W_out - A_h.T @ (A_h @ W_out - A_out + Y)",
        "least squares and its correction",
    ),
    Formula("(A_h + X @ W_h).T @ delta_out - Z_h.T @ delta_out", "a linear skip, taken away again"),
    Formula("(W_h.T @ X.T + (A_h - Z_h).T) @ delta_out", "the linear part and the rest"),
    Formula("(A_h + X).T @ delta_out - X.T @ delta_out", "a skip from the input", "m == d"),
    # roots, squares and logarithms that cancel
    Formula("np.sqrt(A_h**2).T @ delta_out", "root of a square of a positive"),
    Formula("np.square(np.sqrt(A_h)).T @ (A_out - Y)", "square of a root"),
    Formula("(A_h**2 + A_h * (1 - A_h)).T @ delta_out", "a² + a(1 − a)"),
    Formula("A_h.T @ (np.square(A_out) / A_out - Y)", "a²/a"),
    Formula("A_h.T @ (np.exp(np.log(A_out)) - Y)", "exp of log"),
    Formula("np.exp(np.log(A_h)).T @ delta_out", "exp of log at the hidden layer"),
    Formula("A_h.T @ (np.exp(2 * np.log(A_out)) / A_out - Y)", "a power through log"),
    Formula("A_h.T @ (sigmoid(np.log(A_out / (1 - A_out))) - Y)", "sigmoid of the logit"),
    Formula("A_h.T @ (sigmoid(np.log(A_out) - np.log(1 - A_out)) - Y)", "the log-odds"),
    # cases
    Formula(
        "A_h.T @ (np.maximum(delta_out, 0) - np.maximum(-delta_out, 0))",
        "positive minus negative part",
    ),
    Formula(
        "A_h.T @ np.where(A_out > Y, A_out - Y, -(Y - A_out))",
        "two cases that say the same",
    ),
    Formula(
        "A_h.T @ (np.where(delta_out > 0, 1, -1) * np.sqrt(np.square(delta_out)))",
        "sign times absolute value",
    ),
    # the sigmoid at the output unfolded
    Formula("np.dot(A_h.T, sigmoid(A_h @ W_out) - Y)", "A_out written out"),
    Formula("A_h.T @ (sigmoid(Z_out) - Y)", "A_out from Z_out"),
    Formula("A_h.T @ (1 / (1 + np.exp(-Z_out)) - Y)", "1/(1 + e^{−z})"),
    Formula("A_h.T @ (1.0 / (1.0 + np.exp(-1.0 * Z_out)) - Y)", "the same in floats"),
    Formula("A_h.T @ (1 / (1 + np.exp(-(A_h @ W_out))) - Y)", "the same down to A_h"),
    Formula("A_h.T @ (1 / (1 + np.exp(-np.dot(A_h, W_out))) - Y)", "the same with np.dot"),
    Formula("A_h.T @ ((1 + np.exp(-Z_out))**-1 - Y)", "a power −1"),
    Formula("A_h.T @ (1 / (1 + 1 / np.exp(Z_out)) - Y)", "1/(1 + 1/e^z)"),
    Formula("A_h.T @ (np.exp(Z_out) / (1 + np.exp(Z_out)) - Y)", "e^z/(1 + e^z)"),
    Formula("A_h.T @ (exp(Z_out) / (exp(Z_out) + 1) - Y)", "e^z/(e^z + 1) without np."),
    Formula("A_h.T @ (1 - sigmoid(-Z_out) - Y)", "1 − σ(−z)"),
    Formula("A_h.T @ (1 - Y) - A_h.T @ sigmoid(-Z_out)", "1 − σ(−z), expanded"),
    Formula("A_h.T @ (1 - 1 / (1 + np.exp(Z_out)) - Y)", "1 − 1/(1 + e^z)"),
    Formula("A_h.T @ (1 - np.exp(-Z_out) / (1 + np.exp(-Z_out)) - Y)", "1 − e^{−z}/(1 + e^{−z})"),
    Formula("A_h.T @ ((np.tanh(Z_out / 2) + 1) / 2 - Y)", "tanh"),
    Formula("A_h.T @ (0.5 * np.tanh(0.5 * Z_out) + 0.5 - Y)", "tanh in decimals"),
    Formula("A_h.T @ (0.5 * (1 + np.tanh(0.5 * np.dot(A_h, W_out))) - Y)", "tanh down to A_h"),
    Formula(
        "A_h.T @ np.tanh(Z_out / 2) / 2 + A_h.sum(axis=0, keepdims=True).T / 2 - A_h.T @ Y",
        "tanh expanded, with a column sum",
    ),
    Formula("A_h.T @ (np.exp(-np.log(1 + np.exp(-Z_out))) - Y)", "exp of −log"),
    Formula("A_h.T @ (np.exp(Z_out - np.log(1 + np.exp(Z_out))) - Y)", "exp of z − softplus"),
    Formula(
        "A_h.T @ (np.exp(Z_out / 2) / (np.exp(Z_out / 2) + np.exp(-Z_out / 2)) - Y)",
        "symmetric in ±z/2",
    ),
    Formula(
        "A_h.T @ (np.exp(Z_out) / (np.exp(Z_out) + np.exp(np.zeros((n, t)))) - Y)",
        "softmax against a logit of 0",
    ),
    Formula("A_h.T @ (1 / (1 + np.sqrt(np.exp(-2 * Z_out))) - Y)", "root of an exponential"),
    Formula("A_h.T @ (1 / (1 + np.exp(1)**-Z_out) - Y)", "a power of e"),
    Formula("A_h.T @ (np.square(sigmoid(Z_out)) * (1 + np.exp(-Z_out)) - Y)", "σ²(1 + e^{−z})"),
    Formula(
        "A_h.T @ (np.where(Z_out >= 0, 1 / (1 + np.exp(-Z_out)),"
        " np.exp(Z_out) / (1 + np.exp(Z_out))) - Y)",
        "the stable sigmoid, two cases",
    ),
    Formula(
        "A_h.T @ (np.exp(-np.maximum(-Z_out, 0)"
        " - np.log(1 + np.exp(-np.sqrt(np.square(Z_out))))) - Y)",
        "exp of a stable log-sigmoid",
    ),
    # the sigmoid at the hidden layer unfolded
    Formula("sigmoid(Z_h).T @ delta_out", "A_h from Z_h"),
    Formula("sigmoid(X @ W_h).T @ (A_out - Y)", "A_h written out"),
    Formula("sigmoid(W_h.T @ X.T) @ delta_out", "A_hᵀ written out, columns are examples"),
    Formula("np.dot(sigmoid(np.dot(X, W_h)).T, delta_out)", "np.dot in np.dot"),
    Formula("(1 / (1 + np.exp(-Z_h))).T @ delta_out", "1/(1 + e^{−z}) at the hidden layer"),
    Formula("1 / (1 + np.exp(-Z_h.T)) @ delta_out", "/ before @, from the left"),
    Formula("1 / (1 + np.exp(-W_h.T @ X.T)) @ (A_out - Y)", "the same down to X"),
    Formula("(np.exp(Z_h) / (1 + np.exp(Z_h))).T @ delta_out", "e^z/(1 + e^z) at the hidden"),
    Formula("(1 - sigmoid(-Z_h)).T @ delta_out", "1 − σ(−z) at the hidden layer"),
    Formula("((np.tanh(Z_h / 2) + 1) / 2).T @ delta_out", "tanh at the hidden layer"),
    # both unfolded
    Formula("sigmoid(Z_h).T @ (sigmoid(A_h @ W_out) - Y)", "both from what feeds them"),
    Formula("sigmoid(X @ W_h).T @ (sigmoid(sigmoid(X @ W_h) @ W_out) - Y)", "down to X"),
    Formula(
        "np.dot(sigmoid(np.dot(X, W_h)).T, sigmoid(np.dot(sigmoid(np.dot(X, W_h)), W_out)) - Y)",
        "down to X with np.dot",
    ),
    Formula(
        "(1 / (1 + np.exp(-(X @ W_h)))).T"
        " @ (1 / (1 + np.exp(-(1 / (1 + np.exp(-(X @ W_h))) @ W_out))) - Y)",
        "down to X in exponentials",
    ),
    Formula("(1 - sigmoid(-Z_h)).T @ (1 - sigmoid(-Z_out) - Y)", "1 − σ(−z), both"),
    Formula(
        "0.5 * (1 + np.tanh(0.5 * X @ W_h)).T @ (0.5 * (1 + np.tanh(0.5 * A_h @ W_out)) - Y)",
        "tanh, both",
    ),
    Formula(
        "((np.tanh(X @ W_h / 2) + 1) / 2).T"
        " @ ((np.tanh((np.tanh(X @ W_h / 2) + 1) / 2 @ W_out / 2) + 1) / 2 - Y)",
        "tanh down to X",
    ),
    Formula(
        "(np.exp(Z_h) / (1 + np.exp(Z_h))).T @ (1 / (1 + np.exp(-Z_out)) - Y)",
        "each layer in another spelling",
    ),
    # the chain rule spelled out
    Formula(
        "A_h.T @ (-(Y / A_out - (1 - Y) / (1 - A_out)) * A_out * (1 - A_out))",
        "∂J/∂a times φ′ = a(1 − a)",
    ),
    Formula(
        "A_h.T @ (((1 - Y) / (1 - A_out) - Y / A_out) * (A_out - A_out**2))",
        "φ′ = a − a²",
    ),
    Formula(
        "A_h.T @ ((A_out - Y) / (A_out * (1 - A_out)) * (A_out * (1 - A_out)))",
        "∂J/∂a over one denominator",
    ),
    Formula(
        "A_h.T @ ((-Y / A_out + (1 - Y) / (1 - A_out)) * sigmoid(Z_out) * (1 - sigmoid(Z_out)))",
        "φ′ = σ(z)(1 − σ(z))",
    ),
    Formula(
        "A_h.T @ ((-Y / A_out + (1 - Y) / (1 - A_out)) * sigmoid(Z_out) * sigmoid(-Z_out))",
        "φ′ = σ(z)σ(−z)",
    ),
    Formula(
        "A_h.T @ ((-Y / A_out + (1 - Y) / (1 - A_out)) * np.exp(-Z_out) / (1 + np.exp(-Z_out))**2)",
        "φ′ = e^{−z}/(1 + e^{−z})²",
    ),
    Formula(
        "A_h.T @ (delta_out / (A_out * (1 - A_out))"
        " * np.exp(Z_out) / np.square(1 + np.exp(Z_out)))",
        "φ′ = e^z/(1 + e^z)²",
    ),
    Formula(
        "A_h.T @ (delta_out / (A_out * (1 - A_out)) * (1 - np.tanh(Z_out / 2)**2) / 4)",
        "φ′ = (1 − tanh²)/4",
    ),
    Formula(
        "A_h.T @ (delta_out / (A_out * (1 - A_out)) / (np.exp(Z_out / 2) + np.exp(-Z_out / 2))**2)",
        "φ′ = 1/(e^{z/2} + e^{−z/2})²",
    ),
    Formula(
        "A_h.T @ (delta_out * A_out * (1 - A_out) * (2 + np.exp(Z_out) + np.exp(-Z_out)))",
        "1/φ′ = 2 + e^z + e^{−z}",
    ),
    Formula(
        "np.dot(A_h.T, np.multiply(-(np.multiply(Y, 1 / A_out) - np.multiply(1 - Y,"
        " 1 / (1 - A_out))), np.multiply(A_out, 1 - A_out)))",
        "np.multiply all the way",
    ),
    Formula(
        "A_h.T @ ((-Y / sigmoid(Z_out) + (1 - Y) / sigmoid(-Z_out))"
        " * np.exp(-Z_out) / (1 + np.exp(-Z_out))**2)",
        "everything from Z_out",
    ),
    Formula("A_h.T @ ((1 - Y) * A_out - Y * (1 - A_out))", "after one cancellation"),
    Formula("A_h.T @ (A_out - Y * A_out - Y + Y * A_out)", "multiplied out"),
    Formula(
        "A_h.T @ ((1 - Y) * A_out) - A_h.T @ (Y * (1 - A_out))",
        "the two terms of the loss apart",
    ),
    Formula("A_h.T @ ((1 - Y) * sigmoid(Z_out) - Y * sigmoid(-Z_out))", "the same in σ(±z)"),
    Formula(
        "A_h.T @ (((1 - Y) - Y * np.exp(-Z_out)) / (1 + np.exp(-Z_out)))",
        "the same over 1 + e^{−z}",
    ),
    Formula(
        "A_h.T @ ((1 - Y) * np.exp(Z_out) * (1 - A_out) - Y * np.exp(-Z_out) * A_out)",
        "a = e^z (1 − a), both ways",
    ),
    Formula(
        "A_h.T @ ((A_out - 1) * Y + A_out * (1 - Y))",
        "a − 1 where y = 1, a where y = 0",
    ),
    # one example
    Formula("np.outer(A_h, delta_out)", "an outer product", "n == 1"),
    Formula("np.outer(delta_out, A_h).T", "the other outer product, transposed", "n == 1"),
    Formula("A_h.T * delta_out", "a column times a row, broadcast", "n == 1"),
    Formula("np.multiply(sigmoid(Z_h).T, A_out - Y)", "np.multiply, broadcast", "n == 1"),
    Formula(
        "np.outer(A_h.sum(axis=0), A_out.sum(axis=0) - Y.sum(axis=0))",
        "sums over the only example",
        "n == 1",
    ),
    Formula(
        "(A_h.T @ np.ones((1, t))) * (np.ones((d, 1)) @ delta_out)",
        "a repeated column times a repeated row",
        "n == 1",
    ),
    # one output
    Formula(
        "np.sum(A_h * delta_out, axis=0, keepdims=True).T",
        "a sum of scaled rows",
        "t == 1",
    ),
    Formula(
        "n * np.mean(A_h * (A_out - Y), axis=0, keepdims=True).T",
        "n times the mean of scaled rows",
        "t == 1",
    ),
    Formula("(A_h * delta_out).T @ np.ones((n, 1))", "a column sum as a product", "t == 1"),
    Formula(
        "A_h.T @ (np.where(Z_out >= 0, 1, np.exp(Z_out))"
        " / (1 + np.exp(-np.maximum(Z_out, -Z_out))) - Y)",
        "the stable sigmoid, through |z|",
    ),
)


WRONG = (
    # sign
    Formula("A_h.T @ (Y - A_out)", "Y − A_out"),
    Formula("-A_h.T @ delta_out", "a sign too many"),
    Formula("-np.dot(A_h.T, A_out - Y)", "the sign of the loss kept"),
    Formula("A_h.T @ (A_out + Y)", "plus for minus"),
    Formula("A_h.T @ A_out + A_h.T @ Y", "a sign lost in expanding"),
    Formula("A_h.T @ Y - A_h.T @ A_out", "expanded the wrong way round"),
    Formula("-(A_h.T @ A_out) - A_h.T @ Y", "a sign lost in front of a bracket"),
    # a factor
    Formula("2 * A_h.T @ delta_out", "doubled"),
    Formula("A_h.T @ (A_out - Y) / 2", "halved"),
    Formula("A_h.T @ (2 * A_out - Y)", "the prediction doubled"),
    Formula("A_h.T @ (A_out - Y) / n", "1/n", "n > 1"),
    Formula("1 / len(X) * np.dot(A_h.T, A_out - Y)", "1/n as len(X)", "n > 1"),
    Formula("(A_h.T @ delta_out) / Y.shape[0]", "1/n as Y.shape[0]", "n > 1"),
    Formula("A_h.T @ delta_out / (2 * n)", "1/(2n)"),
    Formula("n * A_h.T @ delta_out", "times n", "n > 1"),
    Formula("A_h.T @ delta_out / (n * t)", "a mean over examples and outputs", "t > 1"),
    Formula("A_h.T @ delta_out / t", "a mean over the outputs", "t > 1"),
    Formula("A_h.T @ delta_out / A_h.shape[1]", "A_h.shape[1] for A_h.shape[0]", "d > 1"),
    Formula("A_h.T @ delta_out / X.shape[1]", "X.shape[1] for X.shape[0]", "m > 1"),
    Formula("A_h.T @ delta_out * d / t", "swapped sizes in a normalisation", "d != t"),
    Formula("A_h.T @ delta_out / (n + 1)", "n + 1 examples"),
    Formula("1.0005 * (A_h.T @ delta_out)", "0.05 % too much"),
    Formula("(0.9995 * A_h).T @ (A_out - Y)", "0.05 % too little"),
    Formula("A_h.T @ (2001 / 2000 * A_out - Y)", "the prediction off by 0.05 %"),
    Formula("A_h.T @ (A_out - 0.9995 * Y)", "the labels off by 0.05 %"),
    Formula("A_h.T @ (1 / (1 + 1.0005 * np.exp(-Z_out)) - Y)", "e^{−z} off by 0.05 %"),
    Formula("-0.1 * A_h.T @ delta_out", "the step, not the gradient"),
    # added
    Formula("A_h.T @ delta_out + W_out", "a regularisation that is not there"),
    Formula("A_h.T @ delta_out + 0.01 * W_out", "a small regularisation"),
    Formula("A_h.T @ delta_out + 1e-4 * W_out / n", "a tiny regularisation"),
    Formula("W_out - 0.1 * A_h.T @ delta_out", "the new weights"),
    Formula("A_h.T @ delta_out + 1", "off by one"),
    Formula("A_h.T @ delta_out + 1e-5", "off by less than an absolute tolerance"),
    Formula("A_h.T @ (delta_out + 0.001)", "the error off by a constant"),
    Formula("(A_h + 0.001).T @ delta_out", "the activation off by a constant"),
    Formula(
        "A_h.T @ (delta_out / (A_out * (1 - A_out) + 1e-4) * A_out * (1 - A_out))",
        "a guard ε in the denominator",
    ),
    Formula("A_h.T @ (A_out - (0.9 * Y + 0.05))", "label smoothing"),
    # the transpose
    Formula("delta_out.T @ A_h", "transposed, the last matrix of the source", "d == t > 1"),
    Formula("(A_out - Y).T @ A_h", "transposed, delta_out written out", "d == t > 1"),
    Formula("np.dot(A_h.T, delta_out).T", "a transpose too many", "d == t > 1"),
    Formula("A_h @ delta_out", "the transpose forgotten", "n == d > 1"),
    Formula("A_h @ delta_out.T", "the other one transposed", "n == d == t > 1"),
    Formula(
        "0.5 * (A_h.T @ delta_out + delta_out.T @ A_h)", "the symmetric part only", "d == t > 1"
    ),
    Formula("A_h * delta_out", "* for @", "n == d == t > 1"),
    Formula("delta_out * A_h.T", "* for @, the other way round", "n == d == t > 1"),
    Formula("np.multiply(A_h.T, delta_out)", "np.multiply for np.dot", "n == d == t > 1"),
    # φ′
    Formula("A_h.T @ (delta_out * A_out * (1 - A_out))", "φ′ of the output too many"),
    Formula("A_h.T @ (delta_out * sigmoid(Z_out) * (1 - sigmoid(Z_out)))", "the same in σ(z)"),
    Formula("A_h.T @ (delta_out * np.exp(-Z_out) / (1 + np.exp(-Z_out))**2)", "the same in e^{−z}"),
    Formula("(A_h * (1 - A_h)).T @ delta_out", "φ′ of the hidden layer for φ"),
    Formula("A_h.T @ (delta_out * sigmoid(A_out) * (1 - sigmoid(A_out)))", "σ′ at a, not at z"),
    Formula("A_h.T @ (delta_out * (1 - A_out**2))", "φ′ of tanh"),
    Formula("A_h.T @ (delta_out * np.where(Z_out > 0, 1, 0))", "φ′ of relu"),
    Formula("A_h.T @ (-(Y / A_out - (1 - Y) / (1 - A_out)))", "∂J/∂a without φ′"),
    Formula("A_h.T @ (delta_out / (A_out * (1 - A_out)))", "φ′ divided, not cancelled"),
    Formula(
        "A_h.T @ (-(Y / A_out - (1 - Y) / (1 - A_out)) * A_out)",
        "half of φ′: a",
    ),
    Formula(
        "A_h.T @ (-(Y / A_out - (1 - Y) / (1 - A_out)) * (1 - A_out))",
        "half of φ′: 1 − a",
    ),
    Formula(
        "A_h.T @ (-(Y / A_out - (1 - Y) / (1 - A_out)) * A_out * (1 + A_out))",
        "φ′ = a(1 + a)",
    ),
    Formula(
        "A_h.T @ (-(Y / A_out - (1 - Y) / (1 - A_out)) * np.exp(-Z_out) / (1 + np.exp(-Z_out)))",
        "φ′ without its square",
    ),
    Formula(
        "A_h.T @ (delta_out / (A_out * (1 - A_out)) * (1 - np.tanh(Z_out / 2)**2) / 2)",
        "φ′ of tanh halved once",
    ),
    # the loss
    Formula("2 * A_h.T @ (delta_out * A_out * (1 - A_out))", "squared error, with its 2"),
    Formula("A_h.T @ np.square(delta_out)", "the squared error itself"),
    Formula("0.5 * A_h.T @ (A_out - Y)**2", "half the squared error itself"),
    Formula("A_h.T @ np.where(delta_out > 0, 1, -1)", "absolute error"),
    Formula("A_h.T @ np.sqrt(np.square(delta_out))", "the size of the error"),
    Formula(
        "A_h.T @ -(Y * np.log(A_out) + (1 - Y) * np.log(1 - A_out))",
        "the loss for its derivative",
    ),
    Formula("A_h.T @ (Y * (A_out - 1))", "the loss without its 1 − y term"),
    Formula("-A_h.T @ (Y / A_out * A_out * (1 - A_out))", "the same, chain rule"),
    Formula("A_h.T @ ((1 - Y) * A_out)", "the loss without its y term"),
    Formula("A_h.T @ (2 * Y * A_out - Y - A_out)", "the source's missing brackets, read literally"),
    Formula(
        "A_h.T @ (-(Y / A_out + (1 - Y) / (1 - A_out)) * A_out * (1 - A_out))",
        "missing brackets, chain rule",
    ),
    Formula("-A_h.T @ (Y * (1 - A_out)) - A_h.T @ ((1 - Y) * A_out)", "missing brackets, expanded"),
    Formula("A_h.T @ (-Y / A_out + (1 - Y) * A_out)", "φ′ in one term of two"),
    Formula("A_h.T @ A_out", "no labels"),
    Formula("-A_h.T @ (Y / A_out)", "labels over predictions"),
    Formula("A_h.T @ (delta_out / Y)", "the relative error, undefined at y = 0"),
    Formula("A_h.T @ (A_out - Y**2)", "right only for labels 0 and 1: y²"),
    Formula("A_h.T @ np.where(Y > 0.5, A_out - 1, A_out)", "right only for labels 0 and 1: cases"),
    Formula("A_h.T @ (A_out - np.maximum(Y, 0))", "right only for labels from 0"),
    Formula("A_h.T @ (np.where(A_out > 0.5, 1, 0) - Y)", "decisions for predictions"),
    Formula("A_h.T @ np.maximum(A_out - Y, 0)", "only errors above"),
    # the wrong activation, or none
    Formula("A_h.T @ (Z_out - Y)", "logits for predictions"),
    Formula("A_h.T @ (A_h @ W_out - Y)", "logits for predictions, written out"),
    Formula("Z_h.T @ delta_out", "Z_h for A_h"),
    Formula("(X @ W_h).T @ (A_out - Y)", "Z_h for A_h, written out"),
    Formula("Z_h.T @ (Z_out - Y)", "Z for A in both"),
    Formula("X.T @ delta_out", "X for A_h", "m == d"),
    Formula("np.dot(sigmoid(X).T, A_out - Y)", "σ(X) for A_h", "m == d"),
    Formula("A_out.T @ delta_out", "A_out for A_h", "d == t"),
    Formula("W_out", "the weights themselves"),
    Formula("(delta_out @ W_out.T).T @ delta_out", "the error sent back for A_h"),
    Formula("X.T @ (delta_out @ W_out.T * A_h * (1 - A_h))", "the gradient for W_h", "m == d == t"),
    Formula("A_h.T @ (sigmoid(A_out) - Y)", "σ twice at the output"),
    Formula("sigmoid(A_h).T @ delta_out", "σ twice at the hidden layer"),
    Formula("A_h.T @ (sigmoid(Z_h @ W_out) - Y)", "no σ at the hidden layer on the way to Z_out"),
    Formula("sigmoid(X @ W_h).T @ (sigmoid(X @ W_h @ W_out) - Y)", "the same down to X"),
    Formula("np.tanh(Z_h).T @ delta_out", "tanh for σ at the hidden layer"),
    Formula("np.maximum(Z_h, 0).T @ delta_out", "relu for σ at the hidden layer"),
    Formula("A_h.T @ (np.maximum(0, Z_out) - Y)", "relu for σ at the output"),
    Formula("A_h.T @ (np.exp(Z_out) - Y)", "exp for σ"),
    Formula("A_h.T @ (np.log(1 + np.exp(Z_out)) - Y)", "softplus for σ"),
    Formula("A_h.T @ (np.sqrt(A_out) - Y)", "a root too many"),
    Formula(
        "A_h.T @ (np.exp(Z_out) / np.sum(np.exp(Z_out), axis=1, keepdims=True) - Y)",
        "softmax for σ",
    ),
    Formula("A_h.T @ (np.maximum(A_out, 0.01) - Y)", "predictions kept from 0"),
    Formula("A_h.T @ (np.where(A_out > 0.99, 0.99, A_out) - Y)", "predictions kept from 1"),
    # an unfolded sigmoid
    Formula("A_h.T @ (1 / (1 + np.exp(Z_out)) - Y)", "wrong sign of the exponent"),
    Formula("(1 / (1 + np.exp(Z_h))).T @ delta_out", "wrong sign at the hidden layer"),
    Formula("A_h.T @ (np.exp(-Z_out) / (1 + np.exp(-Z_out)) - Y)", "wrong sign, both times"),
    Formula("A_h.T @ (np.exp(Z_out) / (1 + np.exp(-Z_out)) - Y)", "wrong sign, once"),
    Formula("A_h.T @ (1 / (1 - np.exp(-Z_out)) - Y)", "minus for plus, undefined at z = 0"),
    Formula("A_h.T @ (1 / 1 + np.exp(-Z_out) - Y)", "brackets missing in σ"),
    Formula("A_h.T @ (1 / (1 + np.exp(-Z_out - Y)))", "a bracket closed too late"),
    Formula("A_h.T @ (sigmoid(-Z_out) - Y)", "σ(−z)"),
    Formula("A_h.T @ (1 - sigmoid(Z_out) - Y)", "1 − σ(z)"),
    Formula("A_h.T @ (sigmoid(Z_out - Y))", "the label inside σ"),
    Formula("A_h.T @ ((np.tanh(Z_out) + 1) / 2 - Y)", "tanh(z) for tanh(z/2)"),
    Formula("A_h.T @ (np.tanh(Z_out / 2) - Y)", "tanh(z/2) not shifted"),
    Formula("A_h.T @ (np.tanh(Z_out / 2) + 1 - Y)", "forgetting to halve"),
    Formula("A_h.T @ (np.tanh(Z_out / 2) + 1 / 2 - Y)", "halved only the 1"),
    Formula("A_h.T @ (0.5 * np.tanh(0.5005 * Z_out) + 0.5 - Y)", "tanh(z/2) off by 0.1 %"),
    Formula("((np.tanh(Z_h) + 1) / 2).T @ delta_out", "tanh(z) for tanh(z/2) at the hidden"),
    Formula("A_h.T @ (np.exp(np.log(1 + np.exp(-Z_out))) - Y)", "1/σ for σ, through log"),
    Formula("A_h.T @ (1 / (1 + np.exp(-Z_out))**2 - Y)", "σ squared"),
    Formula("1 / (1 + np.exp(-Z_h)).T @ A_out - A_h.T @ Y + A_h.T @ A_out", "A_out twice"),
    # sums, means and broadcasting
    Formula(
        "np.sum(A_h, axis=0, keepdims=True).T @ np.sum(delta_out, axis=0, keepdims=True)",
        "a product of sums for a sum of products",
        "n > 1",
    ),
    Formula("np.outer(A_h.sum(axis=0), delta_out.sum(axis=0))", "the same as vectors", "n > 1"),
    Formula(
        "np.outer(np.mean(A_h, axis=0), np.mean(delta_out, axis=0))",
        "a product of means",
        "n > 1",
    ),
    Formula(
        "n * np.mean(A_h, axis=0, keepdims=True).T @ np.mean(delta_out, axis=0, keepdims=True)",
        "n times a product of means",
        "n > 1",
    ),
    Formula("A_h.T @ np.ones((n, 1)) * delta_out.sum(axis=0)", "@ with ones, then *", "n > 1"),
    Formula("A_h.T @ (A_out - np.mean(Y, axis=0))", "a column mean of the labels", "n > 1"),
    Formula(
        "A_h.T @ (A_out.mean(axis=0, keepdims=True) - Y)",
        "a column mean of the predictions",
        "n > 1",
    ),
    Formula("A_h.T @ (A_out - Y.mean())", "a mean of all labels", "t > 1"),
    Formula("A_h.T @ (A_out - Y.sum(axis=0))", "column sums of the labels", "n > 1"),
    Formula("A_h.T @ (delta_out - delta_out.mean(axis=0))", "centred errors"),
    Formula("(A_h - np.mean(A_h, axis=0, keepdims=True)).T @ delta_out", "centred hidden units"),
    Formula(
        "A_h.T @ (delta_out.sum(axis=1, keepdims=True) * np.ones((n, t)))",
        "errors summed over the outputs",
        "t > 1",
    ),
    Formula(
        "(A_h.sum(axis=1, keepdims=True) * np.ones((n, d))).T @ delta_out",
        "hidden units summed over the units",
        "d > 1",
    ),
    Formula(
        "(A_h.T @ delta_out).sum(axis=0) + np.zeros((d, t))",
        "the gradient summed over the hidden units",
        "d > 1",
    ),
    Formula(
        "(A_h.T @ delta_out).sum(axis=1, keepdims=True) * np.ones((1, t))",
        "the gradient summed over the outputs",
        "t > 1",
    ),
    Formula("(A_h.T @ delta_out).mean() + np.zeros((d, t))", "the mean of the gradient", "t > 1"),
    Formula("np.ones((d, n)) @ delta_out", "the gradient for a bias"),
    Formula("np.ones((d, 1)) * delta_out.sum(axis=0)", "the gradient for a bias, broadcast"),
    Formula("np.sum(A_h, axis=0, keepdims=True).T - A_h.T @ (A_out + Y)", "1 − a for a"),
    Formula("np.zeros((d, t))", "detached: no gradient at all"),
    Formula("W_out * (A_h.T @ delta_out)", "the gradient times the weight"),
    Formula(
        "A_h.T @ delta_out / np.sqrt(np.sum(np.square(A_h.T @ delta_out)))",
        "the gradient's direction, undefined where it is 0",
    ),
    Formula("A_h.T @ A_h @ W_out - A_h.T @ Y", "least squares"),
)
