"""`--format json`: what the document holds, and that its formulas mean what the library found."""

from __future__ import annotations

import contextlib
import io
import json
import math
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random

import pytest
import sympy

from gradcheck_sym import Claim, Network, Undecided, __version__, check
from gradcheck_sym.cli import run
from gradcheck_sym.mlp.formula import formula as typed
from gradcheck_sym.report import Report

SIZES = [(2, 2, 2, 1), (4, 3, 5, 3), (2, 2, 2, 20), (1, 1, 1, 1), (1, 2, 1, 4)]
SUMS = [(2, 2, 2, 20), (1, 2, 1, 4)]  # too many examples to write a sum out
HEAD = {
    "kind", "verdict", "source", "statement", "network", "names", "symbols", "inputs",
    "definitions", "wrt", "claim", "counts", "lemmas", "conditions", "audit", "seconds",
}  # fmt: skip
ENTRY = {"index", "derivative", "claim", "difference", "verdict", "evidence"}


def ask(asked: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(asked.split())
    return code, out.getvalue(), err.getvalue()


def document_for(sizes: tuple[int, ...], options: str = "") -> dict:
    """The claim in the document that the command prints, whatever the verdict."""
    m, d, t, n = sizes
    _, out, err = ask(f"{m} {d} {t} --n {n} --format json {options}")
    assert err == ""
    (claim,) = json.loads(out)["claims"]
    return claim


@cache
def document(sizes: tuple[int, ...]) -> dict:
    return document_for(sizes)


@cache
def report(sizes: tuple[int, ...]) -> Report:
    m, d, t, n = sizes
    return check(Network(m, d, t, n=n))


def names(found: dict) -> dict[str, sympy.IndexedBase]:
    return {name: sympy.IndexedBase(name) for name in found["names"]} | {
        name: sympy.Symbol(name) for name in found["symbols"]
    }


def parse(found: dict, text: str) -> sympy.Expr:
    """A formula of a document, read as the documentation says, with its names and no other."""
    return sympy.parse_expr(text, names(found))


@pytest.fixture
def claimed(monkeypatch):
    """Put another claim in place of the textbook's."""

    def claimed(formula):
        monkeypatch.setattr(
            "gradcheck_sym.argument.textbook",
            lambda network, wrt: Claim("planted", formula(network)),
        )

    return claimed


def flipped(network):
    return typed("-A_h.T @ delta_out", network).array


# ---------------------------------------------------------------- the document


@pytest.mark.parametrize("sizes", SIZES)
def test_the_document_says_what_was_asked_and_with_which_versions(sizes):
    found, expected = document(sizes), report(sizes)
    assert HEAD | {"entries"} <= found.keys()
    assert found["kind"] == "network"
    assert found["network"] == {
        "sizes": dict(zip("mdtn", sizes, strict=True)),
        "hidden": "sigmoid",
        "output": "sigmoid",
        "loss": "bce",
        **dict.fromkeys(("bias", "mean", "l2"), False),
    }
    m, d, t, n = sizes
    assert found["inputs"] == {"X": [n, m], "W_h": [m, d], "W_out": [d, t], "Y": [n, t]}
    assert found["wrt"] == "W_out"
    assert found["claim"] == expected.claim == "A_h.T @ delta_out"
    assert found["audit"] is None or found["audit"]["points"] > 0
    assert found["conditions"] == []
    assert 0 < found["seconds"] < 600


def test_the_document_begins_with_its_format_the_versions_and_the_verdict():
    found = json.loads(ask("1 1 1 --format json -q")[1])
    assert found.pop("claims")
    assert found == {
        "format_version": 2,
        "versions": {"gradcheck-sym": __version__, "sympy": sympy.__version__},
        "verdict": "proved",
        "exit_code": 0,
        "errors": [],
    }


@pytest.mark.parametrize("sizes", SIZES)
def test_the_document_gives_the_verdict_as_a_word_as_counts_and_as_a_sentence(sizes):
    found, total = document(sizes), sizes[1] * sizes[2]
    assert found["verdict"] == "proved"
    assert found["counts"] == {"entries": total, "proved": total, "refuted": 0, "undecided": 0}
    noun = "entry" if total == 1 else "entries"
    assert found["statement"] == f"{total} of {total} {noun} proved, for all real X, W_h, W_out, Y"


@pytest.mark.parametrize("sizes", [*SIZES, (1, 30, 3, 1)])
def test_every_entry_is_listed_row_by_row(sizes):
    _, d, t, _ = sizes
    entries = document(sizes)["entries"]
    assert [e["index"] for e in entries] == [
        [k, j] for k, j in product(range(1, d + 1), range(1, t + 1))
    ]
    for entry in entries:
        assert entry.keys() == ENTRY
        assert entry["verdict"] == "proved"
        assert entry["difference"] == "0"


@pytest.mark.parametrize("sizes", SIZES)
def test_the_evidence_of_a_proof_is_its_lemmas_and_conditions(sizes):
    found = document(sizes)
    assert found["lemmas"]
    for entry in found["entries"]:
        evidence = entry["evidence"]
        assert evidence.keys() == {"parts", "steps", "lemmas", "conditions"}
        assert evidence["steps"] > evidence["parts"] > 0
        assert set(evidence["lemmas"]) <= set(found["lemmas"])
        assert set(evidence["conditions"]) <= set(found["conditions"])
    lemmas = [parse(found, lemma) for lemma in found["lemmas"]]
    assert lemmas == [lemma.expr for lemma in report(sizes).lemmas]
    assert all(isinstance(lemma, sympy.core.relational.Relational) for lemma in lemmas)


def test_the_definitions_lead_from_the_inputs_to_the_loss():
    """Each is made of what stands before it, so a reader can unfold them one by one."""
    found = document((4, 3, 5, 3))
    known = set(found["inputs"])
    shapes = {
        "Z_h": [3, 3], "A_h": [3, 3], "Z_out": [3, 5], "A_out": [3, 5], "delta_out": [3, 5], "J": []
    }  # fmt: skip
    assert {d["name"]: d["shape"] for d in found["definitions"]} == shapes
    for definition in found["definitions"]:
        assert definition.keys() == {"name", "indices", "shape", "value"}
        assert len(definition["indices"]) == len(definition["shape"])
        value = parse(found, definition["value"])
        used = {str(base) for base in value.atoms(sympy.IndexedBase)}
        assert used <= known, definition["name"]
        assert {str(s) for s in value.free_symbols} - used <= (
            set(definition["indices"]) | {str(e) for e in value.atoms(sympy.Indexed)}
        )
        known.add(definition["name"])
    assert set(found["names"]) == known - {"J"}


# ---------------------------------------------------------------- formulas parse back


@pytest.mark.parametrize("sizes", SIZES)
def test_the_formulas_of_the_entries_parse_back_to_the_same_expressions(sizes):
    found, expected = document(sizes), report(sizes)
    for entry, original in zip(found["entries"], expected.entries, strict=True):
        assert parse(found, entry["derivative"]) == original.derivative.expr
        assert parse(found, entry["claim"]) == original.claim.expr
        assert parse(found, entry["difference"]) == original.difference.expr == 0


@pytest.mark.parametrize("sizes", SIZES)
def test_the_formulas_of_the_definitions_parse_back_to_the_same_expressions(sizes):
    found, expected = document(sizes), report(sizes)
    values = [parse(found, definition["value"]) for definition in found["definitions"]]
    assert values == [definition.expr for definition in expected.definitions]


@pytest.mark.parametrize("claim", ["A_h.T @ delta_out", "A_h.T @ (A_out - Y) / n"])
@pytest.mark.parametrize(
    "sizes", [("m", "d", "t", "n"), ("O", "S", "N", "Q"), ("beta", "rho", "input", "N")]
)
def test_names_of_sizes_parse_back_whatever_sympy_means_by_them(sizes, claim):
    m, d, t, n = sizes
    _, out, _ = ask(f"{m} {d} {t} --n {n} --format json --claim {claim.replace(' ', '')}")
    (found,) = json.loads(out)["claims"]
    network = Network(m, d, t, n=n)
    expected = check(network, typed(claim, network))
    assert found["symbols"] == list(sizes)
    for shown, original in zip(found["definitions"], expected.definitions, strict=True):
        assert parse(found, shown["value"]) == original.expr
    for shown, entry in zip(found["entries"], expected.entries, strict=True):
        assert parse(found, shown["derivative"]) == entry.derivative.expr
        assert str(parse(found, shown["claim"])) == str(entry.claim.expr)  # which SymPy left alone
        assert parse(found, shown["difference"]) == entry.difference.expr


def test_a_derivative_that_is_not_written_out_is_among_the_names():
    loss = "abs(abs(abs(abs(abs(a-y)-1)-1)-1)-1)"
    asked = f"1 1 --output-activation identity --loss {loss} --timeout 0.2 --format json"
    (found,) = json.loads(ask(asked)[1])["claims"]
    assert found["names"][-1] == "dJ_dW_out"
    assert parse(found, found["entries"][0]["derivative"]) == sympy.IndexedBase("dJ_dW_out")[1, 1]


@pytest.mark.parametrize("name", ["Sum", "exp", "Symbol", "Integer", "log", "Eq", "E", "I"])
def test_a_size_is_not_named_as_what_stands_in_the_formulas(name):
    code, out, _ = ask(f"2 2 {name} --format json")
    assert code == 2
    (error,) = json.loads(out)["errors"]
    assert f"T is '{name}', a name that has a meaning here" in error["message"]


def tripled(network):
    error = network.arrays["Y"] - network.arrays["A_out"]
    return network.arrays["A_h"].T @ (-3 * (error * (1 - network.arrays["A_out"])))


def halved(network):
    return -(network.arrays["A_h"].T @ (network.arrays["Y"] - network.arrays["A_out"])) / 2


def divided(network):
    error = network.arrays["Y"] - network.arrays["A_out"]
    return network.arrays["A_h"].T @ (-2 * error / (network.arrays["A_out"] - 3))


@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), (2, 1, 2, 3), (1, 1, 2, 4)])
@pytest.mark.parametrize("formula", [flipped, tripled, halved, divided])
def test_other_claims_parse_back_to_the_same_expressions(claimed, formula, sizes):
    """A number in front of a bracket is what SymPy's parser likes to multiply out."""
    claimed(formula)
    found = document_for(sizes)
    m, d, t, n = sizes
    network = Network(m, d, t, n=n)
    expected = check(network, Claim("planted", formula(network))).entries
    for entry, original in zip(found["entries"], expected, strict=True):
        assert parse(found, entry["derivative"]) == original.derivative.expr
        assert parse(found, entry["claim"]) == original.claim.expr
        assert parse(found, entry["difference"]) == original.difference.expr


@pytest.mark.parametrize("sizes", SIZES)
def test_long_sums_stay_sums_and_short_ones_are_written_out(sizes):
    found = document(sizes)
    for entry in found["entries"]:
        for formula in ("derivative", "claim"):
            total = parse(found, entry[formula])
            assert total.has(sympy.Sum) == (sizes in SUMS)
            if sizes in SUMS:
                assert [s.limits[0][1:] for s in total.atoms(sympy.Sum)] == [(1, sizes[3])]
            assert total.free_symbols


@pytest.mark.parametrize("sizes", SIZES)
def test_a_formula_reads_only_entries_that_exist(sizes):
    found = document(sizes)
    shapes = {d["name"]: d["shape"] for d in found["definitions"]} | found["inputs"]
    for entry in found["entries"]:
        for formula in ("derivative", "claim"):
            for read in parse(found, entry[formula]).doit().atoms(sympy.Indexed):
                shape = shapes[str(read.base)]
                assert all(1 <= k <= size for k, size in zip(read.indices, shape, strict=True))


@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), (2, 1, 2, 3), (1, 2, 1, 4)])
def test_the_document_alone_lets_a_reader_evaluate_both_sides(sizes):
    """At a random point: unfold the definitions, and compare with finite differences of J."""
    found, random = document(sizes), Random(1)
    definitions = {d["name"]: d for d in found["definitions"]}
    texts = {name: parse(found, d["value"]) for name, d in definitions.items()}
    point = {
        sympy.IndexedBase(name)[k, j]: random.uniform(-1, 1)
        for name, (height, width) in found["inputs"].items()
        for k, j in product(range(1, height + 1), range(1, width + 1))
    }

    def value(expr: sympy.Expr, values: dict) -> float:
        """Evaluate by unfolding names from the last to the first."""
        expr = expr.doit()
        for name, d in reversed(definitions.items()):
            letters = sympy.symbols(d["indices"])
            for read in [e for e in expr.atoms(sympy.Indexed) if str(e.base) == name]:
                at = dict(zip(letters, read.indices, strict=True))
                expr = expr.xreplace({read: texts[name].xreplace(at).doit()})
        return float(expr.xreplace(values))

    step = 1e-5
    for entry in found["entries"][:3]:
        weight = sympy.IndexedBase("W_out")[tuple(entry["index"])]
        derivative = value(parse(found, entry["derivative"]), point)
        assert math.isclose(derivative, value(parse(found, entry["claim"]), point), abs_tol=1e-12)
        up, down = ({**point, weight: point[weight] + s} for s in (step, -step))
        slope = (value(texts["J"], up) - value(texts["J"], down)) / (2 * step)
        assert math.isclose(derivative, slope, rel_tol=1e-6, abs_tol=1e-8)


# ---------------------------------------------------------------- other verdicts


def test_a_refuted_entry_says_where_and_by_how_much(claimed):
    claimed(flipped)
    found = document_for((4, 3, 5, 3))
    assert found["verdict"] == "refuted"
    assert found["claim"] == "planted"
    assert found["counts"] == {"entries": 15, "proved": 0, "refuted": 15, "undecided": 0}
    for entry in found["entries"]:
        assert entry["verdict"] == "refuted"
        point = entry["evidence"]["counterexample"]
        assert point.keys() == {
            "sizes",
            "indices",
            "values",
            "others",
            "rest",
            "derivative",
            "claim",
        }
        for name, value in point["values"].items():
            assert str(parse(found, name).base) in found["inputs"]
            Fraction(value)
        (left, right) = (
            [Fraction(point[side][end]) for end in ("low", "high")]
            for side in ("derivative", "claim")
        )
        assert left[0] <= left[1]
        assert right[0] <= right[1]
        assert left[1] < right[0] or right[1] < left[0]


def test_the_difference_of_a_refuted_entry_parses_back_too(claimed):
    claimed(flipped)
    found = document_for((2, 2, 2, 1))
    for entry in found["entries"]:
        derivative, claim, difference = (
            parse(found, entry[key]) for key in ("derivative", "claim", "difference")
        )
        j = entry["index"][1]
        unfolded = {
            sympy.IndexedBase("delta_out")[1, j]: parse(found, f"A_out[1, {j}] - Y[1, {j}]")
        }
        assert difference != 0
        assert sympy.expand((derivative - claim - difference).xreplace(unfolded)) == 0


def test_an_undecided_entry_says_why(monkeypatch):
    monkeypatch.setattr("gradcheck_sym.answer.Answers.general", None)
    monkeypatch.setattr("gradcheck_sym.answer.Answers.entry", lambda *_: Undecided("too large"))
    found = document_for((2, 2, 2, 1))
    assert found["verdict"] == "undecided"
    assert found["counts"] == {"entries": 4, "proved": 0, "refuted": 0, "undecided": 4}
    for entry in found["entries"]:
        assert entry["verdict"] == "undecided"
        assert entry["evidence"] == {"reason": "too large"}


@pytest.mark.parametrize(("sizes", "entries"), [((2, 2, 2, 1), 4), ((1, 2, 1, 2), 2)])
def test_an_audit_counts_what_it_looked_at(sizes, entries):
    found = document_for(sizes, "--audit")["audit"]
    assert found["entries"] == entries
    assert found["points"] > entries


# ---------------------------------------------------------------- how it is printed


@pytest.mark.parametrize("sizes", SIZES)
def test_quiet_leaves_the_entries_out_and_nothing_else(sizes):
    quiet, full = document_for(sizes, "--quiet"), dict(document(sizes))
    assert full.pop("left_out") == 0
    assert quiet.pop("left_out") == len(full.pop("entries")) > 0
    assert quiet.pop("seconds") > 0
    full.pop("seconds")
    assert quiet == full


def test_no_entry_with_a_verdict_of_its_own_is_left_out(monkeypatch):
    monkeypatch.setattr("gradcheck_sym.render.json.MOST_LISTED", 3)
    wrong_below = "--claim W_h:X.T@delta_h+1-eye(2,1)"
    found = document_for((2, 4, 2, 1), wrong_below)
    assert [entry["verdict"] for entry in found["entries"]] == ["proved"] * 4 + ["refuted"] * 4
    assert found["left_out"] == 0


def test_of_many_entries_that_are_alike_the_first_are_listed_and_all_where_asked(monkeypatch):
    monkeypatch.setattr("gradcheck_sym.render.json.MOST_LISTED", 5)
    some, every = (document_for((2, 3, 4, 1), options) for options in ("", "--all-rows"))
    assert some["entries"] == every["entries"][:5]
    assert (some["left_out"], every["left_out"], len(every["entries"])) == (7, 0, 12)


@pytest.mark.parametrize("options", ["", "--quiet", "--all-rows", "--audit"])
def test_stdout_holds_the_document_and_nothing_else(monkeypatch, options):
    """In ASCII, with one line break at the end, whatever colours are asked for."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    code, out, err = ask(f"1 2 2 --format json {options}")
    assert (code, err) == (0, "")
    assert out.startswith("{")
    assert out.endswith("}\n")
    assert out.isascii()
    assert "\x1b" not in out
    json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_an_entry_takes_a_line_so_that_a_document_can_be_searched_and_compared():
    _, out, _ = ask("2 3 5 --format json")
    lines = [line.strip().rstrip(",") for line in out.splitlines() if '"derivative"' in line]
    assert [json.loads(line)["index"] for line in lines] == [
        [k, j] for k in (1, 2, 3) for j in (1, 2, 3, 4, 5)
    ]


def test_a_key_is_never_given_twice():
    def unique(pairs):
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    _, out, _ = ask("2 2 2 --format json --audit")
    json.loads(out, object_pairs_hook=unique)
