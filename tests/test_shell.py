"""What a shell has of the tool: completion, and the manual page."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gradcheck_sym import cli

ROOT = Path(__file__).parent.parent
TOOL = Path(sys.executable).parent / "gradcheck-sym"
PAGE = ROOT / "docs" / "gradcheck-sym.1"
VARIABLE = "_GRADCHECK_SYM_COMPLETE"
SHELLS = {  # what prints the values that a shell would offer
    "bash": 'eval "$({0}=bash_source gradcheck-sym)"; COMP_WORDS=({1}); '
    "COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _gradcheck_sym_completion gradcheck-sym; "
    'printf "%s\\n" "${{COMPREPLY[@]}}"',
    "fish": '{0}=fish_source gradcheck-sym | source; complete -C "{1}"',
}

needs_the_tool = pytest.mark.skipif(not TOOL.exists(), reason="the package is not installed")


def offered(typed: str, monkeypatch, capsys) -> list[str]:
    """What completes the last word."""
    words = shlex.split(typed) + ([""] if typed.endswith(" ") else [])
    monkeypatch.setenv(VARIABLE, "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    with pytest.raises(SystemExit):
        cli.main()
    return capsys.readouterr().out.split()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gradcheck-sym 2 2 2 --hidden s", "sigmoid softplus silu"),
        ("gradcheck-sym 2 2 2 --output-activation so", "softplus softmax"),
        ("gradcheck-sym m d t --loss m", "mse"),
        ("gradcheck-sym 2 2 2 --wrt W", "W_h W_out"),
        ("gradcheck-sym 2 2 2 2 --bias --wrt b", "b_1 b_2 b_out"),
        ("gradcheck-sym 2 2 2 --wrt b", ""),
        ("gradcheck-sym --wrt a", "all"),
        ("gradcheck-sym 0 --wrt W_o", "W_out"),
        ("gradcheck-sym --format js", "json"),
        ("gradcheck-sym --lo", "--loss"),
    ],
)
def test_the_values_of_options_are_offered(typed, expected, monkeypatch, capsys):
    found = offered(typed, monkeypatch, capsys)
    assert found == [f"plain,{name}" for name in expected.split()]


@pytest.mark.parametrize("option", ["-o", "--output", "--replay", "--reproduce", "--code"])
def test_files_are_left_to_the_shell(option, monkeypatch, capsys):
    assert offered(f"gradcheck-sym {option} do", monkeypatch, capsys) == ["file,do"]


@needs_the_tool
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = SHELLS[shell].format(VARIABLE, "gradcheck-sym 2 2 2 --loss h")
    env = os.environ | {"PATH": f"{TOOL.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [shell, "-c", script], check=True, capture_output=True, text=True, env=env
    )
    assert done.stdout.split() == ["half_mse", "hinge"]


def made() -> str:
    spec = importlib.util.spec_from_file_location("man", ROOT / "docs" / "man.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.page()


def test_the_manual_page_says_what_the_help_says():
    """After a change of the options or of the help, run `python docs/man.py`."""
    assert PAGE.read_text("utf-8") == made()


def test_the_manual_page_has_every_option_and_nothing_that_roff_takes_for_its_own():
    text = PAGE.read_text("utf-8")
    assert text.isascii()
    for option in cli.command.params:
        for name in option.opts:
            if name.startswith("--"):
                assert f"\\fB{name.replace('-', chr(92) + '-')}\\fR" in text
    macros = {line.split()[0] for line in text.splitlines() if line[0] in ".'"}
    assert macros == {".TH", ".SH", ".B", ".br", ".TP", ".nf", ".fi"}
    if shutil.which("groff"):
        command = ["groff", "-man", "-Tutf8", "-ww", PAGE]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert done.stderr == ""
        shown = re.sub(r"\x1b\[[\d;]*m|.\x08", "", done.stdout)
        assert "gradcheck-sym 2 2 2 --claim 'A_h.T @ (A_out - Y)'" in shown
