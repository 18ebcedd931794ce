"""The derivation: in the source's order, computed, and right at every kind of size."""

from __future__ import annotations

import io
import re
import shutil
import subprocess

import pytest
import sympy

from gradcheck_sym import Network, Proved, check
from gradcheck_sym.derivation import derive
from gradcheck_sym.render import View, renderer

NETWORKS = [
    pytest.param(Network(2, 2, 2), id="2-2-2"),
    pytest.param(Network(4, 3, 5, n=3), id="4-3-5 n=3"),
    pytest.param(Network("m", "d", "t", n="n"), id="m-d-t n"),
    pytest.param(Network(1, 1, 1), id="1-1-1"),
    pytest.param(Network(2, "d", 7, n="n"), id="2-d-7 n"),
]
a_h, a_out, z_out, y = map(sympy.IndexedBase, ("A_h", "A_out", "Z_out", "Y"))


def rendered(network, form, **view):
    file = io.StringIO()
    renderer(form)([check(network, steps=True)], file, View(**view))
    return file.getvalue()


@pytest.mark.parametrize("network", NETWORKS)
def test_the_parts_come_in_the_order_of_the_source(network):
    headings = re.findall(r"^\d\. .*$", rendered(network, "table"), re.MULTILINE)
    assert [heading[0] for heading in headings] == list("123456")


@pytest.mark.parametrize("network", NETWORKS)
def test_the_factors_multiply_to_the_error_times_the_hidden_activation(network):
    for column in derive(network).columns:
        if column:
            to_a, to_z, to_w = column.factors
            i, j = to_a.bottom.index
            p = to_w.bottom.index[0]
            assert to_w.value == a_h[i, p]
            assert (
                sympy.simplify(
                    to_a.value - ((1 - y[i, j]) / (1 - a_out[i, j]) - y[i, j] / a_out[i, j])
                )
                == 0
            )
            sigmoid = 1 / (1 + sympy.exp(-z_out[i, j]))
            assert sympy.simplify(to_z.value - sigmoid * (1 - sigmoid)) == 0
            assert column.product == to_a.value * to_z.value * to_w.value
            assert sympy.expand(column.normal - a_h[i, p] * (a_out[i, j] - y[i, j])) == 0
            assert isinstance(column.verdict, Proved)


def test_the_derivation_is_computed_and_not_canned(monkeypatch):
    """Planted: the loss with one sign flipped; the error terms no longer match, and say so."""
    from sympy import log

    from gradcheck_sym import rules

    literal = {"bce": lambda y, a: -y * log(a) + (1 - y) * log(1 - a)}
    monkeypatch.setattr(rules, "LOSSES", literal)
    monkeypatch.setattr("gradcheck_sym.network.LOSSES", literal)
    text = rendered(Network(2, 2, 2), "table")
    assert "✘ refuted" in text.split("4. The error terms")[1].split("5. ")[0]
    assert check(Network(2, 2, 2)).verdict == "refuted"


def test_the_journey_goes_from_the_input_to_the_output():
    stages = derive(Network(2, 3, 2)).journey
    assert [stage.via for stage in stages] == [None, "W_h", "φ", "W_out", "φ", "J"]
    assert [len(stage.entries) for stage in stages] == [2, 3, 3, 2, 2, 2]


def test_the_tree_reaches_every_weight_once_where_it_is_small():
    def leaves(node):
        found = [leaf for child in node.children for leaf in leaves(child)]
        return found or [node.place]

    places = leaves(derive(Network(2, 2, 2)).tree)
    assert sorted(str(place.expr) for place in places) == sorted(
        f"W_out[{k}, {j}]" for k in (1, 2) for j in (1, 2)
    )


def test_the_product_is_the_untransposed_outer_product():
    """The source prints the transpose of this matrix."""
    delta = sympy.IndexedBase("delta_out")
    rows = derive(Network(2, 2, 2)).product.rows
    assert rows[0] == (a_h[1, 1] * delta[1, 1], a_h[1, 1] * delta[1, 2])
    assert rows[1] == (a_h[1, 2] * delta[1, 1], a_h[1, 2] * delta[1, 2])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("steps", [True, False])
def test_the_latex_is_balanced_and_plain(network, steps):
    text = rendered(network, "latex")
    text.encode("ascii")
    assert re.findall(r"\\usepackage\{(\w+)\}", text) == ["amsmath"]
    opened = re.findall(r"\\begin\{([\w*]+)\}", text)
    closed = re.findall(r"\\end\{([\w*]+)\}", text)
    assert sorted(opened) == sorted(closed)
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
    assert text.count("$") % 2 == 0


@pytest.mark.parametrize("network", NETWORKS)
def test_the_latex_compiles_where_pdflatex_is_installed(network, tmp_path):
    """Without it the test only writes the file: CI machines need no TeX."""
    source = tmp_path / "proof.tex"
    source.write_text(rendered(network, "latex"), "ascii")
    if pdflatex := shutil.which("pdflatex"):
        command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", source.name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        assert b"Overfull" not in done.stdout


@pytest.mark.parametrize("network", NETWORKS)
def test_the_markdown_has_closed_formulas_and_a_table_of_five_columns(network):
    text = rendered(network, "markdown")
    outside = re.sub(r"```math\n.*?```", "", text, flags=re.DOTALL)
    assert outside.count("$") % 2 == 0
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert len(rows) >= 3
    assert {row.count("|") for row in rows} == {6}


def test_the_superscript_of_the_example_is_left_out_when_there_is_one():
    assert "[1]" not in rendered(Network(2, 2, 2), "latex")
    assert "a_{1}^{(h)[1]}" in rendered(Network(2, 2, 2, n=2), "latex")
