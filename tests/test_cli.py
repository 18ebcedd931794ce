"""The command line: what is asked, what is refused and how, and the exit codes.

Most tests call `run` in this process; a process of its own is started where signals, closed
streams or imports are what is tested.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import click
import pytest

import gradcheck_sym
from gradcheck_sym import Claim, Undecided, __version__
from gradcheck_sym.answer import Answers
from gradcheck_sym.array import Array
from gradcheck_sym.array.entries import Plan
from gradcheck_sym.cli import BROKEN_PIPE, BUG, INTERRUPTED, command, run
from gradcheck_sym.mlp.textbook import names
from gradcheck_sym.options import GROUPS
from gradcheck_sym.term.terms import ONE, Delta, add, mul

HOME = str(Path(gradcheck_sym.__file__).parents[1])  # where other processes find the package
NINES = "9" * 5000
SIZE = "positive integer"
LONGEST = 400  # characters of a message that is still read as one line

REFUSED = [
    # what is asked                     what the message names   what it says to do
    ("0 2 2", "M is 0", SIZE),
    ("2 0 2", "D is 0", SIZE),
    ("2 2 0", "T is 0", SIZE),
    ("00 2 2", "M is 00", SIZE),
    ("-1 2 2", "M is '-1'", SIZE),
    ("2 -1 2", "D is '-1'", SIZE),
    ("-- 2 -1 2", "D is '-1'", SIZE),
    ("-0 2 2", "M is '-0'", SIZE),
    ("2.5 2 2", "M is '2.5'", SIZE),
    ("2 2 2.0", "T is '2.0'", SIZE),
    ("1e3 2 2", "M is '1e3'", SIZE),
    ("abc! 2 2", "M is 'abc!'", SIZE),
    ("1_000 2 2", "M is '1_000'", SIZE),
    ("1,000 2 2", "M is '1,000'", SIZE),
    ("0x2 2 2", "M is '0x2'", SIZE),
    ("2² 2 2", "M is '2²'", SIZE),
    ("٣ 2 2", "M is '٣'", SIZE),
    ("\x1b[31m 2 2", r"M is '\x1b[31m'", SIZE),
    ("\udcff 2 2", r"M is '\udcff'", SIZE),
    (f"{NINES} 2 2", "M is ", SIZE),
    (f"2 {NINES} 2", "D is ", SIZE),
    (f"2 2 2 --n {NINES}", "--n is ", SIZE),
    ("", "no sizes", "2 2 2"),
    ("2", "one size (2)", "2 2 2"),
    ("", "no sizes", "2 2 2"),
    ("2 2 2 --n 0", "--n is 0", SIZE),
    ("2 2 2 --n -1", "--n is '-1'", SIZE),
    ("2 2 2 --n=-1", "--n is '-1'", SIZE),
    ("2 2 2 --n 1e9", "--n is '1e9'", SIZE),
    ("2 2 2 --n=", "--n is ''", SIZE),
    ("2 2 2 --n", "--n", "requires an argument"),
    ("2 2 2 -o", "-o", "requires an argument"),
    ("2 2 2 --format", "--format", "requires an argument"),
    ("2 2 2 --format pdf", "'pdf'", "'table', 'json'"),
    ("2 2 2 --format=", "''", "'table', 'json'"),
    ("2 2 2 --all-rows=3", "--all-rows", "does not take a value"),
    ("2 2 2 --all", "--all", "--help"),
    ("2 2 2 -x", "-x", "--help"),
    ("2 2 2 -qx", "-x", "--help"),
    ("2 2 2 -o missing/proof.txt", "-o missing/proof.txt", "make it first"),
    ("2 2 2 -o kept.txt/proof.txt", "-o kept.txt/proof.txt", "not a folder"),
    ("2 2 2 -o .", "-o .", "name a file"),
    ("2 2 2 --output=folder/", "folder", "name a file"),
    ("2 2 2 -o folder/", "-o folder", "name a file"),
]

TOO_LARGE = [
    "2 2 2 --n 1000000000",
    "2 1000000 1000000",
    "2 999999999999999 2",
    "2 2 999999999999999",
    "2 2 2 --n 999999999999999",
    "999999999999999 999999999999999 999999999999999 --n 999999999999999",
]


class Answer(NamedTuple):
    """What a run gave back."""

    code: int
    out: str
    err: str


def words(asked: str) -> list[str]:
    """The arguments; `''` stands for an empty one."""
    return ["" if word == "''" else word for word in asked.split()]


@pytest.fixture
def ask(capsys, monkeypatch):
    """Run the command in this process, 100 columns wide, and return its `Answer`."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def ask(*arguments: str) -> Answer:
        code = run(arguments)
        return Answer(code, *capsys.readouterr())

    return ask


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder that holds a file and a folder."""
    (tmp_path / "kept.txt").write_text("old\n")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_work(monkeypatch):
    """Make every start of a proof an error."""

    def check(*arguments, **options):
        raise AssertionError("the work was started")

    monkeypatch.setattr("gradcheck_sym.argument.check_all", check)


def is_untouched(folder: Path) -> bool:
    """Whether the folder holds what the fixture `folder` put there, and nothing else."""
    return sorted(os.listdir(folder)) == ["folder", "kept.txt"] and (
        not os.listdir(folder / "folder") and (folder / "kept.txt").read_text() == "old\n"
    )


def is_one_clear_line(text: str) -> bool:
    """Whether a message is one line of a readable length, from this tool."""
    return (
        text.startswith("gradcheck-sym: ")
        and text.endswith("\n")
        and len(text.splitlines()) == 1
        and len(text) <= LONGEST
    )


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(("asked", "named", "mend"), REFUSED)
def test_bad_input_is_one_line_that_names_it_and_the_mend(ask, folder, no_work, asked, named, mend):
    answer = ask(*words(asked))
    assert (answer.code, answer.out) == (2, "")
    assert is_one_clear_line(answer.err), answer.err
    assert named in answer.err
    assert mend in answer.err
    assert is_untouched(folder)


@pytest.mark.parametrize("json_asked", ["--format json", "--format=json"])
@pytest.mark.parametrize(("asked", "named", "mend"), REFUSED)
def test_bad_input_under_json_is_a_json_document_on_stdout_too(
    ask, folder, no_work, asked, named, mend, json_asked
):
    answer = ask(*words(json_asked), *words(asked))
    assert answer.code == 2
    assert is_one_clear_line(answer.err), answer.err
    document = json.loads(answer.out)
    (error,) = document["errors"]
    assert (document["exit_code"], document["verdict"], document["claims"]) == (2, None, [])
    assert set(error) == {"kind", "message", "code"}
    assert answer.err == f"gradcheck-sym: {error['message']} [{error['code']}]\n"
    assert is_untouched(folder)


@pytest.mark.parametrize("asked", [asked for asked, *_ in REFUSED if "-o" not in asked])
def test_bad_input_touches_no_output_file(ask, folder, no_work, asked):
    for name in ("kept.txt", "new.txt"):
        assert ask("-o", name, *words(asked)).code == 2
    assert is_untouched(folder)


@pytest.mark.parametrize("asked", ["'' 2 2", "2 '' 2", "2 2 ''", "2 2 2 --n ''"])
def test_an_empty_size_is_refused_as_such(ask, no_work, asked):
    answer = ask(*words(asked))
    assert (answer.code, answer.out) == (2, "")
    assert is_one_clear_line(answer.err)
    assert "is ''" in answer.err
    assert SIZE in answer.err


@pytest.mark.parametrize("arguments", [["-o", ""], ["--output="]])
def test_an_empty_output_name_is_called_empty_not_the_current_folder(
    ask, folder, no_work, arguments
):
    answer = ask("2", "2", "2", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert is_one_clear_line(answer.err)
    assert "-o .:" not in answer.err
    assert "''" in answer.err or "empty" in answer.err
    assert is_untouched(folder)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("--formta json", "--format"),
        ("--fromat=json", "--format"),
        ("--outptu x", "--output"),
        ("--alll-rows", "--all-rows"),
        ("--all_rows", "--all-rows"),
        ("--quite", "--quiet"),
        ("--audti", "--audit"),
        ("--verison", "--version"),
        ("-n 3", "--n"),
    ],
)
def test_a_misspelt_option_is_answered_with_the_right_one(ask, no_work, typed, meant):
    answer = ask("2", "2", "2", *typed.split())
    assert (answer.code, answer.out) == (2, "")
    assert is_one_clear_line(answer.err)
    assert re.split("[ =]", typed)[0] in answer.err
    assert meant in re.findall(r"--?[a-z-]+", answer.err)[1:]


def test_a_size_that_looks_like_an_option_is_refused_as_one_or_the_other(ask, no_work):
    for asked in ("-inf 2 2", "-.5 2 2", "--2 2 2", "- 2 2", "−1 2 2"):
        answer = ask(*words(asked))
        assert (answer.code, answer.out) == (2, ""), asked
        assert is_one_clear_line(answer.err), asked
        assert asked.split()[0] in answer.err


@pytest.mark.parametrize("asked", ["2 2 2 -o out/proof.txt", "2 2 2 -o kept.txt"])
def test_a_place_that_is_not_writable_is_refused_before_the_work(
    ask, folder, no_work, monkeypatch, asked
):
    """Root may write anywhere, so the system's answer is put in its mouth."""
    (folder / "out").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode, **options: False)
    answer = ask(*words(asked))
    assert (answer.code, answer.out) == (2, "")
    assert is_one_clear_line(answer.err)
    assert asked.split()[-1] in answer.err
    assert "not writable" in answer.err
    assert not os.listdir(folder / "out")


def test_a_broken_link_is_refused_before_the_work(ask, folder, no_work):
    (folder / "link").symlink_to("missing/proof.txt")
    answer = ask("2", "2", "2", "-o", "link")
    assert (answer.code, answer.out) == (2, "")
    assert is_one_clear_line(answer.err)
    assert "-o link" in answer.err


# ---------------------------------------------------------------- work that would not fit


@pytest.mark.parametrize("asked", TOO_LARGE)
def test_work_that_would_not_fit_is_refused_with_its_cost_before_it_starts(
    ask, folder, no_work, asked
):
    answer = ask(*words(asked), "-o", "kept.txt")
    assert (answer.code, answer.out) == (2, "")
    assert is_one_clear_line(answer.err), answer.err
    assert re.search(r"take about [\d,]+ (s|min|h|days) and [\d,]+ (MB|GB)", answer.err)
    assert re.search(r"limits are \d+ (s|min|h) and \d+ (MB|GB)", answer.err)
    assert "smaller" in answer.err
    assert is_untouched(folder)


def test_the_cost_document_is_json(ask, no_work):
    answer = ask("2", "2", "2", "--n", "1000000000", "--format", "json")
    assert json.loads(answer.out)["errors"][0]["kind"] == "CostError"


@pytest.mark.parametrize("asked", ["784 512 10 --n 64", "1000000 2 2", "2 300 300"])
def test_work_that_fits_is_not_refused(ask, monkeypatch, asked):
    started = []
    monkeypatch.setattr(
        "gradcheck_sym.argument.check_all", lambda *a, **k: started.append(a) or sys.exit(9)
    )
    with pytest.raises(SystemExit):
        ask(*words(asked))
    assert started


# ---------------------------------------------------------------- what is imported


IMPORTED = """
import contextlib, io, json, sys
from gradcheck_sym.cli import run
found = {}
for asked in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = run(asked)
    heavy = {"sympy", "mpmath", "rich", "numpy"} & sys.modules.keys()
    if heavy:
        found[" ".join(asked)[:80]] = sorted(heavy)
        for name in [n for n in sys.modules if n.partition(".")[0] in heavy]:
            del sys.modules[name]
print(json.dumps(found))
"""


@pytest.fixture
def modules_loaded(folder):
    """The heavy packages that each of some questions loads, for those that load any."""

    def modules_loaded(*questions: list[str]) -> dict[str, list[str]]:
        command = [sys.executable, "-c", IMPORTED, json.dumps(questions)]
        done = subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": HOME},
        )
        return json.loads(done.stdout)

    return modules_loaded


def test_bad_input_and_help_and_version_import_neither_sympy_nor_rich_nor_numpy(modules_loaded):
    questions = [words(asked) for asked, *_ in REFUSED] + [words(asked) for asked in TOO_LARGE]
    questions += [["--help"], ["-h"], ["--version"], ["2", "2", "2", "--help"]]
    assert modules_loaded(*questions, ["0", "2", "2", "--format", "json"]) == {}


FORMATS = [
    "",
    "--steps",
    "--format latex --steps",
    "--format markdown --steps",
    "--format html --steps",
]


@pytest.mark.parametrize(
    "asked",
    [
        "2 2 2",
        "2 2 2 --claim (A_out-Y).T@A_h",  # refuted
        "2 2 2 --claim A_h.T@delta_out*A_h.sum()/A_h.sum()",  # with conditions
        "2 2 2 --hidden relu --wrt W_h",  # with a kink
    ],
)
def test_what_people_read_is_printed_without_sympy(modules_loaded, asked):
    found = modules_loaded(*(words(f"{asked} {how}") for how in (*FORMATS, "--quiet")))
    assert all(heavy == ["rich"] for heavy in found.values())


def test_a_question_that_is_undecided_is_printed_without_sympy(modules_loaded):
    found = modules_loaded(words("2 2 2 --output-activation softmax --loss ce --timeout 0.0001"))
    assert list(found.values()) == [["rich"]]


def test_json_is_printed_by_sympy(modules_loaded):
    """The tests before this one could not fail if the names were wrong."""
    assert modules_loaded(words("2 2 2 --format json")) == {
        "2 2 2 --format json": ["mpmath", "sympy"]
    }


# ---------------------------------------------------------------- help and version


@pytest.mark.parametrize("asked", ["--help", "-h", "2 2 2 --help"])
def test_help_shows_examples_before_options_and_names_every_option(ask, no_work, asked):
    code, out, err = ask(*words(asked))
    assert (code, err) == (0, "")
    assert out.index("gradcheck-sym 2 2 2 ") < out.index("The network:")
    options = (
        "--n --format --output-activation -o --all-rows --quiet -q --audit --version --help -h"
    )
    assert set(options.split()) <= set(re.findall(r"--?[a-z-]+", out))
    assert re.search(r"0 proved.*1 refuted.*2 .*3 undecided.*130", out, re.DOTALL)
    assert max(map(len, out.splitlines())) <= 80


def test_each_example_in_the_help_runs_as_it_stands(ask, folder):
    examples = re.findall(r"^ +gradcheck-sym (\w.*?)(?:   .*)?$", ask("--help").out, re.MULTILINE)
    assert len(examples) >= 4
    quick = [e for e in examples if "--audit" not in e]
    for example in quick:
        assert ask(*shlex.split(example)).code == 0, example
    assert any("-o proof.json" in e for e in quick)
    assert json.loads((folder / "proof.json").read_text())["verdict"] == "proved"


def test_version_is_the_packages(ask, no_work):
    code, out, err = ask("--version")
    assert (code, err) == (0, "")
    assert out.strip() == f"gradcheck-sym, version {__version__}"


# ---------------------------------------------------------------- options


def test_the_last_of_a_repeated_option_counts(ask, folder):
    question = words("2 2 2 --format table --n 2 --n 3 -o kept.txt -o new.json --format json -q -q")
    assert ask(*question) == (0, "", "")
    assert (folder / "kept.txt").read_text() == "old\n"
    (claim,) = json.loads((folder / "new.json").read_text())["claims"]
    assert claim["network"]["sizes"] == {"m": 2, "d": 2, "t": 2, "n": 3}


@pytest.mark.parametrize(
    "asked", ["-q 4 3 5 --n 3", "--n 3 4 3 5 -q", "4 3 --n=3 5 --quiet", "--n 3 -q -- 4 3 5"]
)
def test_options_may_stand_anywhere(ask, asked):
    assert ask(*words(asked)) == (
        0, "15 of 15 entries proved, for all real X, W_h, W_out, Y\n", ""
    )  # fmt: skip


def test_one_example_is_the_default(ask):
    assert "2-2-2, n = 1," in ask("2", "2", "2").out


# ---------------------------------------------------------------- exit codes


def flipped(network, wrt) -> Claim:
    """A claim that is wrong everywhere: (A_h)ᵀ (Y − A_out)."""
    arrays = network.arrays
    return Claim("A_h.T @ (Y - A_out)", arrays["A_h"].T @ (arrays["Y"] - arrays["A_out"]))


@pytest.fixture
def wrong_claim(monkeypatch):
    monkeypatch.setattr("gradcheck_sym.argument.textbook", flipped)


class Doubled(Array):
    """The textbook's claim, with some entries doubled, which is wrong."""

    def __init__(self, network, places) -> None:
        right = network.arrays["A_h"].T @ names(network)["delta_out"]
        super().__init__(right.shape, right)
        self._places = places

    def plan(self, indices):
        row, column = indices
        once = (mul(Delta(row, k), Delta(column, j)) for k, j in self._places)
        factor = add(ONE, *once)
        return Plan([(self.operands[0], indices)], lambda terms: factor * terms[0])


@pytest.fixture
def verdicts(monkeypatch):
    """Bring about verdicts on the entries of a 2-2-2 network, row by row: p, r or u."""
    original = Answers.entry

    def verdicts(letters: str) -> None:
        places = dict(zip([(1, 1), (1, 2), (2, 1), (2, 2)], letters, strict=True))
        wrong = [place for place, letter in places.items() if letter == "r"]

        def decide(self, at):
            unknown = places.get((at.get("k"), at.get("j"))) == "u"
            return Undecided("no reason") if unknown else original(self, at)

        monkeypatch.setattr(
            "gradcheck_sym.argument.textbook",
            lambda net, wrt: Claim("planted", Doubled(net, wrong)),
        )
        monkeypatch.setattr(Answers, "general", None)
        monkeypatch.setattr(Answers, "thorough", None)
        monkeypatch.setattr(Answers, "entry", decide)

    return verdicts


def test_a_proof_exits_with_0(ask):
    code, out, err = ask("2", "2", "2")
    assert (code, err) == (0, "")
    assert "4 of 4 entries proved, for all real X, W_h, W_out, Y" in out


def test_a_wrong_claim_exits_with_1_and_shows_where_it_fails(ask, wrong_claim):
    code, out, err = ask("2", "2", "2")
    assert (code, err) == (1, "")
    assert "0 of 4 entries proved; 4 refuted" in out
    assert "A_h.T @ (Y - A_out)" in out
    assert "w_out[1,1]: at " in out
    assert re.search(r"derivative \D*\d\S*,.* claim \D*\d", out)


@pytest.mark.parametrize(
    ("given", "code"),
    [("pppp", 0), ("pppr", 1), ("uuur", 1), ("rupp", 1), ("pppu", 3), ("uuuu", 3)],
)
@pytest.mark.parametrize("asked", ["", "-q", "--format json", "--format json -q", "--all-rows"])
def test_one_entry_decides_the_exit_code(ask, verdicts, given, code, asked):
    verdicts(given)
    answer = ask("2", "2", "2", *asked.split())
    assert (answer.code, answer.err) == (code, "")
    for letter, kind in (("p", "proved"), ("r", "refuted"), ("u", "undecided")):
        count = given.count(letter)
        assert not count or re.search(rf'\b{count}\b[^\n]* {kind}|"{kind}": {count}', answer.out)


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("2-2-2", "2 2 2"),
        ("2,2,2 --n 3", "2 2 2 --n 3"),
        ("4x3x5", "4 3 5"),
        ("m-d-t --n n", "m d t --n n"),
        ("2 2 2 --hidden lrelu --loss logloss", "2 2 2 --hidden leaky_relu --loss bce"),
        ("2 2 2 --format md", "2 2 2 --format markdown"),
        ("2 2 2 --format tex", "2 2 2 --format latex"),
    ],
)
def test_what_people_write_is_what_they_mean(ask, asked, same):
    one, other = (re.sub(r"time: .*", "", ask(*words(text)).out) for text in (asked, same))
    assert one == other != ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("2 2 2 --loss cross-entropy", "did you mean bce"),
        ("2 2 2 --wrt b_h", "add --bias"),
        ("2 2 2 --claim backward.py", "--code backward.py"),
        ("2 2 2 --output tanh", "--output-activation tanh"),
        ("2 2 2 --hidden softmax", "--output-activation softmax"),
    ],
)
def test_what_people_write_for_something_else_names_it(ask, asked, said):
    code, out, err = ask(*words(asked))
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "start"),
    [("p.json", "{"), ("p.tex", "\\documentclass"), ("p.md", "## "), ("p.html", "<!doctype")],
)
def test_the_ending_of_a_file_says_its_format(ask, folder, name, start):
    assert ask("2", "2", "2", "-o", name).code == 0
    assert (folder / name).read_text("utf-8").lower().startswith(start)


def test_no_file_that_is_read_is_written_to(ask, folder):
    source = "def f_forward(x): return x**2, x\ndef f_backward(dout, x): return 3 * x * dout\n"
    (folder / "own.py").write_text(source)
    (folder / "claims.txt").write_text("A_h.T @ delta_out\n")
    code = ["--code", "own.py", "--shape", "x=n,"]
    for asked in (
        [*code, "--reproduce", "own.py"],
        [*code[:1], "own.py:f", *code[2:], "--reproduce", "./own.py"],
        ["2", "2", "2", "--claim", "@claims.txt", "-o", "claims.txt"],
    ):
        code_, out, err = ask(*asked)
        assert (code_, out) == (2, "")
        assert "is read" in err
    assert (folder / "own.py").read_text() == source


def test_several_files_of_code_are_all_checked_and_print_beside_the_report(ask, folder):
    pair = "def {0}_forward(x): print('seen'); return x**2, x\n" + (
        "def {0}_backward(dout, x): return {1} * x * dout\n"
    )
    (folder / "one.py").write_text(pair.format("one", 3))
    (folder / "two.py").write_text(pair.format("two", 2))
    asked = ["--code", "one.py", "--code", "two.py", "--shape", "x=n,", "--format", "json"]
    code, out, err = ask(*asked)
    assert code == 1
    assert [claim["verdict"] for claim in json.loads(out)["claims"]] == ["refuted", "proved"]
    assert "seen" in err


@pytest.mark.parametrize("asked", ["2 2 2 --labels y=2,2", "2 2 2 --shape x=2", "2 2 2 -o p.pdf"])
def test_what_would_be_without_effect_is_refused(ask, asked):
    code, out, err = ask(*words(asked))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_a_report_prints_its_answer_and_is_no_silent_pass():
    network = gradcheck_sym.Network(2, 2, 2)
    right = gradcheck_sym.check(network)
    assert bool(right)
    assert str(right).startswith("✔ proved: ∂J/∂W_out = A_h.T @ delta_out\n")
    wrong = gradcheck_sym.check(network, gradcheck_sym.formula("A_h.T @ (A_out - Y) / 2", network))
    with pytest.raises(AssertionError, match="1/2 × the derivative"):
        bool(wrong)
    assert repr(wrong).endswith("refuted>")


def test_a_script_shows_both_numbers_of_what_is_refuted(ask, folder):
    wrong = ["--claim", "A_h.T @ (A_out - Y**2)", "--reproduce", "shown.py", "-q"]
    code, _, err = ask("2", "2", "2", *wrong)
    assert (code, err) == (1, "gradcheck-sym: wrote shown.py\n")
    text = (folder / "shown.py").read_text("utf-8")
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0.0", "0.125"]
    assert "import *" not in text
    assert max(map(len, text.splitlines())) <= 100
    code, _, err = ask("2", "2", "2", "--reproduce", "none.py", "-q")
    assert (code, err) == (0, "gradcheck-sym: nothing is refuted, so none.py is not written\n")
    assert not (folder / "none.py").exists()


def test_the_exit_code_does_not_depend_on_where_the_report_goes(ask, folder, wrong_claim):
    said = "gradcheck-sym: wrote new.txt: refuted\n"
    assert ask("2", "2", "2", "-o", "new.txt") == (1, "", said)
    assert "4 refuted" in (folder / "new.txt").read_text()


def test_a_bug_is_loud_and_none_of_the_answers(ask, folder, monkeypatch):
    def check(*arguments, **options):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("gradcheck_sym.argument.check_all", check)
    answer = ask("2", "2", "2", "-o", "kept.txt")
    assert answer.code == BUG
    assert BUG not in range(4)
    assert answer.out == ""
    assert "ZeroDivisionError: planted" in answer.err
    assert "bug" in answer.err.splitlines()[-1]
    assert is_untouched(folder)


def test_a_bug_under_json_is_a_json_document_on_stdout_too(ask, monkeypatch):
    def check(*arguments, **options):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("gradcheck_sym.argument.check_all", check)
    answer = ask("2", "2", "2", "--format", "json")
    assert answer.code == BUG
    document = json.loads(answer.out)
    assert document["exit_code"] == BUG
    assert "planted" in document["errors"][0]["message"]


@pytest.mark.parametrize("route", ["proved", "refuted"])
@pytest.mark.parametrize("asked", ["", "-q", "--format json"])
def test_an_audit_that_contradicts_a_verdict_is_a_loud_bug(
    ask, folder, monkeypatch, verdicts, route, asked
):
    verdicts({"proved": "pppp", "refuted": "rrrr"}[route])
    monkeypatch.setattr(f"gradcheck_sym.audit.Audit.{route}", lambda *_: (1, False))
    answer = ask("2", "2", "2", "--audit", "-o", "kept.txt", *asked.split())
    assert answer.code == BUG
    assert "THIS IS A BUG" in answer.err
    assert "contradicts" in answer.err
    assert "entries" not in answer.out
    assert is_untouched(folder)


def test_an_audit_that_agrees_says_so(ask):
    code, out, err = ask("1", "2", "1", "--audit")
    assert (code, err) == (0, "")
    assert re.search(r"audit: 2 of 2 verdicts agree with \d+ difference quotients", out)


# ---------------------------------------------------------------- interruption


def test_an_interruption_of_the_proof_exits_with_130(ask, folder, monkeypatch):
    def check(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("gradcheck_sym.argument.check_all", check)
    answer = ask("2", "2", "2", "-o", "new.txt")
    assert (answer.code, answer.out) == (INTERRUPTED, "")
    assert answer.err.strip() == "gradcheck-sym: interrupted"
    assert INTERRUPTED == 130
    assert is_untouched(folder)


@pytest.mark.parametrize("name", ["new.txt", "kept.txt"])
def test_an_interruption_of_the_writing_leaves_no_partial_file(ask, folder, monkeypatch, name):
    def render(report, file, view):
        file.write("half of it")
        file.flush()
        raise KeyboardInterrupt

    monkeypatch.setattr("gradcheck_sym.cli.renderer", lambda name: render)
    assert ask("2", "2", "2", "-o", name).code == 130
    assert is_untouched(folder)


STARTED = """
import signal, sys, {module} as module
from gradcheck_sym.cli import run
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
original = module.{name}
def announced(*arguments, **options):
    print("started", file=sys.stderr, flush=True)
    return original(*arguments, **options)
module.{name} = announced
sys.exit(run(sys.argv[1:]))
"""


ALL = "(X.sum()+W_h.sum()+W_out.sum()+Y.sum())"
SLOW = f"2 2 2 --claim A_h.T@delta_out+{ALL}**20-{ALL}**20"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a process on Windows")
@pytest.mark.parametrize(
    ("module", "name", "asked"),
    [
        ("gradcheck_sym.argument", "check_all", f"{SLOW} -o new.txt"),
        ("gradcheck_sym.argument", "check_all", f"{SLOW} -o kept.txt"),
        ("gradcheck_sym.argument", "check_all", "2 2 2 --n 100 --audit"),
        ("gradcheck_sym.render.json", "render", "2 90 90 --n 3 --format json -o kept.txt"),
    ],
)
def test_ctrl_c_ends_with_130_and_leaves_no_file(folder, module, name, asked):
    """A signal, while a long proof is under way or a long report is being written."""
    script = STARTED.format(module=module, name=name)
    with subprocess.Popen(
        [sys.executable, "-c", script, *asked.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": HOME},
    ) as process:
        try:
            assert process.stderr.readline() == "started\n"
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.4)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130
    assert out == ""
    assert err.strip() == "gradcheck-sym: interrupted"
    assert is_untouched(folder)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("1000000 1000000 1000000", "1,000,000·1,000,000 entries over 1 example may take"),
        ("2 2 2 --n 1000000000", "2·2 entries over 1,000,000,000 examples may take"),
        ("-- 2 2 2 -q", "T is '-q': a size is a positive integer"),
        ("2 2 2 --fomat json", "No such option '--fomat'. Did you mean '--format'? See --help"),
    ],
)
def test_a_refusal_reads_as_a_person_would_write_it(ask, asked, line):
    code, _, err = ask(*asked.split())
    assert code == 2
    assert line in err


def test_a_claim_that_cannot_be_read_is_told_with_its_file_and_line(ask, folder):
    (folder / "claims.txt").write_text("A_h.T @ delta_out\n\nA_h.T @ (A_oot - Y)  # a slip\n")
    answer = ask("2", "2", "2", "--claim", "@claims.txt")
    assert answer.code == 2
    assert "claims.txt, line 3: unknown name A_oot: did you mean A_out?" in answer.err


def test_each_option_is_in_a_group_of_the_help_and_each_exit_code_is_told(ask, no_work):
    grouped = [name for names in GROUPS.values() for name in names]
    known = {one.name for one in command.params if isinstance(one, click.Option)}
    assert sorted(grouped) == sorted(known - {"version"})
    shown = ask("--help").out
    assert [title for title in GROUPS if f"\n{title}:\n" in shown] == list(GROUPS)
    for code in (0, 1, 2, 3, BUG, INTERRUPTED, BROKEN_PIPE):
        assert re.search(rf"\b{code} [a-z]", shown), code
