"""What people see, screen by screen, as files: `shown/` has each at two widths, with and without
Unicode. `python -m tests.screens` writes them anew; read the difference before it is committed.

A file is the command, what it prints, what it says on stderr, and its exit code if that is not 0.
Times are left out.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from gradcheck_sym import argument, cli

HERE = Path(__file__).parent
SHOWN, ASKED = HERE / "shown", HERE / "asked"
LAYERS = HERE.parent.parent / "docs" / "layers.py"
WIDTHS, ENCODINGS = (80, 200), ("utf-8", "ascii")

SCREENS = {
    # the answer first
    "proved": "2 2 2",
    "proved-at-all-sizes": "m d t --n n",
    "proved-for-all-parameters": "4 3 5 --n 3 --bias --wrt all",
    "proved-with-kinks": "2 3 2 --hidden relu --loss mse --wrt W_h",
    "refuted": "4 3 5 --n 3 --claim 'A_h.T @ (A_out - Y) / n'",
    "refuted-at-all-sizes": "m d t --n n --claim 'A_h.T @ (A_out - Y) / n'",
    "refuted-when-large": "100 100 10 --n 32 --claim 'A_h.T @ (A_out - Y) / n'",
    "refuted-in-every-row": "2 2 2 --claim 'A_h.T @ (A_out + Y)' --all-rows",
    "undecided": "1 1 1 --claim 'A_h.T @ delta_out + np.log(X**2) - 2 * np.log(abs(X))'",
    "several": "2 2 2 --claim 'A_h.T @ delta_out' --claim 'A_h.T @ (A_out + Y)'",
    "several-quietly": "2 2 2 -q --claim 'A_h.T @ delta_out' --claim 'A_h.T @ (A_out + Y)'",
    "steps": "2 2 2 --wrt W_h --steps",
    "audit": "4 3 5 --n 3 --audit",
    "to-a-file": "2 2 2 --claim 'A_h.T @ (A_out + Y)' -o proof.tex",
    # what students write
    "one-minus-the-activation": "m d t --n n --claim '(1 - A_h).T @ delta_out'",
    "slope-of-tanh": "m d t --n n --claim 'W_h: X.T @ ((delta_out @ W_out.T) * (1 - A_h**2))'",
    "slope-too-many": "m d t --n n --claim 'A_h.T @ (delta_out * (1 - A_out))'",
    "squared": "m d t --n n --claim 'A_h.T @ delta_out**2'",
    "penalty-too-many": "m d t --n n --claim 'A_h.T @ delta_out + W_out'",
    "slope-at-the-activation": "m d t --n n --hidden tanh "
    "--claim 'W_h: X.T @ ((delta_out @ W_out.T) * (1 - np.tanh(A_h)**2))'",
    "mean-for-sum": "m d t --n n --bias --claim 'b_out: delta_out.mean(axis=0)'",
    "elementwise": "2 2 2 --n 2 --claim 'A_h.T * delta_out'",
    "other-operand-transposed": "3 3 3 --n 3 --claim 'delta_out.T @ A_h'",
    "mean-over-everything": "m d t --n n --mean --claim 'A_h.T @ (A_out - Y) / (n * t)'",
    "only-for-one-example": "2 2 2 --claim 'A_h.T @ delta_out / n'",
    "only-for-equal-sizes": "4 3 3 --n 3 --claim 'A_h @ delta_out'",
    "shapes-that-do-not-fit": "4 3 5 --n 3 --claim 'delta_out @ A_h.T'",
    "hypothesis-missing": "m d t --n n --output-activation softmax --loss ce "
    "--claim 'A_h.T @ (A_out - Y)'",
    # mistakes of typing
    "sizes-in-one-word": "2x2x2 -q",
    "loss-misspelt": "2 2 2 --loss cros-entropy",
    "loss-as-people-say": "2 2 2 --loss cross-entropy -q",
    "bias-missing": "2 2 2 --wrt b_h",
    "file-for-a-claim": "2 2 2 --claim my_backward.py",
    "too-few-sizes": "2",
    "claims-in-a-file": "2 3 2 --n 2 --bias --claim @my_claims.txt -q",
    # everything else
    "help": "--help",
    "explain-a-code": "explain GS103",
    "explain-a-word": "explain lemma",
    "named-checks": "--all",
    "code": "--code layers.py:affine",
    "code-refuted": "--code layers.py:rms_norm",
}
RUNS_PROCESSES = {"named-checks"}


def screens(name: str) -> Iterator[tuple[Path, str, str, int]]:
    """A screen's files, what is printed and said there now, and the width; computed once."""
    command = SCREENS[name]
    with TemporaryDirectory() as folder, chdir(shutil.copytree(ASKED, Path(folder) / "asked")):
        shutil.copy(LAYERS, "layers.py")
        once = argument.check_all if name in RUNS_PROCESSES else _once(argument.check_all)
        with patch.object(argument, "check_all", once):
            for width in WIDTHS:
                for encoding in ENCODINGS:
                    code, printed, said = _run(command, width, encoding)
                    ending = [f"[exit {code}]"] if code else []
                    lines = [f"$ gradcheck-sym {command}", printed.rstrip("\n")]
                    said = "".join(f"stderr: {line}\n" for line in said.splitlines())
                    text = "\n".join(part for part in (*lines, said.rstrip("\n"), *ending) if part)
                    ascii_ = ".ascii" if encoding == "ascii" else ""
                    yield SHOWN / f"{name}.{width}{ascii_}.txt", text + "\n", printed, width


def _run(command: str, width: int, encoding: str) -> tuple[int, str, str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    wanted = {"COLUMNS": str(width), "PYTHONIOENCODING": encoding, "NO_COLOR": "1"}
    with patch.dict(os.environ, wanted), redirect_stdout(out), redirect_stderr(err):
        code = cli.run(shlex.split(command))
    printed, said = (_timeless(_all(stream)) for stream in (out, err))
    return code, printed, said


def _all(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode(stream.encoding)


def _timeless(text: str) -> str:
    return re.sub(r"\b\d+(\.\d+)? (s|ms)\b", "… s", text)


def _once(function: Callable) -> Callable:
    found = cache(lambda: [])

    def once(*arguments, **options):
        if not found():
            found().append(function(*arguments, **options))
        return found()[0]

    return once


def renew(names: list[str]) -> None:
    """Write the files of these screens anew."""
    for name in names or SCREENS:
        for path, text, _, _ in screens(name):
            path.write_text(text, "utf-8")
        print(name, file=sys.stderr)
