"""The picture with which the README opens is what the tool prints and draws."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parent.parent
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = ("x", "y", "d", "cx", "cy", "r", "transform")  # of the network: what is where


@pytest.fixture(scope="module")
def made():
    """The pictures as they would be made now."""
    spec = importlib.util.spec_from_file_location("picture", ROOT / "docs" / "picture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pictures()


def said(svg):
    """The words of a terminal, line by line; times differ, and the window is that of rich."""
    root = ElementTree.fromstring(svg)
    lines = {}
    for text in root.iter(f"{SVG}text"):
        if "clip-path" in text.attrib:
            lines.setdefault(float(text.get("y")), []).append((float(text.get("x")), text.text))
    rows = (" ".join(text for _, text in sorted(line)) for _, line in sorted(lines.items()))
    return re.sub(r"time: [\d.]+ s", "time", "\n".join(rows).replace("\u00a0", " "))


def drawn(svg):
    """What the network is made of."""
    whole = ElementTree.fromstring(svg)
    net = whole.find(f"{SVG}g")
    return [
        (part.tag, part.text, part.get("class"), *map(part.get, DRAWN)) for part in net.iter()
    ], whole.find(f"{SVG}style").text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_is_what_would_be_made_now(made, theme):
    """After a change of what is printed or drawn, run `python docs/picture.py`."""
    name = f"picture-{theme}.svg"
    kept = (ROOT / "docs" / name).read_text("utf-8")
    assert said(kept) == said(made[name])
    assert drawn(kept) == drawn(made[name])


def test_the_picture_says_what_the_command_prints(made):
    command = [sys.executable, "-m", "gradcheck_sym", "2", "2", "2"]
    env = {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=True, capture_output=True, env=env)
    printed = re.sub(r"time: [\d.]+ s", "time", done.stdout.decode("utf-8"))
    assert said(made["picture-light.svg"]).split() == printed.split()


def test_the_pictures_load_nothing_and_the_readme_shows_them_at_its_top(made):
    for svg in made.values():
        assert not re.search(r"url\((?!#)|@import|<script|href", svg)
    top = (ROOT / "README.md").read_text("utf-8").split("\n\n")[1]
    assert all(f"docs/{name}" in top for name in made)
