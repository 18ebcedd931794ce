"""Where the answer goes: files written whole or not at all, pipes, terminals and encodings."""

from __future__ import annotations

import io
import os
import re
import select
import stat
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import sympy

import gradcheck_sym
from gradcheck_sym import Claim, Network, Undecided, check
from gradcheck_sym.cli import BUG, run
from gradcheck_sym.grid import Grid
from gradcheck_sym.render import progress

HOME = str(Path(gradcheck_sym.__file__).parents[1])  # where other processes find the package
TOOL = [sys.executable, "-m", "gradcheck_sym"]
LINE = "4 of 4 entries proved, for all real X, W_h, W_out, Y\n"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
COLOUR = re.compile(r"\x1b\[[0-9;]*\b(3[0-8]|9[0-7])(;[0-9;]*)?m")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX system")
LINUX = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's devices")
DISPLAY = (
    "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE",
    "COLUMNS", "LINES", "PYTHONIOENCODING",
)  # fmt: skip


class Answer(NamedTuple):
    """What a run gave back."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own, and with no wish about the display."""
    for name in DISPLAY:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ask(capsys):
    """Run the command in this process and return its `Answer`."""

    def ask(asked: str, *more: str) -> Answer:
        code = run([*asked.split(), *more])
        return Answer(code, *capsys.readouterr())

    return ask


@pytest.fixture
def wrong_claim(monkeypatch):
    """Put a claim that is wrong everywhere in place of the textbook's."""

    def flipped(network, wrt):
        arrays = network.arrays
        return Claim("-A_h.T @ delta_out", arrays["A_h"].T @ (arrays["Y"] - arrays["A_out"]))

    monkeypatch.setattr("gradcheck_sym.argument.textbook", flipped)


@pytest.fixture
def umask():
    """Set the umask for one test."""
    before = os.umask(0o022)
    os.umask(before)
    yield os.umask
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def environment(**wishes: str) -> dict[str, str]:
    """The variables of a process on an ordinary terminal, with these wishes."""
    return {**os.environ, "PYTHONPATH": HOME, "TERM": "xterm-256color", **wishes}


def piped(asked: str, **wishes: str) -> Answer:
    """Run the command in a process whose output goes to pipes."""
    done = subprocess.run(
        [*TOOL, *asked.split()], capture_output=True, env=environment(**wishes), check=False
    )
    return Answer(done.returncode, done.stdout.decode("latin-1"), done.stderr.decode("latin-1"))


def in_shell(script: str, **wishes: str) -> Answer:
    """Run a shell script in which `$TOOL` is the command."""
    wishes = {**environment(**wishes), "TOOL": " ".join(TOOL)}
    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, env=wishes, check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("flag", "name"),
    [
        *(("-o", name) for name in ("proof.txt", "two words.txt", "∂J.txt", "-proof", "a" * 250)),
        *(("--output", name) for name in ("proof.txt", "two words.txt", "./proof", "∂J.txt")),
    ],
)
def test_the_file_holds_what_stdout_would_have_shown(ask, folder, flag, name):
    assert ask("2 2 2 -q", flag, name) == (0, "", "")
    assert os.listdir(folder) == [name.removeprefix("./")]
    assert (folder / name).read_text(encoding="utf-8") == LINE


@pytest.mark.parametrize("options", ["", "--all-rows", "--format json"])
def test_a_report_in_a_file_differs_from_one_on_stdout_in_the_time_alone(ask, folder, options):
    code, out, _ = ask(f"2 2 2 {options}")
    said = "gradcheck-sym: wrote proof.txt: proved\n"
    assert ask(f"2 2 2 {options} -o proof.txt") == (code, "", said)
    timed = re.compile(r'time: .*|"seconds": .*')
    written = (folder / "proof.txt").read_text(encoding="utf-8")
    assert timed.sub("", written) == timed.sub("", out)


def test_a_dash_for_a_file_is_stdout(ask, folder):
    """As it is stdin for --claim."""
    assert ask("2 2 2 -q -o -") == (0, LINE, "")
    assert os.listdir(folder) == []


def test_a_file_holds_unicode_whatever_the_terminal_can_show(folder):
    answer = piped("2 2 2 -o proof.txt", PYTHONIOENCODING="ascii")
    assert answer == (0, "", "gradcheck-sym: wrote proof.txt: proved\n")
    assert "∂J/∂W_out" in (folder / "proof.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("where", ["{folder}/sub/proof.txt", "sub/proof.txt", "./sub/../sub/p"])
def test_the_file_may_be_in_another_folder(ask, folder, where):
    (folder / "sub").mkdir()
    name = where.format(folder=folder)
    assert ask("2 2 2 -q -o", name) == (0, "", "")
    assert os.listdir(folder / "sub") == [Path(name).name]
    assert Path(name).read_text() == LINE


def test_an_old_file_is_replaced(ask, folder):
    (folder / "proof.txt").write_text("old and much longer\n" * 1000)
    assert ask("2 2 2 -q -o proof.txt").code == 0
    assert (folder / "proof.txt").read_text() == LINE
    assert os.listdir(folder) == ["proof.txt"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a" * 300, "File name too long"),
        ("sub/" + "a" * 300, "File name too long"),
        ("proof.txt/more", "proof.txt is not a folder"),
        ("new/", "this is a folder"),
        ("missing/proof.txt", "does not exist"),
    ],
)
@pytest.mark.parametrize("format_", ["table", "json"])
def test_a_name_that_no_file_can_have_is_one_line_that_repeats_it(
    ask, folder, name, reason, format_
):
    (folder / "sub").mkdir()
    (folder / "proof.txt").write_text("old\n")
    code, out, err = ask(f"2 2 2 --format {format_} -o {name}")
    assert code == 2
    assert err.startswith(f"gradcheck-sym: -o {name}: ")
    assert reason in err
    assert len(err.splitlines()) == 1
    assert bool(out) == (format_ == "json")
    assert sorted(os.listdir(folder)) == ["proof.txt", "sub"]


@pytest.mark.parametrize("error", [ZeroDivisionError("planted"), OSError(28, "No space left")])
@pytest.mark.parametrize("format_", ["table", "json"])
@pytest.mark.parametrize("old", ["old\n", None])
def test_a_report_that_fails_halfway_leaves_the_old_file_or_none(
    ask, folder, monkeypatch, error, format_, old
):
    def render(report, file, view):
        file.write("half of it\n" * 10_000)
        file.flush()
        raise error

    monkeypatch.setattr("gradcheck_sym.cli.renderer", lambda name: render)
    if old:
        (folder / "proof.txt").write_text(old)
    answer = ask(f"2 2 2 --format {format_} -o proof.txt")
    assert answer.code == (2 if isinstance(error, OSError) else BUG)
    assert "half of it" not in answer.out + answer.err
    assert os.listdir(folder) == (["proof.txt"] if old else [])
    if old:
        assert (folder / "proof.txt").read_text() == old


def test_a_disk_that_fills_up_is_one_line_that_names_the_file(ask, monkeypatch):
    def render(report, file, view):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gradcheck_sym.cli.renderer", lambda name: render)
    code, out, err = ask("2 2 2 -o proof.txt")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "No space left on device" in err
    assert "proof.txt" in err


@POSIX
@pytest.mark.parametrize(("mask", "expected"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_that_the_umask_gives(ask, folder, umask, mask, expected):
    umask(mask)
    assert ask("2 2 2 -q -o proof.txt").code == 0
    assert mode(folder / "proof.txt") == expected


@POSIX
@pytest.mark.parametrize("old", [0o600, 0o640, 0o664, 0o755])
def test_an_old_file_keeps_its_permissions(ask, folder, umask, old):
    umask(0o027)
    (folder / "proof.txt").touch()
    (folder / "proof.txt").chmod(old)
    assert ask("2 2 2 -q -o proof.txt").code == 0
    assert mode(folder / "proof.txt") == old


@POSIX
def test_a_file_that_may_be_written_and_not_read_is_written(ask, folder, monkeypatch):
    """As an unprivileged user sees a file of mode 0200; root may read anything."""
    (folder / "proof.txt").write_text("old\n")
    monkeypatch.setattr(os, "access", lambda path, wanted, **options: not wanted & os.R_OK)
    assert ask("2 2 2 -q -o proof.txt") == (0, "", "")
    assert (folder / "proof.txt").read_text() == LINE


@POSIX
@pytest.mark.parametrize("old", ["old\n", None])
def test_a_link_is_written_through(ask, folder, old):
    (folder / "real").mkdir()
    target, link = folder / "real" / "proof.txt", folder / "link"
    if old:
        target.write_text(old)
    link.symlink_to("real/proof.txt")
    assert ask("2 2 2 -q -o link") == (0, "", "")
    assert link.is_symlink()
    assert target.read_text() == LINE
    assert os.listdir(folder / "real") == ["proof.txt"]


@pytest.fixture
def device(folder):
    """Make a device like /dev/null here, for root: a bug would replace the system's own."""

    def device(minor: int) -> Path:
        try:
            os.mknod("device", stat.S_IFCHR | 0o666, os.makedev(1, minor))
        except PermissionError:
            pytest.skip("only root makes devices")
        return folder / "device"

    return device


@LINUX
def test_a_device_is_written_to_and_stays_a_device(ask, folder, device):
    null = device(3)
    assert ask("2 2 2 -o device") == (0, "", "gradcheck-sym: wrote device: proved\n")
    assert null.is_char_device()
    assert os.listdir(folder) == ["device"]


@LINUX
def test_a_full_device_is_one_clear_line(ask, folder, device):
    full = device(7)
    code, out, err = ask("2 2 2 -o device")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "No space left on device" in err
    assert full.is_char_device()
    assert os.listdir(folder) == ["device"]


@POSIX
def test_a_named_pipe_is_written_to_and_stays_a_pipe(folder):
    assert in_shell("mkfifo pipe; cat pipe & $TOOL 2 2 2 -q -o pipe; wait") == (0, LINE, "")
    assert (folder / "pipe").is_fifo()
    assert os.listdir(folder) == ["pipe"]


@LINUX
@pytest.mark.parametrize("name", ["link", "/dev/fd/1", "/proc/self/fd/1"])
def test_stdout_by_its_name_as_a_file_is_written_to(name):
    """The link is made as /dev/stdout is, which a bug in the hands of root would replace."""
    script = f"ln -s /proc/self/fd/1 link; $TOOL 2 2 2 -q -o {name} | cat"
    assert in_shell(script) == (0, LINE, "")


# ---------------------------------------------------------------- pipes and closed streams


def test_nothing_goes_to_stderr_when_all_is_well():
    answer = piped("2 2 2 -q")
    assert answer == (0, LINE, "")


@POSIX
@pytest.mark.parametrize(
    "asked", ["2 2 2", "2 2 2 -q", "2 2 2 --format json", "2 20 20 --format json", "--help"]
)
def test_a_reader_that_leaves_early_is_no_error_and_no_verdict(asked):
    """As `| head -1` does; 1, 2 and 3 would say refuted, bad input and undecided."""
    with subprocess.Popen(
        [*TOOL, *asked.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        if asked.startswith("2 20 20"):  # more than a pipe holds
            process.stdout.read(1)
        process.stdout.close()
        err = process.stderr.read()
    assert err == b""
    assert process.returncode not in (1, 2, 3)


@LINUX
@pytest.mark.parametrize(
    "asked", ["2 2 2", "2 2 2 -q", "2 20 20 --format json", "--help", "0 2 2 --format json"]
)
def test_a_full_stdout_is_one_clear_line(asked):
    code, out, err = in_shell(f"$TOOL {asked} >/dev/full")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1, err
    assert err.startswith("gradcheck-sym: ")


@POSIX
@pytest.mark.parametrize(
    ("script", "code", "out", "err"),
    [
        (
            "$TOOL 2 2 2 >&-",
            2,
            "",
            "gradcheck-sym: standard output is closed; use -o FILE [GS006]\n",
        ),
        (
            "$TOOL 2 2 2 --format json >&-",
            2,
            "",
            "gradcheck-sym: standard output is closed; use -o FILE [GS006]\n",
        ),
        ("$TOOL 2 2 2 -q -o proof.txt >&- && cat proof.txt", 0, LINE, ""),
        ("$TOOL 2 2 2 -q 2>&-", 0, LINE, ""),
        ("$TOOL 2 2 2 -q <&-", 0, LINE, ""),
        ("$TOOL 0 2 2 2>&-", 2, "", ""),
        ("$TOOL 0 2 2 --format json >&- 2>&-", 2, "", ""),
        ("$TOOL --help >&-", 0, "", ""),
    ],
)
def test_a_closed_stream_is_no_accident(script, code, out, err):
    assert in_shell(script) == (code, out, err)


# ---------------------------------------------------------------- encodings

NARROW = ["ascii", "latin-1", "cp1252", "cp437"]


@pytest.fixture
def narrow(monkeypatch):
    """Run the command with a stdout of some encoding, and return the code and the bytes."""

    def narrow(encoding: str, asked: str) -> tuple[int, bytes]:
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            code = run(asked.split())
            stream.flush()
        return code, stream.buffer.getvalue()

    return narrow


@pytest.mark.parametrize("encoding", NARROW)
@pytest.mark.parametrize(
    "asked",
    [
        "2 2 2",
        "2 2 2 -q",
        "2 2 2 --n 20",
        "4 3 5 --n 3",
        "2 10 10",
        "1 1 1 --audit",
        "1 1 1 --wrt all",
        "1 1 1 --wrt all --format markdown",
        "1 1 1 --hidden relu --wrt W_h --steps --format markdown",
        "2 2 2 --format json",
        "--help",
        "--version",
    ],
)
def test_an_output_that_cannot_take_unicode_gets_pure_ascii(narrow, capsys, encoding, asked):
    code, written = narrow(encoding, asked)
    assert code == 0
    assert written.isascii(), re.findall(rb"[^\x00-\x7f]+", written)
    assert b"?" not in written
    assert b"\\x" not in written
    assert written
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("encoding", NARROW)
def test_a_refutation_in_pure_ascii(narrow, wrong_claim, encoding):
    code, written = narrow(encoding, "2 2 2")
    assert code == 1
    assert written.isascii()
    assert b"NO refuted" in written


def test_shapes_and_relations_are_readable_in_ascii_and_proper_in_unicode(narrow, ask):
    asked = "m d t --n n --claim A_h.T@(delta_out-Y+(Y**0.5)**2)"
    _, written = narrow("ascii", asked)
    assert b"X (n x m)" in b" ".join(written.split())
    assert b"provided that y[i,j] >= 0" in written
    assert "provided that y[i,j] ≥ 0" in ask(asked).out


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("asked", ["2 2 2", "--help"])
def test_a_process_that_cannot_print_unicode_prints_ascii(encoding, asked):
    code, out, err = piped(asked, PYTHONIOENCODING=encoding)
    assert (code, err) == (0, "")
    assert out.isascii()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("asked", ["2 2 2 --n 1000000000", f"{'9' * 60} 2 2"])
def test_an_error_is_readable_where_unicode_cannot_be_printed(encoding, asked):
    code, out, err = piped(asked, PYTHONIOENCODING=encoding)
    assert (code, out) == (2, "")
    assert err.isascii() or encoding != "ascii"
    assert "\\" not in err
    assert "â" not in err  # UTF-8, read as latin-1


# ---------------------------------------------------------------- width and folds

QUESTIONS = ["2 2 2", "4 3 5 --n 3", "2 2 2 --n 20"]
WIDE = "2000"  # columns: nothing folds


def without_spaces(text: str) -> str:
    return "".join(text.split())


def untimed(text: str) -> str:
    """What is shown, without the time that it took."""
    return re.sub(r"time:? .*", "", text)


def around_table(out: str) -> tuple[str, str]:
    """What stands before the table and after it, with the folds removed."""
    before, _, table = untimed(out).partition("┃")
    after = table.rpartition("│")[2].partition("\n")[2]
    return without_spaces(before.rpartition("\n\n")[0]), without_spaces(after)


def rows_of(out: str) -> list[list[str]]:
    """The rows of the printed table, with the folds of each cell removed."""
    rows: list[list[str]] = []
    for line in out.splitlines():
        cells = [without_spaces(cell) for cell in line.split("│")]
        if len(cells) < 2:
            continue
        if cells[0]:
            rows.append(cells)
        else:
            rows[-1] = [above + cell for above, cell in zip(rows[-1], cells, strict=True)]
    return rows


def read_back(cell: str) -> sympy.Expr:
    """The expression that a cell of the table shows."""
    names = {"a_h": "A_h", "a_out": "A_out", "δ_out": "delta_out", "y": "Y"}
    text = cell.translate(str.maketrans("·−", "*-"))
    text = re.sub(r"\b(a_h|a_out|δ_out|y)\[", lambda found: f"{names[found[1]]}[", text)
    return sympy.parse_expr(text, {name: sympy.IndexedBase(name) for name in names.values()})


@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), (4, 3, 5, 3)])
def test_the_table_shows_the_expressions_of_the_report(ask, monkeypatch, sizes):
    """Each cell is read back and compared with what the library found."""
    monkeypatch.setenv("COLUMNS", WIDE)
    m, d, t, n = sizes
    rows = rows_of(ask(f"{m} {d} {t} --n {n} --all-rows").out)
    entries = check(Network(m, d, t, n=n)).entries
    assert [row[0] for row in rows] == [
        f"w_out[{k},{j}]" for k in range(1, d + 1) for j in range(1, t + 1)
    ]
    for row, entry in zip(rows, entries, strict=True):
        formulas = (entry.derivative, entry.claim)
        assert [read_back(cell) for cell in row[1:3]] == [formula.expr for formula in formulas]
        assert row[3] == "✔proved"


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("columns", ["44", "60", "80", "200"])
def test_off_a_terminal_everything_folds_and_nothing_is_cut(ask, monkeypatch, asked, columns):
    monkeypatch.setenv("COLUMNS", WIDE)
    wide = ask(asked).out
    monkeypatch.setenv("COLUMNS", columns)
    code, out, err = ask(asked)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= int(columns)
    assert out.count("…") == wide.count("…")
    assert rows_of(out) == rows_of(wide)
    assert around_table(out) == around_table(wide)
    assert all(map(all, rows_of(wide)))


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_off_a_terminal_a_refutation_folds_and_nothing_is_cut(
    ask, monkeypatch, wrong_claim, columns
):
    monkeypatch.setenv("COLUMNS", WIDE)
    wide = ask("4 3 5 --n 3").out
    monkeypatch.setenv("COLUMNS", columns)
    out = ask("4 3 5 --n 3").out
    assert rows_of(out) == rows_of(wide)
    assert around_table(out) == around_table(wide)


def test_folds_do_not_cut_a_name_or_a_number_in_two_at_80_columns(ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for asked in [*QUESTIONS, "10 20 30 --n 5"]:
        for line in ask(asked).out.splitlines():
            for cell in line.split("│"):
                assert cell.count("[") - cell.count("]") in (0, 1, -1)
                assert not re.search(r"\[[0-9a-z,]*$", cell.rstrip()), line


@pytest.mark.parametrize("columns", ["44", "60", "79", "80", "81", "100"])
@pytest.mark.parametrize("asked", ["2 2 2", "2 11 2", "2 2 2 --n 20"])
def test_a_verdict_is_not_cut_where_ascii_makes_the_table_wider(
    narrow, monkeypatch, asked, columns
):
    """delta_out is wider than δ_out, and `ok proved` than `✔ proved`."""
    monkeypatch.setenv("COLUMNS", columns)
    _, written = narrow("ascii", asked)
    rows = [line for line in written.decode().splitlines() if line.startswith("w_out[")]
    assert rows
    assert all(row.endswith("| ok proved") for row in rows), rows[0]


@pytest.mark.parametrize("columns", ["70", "80"])
@pytest.mark.parametrize("sizes", ["2 2 2 --n 3", "20 30 12 --n 50", "m d t --n N"])
def test_a_refuted_table_folds_between_factors_and_not_inside_them(
    ask, monkeypatch, sizes, columns
):
    monkeypatch.setenv("COLUMNS", columns)
    code, out, _ = ask(f"{sizes} --claim A_h.T@(A_out-Y**2)*A_h.sum()")
    assert code == 1
    cells = [cell for line in out.splitlines() if line.count("│") == 4 for cell in line.split("│")]
    assert cells
    assert not [c for c in cells if re.search(r"\w\[[\w,]*$|^\s*[\w,]*\](?!\])", c.rstrip())]


@pytest.mark.parametrize("columns", ["0", "-5", "many", ""])
def test_a_width_that_makes_no_sense_is_not_followed(ask, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    code, out, err = ask("2 2 2")
    assert (code, err) == (0, "")
    assert LINE in out
    assert "a_h[1,1]·δ_out[1,1]" in out


def test_lines_have_no_spaces_at_their_ends(ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    for line in ask("4 3 5 --n 3").out.splitlines():
        assert line == line.rstrip()


# ---------------------------------------------------------------- large tables and quiet ones


def entries_shown(out: str) -> list[tuple[int, int]]:
    found = re.findall(r"^w_out\[(\d+),(\d+)\] .*", out, re.MULTILINE)
    return [(int(k), int(j)) for k, j in found]


@pytest.mark.parametrize(("d", "t"), [(10, 10), (1, 22), (22, 1), (40, 7)])
def test_a_large_table_of_entries_that_are_alike_shows_the_general_one(ask, d, t):
    out = ask(f"2 {d} {t}").out
    (row,) = rows_of(out)
    assert row[0] == f"w_out[{'k' if d > 1 else 1},{'j' if t > 1 else 1}]"
    assert f"so each of the {d * t} entries; --all-rows shows them" in out
    assert f"{d * t} of {d * t} entries proved" in out


def all_but(planted):
    """One proof for all entries but those that are undecided."""
    from gradcheck_sym.answer import Answers

    original, proofs = Answers.entry, {}

    def entry(self, at):
        if planted(at):
            return Undecided("planted")
        if self not in proofs:
            proofs[self] = original(self, at)
        return proofs[self]

    return entry


@pytest.mark.parametrize(("d", "t"), [(10, 10), (22, 1), (40, 7)])
def test_a_large_table_shows_its_first_and_last_rows_and_counts_the_others(ask, monkeypatch, d, t):
    from gradcheck_sym.answer import Answers

    monkeypatch.setattr(Answers, "thorough", None)
    monkeypatch.setattr(Answers, "general", None)  # so that they are not alike
    monkeypatch.setattr(Answers, "entry", all_but(lambda at: at["k"] == 2))
    out = ask(f"2 {d} {t}").out.partition("┃ verdict")[2]
    everything = [(k, j) for k in range(1, d + 1) for j in range(1, t + 1)]
    shown = entries_shown(out)
    left_out = int(re.search(r"(\d+) rows left out", out)[1])
    first = next(k for k, entry in enumerate(shown) if entry != everything[k])
    assert shown == everything[:first] + everything[first - len(shown) :]
    assert first > 0
    assert len(shown) > first
    assert len(shown) + left_out == d * t
    assert "--all-rows" in out


@pytest.mark.parametrize("format_", ["table", "markdown", "latex", "html", "junit", "sarif"])
def test_a_large_gradient_is_told_without_a_look_at_each_entry(ask, monkeypatch, format_):
    looked_at, original = [], Grid._entry

    def entry(self, place):
        looked_at.append(place)
        return original(self, place)

    monkeypatch.setattr(Grid, "_entry", entry)
    code, out, _ = ask("200 100 10 --n 8 --format", format_, "--claim", "W_h: X.T @ -delta_h")
    assert code == 1
    assert "20000" in out.replace(",", "")
    assert 0 < len(looked_at) < 100


@pytest.mark.parametrize("asked", ["2 10 10 --all-rows", "2 3 2", "2 1 1", "2 3 5 --all-rows"])
def test_all_rows_are_shown_where_asked_or_few(ask, asked):
    _, d, t = map(int, asked.split()[:3])
    out = ask(asked).out
    assert entries_shown(out) == [(k, j) for k in range(1, d + 1) for j in range(1, t + 1)]
    assert "left out" not in out


def test_a_row_that_is_left_out_still_counts(ask, monkeypatch):
    """One entry in the middle is undecided: the exit code, the counts and a reason say so."""
    from gradcheck_sym.answer import Answers

    monkeypatch.setattr(Answers, "thorough", None)
    monkeypatch.setattr(Answers, "general", None)
    monkeypatch.setattr(Answers, "entry", all_but(lambda at: at == {"k": 5, "j": 6}))
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = ask("2 10 10")
    assert code == 3
    table = out.partition("┃ verdict")[2]
    assert (5, 6) not in entries_shown(table.partition("rows left out")[0])
    cells = [cell for row in rows_of(out) for cell in row]
    assert any(cell.startswith("80rowsleftout:79proved,1undecided") for cell in cells)
    assert "w_out[5,6] undecided" in out
    assert "planted" in out
    assert "99 of 100 entries proved, for all real X, W_h, W_out, Y; 1 undecided" in " ".join(
        out.split()
    )


@pytest.mark.parametrize("columns", ["20", "40", "80"])
@pytest.mark.parametrize("asked", ["2 2 2", "2 10 10", "1 1 1 --audit", "2 2 2 --n 20 --all-rows"])
@pytest.mark.parametrize("flag", ["-q", "--quiet"])
def test_quiet_is_exactly_one_line(ask, monkeypatch, columns, asked, flag):
    monkeypatch.setenv("COLUMNS", columns)
    code, out, err = ask(f"{asked} {flag}")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"(\d+) of \1 (entries|entry) proved, for all real [^\n]+ Y\n", out)


def test_quiet_is_one_line_when_the_answer_is_no(ask, wrong_claim):
    said = "0 of 4 entries proved; 4 refuted: the claim is -1 × the derivative\n"
    assert ask("2 2 2 -q") == (1, said, "")


def test_the_worst_of_several_answers_is_said_last(ask):
    claims = ["--claim", "A_h.T @ (A_out - Y)", "--claim", "A_h.T @ (A_out - Y) / 2"]
    said = "1 of 2 claims refuted: ∂J/∂W_out = A_h.T @ (A_out - Y) / 2: "
    for more in ((), ("-q",)):
        code, out, _ = ask("2", "2", "2", *claims, *more)
        assert code == 1
        assert " ".join(out.split()).endswith(f"{said}the claim is 1/2 × the derivative")
    code, out, _ = ask("2", "2", "2", *claims[:2], *claims[:2])
    assert out.splitlines()[-1] == "2 of 2 claims proved"


SHORT = [  # what fits a terminal of 80 × 24, the prompt with it
    ("2 2 2", 0),
    ("4 3 5 --n 3", 0),
    ("m d t --n n", 0),
    ("4 3 5 --n 3 --claim A_h.T@(A_out-Y)/n", 1),
    ("4 3 5 --n 3 --claim A_out.T@(A_out-Y)", 2),
    ("4 3 5 --n 3 --claim A_h@delta_out", 1),
    ("2 2 2 --claim A_h.T@delta_out/n", 0),
    ("100 100 10 --n 32 --claim A_h.T@delta_out/n", 1),
]


@pytest.mark.parametrize(("asked", "expected"), SHORT)
def test_an_answer_fits_a_small_terminal(ask, monkeypatch, asked, expected):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = ask(asked)
    assert code == expected
    lines = (out or err).splitlines()
    assert len(lines) <= 24
    assert max(map(len, out.splitlines()), default=0) <= 80


def test_the_answer_comes_first_and_then_what_is_right(ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = ask("4 3 5 --n 3 --claim A_h.T@(A_out-Y)/n").out.splitlines()
    assert lines[:3] == [
        "✘ refuted: ∂J/∂W_out = A_h.T@(A_out-Y)/n",
        "0 of 15 entries proved; 15 refuted",
        "the claim is 1/3 × the derivative; right is A_h.T @ (A_out - Y) (proved) [GS101]",
    ]


# ---------------------------------------------------------------- terminals


def on_terminal(
    asked: str, columns: int = 100, out: bool = True, tool: Sequence[str] = TOOL, **wishes: str
) -> Answer:
    """Run with stderr on a terminal, and stdout on another one, or in a pipe."""
    pty = pytest.importorskip("pty")
    import fcntl
    import termios

    streams = [pty.openpty() if out else os.pipe(), pty.openpty()]
    for reading, _ in streams[not out :]:
        fcntl.ioctl(reading, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen(
        [*tool, *asked.split()],
        stdin=subprocess.DEVNULL,
        stdout=streams[0][1],
        stderr=streams[1][1],
        env=environment(**wishes),
    ) as process:
        for _, writing in streams:
            os.close(writing)
        texts = {reading: b"" for reading, _ in streams}
        waiting = list(texts)
        while waiting:
            for reading in select.select(waiting, [], [])[0]:
                try:
                    part = os.read(reading, 65536)
                except OSError:  # what Linux says when the other side of a terminal closes
                    part = b""
                texts[reading] += part
                if not part:
                    waiting.remove(reading)
                    os.close(reading)
    shown, said = (text.decode().replace("\r\n", "\n") for text in texts.values())
    return Answer(process.returncode, shown, said)


def test_a_terminal_gets_colours_and_no_progress_for_quick_work():
    code, out, err = on_terminal("2 2 2")
    assert (code, err) == (0, "")
    assert COLOUR.search(out)
    assert "\x1b[32m✔ proved" in out


def test_a_terminals_width_is_followed():
    _, out, _ = on_terminal("4 3 5 --n 3 --all-rows", columns=200)
    widest = max(map(len, ESCAPE.sub("", out).splitlines()))
    assert 100 < widest <= 200
    assert "…" not in out


@pytest.mark.parametrize(
    "wishes", [{"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}]
)
def test_a_terminal_where_colours_are_not_wanted_gets_none(wishes):
    code, out, err = on_terminal("2 2 2", **wishes)
    assert (code, err) == (0, "")
    assert LINE in ESCAPE.sub("", out)
    assert not COLOUR.search(out)
    if wishes.get("TERM") == "dumb":
        assert "\x1b" not in out


@pytest.mark.parametrize("wishes", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb", "FORCE_COLOR": "1"}])
@pytest.mark.parametrize(
    "asked", ["2 2 2", "2 2 2 -q", "2 2 2 --format json", "2 2 2 -o f", "--help"]
)
def test_a_pipe_gets_no_escape_codes(ask, folder, monkeypatch, wishes, asked):
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in wishes.items():
        monkeypatch.setenv(name, value)
    code, out, err = ask(asked)
    assert (code, "\x1b" in err) == (0, False)
    written = (folder / "f").read_text(encoding="utf-8") if asked.endswith("f") else out
    assert written
    assert "\x1b" not in written


@pytest.mark.parametrize("asked", ["2 2 2", "2 2 2 -q"])
def test_force_color_gives_a_pipe_colours(ask, monkeypatch, asked):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert COLOUR.search(ask(asked).out)


@pytest.mark.parametrize("asked", ["2 2 2 --format json", "2 2 2 --format json -o f"])
def test_json_never_has_colours(ask, folder, monkeypatch, asked):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = ask(asked).out
    assert "\x1b" not in ((folder / "f").read_text() if asked.endswith("f") else out)


# ---------------------------------------------------------------- progress


class FakeTerminal(io.StringIO):
    """A stderr that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock for the progress bar that stands still until it is set."""
    now = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    monkeypatch.setenv("TERM", "xterm-256color")

    def set_to(seconds: float) -> None:
        now[0] = 100.0 + seconds

    return set_to


def test_a_progress_bar_appears_after_a_second_and_not_before(monkeypatch, clock):
    terminal = FakeTerminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.progress_bar() as advance:
        clock(0.9)
        advance(1, 5120)
        assert terminal.getvalue() == ""
        clock(1.1)
        advance(2, 5120)
        advance(3000, 5120)
    assert "entries" in terminal.getvalue()
    assert "3000/5120" in terminal.getvalue()


@pytest.mark.parametrize("terminal", ["dumb", None])
def test_there_is_no_progress_bar_on_a_terminal_that_cannot_redraw(monkeypatch, clock, terminal):
    monkeypatch.setattr(sys, "stderr", FakeTerminal())
    if terminal:
        monkeypatch.setenv("TERM", terminal)
    else:
        monkeypatch.delenv("TERM")
    with progress.progress_bar() as advance:
        assert advance is None


def test_there_is_no_progress_bar_off_a_terminal(ask, monkeypatch, clock):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert ask("2 10 10 -q").err == ""


IMPATIENT = """
import sys
from gradcheck_sym.render import progress
progress.PATIENCE = -1
from gradcheck_sym.cli import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("wishes", [{}, {"NO_COLOR": "1"}])
def test_a_progress_bar_is_drawn_on_stderr_alone_and_cleared(wishes):
    tool = [sys.executable, "-c", IMPATIENT]
    code, out, err = on_terminal("2 30 30 -q", out=False, tool=tool, **wishes)
    assert (code, out) == (0, "900 of 900 entries proved, for all real X, W_h, W_out, Y\n")
    assert "/900" in err
    assert err.rstrip("\n").endswith("\x1b[2K")
    assert bool(COLOUR.search(err)) is not bool(wishes)


def test_no_name_is_cut_in_two_in_a_long_derivation(ask, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    asked = "2 2 2 --n 2 --hidden gelu --output-activation softmax --loss mse --wrt W_h --steps"
    out = ask(asked).out
    assert max(map(len, out.splitlines())) <= 60
    assert not [line for line in out.splitlines() if re.search(r"(_|sqr|er|w|z|δ)$", line)]
