"""What the documents show is what the tool does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from gradcheck_sym import cli
from gradcheck_sym.language.functions import NUMPY

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(language):
    for path in DOCUMENTS:
        for block in re.findall(rf"```{language}\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            yield path.name, block


SHOWN = re.findall(
    r"```sh\n(gradcheck-sym [^\n]*)\n```\n\n```text\n(.*?)```",
    (ROOT / "docs" / "tutorial.md").read_text("utf-8"),
    re.DOTALL,
)
COMMANDS = [
    (name, line)
    for name, block in blocks("sh")
    for line in block.splitlines()
    if line.startswith(("gradcheck-sym", "python -m gradcheck_sym"))
    and (name, line) not in [("tutorial.md", shown) for shown, _ in SHOWN]
]


@pytest.mark.parametrize(("document", "line"), COMMANDS)
def test_every_command_in_the_documents_runs(document, line, tmp_path, monkeypatch, capsys):
    """Exit code 0, or the one that a comment `exits with N` announces."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    words = shlex.split(line, comments=True)
    arguments = words[1:] if words[0] == "gradcheck-sym" else words[3:]
    expected = re.search(r"exits with (\d+)", line)
    assert cli.run(arguments) == (int(expected[1]) if expected else 0)
    if "-o" in arguments:
        assert (tmp_path / arguments[arguments.index("-o") + 1]).read_text("utf-8")
    else:
        captured = capsys.readouterr()
        assert captured.err if expected and expected[1] == "2" else captured.out


@pytest.mark.parametrize(("document", "code"), list(blocks("python")))
def test_every_python_example_runs(document, code):
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT)


@pytest.mark.parametrize(("line", "shown"), SHOWN, ids=[line for line, _ in SHOWN])
def test_the_tutorial_shows_what_is_printed(line, shown):
    """To renew it, paste what `COLUMNS=80 gradcheck-sym …` prints; lines may be left out."""
    words = shlex.split(line, comments=True)[1:]
    command = [sys.executable, "-m", "gradcheck_sym", *words]
    env = {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, capture_output=True, env=env, cwd=ROOT)
    expected = re.search(r"exits with (\d+)", line)
    assert done.returncode == (int(expected[1]) if expected else 0)
    printed = iter(timeless(done.stdout.decode("utf-8")).splitlines())
    for wanted in timeless(shown).splitlines():
        assert wanted in printed, wanted  # each one after the one before


def timeless(text):
    return re.sub(r"time: [\d.]+ s", "time: … s", text)


def test_the_tutorial_shows_the_first_answer_whole_and_the_site_has_every_page():
    assert len(SHOWN) >= 4
    assert SHOWN[0][1].count("\n") > 20
    pages = set(re.findall(r": (\w+\.md)", (ROOT / "mkdocs.yml").read_text("utf-8")))
    assert pages == {path.name for path in (ROOT / "docs").glob("*.md")}


def test_the_page_on_the_language_has_every_function_that_is_read():
    text = (ROOT / "docs" / "language.md").read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| functions, with or"))
    named = set(re.findall(r"\w+", " ".join(re.findall("`(.*?)`", row.split("|")[2]))))
    assert named == set(NUMPY)


def test_the_project_in_the_page_on_ci_prints_what_it_shows(tmp_path, monkeypatch, capsys):
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    (project,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    shown = text.partition(project)[2].partition("```text\n")[2].partition("```")[0]
    (tmp_path / "pyproject.toml").write_text(project, "utf-8")
    (tmp_path / "layers.py").write_text((ROOT / "docs" / "layers.py").read_text("utf-8"))
    claims = ["A_h.T @ delta_out", "A_h.T @ (A_out - Y) / 2", "A_h.T @ (A_out - Y)"]
    (tmp_path / "claims.txt").write_text("\n".join(claims))
    monkeypatch.chdir(tmp_path)
    assert cli.run(["--all"]) == 1
    printed = re.sub(r"\d+\.\d+ s", "… s", capsys.readouterr().out)
    assert printed == re.sub(r"\d+\.\d+ s", "… s", shown)


def test_the_layout_in_the_design_lists_every_module():
    layout = (ROOT / "docs" / "design.md").read_text("utf-8").split("## One general")[0]
    package = ROOT / "gradcheck_sym"
    for path in package.rglob("*.py"):
        if path.name != "__init__.py" and path.parent.name != "claims":
            assert path.name in layout, path


def test_the_help_shows_every_option_that_the_command_has(capsys):
    assert cli.run(["--help"]) == 0
    shown = capsys.readouterr().out
    for parameter in cli.command.params:
        assert all(name in shown for name in parameter.opts if name.startswith("-"))


def test_no_module_is_longer_than_the_design_allows():
    for path in (ROOT / "gradcheck_sym").rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 250, path
