"""The theorem of the source at any sizes, with a proof by hand: five parts."""

from __future__ import annotations

from gradcheck_sym.checker.proof import Because, Identity, Lemma, Proof, Slope, Step
from gradcheck_sym.checker.statement import Definition, Statement
from gradcheck_sym.term.terms import ONE, Entry, Letter, Num, Sum, apply


def statement(m="m", d="d", t="t", n="n") -> Statement:
    """∂J/∂W_out for a hidden layer, sigmoid and bce."""

    def entry(name, *indices):
        return Entry(name, indices)

    def squash(z):
        return apply("inv", 1 + apply("exp", -z))

    def letters(*pairs):
        return tuple(Letter(name, size) for name, size in pairs)

    definitions = {}
    (i, k), x = letters(("i", n), ("k", d)), Letter("l", m)
    definitions["Z_h"] = Definition((i, k), Sum(x, entry("X", i, x) * entry("W_h", x, k)))
    i, k = letters(("i", n), ("k", d))
    definitions["A_h"] = Definition((i, k), squash(entry("Z_h", i, k)))
    (i, j), k = letters(("i", n), ("j", t)), Letter("k", d)
    definitions["Z_out"] = Definition((i, j), Sum(k, entry("A_h", i, k) * entry("W_out", k, j)))
    i, j = letters(("i", n), ("j", t))
    definitions["A_out"] = Definition((i, j), squash(entry("Z_out", i, j)))
    i, j = letters(("i", n), ("j", t))
    a, y = entry("A_out", i, j), entry("Y", i, j)
    loss = -Sum(i, Sum(j, y * apply("log", a) + (1 - y) * apply("log", 1 - a)))
    (p, q), i = letters(("p", d), ("q", t)), Letter("i", n)
    claim = Sum(i, entry("A_h", i, p) * (entry("A_out", i, q) - entry("Y", i, q)))
    return Statement(definitions, loss, "W_out", (p, q), claim)


def proof(of: Statement) -> Proof:
    """e^{−z} a = 1 − a; ∂J/∂a; ∂J/∂z = a − y; the sum over examples."""
    i, j = (Letter(x.name, x.size) for x in of.definitions["A_out"].letters)
    z, a, y = (Entry(name, (i, j)) for name in ("Z_out", "A_out", "Y"))
    e = apply("exp", -z)
    inverse = apply("inv", 1 + e)

    def defined(factor):
        return Step("definition", ("A_out", i, j), factor)

    first = Lemma((i, j), e * a, 1 - a, Identity((defined(1 + e), Step("u/u = 1", (1 + e,), ONE))))
    above = Because(inverse, Identity((defined(ONE),)))
    below = Because(e * inverse, Identity((Step("lemma", (0, i, j), Num(-1)), defined(e))))
    by_a = -(y * apply("inv", a)) + (1 - y) * apply("inv", 1 - a)
    # the reasons of the slope by A_out are in the letters of the loss
    outer = of.loss.factors[1]
    there = (outer.index, outer.body.index)

    def moved(because):
        (i_, j_), (z_, _) = there, (Entry("Z_out", there), None)
        e_ = apply("exp", -z_)
        inverse_ = apply("inv", 1 + e_)
        definition = Step("definition", ("A_out", i_, j_), ONE if because is above else e_)
        if because is above:
            return Because(inverse_, Identity((definition,)))
        lemma = Step("lemma", (0, i_, j_), Num(-1))
        return Because(e_ * inverse_, Identity((lemma, definition)))

    slope_a = Slope("A_out", (i, j), by_a, Identity(), (moved(above), moved(below)))
    steps = (
        defined(-by_a * e * inverse),
        defined(-by_a * e * a),
        Step("lemma", (0, i, j), by_a * a),
        Step("u/u = 1", (a,), -(y * (1 - a)), (), (above,)),
        Step("u/u = 1", (1 - a,), (1 - y) * a, (), (below,)),
    )
    slope_z = Slope("Z_out", (i, j), a - y, Identity(steps))
    last = Slope("W_out", of.letters, of.claim, Identity())
    return Proof((first, slope_a, slope_z, last))
