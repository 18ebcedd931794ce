"""The LaTeX: a theorem and its proof, formulas where formulas were typed, nothing off the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter

import pytest

from gradcheck_sym import Network, check, cli
from gradcheck_sym.figure.network import network_figure
from gradcheck_sym.figure.tree import tree_figure
from gradcheck_sym.page.drawn import drawn as svg_of
from gradcheck_sym.page.formulas import formulas_for
from gradcheck_sym.render.tex_blocks import Writer
from gradcheck_sym.render.tex_layout import tex_for
from gradcheck_sym.render.tex_typed import meant, typed
from gradcheck_sym.render.tikz import pictures
from tests.corpus import RIGHT, WRONG, Formula
from tests.read_tex import value
from tests.test_corpus_numpy import names, run

TIKZ = shutil.which("kpsewhich") and not subprocess.call(
    ["kpsewhich", "tikz.sty"], stdout=subprocess.DEVNULL
)
FORMULAS = {
    "A_h.T @ delta_out": r"(A^{(\mathrm{h})})^\top \delta^{(\mathrm{out})}",
    "X.T @ (A_out - Y) / n": r"\frac{X^\top (A^{(\mathrm{out})} - Y)}{n}",
    "X @ Y * X": r"(X Y) \odot X",
    "X @ (Y * X)": r"X (Y \odot X)",
    "X - (Y - X)": "X - (Y - X)",
    "(X - Y) - X": "X - Y - X",
    "-X.T @ -Y": r"-X^\top (-Y)",
    "X / Y / X": r"X \oslash Y \oslash X",
    "X / (Y / X)": r"X \oslash (Y \oslash X)",
    "1 / n * X": r"\frac{1}{n} \, X",
    "(1 - X**2) * 2": r"(1 - X^{\circ 2}) \cdot 2",
    "-X**2": r"-X^{\circ 2}",
    "(-X)**2": r"(-X)^{\circ 2}",
    "X * (Y > 0)": r"X \odot [Y > 0]",
    "(X + Y).sum(axis=0)": r"\mathbf{1}^\top (X + Y)",
    "np.where(X > 0, X, 0) + Y": r"\left(\begin{cases} X & \text{if } X > 0 \\ 0 & \text{else} "
    r"\end{cases}\right) + Y",
    "np.dot(X, np.exp(-Y))": r"X \exp(-Y)",
    "lam * W_h": r"\lambda \, W^{(\mathrm{h})}",
    "np.clip(X, 0, 1)": None,
    "X.sum(axis=1, keepdims=True)": None,
    "X.mean()": None,
    "1e-9 * X": None,
    "not a formula": None,
}

BRACKETS = [
    *(
        "X - (Y - A_h)",
        "X - Y - A_h",
        "X @ (Y * A_h)",
        "(X @ Y) * A_h",
        "X @ Y * A_h",
        "X @ (Y @ X)",
    ),
    *(
        "X / (Y / A_h)",
        "X / Y / A_h",
        "X / (Y * A_h)",
        "X / Y * A_h",
        "-X**2",
        "(-X)**2",
        "-(X - Y)",
    ),
    *("2 * -X", "X * -Y", "X @ -Y", "-X @ Y", "-(X @ Y)", "X - -Y", "1 / 2 / 3 * X", "X / (2 / 3)"),
    *(
        "1 / (2 / 3) * X",
        "(1 + 2) * 3 * X",
        "2 * 3 * X",
        "2**3 * X",
        "(2 * n)**2 * X",
        "(1/n)**2 * X",
    ),
    *("X * (Y > 0) @ A_h", "X @ ((Y > 0) * A_h)", "np.where(X > 0, X, 0) @ Y + X", "(X @ Y).T"),
    *("X - np.where(X > Y, X - Y, -X)", "((X + Y)**2).sum(axis=0)", "(X @ Y).sum(axis=1)"),
    *("X.T.T @ Y", "-X.sum(axis=1)", "np.square(X - Y) * 2", "np.sqrt(np.exp(X) + 1) / 2 * n"),
    *("X * np.exp(-Y) / 2", "np.maximum(X - Y, Y) * X", "(X - Y) / 2 * n", "X * (n - 1) / n"),
]


def written(words, capsys):
    cli.run([*words.split(), "--format", "latex"])
    return capsys.readouterr().out


@pytest.mark.parametrize(("text", "formula"), FORMULAS.items())
def test_a_formula_is_set_as_it_was_typed_or_not_at_all(text, formula):
    assert typed(text) == formula


def test_formulas_that_are_set_mean_what_was_typed():
    """A reader of mathematics finds in them the values that NumPy gives the text."""
    sizes, square = {"m": 4, "d": 3, "t": 5, "n": 3}, dict.fromkeys("mdtn", 3)
    corpus = [one for one in (*RIGHT, *WRONG) if one.fits(**sizes)]
    asked = [(one, sizes) for one in corpus]
    asked += [(Formula(text, "brackets"), square) for text in BRACKETS]
    found = 0
    for one, at in asked:
        known = names(0, **at)
        if formula := typed(one.text):
            found += 1
            expected = run(one, known)
            assert value(formula, known) == pytest.approx(expected, rel=1e-9, abs=1e-12), formula
    assert found > len(BRACKETS) + 0.6 * len(corpus)


def test_signs_that_not_everybody_writes_are_told():
    assert len(meant(typed("(X * Y * (X > 0)).sum(axis=0)"))) == 3
    assert meant(typed("X.T @ Y")) == []


def test_what_is_proved_is_a_theorem_with_a_proof_and_no_time(capsys):
    text = written("m d t --n n", capsys)
    theorem = text.split(r"\begin{theorem}")[1].split(r"\end{theorem}")[0]
    assert "For all positive integers $m$, $d$, $t$, $n$ and all real $X$" in theorem
    assert r"(A^{(\mathrm{h})})^\top \delta^{(\mathrm{out})}" in theorem
    assert text.index(r"\end{theorem}") < text.index(r"\begin{proof}") < text.index(r"\end{proof}")
    assert "time:" not in text
    assert "texttt" not in text


def test_what_is_assumed_and_provided_stands_in_the_theorem(capsys):
    words = "2 2 2 --hidden relu --output-activation softmax --loss ce --wrt W_h --assume"
    cli.run([*words.split(), "Y.sum(axis=1) == 1", "--format", "latex"])
    theorem = capsys.readouterr().out.split(r"\begin{theorem}")[1].split(r"\end{theorem}")[0]
    assert ", if " in theorem
    assert ", provided that $" in theorem


def test_what_is_proved_for_these_sizes_alone_says_so_beside_its_theorem(capsys):
    assert cli.run(["2", "2", "2", "--claim", "A_h.T @ delta_out / n", "--format", "latex"]) == 0
    after = capsys.readouterr().out.split(r"\end{theorem}")[1].split(r"\begin{proof}")[0]
    assert "But proved for n = 1 only" in after


def test_what_is_refuted_is_a_claim_without_hints_for_the_command_line(capsys):
    for form in ("latex", "markdown"):
        cli.run(["2", "2", "2", "--claim", "A_h.T @ (A_out - Y) / 3", "--format", form])
        text = capsys.readouterr().out
        assert "--" not in text.replace("| --- ", "")
        assert (r"\begin{theorem}" in text) is False
        assert (r"\begin{proof}[Refutation]" in text) is (form == "latex")
    cli.run(["2", "2", "2", "--claim", "A_h.T @ (A_out - Y) / 3"])
    assert "--reproduce FILE.py" in capsys.readouterr().out


def test_a_fragment_is_the_document_without_its_preamble(capsys):
    whole, part = written("2 2 2", capsys), written("2 2 2 --fragment", capsys)
    assert "documentclass" not in part
    assert r"\begin{document}" not in part
    assert "section" not in part
    assert part.split("\n", 1)[1] in whole


@pytest.mark.parametrize("words", ["2 2 2 --fragment", "2 2 2 --tikz --format html"])
def test_a_fragment_and_tikz_in_anything_but_latex_are_refused_in_one_line(words, capsys):
    assert cli.run(words.split()) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_wide_matrix_is_told_column_by_column(capsys):
    text = written("m d t --n n --wrt W_h --steps", capsys)
    assert r"c_{1} & c_{2} & \cdots & c_{d}" in text
    assert len(re.findall(r"c_\{\w\} = \\begin\{bmatrix\}", text)) == 3


@pytest.mark.parametrize(
    ("network", "wrt"),
    [
        (Network("m", "d", "t", n="n"), "W_h"),
        (Network(4, 9, 3, hidden="relu", output="softmax", loss="ce", bias=True), "b_h"),
        (Network(3, 4, l2=True), "W_out"),
    ],
)
def test_the_pictures_have_all_that_a_page_draws_at_its_places(network, wrt):
    report = check(network, wrt=wrt)
    drawn = pictures(report, Writer(tex_for(report)))
    for figure, part in zip(
        (network_figure(report), tree_figure(report)), drawn.split("% The ")[1:], strict=True
    ):
        kinds = Counter(type(shape).__name__ for shape in figure.shapes)
        edges = re.findall(r"\\draw\[[^]]*\] \((\S+),(\S+)\) -- \((\S+),(\S+)\);", part)
        assert len(edges) == kinds["Edge"]
        assert len(re.findall(r"\\filldraw", part)) == kinds["Circle"]
        others = kinds.total() - kinds["Edge"] - kinds["Circle"]
        assert len(re.findall(r"\\node", part)) == others
        svg = svg_of(figure, formulas_for(report), "x")
        lines = re.findall(r'd="M(\S+) (\S+)L(\S+) (\S+)"', svg)
        assert edges == lines
        assert part.count("weight, draw=") == svg.count("edge lit stroke")


@pytest.mark.parametrize(
    "words",
    [
        ["2", "2", "2", "--tikz"],
        ["4", "3", "5", "--n", "3", "--quiet"],
        ["4", "3", "5", *["--hidden", "relu", "--bias", "--wrt", "all", "--steps"]],
        ["m", "d", "t", *["--n", "n", "--wrt", "all", "--steps"]],
        ["2", "d", "7", "--n", "n", "--steps"],
        ["m", "a", "b", "c", "t", "--n", "n", "--wrt", "W_1", "--tikz"],
        [
            "2",
            "2",
            "2",
            "--claim",
            "A_h.T @ (A_out - Y) / 3",
            "--claim",
            "np.clip(A_h, 0, 1).T @ (A_out - Y)",
        ],
        ["2", "2", "2", "--claim", "A_h.T @ (2 * (A_out > Y) - np.where(Y > 0, A_out, Y)) * 3"],
    ],
    ids=" ".join,
)
def test_the_document_and_a_fragment_compile_and_nothing_stands_off_the_page(
    words, tmp_path, capsys
):
    if not (pdflatex := shutil.which("pdflatex")):
        pytest.skip("pdflatex is not installed: the LaTeX is not compiled")
    if not TIKZ:
        pytest.skip("TikZ is not installed: the LaTeX is not compiled")
    cli.run([*words, "--format", "latex"])
    (tmp_path / "whole.tex").write_text(capsys.readouterr().out, "ascii")
    cli.run([*words, "--format", "latex", "--fragment"])
    (tmp_path / "part.tex").write_text(capsys.readouterr().out, "ascii")
    (tmp_path / "own.tex").write_text(OWN, "ascii")
    for name in ("whole", "own"):
        command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        if name == "whole":
            assert b"Overfull" not in done.stdout


OWN = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{amsthm}
\usepackage{tikz}
\newtheorem{theorem}{Satz}
\begin{document}
\input{part}
\end{document}
"""
