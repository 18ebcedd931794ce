"""Proofs and statements made to deceive the checker, each of which it once took."""

from __future__ import annotations

import pytest

from gradcheck_sym.check.check import Rejected, replay
from gradcheck_sym.check.proof import Because, Cancel, Cases, Identity, Lemma, Proof, Slope, Step
from gradcheck_sym.check.statement import Statement
from gradcheck_sym.term.terms import ONE, ZERO, Entry

X = Entry("x")


@pytest.mark.parametrize(
    "by",
    [
        None,
        (),
        Because(None, Identity()),
        Cases(X, None, None),
        Cases(X, Identity((Step("case", (0,), X),)), None),
        Cancel(ONE, None, None),
        Identity(
            (Step("f(u) = f(v)", (Entry("□"), X * X, ZERO), ONE, (), (Because(None, None),)),)
        ),
    ],
)
def test_an_argument_that_is_none_shows_nothing(by):
    statement = Statement({}, X, "x", (), X)
    with pytest.raises(Rejected):
        replay(statement, Proof((Slope("x", (), X, by),)))
    with pytest.raises(Rejected):
        replay(statement, Proof((Lemma((), X, ONE, by), Slope("x", (), X, Identity()))))
