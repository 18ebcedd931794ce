"""Questions at the edges: each gets an answer, undecided with a reason where there is none."""

from __future__ import annotations

import shlex

import pytest

from gradcheck_sym.cli import run

HARD = [
    # what is asked, and the exit code
    ("2 2 2 --loss 'where(y == 1, -log(a), -log(1 - a))' --assume 'Y**2 == Y'", {0, 3}),
    ("2 2 2 --loss 'abs((y>0)*(a-y))'", {0, 3}),
    ("2 2 2 --output 'maximum(abs(z), z)'", {0, 3}),
    ("1 1 --output silu --loss 'maximum(maximum(a,y),a+y)' --assume 'Y**2 == Y'", {0, 3}),
    ("1 1 --output silu --loss 'maximum(maximum(a,y),a+y)' --audit --steps", {0, 3}),
]


@pytest.mark.parametrize(("asked", "codes"), HARD)
def test_what_has_no_normal_form_is_undecided_with_a_reason(capsys, asked, codes):
    code = run(shlex.split(asked))
    out, err = capsys.readouterr()
    assert code in codes
    assert "Traceback" not in err
    if code == 3:
        assert "undecided: " in out
