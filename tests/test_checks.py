"""`gradcheck-sym --all`: the checks that pyproject.toml lists, run side by side."""

from __future__ import annotations

import contextlib
import io
import json
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from gradcheck_sym import cli
from gradcheck_sym.checks import running
from gradcheck_sym.checks.command import checked
from gradcheck_sym.checks.config import Check, checks
from gradcheck_sym.checks.outcome import document, outcome, worst
from gradcheck_sym.errors import ConfigError
from gradcheck_sym.render.finding import Source
from tests.test_schema import SCHEMA, closed

pytestmark = pytest.mark.xdist_group("checks")  # the processes of `project` run once

PROJECT = """[project]
name = "mine"

[tool.gradcheck-sym.checks.output-layer]
sizes = "1 1 1"

[tool.gradcheck-sym.checks."a half"]
sizes = [1, 1, 1]
claim = ["A_h.T @ (A_out - Y) / 2", "A_h.T @ delta_out"]

[tool.gradcheck-sym.checks.typo]
sizes = "1 1 1"
claim = "A_h.T @ delta_oot"
"""


def said_of(folder: Path, text: str) -> list[Check]:
    (folder / "pyproject.toml").write_text(text)
    return checks(folder, cli.command.params)


def words(folder: Path, table: str) -> tuple[str, ...]:
    (check,) = said_of(folder, f"[tool.gradcheck-sym.checks.one]\n{table}\n")
    return check.words


def ask(*asked: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.run(asked)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with checks that are proved, refuted and none."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "src").mkdir()
    return folder


@pytest.fixture(scope="module")
def findings(project):
    """What the processes of its checks print, which each format shows."""
    return list(running.ran(checks(project, cli.command.params), "findings"))


@pytest.fixture
def shown(project, findings, monkeypatch):
    """The exit code and the text of all checks in a format."""
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project))
    monkeypatch.setattr("gradcheck_sym.checks.command.ran", lambda *_: iter(findings))

    def shown(format_: str, *, quiet: bool = False) -> tuple[int, str]:
        out = io.StringIO()
        found = [ran.check for ran in findings]
        code, _ = checked(found, format_, out, quiet=quiet)
        return code, out.getvalue()

    return shown


# ---------------------------------------------------------------- pyproject.toml


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('sizes = "m d t"\nn = "n"', ["--n=n", "m", "d", "t"]),
        ("sizes = [2, 3, 'd', 4]\nn = 5", ["--n=5", "2", "3", "d", "4"]),
        ("sizes = '2-2-2'", ["2-2-2"]),
        ("bias = true\nl2 = false\naudit = true", ["--bias", "--audit"]),
        ("mean = true\ntimeout = 0.5", ["--mean", "--timeout=0.5"]),
        ("wrt = ['W_h', 'b_h']\nclaim = '-X'", ["--wrt=W_h", "--wrt=b_h", "--claim=-X"]),
        ("output-activation = 'softmax'", ["--output-activation=softmax"]),
        ("code = ['a.py', 'b.py:f']", ["--code=a.py", "--code=b.py:f"]),
        ("shape = { x = 'n,d', w = 'd,' }", ["--shape=x=n,d", "--shape=w=d,"]),
        ("labels = 'y=n,t'\nvalue = { eps = 1e-5 }", ["--labels=y=n,t", "--value=eps=1e-05"]),
    ],
)
def test_the_keys_of_a_check_are_the_long_names_of_options(tmp_path, table, expected):
    assert list(words(tmp_path, table)) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no pyproject.toml with [tool.gradcheck-sym]"),
        ("[tool.other]\n", "no pyproject.toml with [tool.gradcheck-sym]"),
        ("[tool.gradcheck-sym]\n", "names no check; write [tool.gradcheck-sym.checks.NAME]"),
        ("[tool.gradcheck-sym]\ncheck = 1\n", "check: no such key; there is checks"),
        ("[tool.gradcheck-sym]\nchecks = 1\n", "names no check"),
        ("[tool.gradcheck-sym.checks]\none = '2 2 2'\n", "'2 2 2' stands where a table"),
        ("[tool\n", "no TOML"),
    ],
)
def test_a_file_without_checks_says_what_to_write(tmp_path, text, said):
    with pytest.raises(ConfigError) as error:
        said_of(tmp_path, text)
    assert said in str(error.value)
    assert str(tmp_path) in str(error.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("size = '2 2 2'", "check one: size: no such option; did you mean sizes?"),
        ("hiden = 'relu'", "hiden: no such option; did you mean hidden?"),
        ("activation = 'relu'", "did you mean output-activation?"),
        ("zzz = 1", "zzz: no such option; there are sizes, n, hidden,"),
        ("format = 'json'", "format is of all checks; give it beside --all"),
        ("reproduce = 'x.py'", "reproduce has no place in a check; leave it out"),
        ("bias = 'yes'", "bias is 'yes'; give true or false"),
        ("hidden = ['relu']", "hidden is ['relu']; give a text or a number"),
        ("claim = [['A']]", "claim is [['A']]; give a text or a list of texts"),
        ("n = true", "n is True; give a text or a number"),
        ("sizes = 2", "sizes is 2; give them as"),
        ("sizes = [2, true]", "sizes is [2, True]; give them as"),
        ("sizes = '2 2 2 --help'", "sizes is '2 2 2 --help'; give them as"),
        ("sum = true\nmean = true", "sum and mean are one option; choose one"),
        ("claim = []", "claim is empty; leave it out"),
    ],
)
def test_a_key_or_a_value_that_is_none_is_refused_with_what_is_meant(tmp_path, table, said):
    with pytest.raises(ConfigError) as error:
        words(tmp_path, table)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("table", "typed"),
    [
        ("sum = false", ["--mean"]),
        ("mean = false", ["--sum"]),
        ("mean = true", ["--mean"]),
        ("bias = false", []),
    ],
)
def test_an_option_that_is_false_is_its_opposite_where_it_has_one(tmp_path, table, typed):
    assert words(tmp_path, table) == tuple(typed)


def test_the_nearest_file_with_the_section_counts(tmp_path):
    said_of(tmp_path, PROJECT)
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    found = checks(inner, cli.command.params)
    assert [check.name for check in found] == ["output-layer", "a half", "typo"]
    assert {check.folder for check in found} == {tmp_path}
    lines = [check.source.line for check in found]
    assert [PROJECT.splitlines()[line - 1].count("[tool") for line in lines] == [1, 1, 1]


def test_what_is_asked_besides_is_refused(project, monkeypatch):
    monkeypatch.chdir(project)
    for more in (["2", "2"], ["--bias"], ["--format", "html"], ["-o", "x.tex"]):
        code, out, err = ask("--all", *more)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
    code, _, err = ask("--all", "-o", "pyproject.toml", "--format", "json")
    assert code == 2
    assert "this file is read" in err
    assert (project / "pyproject.toml").read_text() == PROJECT


# ---------------------------------------------------------------- what is shown


def test_the_table_has_a_line_a_check_what_is_wrong_and_the_counts(shown):
    code, out = shown("table")
    assert code == 1
    lines = out.splitlines()
    heads = [line for line in lines if line[0] != " "]
    assert [line[:15] for line in heads[:3]] == [
        "✔ output-layer ",
        "✘ a half       ",
        "! typo         ",
    ]
    assert heads[1].split("  ")[-1].startswith("refuted: 1 of 2 gradients, ")
    assert heads[3] == "3 checks: 1 proved, 1 refuted (a half), 1 not answered (typo)"
    said = "      the claim is 1/2 × the derivative; right is A_h.T @ (A_out - Y) (proved)"
    assert lines[lines.index(said) + 1] == "        [GS101]"  # folded at 80 columns
    assert "    unknown name delta_oot: did you mean delta_out? [GS011]" in lines
    assert len(shown("table", quiet=True)[1].splitlines()) == 4


def test_the_formats_of_tools_are_one_document_with_the_place_of_each_check(shown):
    code, out = shown("junit")
    assert code == 1
    suites = ElementTree.fromstring(out)
    assert [suites.get(k) for k in ("tests", "failures", "errors")] == ["4", "1", "1"]
    assert [suite.get("name").partition(":")[0] for suite in suites] == [
        "output-layer",
        "a half",
        "typo",
    ]
    places = {(case.get("file"), case.get("line")) for case in suites.iter("testcase")}
    assert places == {("pyproject.toml", str(line)) for line in (4, 7, 11)}
    annotated = [line for line in shown("github")[1].splitlines() if line.startswith("::")]
    assert [line[:38] for line in annotated] == [
        "::error file=pyproject.toml,line=7,tit",
        "::error file=pyproject.toml,line=11,ti",
    ]
    assert "::a half: 1-1-1" in annotated[0]
    results = json.loads(shown("sarif")[1])["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["refuted-gradient", "unchecked-gradient"]


def test_json_is_one_document_that_names_the_check_of_each_claim(project, monkeypatch):
    monkeypatch.chdir(project / "src")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project))
    code, out, err = ask("--all", "--format", "json")
    found = json.loads(out)
    assert (code, err) == (1, "")
    Draft202012Validator(closed(SCHEMA)).validate(found)
    assert (found["verdict"], found["exit_code"]) == ("refuted", 1)
    assert [claim["check"] for claim in found["claims"]] == ["output-layer", "a half", "a half"]
    assert [claim["source"]["line"] for claim in found["claims"]] == [4, 7, 7]
    assert [error["check"] for error in found["errors"]] == ["typo"]
    (project / "proofs.json").write_text(out)
    assert cli.run(["--replay", str(project / "proofs.json"), "-q"]) == 3  # one is refuted


# ---------------------------------------------------------------- processes


def test_checks_run_at_once_and_see_the_projects_folder(tmp_path, monkeypatch):
    """Each waits for what the other one writes."""
    source = """import pathlib, time
pathlib.Path("{0}").touch()
for _ in range(1000):
    if pathlib.Path("{1}").exists():
        break
    time.sleep(0.02)
else:
    raise RuntimeError("alone")
def f_forward(x): return 2 * x, x
def f_backward(dout, x): return 2 * dout
"""
    text = ""
    for own, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{own}.py").write_text(source.format(own, other))
        text += f'[tool.gradcheck-sym.checks.{own}]\ncode = "{own}.py"\nshape = "x=n,"\n'
    (tmp_path / "json.py").write_text("raise RuntimeError('a module of the project')")
    monkeypatch.setattr(running, "cores", lambda: 2)
    found = list(map(outcome, running.ran(said_of(tmp_path, text), "findings")))
    assert [(one.check.name, one.kind) for one in found] == [("one", "proved"), ("two", "proved")]


def test_a_process_that_dies_is_an_error_and_the_others_are_shown(tmp_path):
    (tmp_path / "dies.py").write_text("import os\nos.kill(os.getpid(), 9)\n")
    text = '[tool.gradcheck-sym.checks.dies]\ncode = "dies.py"\n'
    text += '[tool.gradcheck-sym.checks.lives]\nsizes = "1 1 1"\n'
    all_ran = list(running.ran(said_of(tmp_path, text), "findings"))
    found = list(map(outcome, all_ran))
    assert [(one.kind, one.code) for one in found] == [("error", 70), ("proved", 0)]
    assert found[0].findings[0].lines[0].startswith("its process ended with -9")
    whole = json.loads(document(all_ran[:1])[0])
    Draft202012Validator(SCHEMA).validate(whole)
    assert (whole["exit_code"], whole["errors"][0]["check"]) == (70, "dies")


WRONG = "def f_forward(x): return x * x, x\ndef f_backward(dout, x): return dout\n"


@pytest.mark.parametrize("format_", ["findings", "json"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import os\nos._exit(0)\n", "error"),
        ("import atexit, os\natexit.register(lambda: os._exit(0))\n" + WRONG, "refuted"),
        ("import os\nos.write(1, b'loading')\n" + WRONG, "refuted"),
    ],
)
def test_an_exit_code_alone_proves_nothing(tmp_path, text, kind, format_):
    (tmp_path / "ends.py").write_text(text)
    table = '[tool.gradcheck-sym.checks.ends]\ncode = "ends.py"\nshape = "x=n,"\n'
    (ran,) = running.ran(said_of(tmp_path, table), format_)
    (one,) = [outcome(ran)] if format_ == "findings" else document([ran])[1]
    assert one.kind == kind


def test_nothing_runs_on_when_nobody_waits_for_it(tmp_path, monkeypatch):
    (tmp_path / "sleeps.py").write_text("import time\ntime.sleep(600)\n")
    text = '[tool.gradcheck-sym.checks.quick]\nsizes = "0 1"\n'
    text += '[tool.gradcheck-sym.checks.sleeps]\ncode = "sleeps.py"\n'
    monkeypatch.setattr(running, "cores", lambda: 2)
    started = time.monotonic()
    each = running.ran(said_of(tmp_path, text), "findings")
    assert next(each).code == 2
    each.close()
    assert time.monotonic() - started < 60


def test_the_worst_exit_code_is_that_of_all():
    assert [worst(codes) for codes in ([0, 3], [3, 2, 0], [2, 1, 3], [1, 70], [0, 0])] == [
        3,
        2,
        1,
        70,
        0,
    ]
    assert Check("x", (), Source("a/pyproject.toml", 1)).folder == Path("a")
