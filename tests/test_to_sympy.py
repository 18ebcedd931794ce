"""Terms as SymPy's expressions: letters by their names, none captured, nothing put together."""

from __future__ import annotations

import sympy

from gradcheck_sym.array import Axis, Input
from gradcheck_sym.mlp.formula import formula
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import question
from gradcheck_sym.term.terms import Entry, Letter, Sum, apply
from gradcheck_sym.to_sympy import to_sympy

N, M = Axis("n", "n"), Axis("m", "m")


def test_the_letter_of_an_index_follows_its_axis():
    network = Network("m", "d", "t", n="n")
    found = question(network, formula("A_h.T @ delta_out", network)).statement
    assert str(to_sympy(found.claim)) == "Sum(A_h[i, k]*delta_out[i, j], (i, 1, n))"
    definition = found.definitions["Z_h"]
    assert str(to_sympy(definition.value)) == "Sum(W_h[l, k]*X[i, l], (l, 1, m))"


def test_no_letter_is_captured():
    x = Input("X", (N, N))
    i = Letter("i", "n")
    square = to_sympy((x @ x).entry(i, i))
    assert str(square) == "Sum(X[i, j]*X[j, i], (j, 1, n))"
    inner = Sum(i, Entry("v", (i,)) * Sum(j := Letter("i", "n"), Entry("v", (j,))))
    assert str(to_sympy(inner)) == "Sum(v[i]*Sum(v[j], (j, 1, n)), (i, 1, n))"
    other = Letter("i", "n")
    assert (
        to_sympy(Entry("X", (i, other))).indices[0] != to_sympy(Entry("X", (i, other))).indices[1]
    )


def test_what_is_verbatim_is_as_it_is_written():
    w = Entry("w")
    assert str(to_sympy(w / w, verbatim=True)) == "w/w"
    assert str(to_sympy(0 * apply("log", w), verbatim=True)) == "0*log(w)"
    assert to_sympy(w / w) == 1


def test_what_is_shared_is_made_once():
    y = Entry("y")
    for _ in range(60):
        y = y * y + y
    found = to_sympy(y, verbatim=True)
    assert isinstance(found, sympy.Add)
