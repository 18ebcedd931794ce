"""The hook of pre-commit and the action of GitHub, each run as it is run for users."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
SCRIPTS = Path(sys.executable).parent
TOOL = SCRIPTS / "gradcheck-sym"
REAL = "GRADCHECK_SYM_PRE_COMMIT"  # set to install what the hook needs, which takes a minute
NOBODY = {
    f"GIT_{who}_{what}": f"nobody@{what.lower()}"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}
GIT_ENV = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **NOBODY}
RIGHT = '[tool.gradcheck-sym.checks.right]\nsizes = "1 1 1"\n'
WRONG = '[tool.gradcheck-sym.checks.wrong]\nsizes = "1 1 1"\nclaim = "A_h.T @ (Y - A_out)"\n'
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = ACTION["runs"]["steps"]

needs_the_tool = pytest.mark.skipif(not TOOL.exists(), reason="the package is not installed")


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", folder, *words]
    env = os.environ | GIT_ENV
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


def committed(folder: Path, **files: str) -> str:
    """A repository with these files; its commit."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
    git(folder, "init", "-q")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "all")
    return git(folder, "rev-parse", "HEAD").strip()


# ---------------------------------------------------------------- pre-commit


def hooked(project: Path, hooks: Path, commit: str) -> subprocess.CompletedProcess[str]:
    """What pre-commit says of a project that takes our hook from a repository."""
    source = f"repos:\n- repo: {hooks}\n  rev: {commit}\n  hooks:\n  - id: gradcheck-sym\n"
    (project / ".pre-commit-config.yaml").write_text(source)
    git(project, "add", "-A")
    env = os.environ | GIT_ENV | {"PRE_COMMIT_HOME": str(hooks.parent / "pre-commit")}
    env |= {"PATH": f"{SCRIPTS}{os.pathsep}{env['PATH']}", "PYTHONIOENCODING": "utf-8"}
    env |= {"COLUMNS": "200"}
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"]
    return subprocess.run(
        command, cwd=project, env=env, check=False, capture_output=True, encoding="utf-8"
    )


@needs_the_tool
@pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git")
def test_the_hook_lets_a_right_project_pass_and_stops_a_wrong_one(tmp_path):
    """As it stands, but that it is run where the tests run instead of being installed."""
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    assert hooks.count("language: python") == 1
    hooks = re.sub(r"  additional_dependencies:.*\n", "", hooks)
    hooks = hooks.replace("language: python", "language: system")
    commit = committed(tmp_path / "hooks", **{"__pre-commit-hooks__yaml": hooks})
    committed(tmp_path / "mine", pyproject__toml=RIGHT)
    found = hooked(tmp_path / "mine", tmp_path / "hooks", commit)
    assert found.returncode == 0, found.stdout + found.stderr
    assert re.search(r"gradcheck-sym\.+Passed", found.stdout)
    (tmp_path / "mine" / "pyproject.toml").write_text(RIGHT + WRONG)
    found = hooked(tmp_path / "mine", tmp_path / "hooks", commit)
    assert found.returncode == 1
    assert re.search(r"gradcheck-sym\.+Failed", found.stdout)
    assert "✘ wrong  refuted: 1 of 1 gradient" in found.stdout
    assert "right is A_h.T @ delta_out (proved) [GS101]" in found.stdout


@pytest.mark.skipif(REAL not in os.environ, reason=f"installs packages; {REAL}=1 runs it")
def test_the_hook_is_installed_from_a_clone(tmp_path):
    git(tmp_path, "clone", "-q", str(ROOT), "hooks")
    commit = git(tmp_path / "hooks", "rev-parse", "HEAD").strip()
    committed(tmp_path / "mine", pyproject__toml=RIGHT)
    found = hooked(tmp_path / "mine", tmp_path / "hooks", commit)
    assert found.returncode == 0, found.stdout + found.stderr


# ---------------------------------------------------------------- the action


@pytest.fixture
def runner(tmp_path):
    """Run the steps of the action as a runner does; what they print, and what pip was asked.

    In place of Python's venv and of pip stand stubs: the package is that of the tests.
    """
    stubs = tmp_path / "stubs"
    stubs.mkdir()
    made = f"""#!/bin/bash
set -e
[ "$1 $2" = "-m venv" ] && mkdir -p "$3/bin"
printf '#!/bin/bash\\nif [ "$2" = pip ]; then printf "%%s\\\\n" "$@" >> {tmp_path}/pip
else exec {sys.executable} "$@"; fi\\n' > "$3/bin/python"
chmod +x "$3/bin/python"
"""
    (stubs / "python3").write_text(made)
    (stubs / "python3").chmod(0o755)

    def run(**inputs: str) -> tuple[int, str, list[str]]:
        values = {name: one["default"] for name, one in ACTION["inputs"].items()} | inputs
        env = os.environ | {
            "PATH": f"{stubs}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(tmp_path / "runner temp"),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(tmp_path),
            "PYTHONIOENCODING": "utf-8",
        }

        def filled(text: str) -> str:
            return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: values[m[1]], text)

        out = ""
        for step in STEPS:
            assert step["shell"] == "bash"
            script = tmp_path / "step.sh"
            script.write_text(step["run"])
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
                cwd=tmp_path / filled(step.get("working-directory", ".")),
                env=env | {name: filled(value) for name, value in step["env"].items()},
                check=False,
                capture_output=True,
                encoding="utf-8",
            )
            out += done.stdout
            if done.returncode:
                return done.returncode, out + done.stderr, []
        return 0, out, (tmp_path / "pip").read_text().splitlines()

    return run


def test_no_input_of_the_action_is_pasted_into_a_script():
    """They would be run, whatever they say; as variables they are words."""
    assert all("${{" not in step["run"] for step in STEPS)


@needs_the_tool
def test_the_action_installs_what_it_checks_with_and_passes_what_is_right(runner, tmp_path):
    (tmp_path / "pyproject.toml").write_text(RIGHT)
    code, out, asked = runner(packages="scipy einops")
    assert (code, asked[2:]) == (0, ["install", "--quiet", f"{ROOT}[numpy]", "scipy", "einops"])
    assert out.startswith("proved: ∂J/∂W_out = A_h.T @ delta_out (right: 1-1-1")


@needs_the_tool
def test_the_action_fails_with_an_annotation_where_something_is_wrong(runner, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "json.py").write_text("raise RuntimeError('of the project')")
    (tmp_path / "sub" / "pyproject.toml").write_text(RIGHT + WRONG)
    code, out, _ = runner(**{"working-directory": "sub"})
    assert code == 1
    assert "::error file=sub/pyproject.toml,line=3,title=refuted%3A ∂J/∂W_out = " in out


@needs_the_tool
def test_the_arguments_of_the_action_are_quoted_as_in_a_shell_and_nothing_is_run(runner, tmp_path):
    arguments = "1 1 1 --claim 'A_h.T @ (A_out - Y)' -o \"my report.xml\""
    assert runner(arguments=arguments, format="junit")[0] == 0
    assert (tmp_path / "my report.xml").read_text("utf-8").startswith("<?xml")
    code, out, _ = runner(arguments="1 1 '$(touch seen)'; touch seen")
    assert code == 2
    assert "is '$(touch seen);'" in out
    assert not (tmp_path / "seen").exists()
    code, out, _ = runner(arguments="1 1 'open")
    assert (code, out) == (2, "::error::arguments: No closing quotation\n")
