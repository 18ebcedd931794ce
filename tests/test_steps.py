"""The derivation: in the source's order, computed, and right at every kind of size."""

from __future__ import annotations

import io
import re

import pytest
import sympy

from gradcheck_sym import Network, check
from gradcheck_sym.cli import run
from gradcheck_sym.mlp.chain_rule import ChainRule
from gradcheck_sym.mlp.formula import formula
from gradcheck_sym.render import View, renderer
from gradcheck_sym.to_sympy import to_sympy

NETWORKS = [
    pytest.param(Network(2, 2, 2), id="2-2-2"),
    pytest.param(Network(4, 3, 5, n=3), id="4-3-5 n=3"),
    pytest.param(Network("m", "d", "t", n="n"), id="m-d-t n"),
    pytest.param(Network(1, 1, 1), id="1-1-1"),
    pytest.param(Network(2, "d", 7, n="n"), id="2-d-7 n"),
]
a_h, a_out, z_out, y = map(sympy.IndexedBase, ("A_h", "A_out", "Z_out", "Y"))


def derived(network, wrt="W_out"):
    return check(network, wrt=wrt, steps=True).derivation


def rendered(network, form, **view):
    file = io.StringIO()
    renderer(form)([check(network, steps=True)], file, View(**view))
    return file.getvalue()


@pytest.mark.parametrize("network", NETWORKS)
def test_the_parts_come_in_the_order_of_the_source(network):
    headings = re.findall(r"^\d\. .*$", rendered(network, "table"), re.MULTILINE)
    assert [heading[0] for heading in headings] == list("1234567")


@pytest.mark.parametrize("network", NETWORKS)
def test_the_factors_multiply_to_the_error_times_the_hidden_activation(network):
    for column in derived(network).columns:
        if column:
            to_a, to_z, to_w = (to_sympy(factor.value) for factor in column.factors)
            i, j = (sympy.sympify(k) for k in column.factors[0].bottom.index)
            p = sympy.sympify(column.factors[2].bottom.index[0])
            assert to_w in (a_h[i, p], a_h[i, 1])  # 1 is all that p is, where d = 1
            assert (
                sympy.simplify(to_a - ((1 - y[i, j]) / (1 - a_out[i, j]) - y[i, j] / a_out[i, j]))
                == 0
            )
            sigmoid = 1 / (1 + sympy.exp(-z_out[i, j]))
            assert sympy.simplify(to_z - sigmoid * (1 - sigmoid)) == 0
            assert sympy.expand(to_sympy(column.normal) - to_w * (a_out[i, j] - y[i, j])) == 0
            assert column.verdict == "proved"


def test_the_derivation_is_computed_and_not_canned(monkeypatch):
    """Planted: the loss with one sign flipped; the error terms no longer match, and say so."""
    literal = {"bce": "-y*log(a) + (1 - y)*log(1 - a)"}
    monkeypatch.setattr("gradcheck_sym.mlp.network.LOSSES", literal)
    text = rendered(Network(2, 2, 2), "table")
    assert "proved" not in text.split("4. The error terms")[1].split("5. ")[0]
    assert check(Network(2, 2, 2)).verdict == "refuted"


def test_the_journey_goes_from_the_input_to_the_output():
    stages = derived(Network(2, 3, 2)).journey
    assert [stage.via for stage in stages] == [None, "W_h", "sigmoid", "W_out", "sigmoid", "J"]
    assert [len(stage.entries) for stage in stages] == [2, 3, 3, 2, 2, 2]


def test_the_tree_reaches_every_weight_once_where_it_is_small():
    def leaves(node):
        found = [leaf for child in node.children for leaf in leaves(child)]
        return found or [node.place]

    places = leaves(derived(Network(2, 2, 2)).tree)
    assert sorted(str(place.expr) for place in places) == sorted(
        f"W_out[{k}, {j}]" for k in (1, 2) for j in (1, 2)
    )


def test_the_product_is_the_untransposed_outer_product():
    """The source prints the transpose of this matrix."""
    delta = sympy.IndexedBase("delta_out")
    rows = [tuple(map(to_sympy, row)) for row in derived(Network(2, 2, 2)).product.rows]
    assert rows[0] == (a_h[1, 1] * delta[1, 1], a_h[1, 1] * delta[1, 2])
    assert rows[1] == (a_h[1, 2] * delta[1, 1], a_h[1, 2] * delta[1, 2])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("steps", [True, False])
def test_the_latex_is_balanced_and_plain(network, steps):
    text = rendered(network, "latex")
    text.encode("ascii")
    assert re.findall(r"\\usepackage\{(\w+)\}", text) == ["amsmath", "amsthm"]
    opened = re.findall(r"\\begin\{([\w*]+)\}", text)
    closed = re.findall(r"\\end\{([\w*]+)\}", text)
    assert sorted(opened) == sorted(closed)
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
    assert text.count("$") % 2 == 0


@pytest.mark.parametrize("network", NETWORKS)
def test_the_markdown_has_closed_formulas_and_a_table_of_four_columns(network):
    text = rendered(network, "markdown")
    outside = re.sub(r"```math\n.*?```", "", text, flags=re.DOTALL)
    assert outside.count("$") % 2 == 0
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert len(rows) >= 3
    assert {row.count("|") for row in rows} == {5}


def test_the_superscript_of_the_example_is_left_out_when_there_is_one():
    assert "[1]" not in rendered(Network(2, 2, 2), "latex")
    assert r"a_{1}^{(\mathrm{h})[1]}" in rendered(Network(2, 2, 2, n=2), "latex")


def claimed(text, form, network, *, all_rows=False):
    """What the format writes of a claim as it was typed."""
    file = io.StringIO()
    renderer(form)([check(network, formula(text, network))], file, View(all_rows))
    return file.getvalue()


def test_the_latex_keeps_a_display_with_the_prose_before_it_and_an_entry_on_one_page():
    text = rendered(Network("m", "d", "t", n="n"), "latex")
    assert ":\n\\[" in text
    assert not re.search(r":\n\n\\(\[|begin\{(align|gather)\*\})", text)
    entry = text.split("7. Every entry")[1].split(r"\end{align*}")[0]
    assert entry.count(r" \\*") == 1


def test_the_latex_shows_the_shape_of_every_matrix():
    text = rendered(Network(2, 3, 5, n="n_1"), "latex")
    shapes = re.findall(r"\\underset\{(.*?)\}\{\\begin", text)
    assert shapes == [r"n_{1} \times 5", r"3 \times n_{1}", r"n_{1} \times 5", r"3 \times 5"]


def test_the_latex_has_dots_on_the_diagonal_where_rows_and_columns_are_left_out():
    assert r"\vdots & \vdots & \ddots & \vdots" in rendered(Network(2, 7, 6, n=5), "latex")


def test_the_latex_writes_a_power_of_an_entry_without_a_double_superscript():
    text = claimed("A_h.T @ (A_out**2 - Y**3)", "latex", Network(2, 2, 2, n=2), all_rows=True)
    assert r"\left(a_{1}^{(\mathrm{out})[1]}\right)^{2}" in text
    assert not re.search(r"\^\{[^{}]*\}\^", text)


@pytest.mark.parametrize(
    "text",
    [
        "A_h.T @ np.where(A_out > Y, A_out - Y, -(Y - A_out))",
        "A_h.T @ (delta_out / (A_out * (1 - A_out)))",  # lacks the factor φ′
        "2 * n * A_h.T @ delta_out",
        "A_h.T @ (A_out + 3*Y**2)",
    ],
)
def test_the_latex_of_a_claim_is_ascii_without_signs_that_its_text_font_lacks(text):
    network = Network("m", "d", "t", n="n")
    file = io.StringIO()
    reports = [check(network, formula(text, network))] * 2
    renderer("latex")(reports, file, View())
    file.getvalue().encode("ascii")
    outside = re.sub(r"\$[^$]*\$|\\\[.*?\\\]", "", file.getvalue(), flags=re.DOTALL)
    outside = re.sub(r"\\begin\{align\*\}.*?\\end\{align\*\}", "", outside, flags=re.DOTALL)
    assert not re.search("[<>]", outside)


def test_the_latex_breaks_a_long_claim_and_a_long_sum():
    long = "A_h.T @ (np.exp(Z_out / 2) / (np.exp(Z_out / 2) + np.exp(-Z_out / 2)) - Y) * 2 * n"
    text = claimed(long, "latex", Network("m", "d", "t", n="n"))
    assert r"\begin{quote}\raggedright" in text
    difference = text.split(r"\text{difference}")[1]
    assert r"\Bigl[" in difference
    assert r"\Bigr]" in difference


def test_a_zero_that_a_comparison_with_zero_leaves_is_not_shown():
    text = claimed("np.where(A_h > 0, A_h, 1).T @ delta_out", "latex", Network(1, 1, 1))
    assert r"\text{if } a_{1}^{(\mathrm{h})} > 0" in text


def test_the_markdown_leaves_nothing_in_a_line_that_github_would_take_for_its_own():
    r"""GitHub reads \\, and \\\\ as escapes in $…$, | as a new cell and * as emphasis."""
    network = Network(2, 2, 2, n="n")
    text = "2 * abs(np.where(A_h > 0, A_h, 3 * A_h)).T @ (A_out - Y) * 3"
    file = io.StringIO()
    renderer("markdown")([check(network, formula(text, network))] * 2, file, View())
    outside = re.sub(r"```\w+\n.*?```", "", file.getvalue(), flags=re.DOTALL)
    plain = re.sub(r"\$`.*?`\$", "", outside)
    for inline in re.findall(r"\$([^$\n]*)\$", plain):
        assert not re.search(r"\\[^A-Za-z]|\|", inline)
    assert "\\begin{cases}" in "".join(re.findall(r"\$`(.*?)`\$", outside))
    assert {row.count("|") for row in outside.splitlines() if row.startswith("|")} == {5}
    titles = [line for line in outside.splitlines() if line.startswith("#")]
    assert len(titles) == 2
    assert all(title.endswith(f" = `{text}`") for title in titles)


def test_the_chain_rule_is_written_in_partial_derivatives_before_its_factors():
    text = " ".join(rendered(Network(2, 3, 2), "table").split())
    assert (
        "∂J/∂w_out[k,2] = ∂J/∂a_out[1,2] × ∂a_out[1,2]/∂z_out[1,2] × ∂z_out[1,2]/∂w_out[k,2]:"
        in text
    )
    assert "normal form, for k from 1 to 3." in text


def test_every_letter_of_the_general_derivation_has_its_range():
    text = " ".join(rendered(Network("m", "d", "t", n="n"), "table").split())
    assert "k from 1 to d and j from 1 to t." in text
    assert "The i-th term of ∂J/∂w_out[k,j] is ∂J/∂a_out[i,j] ×" in text


@pytest.mark.parametrize(("t", "which"), [(5, "outputs 3 to 4"), (9, "outputs 3 to 8")])
def test_outputs_that_are_left_out_are_named_in_the_chain_rule_and_in_the_errors(t, which):
    text = rendered(Network(2, 2, t, n=2), "table")
    assert text.count(f"… and so on for {which} …") == 2


def test_the_product_shows_the_three_factors_in_their_order():
    text = rendered(Network(2, 2, 2), "latex")
    product = re.search(r"product\} &= (.*?) \\\\", text)[1]
    first, second, third = product.split(r" \times ")
    assert first.startswith(r"\left(- \frac{y_{1}}{a_{1}^{(\mathrm{out})}} + \frac{1 - y_{1}}")
    assert second.startswith(r"\frac{e^{")
    assert third == r"a_{k}^{(\mathrm{h})}"


@pytest.mark.parametrize(
    ("format_", "sign"),
    [("table", "≠ δ_out[1,1]  (✘ refuted)"), ("markdown", " ≠ "), ("latex", r"&\neq \delta")],
)
def test_an_error_term_that_is_not_the_claims_is_not_set_equal_to_it(format_, sign, capsys):
    words = "2 2 2 --output-activation softmax --loss ce --steps --format"
    assert run([*words.split(), format_]) == 1
    shown = " ".join(capsys.readouterr().out.split(" "))
    assert sign in shown
    assert "In their place the claim has this" in shown
    assert "has other entries" in shown


def test_where_both_are_written_with_delta_the_derivative_says_what_it_is(capsys):
    assert run(["m", "d", "t", "--n", "n", "--wrt", "W_h"]) == 0
    (row,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("w_h[l,k]")]
    _, derivative, claimed, _ = row.split("│")
    assert claimed.strip() == "Σᵢ₌₁ⁿ x[i,l]·δ_h[i,k]"
    assert "δ_h" not in derivative


def test_one_verdict_is_spoken_of_as_one(capsys):
    assert run(["m", "d", "t", "--n", "n"]) == 0
    assert "audit: the verdict agrees with 3 difference quotients" in capsys.readouterr().out


# The penalty ------------------------------------------------------------------------------------


def said(words, capsys, status=0):
    """What the command shows, its lines joined."""
    assert run(words.split()) == status
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("network", NETWORKS)
def test_the_penalty_is_the_rest_of_the_derivative(network):
    with_penalty = Network(*network.layers, n=network.n, bias=True, l2=True)
    for wrt in with_penalty.parameters:
        for column in filter(None, derived(with_penalty, wrt).columns):
            weight = column.factors[-1].bottom.expr
            left = sympy.Symbol("lam") * weight if wrt.startswith("W") else 0
            assert to_sympy(column.penalty) == left


def test_the_chain_rule_adds_the_penalty_for_one_example(capsys):
    text = said("1 1 2 --l2 --steps", capsys)
    assert "By the penalty, J reads the entries of W_out themselves, too." in text
    assert "× ∂z_out[1,2]/∂w_out[1,2] + λ·w_out[1,2]:" in text
    assert "To the products of part 3 the penalty adds λ·W_out." in text


@pytest.mark.parametrize("mean", ["", " --mean"])
def test_the_chain_rule_adds_the_penalty_once_for_many_examples(mean, capsys):
    text = said(f"m d t --n n --l2 --steps{mean}", capsys)
    whole = "J is a sum over the examples and the penalty, so ∂J/∂w_out[k,j] is the sum over i of "
    assert f"{whole}the products for the single examples, plus λ·w_out[k,j]." in text
    assert "× ∂z_out[i,j]/∂w_out[k,j]:" in text
    assert "To the products of part 3, summed over examples, the penalty adds λ·W_out." in text


@pytest.mark.parametrize("words", ["--bias --l2 --wrt b_out", "--bias"])
def test_a_bias_has_no_penalty_nor_has_a_loss_without_one(words, capsys):
    text = said(f"2 2 2 --n 2 --steps {words}", capsys).split("1. The journey")[1]
    assert "the penalty" not in text
    assert "J is a sum over the examples, so ∂J/∂" in text


@pytest.mark.parametrize(
    ("format_", "added"),
    [
        ("latex", r"plus $\lambda \, w_{k,j}^{(\mathrm{out})}$."),
        ("markdown", r"plus $\lambda w_{k,j}^{(\mathrm{out})}$."),
    ],
)
def test_documents_add_the_penalty_as_a_formula(format_, added, capsys):
    assert added in said(f"m d t --n n --l2 --steps --format {format_}", capsys)


# Whose error terms they are ---------------------------------------------------------------------

SOFTMAX = ["2", "2", "2", "--output-activation", "softmax", "--loss", "ce", "--steps"]
WITHOUT_DELTA = "A_h.T @ (A_out * Y.sum(axis=1, keepdims=True) - Y)"


def test_a_right_claim_without_the_textbooks_error_terms_is_not_said_to_have_them(capsys):
    assert run([*SOFTMAX, "--claim", WITHOUT_DELTA]) == 0
    text = " ".join(capsys.readouterr().out.split())
    whose = "They do not make the textbook's error matrix δ_out, which the claim does without"
    assert f"{whose}, a row an example" in text
    assert "the claim has this" not in text


def test_error_terms_that_are_not_decided_are_not_said_to_be_others(capsys, monkeypatch):
    monkeypatch.setattr(ChainRule, "_compared", lambda *_: "undecided")
    for wrt, left in [("W_out", "The transpose of A_h"), ("b_out", "A row of ones")]:
        assert run([*SOFTMAX, "--n", "2", "--bias", "--wrt", wrt]) == 1
        text = " ".join(capsys.readouterr().out.split())
        assert "?= δ_out[1,1] (? undecided)" in text.replace("[i,", "[1,")
        assert "It is not known whether they make the textbook's error matrix δ_out, a row" in text
        entries = "whether the products of part 3, summed over examples, are the same is not known:"
        assert f"{left} times δ_out has these entries; {entries}" in text
        assert "other entries" not in text
        assert "In their place" not in text
