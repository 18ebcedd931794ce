"""Statements that are false, or that speak of nothing: no prover may have one of them proved."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from gradcheck_sym import Network, formula
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.mlp.question import question
from gradcheck_sym.question import Question
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Delta,
    Entry,
    Letter,
    Num,
    SizeOf,
    Sum,
    Term,
    Where,
    apply,
    indicator,
)
from gradcheck_sym.term.walks import rebuilt
from tests.family import covering, planted
from tests.planted import PLANTED

X, A, B = Entry("x"), Entry("a"), Entry("b")
EVERY = 11  # of the planted errors of the family; the others add time and nothing new


def small() -> Iterator[tuple[str, Question]]:
    """Those of a line, with names."""
    return ((name, Question(statement)) for name, statement in by_hand())


def large() -> Iterator[tuple[str, Question]]:
    """Those about networks, with names."""
    yield from of_the_source()
    yield from of_the_family()


def of_the_source() -> Iterator[tuple[str, Question]]:
    """The planted errors for W_out and those that were proved once, at sizes that are names."""
    for sizes in (("m", "d", "t", "n"), (2, 2, 2, 2)):
        network = Network(*sizes[:3], n=sizes[3])
        for error in PLANTED:
            if error.fits(network):
                yield f"{error.name} {sizes}", question(network, error.claim(network))
    network = Network("m", "d", "t", n="n")
    for more in (
        "np.sqrt(X.sum())/np.sqrt(X.sum()) - X.sum() * (1/X).sum()",
        "np.where(X@X.sum(axis=0)+1 > 0, 0, 1).sum()",
        "np.sqrt((X**2).sum()) - np.abs(X).sum()",
        "np.log(np.exp(X).sum()) - X.sum()",
        "1/X.sum() - (1/X).sum()",
    ):
        claim = formula(f"A_h.T @ delta_out + {more}", network)
        yield more, question(network, claim)


def of_the_family() -> Iterator[tuple[str, Question]]:
    """Some of the planted errors of each member that covers."""
    count = 0
    for member in covering():
        network = member.network(2, 2, 2, n=2)
        for wrt in network.parameters:
            for text in planted(network, wrt):
                count += 1
                if count % EVERY == 0:
                    asked = question(network, formula(text, network, wrt))
                    yield f"{member} {wrt} {text}", asked


def by_hand() -> Iterator[tuple[str, Statement]]:
    """Small ones about borders, cases, indices, sums under functions, and empty conditions."""
    q, r, p, m = (Letter(x, s) for x, s in (("q", "n"), ("r", "n"), ("p", "n"), ("m", "m")))
    x_q, x_r = (Entry("x", (i,)) for i in (q, r))
    weighted = {  # terms that are claimed to be equal: loss c · left, claim right
        "x/x = 0": (X * apply("inv", X), ZERO),
        "|x| = x": (apply("sqrt", X * X), X),
        "√x √x = |x|": (apply("sqrt", A) * apply("sqrt", B), apply("sqrt", A * B) + 1),
        "1/(a+b) = 1/a + 1/b": (apply("inv", A + B), apply("inv", A) + apply("inv", B)),
        "√(a+b)": (apply("sqrt", A + B), apply("sqrt", A) + apply("sqrt", B)),
        "ln(a+b)": (apply("log", A + B), apply("log", A) + apply("log", B)),
        "e^(ab) = e^a e^b": (apply("exp", A * B), apply("exp", A) * apply("exp", B)),
        "e^(a+b) = e^a + e^b": (apply("exp", A + B), apply("exp", A) + apply("exp", B)),
        "sin(-a) = sin a": (apply("sin", -A), apply("sin", A)),
        "sin²a + cos²b = 1": (apply("sin", A) ** 2 + apply("cos", B) ** 2, ONE),
        "sin 2a = 2 sin a": (apply("sin", 2 * A), 2 * apply("sin", A)),
        "cos(a+b)": (
            apply("cos", A + B) - apply("cos", A) * apply("cos", B),
            apply("sin", A) * apply("sin", B),
        ),
        "erf(-a) = erf a": (apply("erf", -A), apply("erf", A)),
        "[a>0] = 1": (indicator(A), ONE),
        "[-a>0] = [a>0]": (indicator(-A), indicator(A)),
        "[a>0] = ½": (indicator(A), Num(Fraction(1, 2))),
        "a > b and b > a": (indicator(A - B), indicator(B - A)),
        "max = sum": (Where(A - B, A, B), A + B),
        "softplus = relu": (apply("log", 1 + apply("exp", A)), Where(A, A, ZERO)),
        "tanh": (apply("inv", 1 + apply("exp", -A)), apply("inv", 1 + apply("exp", A))),
        "Σx² = (Σx)²": (Sum(q, x_q * x_q), Sum(q, x_q) * Sum(r, x_r)),
        "Σ1/x = 1/Σx": (Sum(q, apply("inv", x_q)), apply("inv", Sum(q, x_q))),
        "√Σ = Σ√": (apply("sqrt", Sum(q, x_q * x_q)), Sum(q, apply("sqrt", x_q * x_q))),
        "lnΣe = Σ": (apply("log", Sum(q, apply("exp", x_q))), Sum(q, x_q)),
        "Σ_q Σ_r x_q x_r": (Sum(q, Sum(r, x_q * x_r)), Sum(q, x_q * x_q)),
        "n": (Sum(q, ONE), ONE),
        "n and m": (SizeOf("n"), SizeOf("m")),
        "Σ_m δ": (Sum(m, Delta(m, 1) * Entry("x", (m,))), Entry("x", (2,))),
        "[Σ x² > 0] = 1": (indicator(Sum(q, x_q * x_q)), ONE),
        "Σ[x>0] = [Σx>0]": (Sum(q, indicator(x_q)), indicator(Sum(q, x_q))),
        "softmax": (
            Sum(q, apply("exp", x_q) * apply("inv", Sum(r, apply("exp", x_r)))),
            SizeOf("n"),
        ),
    }
    for name, (left, right) in weighted.items():
        yield name, Statement({}, Entry("c") * left, "c", (), right)
        named = {"u": Definition((), left)}
        yield f"{name}, named", Statement(named, Entry("c") * Entry("u"), "c", (), right)
    slopes: dict[str, tuple[Term, Term]] = {
        "relu at the kink": (Where(X, X, ZERO), Where(X, ONE, Num(Fraction(1, 2)))),
        "relu": (Where(X, X, ZERO), ONE),
        "|x|": (Where(X, X, -X), Where(X, ONE, ONE)),
        "√x²": (apply("sqrt", X * X), ONE),
        "x ln x": (X * apply("log", X), apply("log", X)),
        "1/x": (apply("inv", X), apply("inv", X * X)),
        "e^-x": (apply("exp", -X), apply("exp", -X)),
        "x³": (X * X * X, 3 * X),
        "sin": (apply("sin", X), -apply("cos", X)),
        "cos": (apply("cos", X), apply("sin", X)),
        "sin 2x": (apply("sin", 2 * X), apply("cos", 2 * X)),
        "erf": (apply("erf", X), apply("exp", -(X * X))),
    }
    for name, (loss, claim) in slopes.items():
        yield name, Statement({}, loss, "x", (), claim)
        yield f"{name}, named", Statement({"u": Definition((), X)}, _with(loss), "x", (), claim)
    nothing = Obligation(apply("log", X) * ZERO, ">")
    yield "nowhere", Statement({}, X, "x", (), ONE, needs=(nothing,))
    opposite = (Obligation(A, ">"), Obligation(-A, ">"))
    yield "opposite conditions", Statement({}, X, "x", (), ONE, needs=opposite)
    impossible = Hypothesis((), A * A, Num(-1))
    yield "no such a", Statement({}, X, "x", (), ZERO, (impossible,))
    rows = Hypothesis((q,), x_q * x_q, ONE)
    free = Sum(p, Entry("c", (p,)) * Entry("x", (p,)))
    own = Letter("k", "n")
    yield "signs", Statement({}, free, "c", (own,), ONE, (rows,))


def _with(loss: Term) -> Term:
    def put(part: Term) -> Term:
        return Entry("u") if part is X else rebuilt(part, put)

    return put(loss)
