"""What is remarked of a claim that holds, or fits, at these sizes alone."""

from __future__ import annotations

import json

import pytest

from gradcheck_sym import Claim, Network, check, formula
from gradcheck_sym.cli import run
from gradcheck_sym.errors import FormulaError, RuleError
from gradcheck_sym.mlp.remarks import remarks

FITS = "its shapes fit only because"
REMARKED = {
    ("A_h.T @ delta_out / n", (2, 2, 2, 1)): (
        "proved for n = 1 only: in general the claim is 1/n × the derivative"
    ),
    ("A_h.T @ delta_out / (n * t)", (2, 2, 1, 1)): (
        "proved for n = 1, t = 1 only: in general the claim is 1/(n·t) × the derivative"
    ),
    ("A_h.T @ delta_out * n / t", (2, 2, 2, 2)): (
        "proved for n = 2, t = 2, where n/t is 1: in general the claim is n/t × the derivative"
    ),
    ("A_h.T @ delta_out / len(X)", ("M", "d", "t", 1)): (
        "proved for n = 1 only: in general the claim is 1/n × the derivative"
    ),
    ("A_h @ delta_out", (4, 3, 5, 3)): f"{FITS} n = d",
    ("A_h @ delta_out", (100, 32, 10, 32)): f"{FITS} n = d",
    ("A_h @ delta_out", ("m", "d", "t", "d")): f"{FITS} n = d",
    ("A_h @ delta_out.T", (3, 3, 3, 3)): f"{FITS} n = t and n = d",
    ("delta_out.T @ A_h", (3, 2, 2, 1)): f"{FITS} t = d",
    ("A_h.T * delta_out", (2, 2, 2, 1)): f"{FITS} n = 1",
    ("np.outer(A_h, delta_out)", (2, 2, 2, 1)): f"{FITS} n = 1",
    ("A_h.T @ (np.ones((1, 2)) * delta_out)", (3, 4, 2, 5)): f"{FITS} t = 2",
    ("A_h.T @ delta_out", (2, 2, 2, 1)): None,
    ("A_h.T @ (A_out - Y)", (3, 3, 3, 3)): None,
    ("A_h.T @ delta_out / n", ("m", "d", "t", "n")): None,
}


def typed(text, sizes, **options):
    *layers, n = sizes
    network = Network(*layers, n=n, **options)
    return network, formula(text, network)


@pytest.mark.parametrize(("text", "sizes"), REMARKED, ids=str)
def test_what_rests_on_the_sizes_is_remarked(text, sizes):
    network, claim = typed(text, sizes)
    proved = "A_h.T @ delta_out" in text and "/" in text and sizes[-1] in (1, 2)
    said = [remark.text for remark in remarks(network, claim, (), proved=proved)]
    assert said == ([REMARKED[text, sizes]] if REMARKED[text, sizes] else [])


def test_a_remark_is_true_where_it_says_that_something_is_refuted():
    text = "A_h.T @ delta_out * (3 - t)"
    network, claim = typed(text, (2, 2, 2, 1))
    (remark,) = remarks(network, claim, (), proved=True)
    start = "not so at all sizes: it is refuted at "
    assert remark.text.startswith(start)
    there = dict(part.split(" = ") for part in remark.text.removeprefix(start).split(", "))
    elsewhere = Network(*(int(there[k]) for k in "mdt"), n=int(there["n"]))
    assert check(elsewhere, formula(text, elsewhere)).verdict == "refuted"


def test_nothing_is_remarked_of_an_array_with_a_title_and_of_the_textbook():
    network, claim = typed("A_h.T @ delta_out", (2, 2, 2, 2))
    assert not check(network, Claim("mine, by hand", claim.array)).remarks
    assert not check(network).remarks


def test_the_text_of_another_formula_is_refused():
    """The report would say that it was proved."""
    network, claim = typed("A_h.T @ delta_out", (2, 2, 2, 2))
    with pytest.raises(FormulaError, match="another formula than its array: give the text alone"):
        check(network, Claim("A_h @ delta_out", claim.array))
    with pytest.raises(RuleError, match="a claim is text, such as"):
        check(network, 5)
    with pytest.raises(RuleError, match="--hidden None: give a name, or a formula in z"):
        Network(2, 2, 2, hidden=None)


@pytest.mark.parametrize("format_", ["table", "markdown", "latex"])
def test_every_format_has_the_remark(format_, capsys):
    run(["2", "2", "2", "--claim", "A_h.T * delta_out", "--format", format_])
    shown = " ".join(capsys.readouterr().out.split())
    assert "shapes fit only because n = 1" in shown
    assert ("GS202" in shown) == (format_ != "latex")


def test_all_that_makes_shapes_fit_is_told():
    network, claim = typed("A_h.T @ (A_out - Y) * A_out * (1 - A_out)", (2, 1, 2, 1))
    (remark,) = check(network, claim).remarks
    assert remark.text == f"{FITS} n = 1 or n = d"


def test_json_has_the_remarks(capsys):
    claim = ["--claim", "A_h.T * delta_out"]
    run(["2", "2", "2", *claim, "--format", "json", "--quiet"])
    (claim_found,) = json.loads(capsys.readouterr().out)["claims"]
    (remark,) = claim_found["remarks"]
    assert remark == {"code": "GS202", "text": f"{FITS} n = 1"}
    run(["2", "2", "2", *claim, "--format", "html"])
    assert f"{FITS} n = 1 [GS202]" in capsys.readouterr().out


def test_each_set_of_equal_sizes_is_told_once():
    network, claim = typed("A_h * delta_out", (1, 1, 1, 1))
    (remark,) = check(network, claim).remarks
    assert remark.text == f"{FITS} n = 1 and d = 1, or n = t and n = d"
