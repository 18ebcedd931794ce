"""`--replay`: the checker alone reads the proofs in a report's JSON."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from copy import deepcopy

import pytest

import gradcheck_sym.replay
from gradcheck_sym.cli import run
from gradcheck_sym.proofs.write import proof_json
from gradcheck_sym.replay import replay_text
from tests.family import Member
from tests.proved import NAMES, NUMBERS, documents, proved

SIGMOID = Member("sigmoid", "sigmoid", "bce")


@pytest.fixture(scope="module")
def report() -> dict:
    """What `--format json` writes, as far as a replay looks at it."""
    index = [[k, j] for k in (1, 2) for j in (1, 2)]
    return {
        "verdict": "proved",
        "seconds": 0.25,
        "inputs": {"X": [2, 2], "W_out": [2, 2]},
        "wrt": "W_out",
        "entries": [{"index": at, "verdict": "proved"} for at in index],
        "proofs": [proof_json(*proved(SIGMOID, "W_out", NUMBERS))],
    }


@pytest.fixture
def file(report, tmp_path):
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"claims": [report]}), encoding="utf-8")
    return path


def replayed(report: dict):
    return replay_text(json.dumps({"claims": [report]}))


def test_a_report_is_replayed(file, capsys):
    assert run(["--replay", str(file)]) == 0
    out = capsys.readouterr().out
    parts = len(
        json.loads(file.read_text(encoding="utf-8"))["claims"][0]["proofs"][0]["proof"]["parts"]
    )
    assert out.splitlines()[-1] == f"replayed: {parts} lemmas, 4 of 4 entries"
    assert "∂J/∂W_out[k,j] = Σ_{i≤2} A_h[i,k] · delta_out[i,j],  k ≤ 2, j ≤ 2" in out
    assert "A_out[i,j] = 1/(1 + exp(−Z_out[i,j])),  i ≤ 2, j ≤ 2" in out


def test_quiet_prints_the_last_line_alone(file, capsys):
    assert run(["--replay", str(file), "-q"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize("name", documents())
def test_a_proof_by_itself_is_replayed(name):
    """With its conditions, its hypotheses and its witness."""
    document = documents()[name]
    found = replay_text(json.dumps(document))
    assert (found.code, found.error) == (0, "")
    shown = "\n".join(found.lines)
    assert ("assumed: Σ_" in shown) == ("hypotheses" in document["statement"])
    assert ("≠ 0" in shown) == any(x in name for x in ("relu", "elu", "tan("))


def test_sizes_that_are_names_count_as_one():
    found = replay_text(json.dumps(proof_json(*proved(SIGMOID, "b_out", NAMES))))
    assert found.lines[-1].endswith("1 of 1 entry")


def test_several_claims_are_replayed_together(report):
    found = replay_text(json.dumps({"verdict": "proved", "claims": [report, report]}))
    assert found.code == 0
    assert found.lines[-1].endswith("8 of 8 entries")


def test_what_stands_for_a_maximum_is_replayed_as_well(report):
    wrong = with_changes(report, inputs={"W_out": [2, 3]})
    found = replay_text(json.dumps({"claims": [report], "maxima": [report]}))
    assert found.lines[-1].endswith("8 of 8 entries")
    found = replay_text(json.dumps({"claims": [report], "maxima": [wrong]}))
    assert (found.code, found.error) == (1, "a proof is not of entries of W_out, but of others")


def test_a_step_that_does_not_hold_is_named(report, file, capsys):
    wrong = deepcopy(report)
    parts = wrong["proofs"][0]["proof"]["parts"]
    place = next(k for k, part in enumerate(parts) if part.get("slope") == "A_out")
    parts[place]["value"] = f"(2 * {parts[place]['value']})"
    file.write_text(json.dumps({"claims": [wrong]}), encoding="utf-8")
    assert run(["--replay", str(file)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"proof 1 does not hold: part {place + 1}, the slope by A_out: the sides" in said.err
    assert said.err.count("\n") == 1


def test_another_claim_is_not_what_was_proved(report):
    wrong = deepcopy(report)
    stated = wrong["proofs"][0]["statement"]
    stated["claim"] = f"(-1 * {stated['claim']})"
    found = replayed(wrong)
    assert (found.code, found.error) == (
        1, "proof 1 does not hold: the conclusion: the last slope is not the claim"
    )  # fmt: skip


def with_changes(report: dict, **changes: object) -> dict:
    return {**deepcopy(report), **changes}


def test_entries_without_a_proof_are_not_passed_over(report):
    entries = deepcopy(report["entries"])
    some = with_changes(report, proofs=[])
    assert replayed(some).error == "W_out[1,1] is said to be proved, and there is no proof of it"
    assert replayed(some).code == 1
    for entry in entries:
        entry["verdict"] = "undecided"
    none = replayed(with_changes(report, proofs=[], entries=entries))
    assert (none.lines, none.code) == (("replayed: 0 lemmas, 0 of 4 entries",), 3)
    entries[2]["verdict"] = "refuted"
    both = replayed(with_changes(report, entries=entries))
    assert both.error == "W_out[2,1] is said to be refuted, and there is a proof of it"


def test_a_proof_of_one_entry_is_of_that_entry_alone(report):
    statement, proof = proved(SIGMOID, "W_out", NUMBERS)
    document = proof_json(statement, proof)
    keys = document["statement"]["at"]
    text = json.dumps(document).replace(f'"{keys[0]}"', "1").replace(f",{keys[0]}]", ",1]")
    text = text.replace("1: 2, ", "", 1)
    first = with_changes(report, proofs=[json.loads(text)])
    assert replayed(first).error == "W_out[2,1] is said to be proved, and there is no proof of it"
    first["entries"] = first["entries"][:2]
    assert replayed(first).lines[-1].endswith("2 of 4 entries")
    assert replayed(first).code == 3


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"wrt": "W_h", "inputs": {"W_h": [2, 2]}}, "a proof is not of W_h, but of W_out"),
        ({"inputs": {"W_out": [2, 3]}}, "a proof is not of entries of W_out, but of others"),
        ({"inputs": {"W_out": ["d", "t"]}}, "a proof is not of entries of W_out"),
        ({"inputs": {"W_out": [2]}}, "a proof is not of W_out"),
    ],
)
def test_a_proof_of_something_else_does_not_count(report, changes, why):
    found = replayed(with_changes(report, **changes))
    assert found.code == 1
    assert why in found.error


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\xff\xfe", "not text"),
        (b"", "not JSON"),
        (b"[1]", "[1] stands where an object belongs"),
        (b"{}", "there are no claims in it"),
        (b'{"claims": [{}]}', "claims.1: there are no proofs in it"),
        (b'{"claims": [{"proofs": 1}]}', "claims.1.proofs: 1 stands where a list belongs"),
        (
            b'{"claims": [{"proofs": [{"format": 1}]}]}',
            "claims.1.proofs.1: the key statement is missing",
        ),
        (
            b'{"claims": [{"proofs": [], "wrt": "w"}]}',
            "claims.1.inputs: None stands where an object belongs",
        ),
        (
            b'{"claims": [{"proofs": [], "wrt": "w", "inputs": {}}]}',
            "inputs: None stands where a list belongs",
        ),
        (b'{"claims": [{"proofs": []}]}', "claims.1.wrt: None is no name"),
    ],
)
def test_what_is_no_report_with_proofs_is_bad_input(text, why):
    found = replay_text(text)
    assert found.code == 2
    assert why in found.error
    assert "\n" not in found.error


def test_a_file_that_cannot_be_read_is_bad_input(tmp_path, capsys):
    assert run(["--replay", str(tmp_path / "none.json")]) == 2
    assert "No such file or directory; name a readable file" in capsys.readouterr().err
    assert run(["--replay", str(tmp_path)]) == 2


def alone(loss: str, claim: str, value: str | None = None, **stated: object) -> dict:
    """A statement about w with a proof of one slope, and no step in it."""
    statement = {"loss": loss, "wrt": "w", "at": [], "claim": claim, **stated}
    part = {"slope": "w", "at": [], "value": value or claim, "by": []}
    return {"format": 1, "statement": statement, "proof": {"parts": [part]}}


TOTAL = "  with 1/0 = 0, log(u) = 0 for u ≤ 0, and sqrt(u) = 0 for u < 0"


@pytest.mark.parametrize(
    ("loss", "claim"),
    [
        ("(w[] * inv((b[] + (-1 * b[]))))", "0"),
        ("(w[] * log(b[]))", "log(b[])"),
        ("(w[] * sqrt(b[]))", "sqrt(b[])"),
    ],
)
def test_what_is_not_defined_everywhere_is_shown_with_its_values(loss, claim):
    found = replay_text(json.dumps(alone(loss, claim)))
    assert found.code == 0
    assert TOTAL in found.lines


@pytest.mark.parametrize("name", documents())
def test_a_report_says_where_all_of_it_is_defined(name):
    assert TOTAL not in replay_text(json.dumps(documents()[name])).lines


@pytest.mark.parametrize(
    ("loss", "claim", "why"),
    [
        ("(w[] * π[])", "π[]", "π is no name"),
        ("(w[] * \u0430[])", "\u0430[]", "\u0430 is no name"),  # Cyrillic
        ("(w[] * J[])", "J[]", "J is no name of an array"),
        ("(w[] * (size(n) + (-1 * n[])))", "0", "n is a size and an array"),
        ("(w[] * size(J))", "size(J)", "J is no name of a size"),
        ("(w[] * size(pi))", "size(pi)", "pi is no name of a size"),
    ],
)
def test_a_name_that_reads_as_something_else_is_refused(loss, claim, why):
    found = replay_text(json.dumps(alone(loss, claim)))
    assert found.code == 2
    assert why in found.error


@pytest.mark.parametrize("name", ["J", "pi"])
def test_no_range_and_no_sign_is_of_what_reads_as_something_else(name):
    ranged = alone("sum(i, w[])", "1", letters={"i": name})
    signed = alone("w[]", "1", positive=[name])
    for document in (ranged, signed):
        found = replay_text(json.dumps(document))
        assert found.code == 2
        assert f"{name} is no name of" in found.error


@pytest.mark.parametrize(("other", "shown"), [("size(i)", "i"), ("i[]", "i"), ("i[1]", "i[1]")])
def test_an_index_is_never_called_as_what_is_beside_it(other, shown):
    """Σ_{i≤3} i · w would be 6 · w."""
    document = alone(f"sum(i, ({other} * w[]))", f"(3 * {other})", letters={"i": 3})
    found = replay_text(json.dumps(document))
    assert (found.code, found.lines[0]) == (0, f"∂J/∂w = 3 · {shown}")
    assert f"    J = Σ_{{i_2≤3}} {shown} · w" in found.lines


@pytest.mark.parametrize("deep", [12, 40])
def test_signs_of_what_nests_are_asked_for_once(deep):
    """x² + 1/(x² + 1/(… + 1/y)) > 0."""
    text = "y[]"
    for _ in range(deep):
        text = f"((x[] * x[]) + inv({text}))"
    document = alone("w[]", "1", needs=[{"u": text, "relation": ">"}])
    document["proof"]["witness"] = {"everywhere": {"x": "1", "y": "1"}}
    assert replay_text(json.dumps(document)).code == 0


def test_nor_is_a_free_one():
    document = alone("i[]", "0", letters={"i": 3}, at=["i"])
    document["proof"]["parts"][0]["at"] = ["i"]
    found = replay_text(json.dumps(document))
    assert found.lines[0] == "∂J/∂w[i_2] = 0,  i_2 ≤ 3"


def test_a_power_of_a_fraction_stands_in_brackets():
    found = replay_text(json.dumps(alone("(-2/3 * 2/3 * w[])", "-4/9")))
    assert "    J = −(2/3)^2 · w" in found.lines


def test_the_proofs_of_a_report_are_of_one_loss(report):
    """Two entries of a w of two, each proved of a J of its own."""
    first, other = (alone(f"({c} * w[{k}])", str(c)) for k, c in ((1, 5), (2, 7)))
    for place, document in enumerate((first, other), start=1):
        document["statement"]["at"] = document["proof"]["parts"][0]["at"] = [place]
    both = {"wrt": "w", "inputs": {"w": [2]}, "proofs": [first, other]}
    found = replayed(both)
    assert found.code == 1
    assert "the proofs are not of one J" in found.error
    for document, claim in ((first, "5"), (other, "7")):
        document["statement"]["loss"] = "((5 * w[1]) + (7 * w[2]))"
        document["statement"]["claim"] = claim
    assert replayed(both).lines[-1].endswith("2 of 2 entries")


def test_a_report_of_no_claims_is_bad_input():
    found = replay_text('{"claims": []}')
    assert (found.code, found.lines) == (2, ())
    assert "there are no claims in it" in found.error


@pytest.mark.parametrize("more", [["2", "2"], ["--bias"], ["--claim", "X"], ["--n", "2"]])
def test_a_replay_asks_nothing_else(file, more, capsys):
    assert run(["--replay", str(file), *more]) == 2
    assert "has no place there" in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked", ["2 2 2", "m d t --n n --wrt all", "2 2 2 --claim A_h.T@(A_out+Y)"]
)
def test_what_the_command_writes_is_replayed(asked, tmp_path, capsys):
    """A refuted claim has no proofs, and what is not proved of all entries exits with 3."""
    path = str(tmp_path / "report.json")
    code = run([*asked.split(), "--format", "json", "-o", path])
    assert run(["--replay", path]) == {0: 0, 1: 3}[code]
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.endswith({0: "entries", 1: "replayed: 0 lemmas, 0 of 4 entries"}[code])


@pytest.mark.parametrize("command", [["gradcheck_sym", "--replay"], ["gradcheck_sym.replay"]])
def test_a_replay_imports_neither_sympy_nor_the_prover(file, command):
    """Also from standard input; what is imported is listed by Python itself."""
    for name, given in (str(file), None), ("-", file.read_bytes()):
        asked = [sys.executable, "-X", "importtime", "-m", *command, name]
        found = subprocess.run(asked, capture_output=True, input=given, check=True)
        imported = found.stderr.decode()
        assert "gradcheck_sym.checker.check" in imported
        for module in ("sympy", "mpmath", "rich", "prover", "refuter", "gradcheck_sym.mlp.network"):
            assert f" {module}" not in imported, module
        assert found.stdout.decode().splitlines()[-1].endswith("4 of 4 entries")


def test_an_output_in_ascii_is_readable(file):
    asked = [sys.executable, "-m", "gradcheck_sym", "--replay", str(file)]
    found = subprocess.run(
        asked, capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii", "PATH": ""}
    )
    assert b"dJ/dW_out[k,j] = Sum_{i<=2} A_h[i,k] * delta_out[i,j]" in found.stdout


def test_the_example_of_the_docstring_runs():
    assert not doctest.testmod(gradcheck_sym.replay).failed
