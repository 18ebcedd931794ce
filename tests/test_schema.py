"""docs/report.schema.json: what `--format json` writes is valid, and all of it is described."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gradcheck_sym.cli import run

ROOT = Path(__file__).parent.parent
LAYERS = ROOT / "docs" / "layers.py"
FILE = f"--code {LAYERS} --labels y=n,t --timeout 1000"
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
QUESTIONS = {  # each with its exit code
    "1 1 1 --audit": 0,
    "1 1 1 -q": 0,
    "m d t --n n --wrt b_out --bias": 0,
    "1 1 1 --hidden relu --wrt W_h": 0,
    "1 1 1 --claim A_h.T@delta_out*A_h.sum()/A_h.sum()": 0,
    "1 1 1 --claim A_h.T@(A_out-Y)/2 --claim A_h.T@delta_out": 1,
    "m d t --n n --claim A_h.T@(A_out-Y)/n": 1,
    "1 1 1 --output-activation identity --loss a**2/y --claim A_h.T@(2*A_out*Y)": 1,
    "1 2 2 --loss ce --output-activation softmax": 1,
    "1 1 1 --loss ce --output-activation softmax --timeout 0.0001": 3,
    "0 2 2": 2,
    "2 2 2 --lose mse": 2,
    FILE: 1,  # a pair that is right, one that is wrong, a maximum, and one that cannot be asked
    f"--code {LAYERS}:nothing": 2,
}


def closed(schema: dict) -> dict:
    """The same, but that no key may come that is not described."""
    if not isinstance(schema, dict):
        return [closed(one) for one in schema] if isinstance(schema, list) else schema
    found = {key: closed(value) for key, value in schema.items()}
    if "properties" in schema and "$ref" not in schema:
        found["additionalProperties"] = False
    return found


pytestmark = pytest.mark.xdist_group("schema")  # each document is made once


@cache
def document(asked: str) -> dict:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = run([*shlex.split(asked), "--format", "json"])
    found = json.loads(out.getvalue())
    assert found["exit_code"] == code
    return found


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("asked", "code"), QUESTIONS.items())
def test_each_document_is_valid_and_every_key_of_it_is_described(asked, code):
    found = document(asked)
    assert found["exit_code"] == code
    Draft202012Validator(closed(SCHEMA)).validate(found)


def test_what_is_described_is_met_in_some_document():
    """Else the schema would speak of what there is not."""
    met: dict[str, set[str]] = {}

    def walk(value: object, schema: dict, name: str) -> None:
        while "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = SCHEMA["$defs"][name]
        for one in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
            walk(value, one, name)
        if isinstance(value, dict):
            met.setdefault(name, set()).update(value.keys() & schema.get("properties", {}).keys())
            for key in value.keys() & schema.get("properties", {}).keys():
                walk(value[key], schema["properties"][key], f"{name}.{key}")
        elif isinstance(value, list):
            for one in value:
                walk(one, schema.get("items", {}), name)

    for asked in QUESTIONS:
        walk(document(asked), SCHEMA, "document")
    for name in ("network_claim", "function_claim", "entry", "point", "source", "proof"):
        described = SCHEMA["$defs"][name]["properties"].keys() - {"check"}  # of --all alone
        assert met[name] == described, name
    assert met["document"] == SCHEMA["properties"].keys()


@pytest.mark.parametrize("asked", [FILE, "1 1 1 --audit"])
def test_a_document_that_lacks_a_key_or_has_another_kind_of_value_is_not_valid(asked):
    schema = Draft202012Validator(SCHEMA)
    for key in document(asked)["claims"][0]:
        wrong = deepcopy(document(asked))
        wrong["claims"][0][key] = {"planted": 1.5}
        assert not schema.is_valid(wrong), key
        del wrong["claims"][0][key]
        assert schema.is_valid(wrong) == (key == "entries"), key


def test_what_could_not_be_asked_stands_beside_what_was_answered():
    found = document(FILE)
    assert [error["kind"] for error in found["errors"]] == ["CodeError"]
    assert "Dense: the shape of n_in, n_out is not known" in found["errors"][0]["message"]
    assert len(found["claims"]) == 6
    place = found["claims"][0]["source"]
    assert place["file"].endswith("docs/layers.py")
    assert LAYERS.read_text("utf-8").splitlines()[place["line"] - 1].startswith("def affine_back")


def test_a_claim_of_a_file_says_where_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "claims.txt").write_text("# mine\nA_h.T @ delta_out\n")
    (claim,) = document("1 1 1 --claim @claims.txt")["claims"]
    assert claim["source"] == {"file": "claims.txt", "line": 2}
