"""Reports of the library as files."""

import json

import pytest

from gradcheck_sym import Network, check, prove_vjp, save
from gradcheck_sym.errors import OutputError

STARTS = {
    "html": "<!doctype html>",
    "tex": "\\documentclass",
    "md": "## ",
    "json": "{",
    "xml": "<?xml",
    "sarif": "{",
    "txt": "✔ proved",
}


def affine(x, w):
    return x @ w, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


@pytest.mark.parametrize(("ending", "start"), STARTS.items())
def test_a_report_is_saved_in_the_format_of_the_ending(tmp_path, ending, start):
    report, path = check(Network(2, 2, 2)), tmp_path / f"proof.{ending}"
    save(report, path)
    first = path.read_text("utf-8")
    assert first.lower().startswith(start.lower())
    save(check(Network(2, 2, 2)), str(path))
    if ending in ("html", "tex", "md"):
        assert path.read_text("utf-8") == first  # no time is in it


@pytest.mark.parametrize("ending", ["html", "json", "xml", "txt"])
def test_a_report_on_functions_is_saved_too(tmp_path, ending):
    report = prove_vjp(affine, affine_backward, x=("n", "d"), w=("d", "t"))
    save(report, path := tmp_path / f"proof.{ending}")
    text = path.read_text("utf-8")
    assert "affine_backward" in text
    if ending == "json":
        assert [claim["verdict"] for claim in json.loads(text)["claims"]] == ["proved"] * 2


@pytest.mark.parametrize("name", ["proof.tex", "none/proof.html", "proof.pdf"])
def test_what_cannot_be_saved_is_one_line_and_no_file(tmp_path, name):
    report = prove_vjp(affine, affine_backward, x=("n", "d"), w=("d", "t"))
    with pytest.raises(OutputError, match=name.rpartition(".")[0]):
        save(report, tmp_path / name)
    assert not list(tmp_path.iterdir())
