"""Shown terms as SymPy's expressions: letters by their names, shared parts made once."""

from __future__ import annotations

import sympy

from gradcheck_sym.mlp.formula import formula
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import question
from gradcheck_sym.relation import Relation
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.terms import ZERO, Entry, Letter, Sum, Where
from gradcheck_sym.to_sympy import to_sympy


def test_the_letter_of_an_index_follows_its_axis():
    network = Network("m", "d", "t", n="n")
    found = question(network, formula("A_h.T @ delta_out", network)).statement
    assert str(to_sympy(tidied(found.claim))) == "Sum(A_h[i, k]*delta_out[i, j], (i, 1, n))"
    definition = found.definitions["Z_h"]
    assert str(to_sympy(tidied(definition.value))) == "Sum(W_h[l, k]*X[i, l], (l, 1, m))"


def test_sums_directly_inside_each_other_are_one():
    i, j = Letter("i", "n"), Letter("j", 3)
    found = to_sympy(Sum(i, Sum(j, Entry("x", (i, j)))))
    assert str(found) == "Sum(x[i, j], (j, 1, 3), (i, 1, n))"


def test_cases_and_relations_are_what_people_call_them():
    u = Entry("u")
    assert str(to_sympy(Where(u, u, ZERO))) == "if_positive(u, u, 0)"
    equal = tidied(Where(u, ZERO, Where(-u, ZERO, u * u)))
    assert str(to_sympy(equal)) == "if_zero(u, u**2, 0)"
    assert Relation(u, "≠", ZERO).expr == sympy.Ne(sympy.Symbol("u"), 0)


def test_what_is_shared_is_made_once():
    y = Entry("y")
    for _ in range(60):
        y = y * y + y
    found = to_sympy(y)
    assert isinstance(found, sympy.Add)
