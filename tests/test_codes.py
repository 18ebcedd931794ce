"""Codes and words: each is explained, on one page and in a terminal, and examples give them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from gradcheck_sym import Network
from gradcheck_sym.cli import run
from gradcheck_sym.errors import GradcheckError, MissingError
from gradcheck_sym.explained.codes import CODES, HYPOTHESIS, code_of
from gradcheck_sym.explained.lookup import explained, nearest, page
from gradcheck_sym.explained.words import WORDS
from gradcheck_sym.language.edits import edits
from gradcheck_sym.mlp.diagnosis import _guesses
from gradcheck_sym.mlp.general import general
from gradcheck_sym.mlp.mend import vocabulary
from gradcheck_sym.mlp.textbook import names
from gradcheck_sym.render.signs import ascii_only

ROOT = Path(__file__).parent.parent
EXAMPLES = {code: about.example for code, about in CODES.items() if about.example}
PYTHON = {code: about.python for code, about in CODES.items() if about.python}


def kinds(kind=GradcheckError):
    return [one for sub in kind.__subclasses__() for one in (sub, *kinds(sub))]


def test_the_page_is_what_the_terminal_says():
    """To renew it, write what `gradcheck_sym.explained.lookup.page()` gives."""
    assert (ROOT / "docs" / "codes.md").read_text("utf-8") == page()


@pytest.mark.parametrize(("code", "line"), EXAMPLES.items(), ids=EXAMPLES)
def test_an_example_gives_its_code(code, line, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    exit_code = run(shlex.split(line))
    shown = capsys.readouterr()
    assert f"[{code}]" in (shown.err if exit_code == 2 else shown.out)
    assert exit_code == (2 if code < "GS1" else 1 if code < "GS2" else 0)


@pytest.mark.parametrize(("code", "text"), PYTHON.items(), ids=PYTHON)
def test_an_example_in_python_raises_an_error_with_its_code(code, text):
    with pytest.raises(GradcheckError) as found:
        exec(text, {"Network": Network, "MissingError": MissingError})
    assert found.value.code == code


def test_all_but_bugs_have_an_example():
    assert set(CODES) - set(EXAMPLES) - set(PYTHON) == {"GS070"}


def test_each_error_has_a_code_of_its_own():
    codes = [kind.code for kind in kinds()]
    assert set(codes) <= set(CODES)
    assert len(codes) == len(set(codes))


def test_each_code_that_the_sources_name_is_explained():
    named = {HYPOTHESIS}
    for path in (ROOT / "gradcheck_sym").rglob("*.py"):
        if path.parent.name != "explained":
            named |= set(re.findall(r"\bGS\d{3}\b", path.read_text("utf-8")))
    assert named <= set(CODES)
    assert {code for code in CODES if not code.startswith("GS10")} <= named


DIAGNOSES = {
    "the claim is -1 × the derivative": "GS101",
    "what is returned is 1/(n·t) × the gradient": "GS101",
    "the claim is the transpose of the derivative": "GS102",
    "what is returned is the gradient transposed": "GS102",
    "the claim has tanh's slope 1 - A_h**2 where sigmoid's slope A_h belongs": "GS103",
    "the claim has a factor φ′(Z_out) too many": "GS104",
    "what is returned has 2·x[k] too many": "GS104",
    "the claim lacks the term lam * W_out": "GS105",
    "what is returned lacks the term λ·w[k]": "GS105",
}


@pytest.mark.parametrize(("sentence", "code"), DIAGNOSES.items(), ids=str)
def test_each_diagnosis_has_a_code(sentence, code):
    assert code_of(sentence) == code


def test_a_terminal_without_unicode_can_show_them():
    for group, text in WORDS.items():
        assert "\\" not in ascii_only(f"{group[0]}: {text}"), text


def test_no_word_means_two_things():
    spellings = [one for group in WORDS for one in group]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize("word", [one for group in WORDS for one in group])
def test_each_spelling_is_found(word):
    (group,) = [group for group in WORDS if word in group]
    assert explained(word.split()) == [f"{group[0]}: {WORDS[group]}"]


@pytest.mark.parametrize("word", ["phi'", "PHI'", "[GS103]", "gs103", "Side Condition", "[z>0]"])
def test_other_spellings_are_found_too(word):
    assert explained([word])


def test_an_unknown_word_is_an_error_with_a_mend(capsys):
    assert run(["explain", "lema"]) == 2
    assert "did you mean lemma?" in capsys.readouterr().err
    assert nearest(["qqqq"]) == "explain alone lists what there is"


def test_explain_stands_alone(capsys):
    assert run(["explain", "lemma", "--audit"]) == 2
    assert "explain says what is asked" in capsys.readouterr().err
    assert run(["explain"]) == 0
    shown = capsys.readouterr().out
    assert all(code in shown for code in CODES)


def test_each_sentence_that_may_be_said_of_a_claim_has_a_code():
    network = general(Network(2, 2, 2, l2=True))
    said = [sentence for sentence, *_ in _guesses(network, "W_h")]
    said += [sentence for sentence, *_ in _guesses(network, "W_out")]
    formula = "-(A_h.T * 2) @ (delta_out / n - 1) + lam * W_out.mean(axis=0)"
    found = edits(formula, names(network), network.sizes, vocabulary(network))
    said += [edit.sentence for edit in found]
    assert len(said) > 100
    assert [sentence for sentence in said if code_of(sentence) is None] == []
