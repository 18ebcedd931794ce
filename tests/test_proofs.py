"""Proofs as JSON: what is written is read back the same, and what is malformed is refused."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache

import pytest

from gradcheck_sym.checker.check import check
from gradcheck_sym.checker.proof import Identity as By
from gradcheck_sym.checker.proof import Proof, Slope, Step, Witness
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.proofs.damaged import Damaged, strict_json
from gradcheck_sym.proofs.parsed import Scope, parsed
from gradcheck_sym.proofs.read import read_proof
from gradcheck_sym.proofs.told import formula, told
from gradcheck_sym.proofs.write import proof_json
from gradcheck_sym.term.terms import (
    ONE,
    Add,
    Apply,
    Delta,
    Entry,
    Letter,
    Mul,
    Num,
    Pi,
    SizeOf,
    Sum,
    Where,
    apply,
)
from tests.family import covering
from tests.proved import NAMES, NUMBERS, documents, proved

SLOW = ("gelu", "softmax", "elu")  # to prove, not to read
MEMBERS = [m for m in covering() if not any(s in f"{m.hidden} {m.output}" for s in SLOW)]


def text_of(document: dict) -> str:
    return json.dumps(document, ensure_ascii=False)


@cache
def small() -> dict:
    """A proof of ∂(1 + w)/∂w = 1."""
    statement = Statement({}, 1 + Entry("w"), "w", (), ONE)
    return proof_json(statement, Proof((Slope("w", (), ONE, By()),)))


@pytest.mark.parametrize("sizes", [NAMES, NUMBERS], ids=["names", "numbers"])
@pytest.mark.parametrize("member", MEMBERS, ids=str)
def test_what_is_read_back_proves_the_same(member, sizes):
    for wrt in ("W_out", "b_h"):
        statement, proof = proved(member, wrt, sizes)
        text = text_of(proof_json(statement, proof))
        assert len(text) < 60_000
        again = read_proof(strict_json(text))
        assert text_of(proof_json(*again)) == text
        one, other = check(statement, proof), check(*again)
        assert (one.parts, one.steps, *told(one)) == (other.parts, other.steps, *told(other))


@pytest.mark.parametrize("name", documents())
def test_a_document_is_the_same_after_a_round_trip(name):
    document = documents()[name]
    assert text_of(proof_json(*read_proof(document))) == text_of(document)


X, I2 = Entry("x"), Letter("i", 2)
TERMS = [
    Num(0), Num(-7), Pi(), SizeOf("n"), Entry("x"), Entry("w", (1, 2)),
    Add(()), Add((X,)), Add((X, X)), Mul(()), Mul((X,)), Mul((X, X, X)),
    Delta(1, 2), Sum(I2, Entry("x", (I2,))), Apply("inv", X), Where(X, ONE, Num(0)),
    Add((Mul((Num(-1), X)), Apply("exp", Apply("sqrt", X)))), X / 3 - apply("erf", -X),
]  # fmt: skip


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_keeps_its_shape(term):
    """Constructor by constructor: nothing is flattened, sorted or reckoned."""
    document = proof_json(Statement({}, term, "w", (), ONE), Proof(()))["statement"]
    letters = {key: Letter(key, size) for key, size in document.get("letters", {}).items()}
    again = parsed(document["loss"], Scope(letters)).term
    assert repr(again) == repr(term)


def test_letters_of_one_name_stay_apart():
    i, other = Letter("i", "n"), Letter("i", "n")
    loss = Sum(i, Sum(other, Entry("x", (i,)) * Entry("y", (other,))))
    document = proof_json(Statement({}, loss, "w", (), Num(0)), Proof(()))
    statement, _ = read_proof(document)
    assert list(document["statement"]["letters"]) == ["i", "i.2"]
    assert formula(statement.loss) == "Σ_{i≤n} Σ_{i_2≤n} x[i] · y[i_2]"


def test_a_shared_term_is_written_once():
    """A term that doubles sixty times has a short text, and is too large to be checked."""
    term = X
    for _ in range(60):
        term = apply("exp", term + term)
    document = proof_json(Statement({}, ONE, "w", (), Num(0)), Proof((Slope("w", (), term, By()),)))
    assert len(text_of(document)) < 5_000
    with pytest.raises(Damaged, match="too large"):
        read_proof(document)


def test_a_witness_is_read_back():
    witness = Witness({"n": 3}, {"X": Num(1).value}, {("Y", 1, 2): Num(-2).value})
    proof = Proof((), (), witness)
    assert read_proof(proof_json(Statement({}, X, "w", (), ONE), proof))[1] == proof


BAD_TERMS = {
    "": "the end stands where a term belongs",
    "x": "x is no function, and no entry",
    "(x[])": r"\) stands where \+ or \* belongs",
    "(x[] + y[] * z[])": r"\* stands where \+ or \) belongs",
    "(x[] - y[])": "no part of a term",
    "(+ x[] + y[])": r"\+ stands where \) belongs",
    "x[] y[]": "y stands after the end",
    "x[1": "the end stands where , or ]",
    "x[0]": "a whole number from 1",
    "x[1/2]": "a whole number from 1",
    "x[k]": "there is no letter k",
    "0.5": "no part of a term",
    "1e9": "stands after the end",
    "2/4": "2/4 is to be written 1/2",
    "-0": "-0 is to be written 0",
    "1/0": "divides by 0",
    "9" * 2000: "too long",
    "#1": "there is no term #1 so far",
    "□[]": "□ is no name",
    "cosh(x[])": "cosh is no function",
    "exp(x[], x[])": r", stands where \) belongs",
    "where(x[], 1)": r"\) stands where , belongs",
    "delta(1)": "delta of 1 indices",
    "sum(1, x[])": "there is no letter 1",
    "size(3)": "3 is no name",
    "__import__('os')": "'os'.* is no part of a term",
    "eval(x[])": "eval is no function",
    "exp(" * 500 + "x[]" + ")" * 500: "too large",
    f"({' * '.join(['x[]'] * 300)})": "too large",
    5: "stands where a term belongs",
    None: "stands where a term belongs",
}


@pytest.mark.parametrize("text", BAD_TERMS, ids=lambda text: str(text)[:20])
def test_a_text_that_is_no_term_is_refused(text):
    with pytest.raises(Damaged, match=BAD_TERMS[text]) as raised:
        parsed(text, Scope())
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 200


def changed(*path: str | int, value: object) -> dict:
    """The small proof with something else at a place."""
    document = deepcopy(small())
    inner = document
    for key in path[:-1]:
        inner = inner.setdefault(key, {}) if isinstance(inner, dict) else inner[key]
    inner[path[-1]] = value
    return document


STEP = {"law": "u/u = 1", "of": ["x[]"], "times": "1"}
BY = "proof", "parts", 0, "by"
BAD_DOCUMENTS = [
    (changed("format", value=2), "format: 2 is not 1"),
    (changed("format", value=True), "format: True is not 1"),
    (changed("format", value=1.0), "format: 1.0 is not 1"),
    (changed("more", value=1), "the key more is not known"),
    (changed("statement", value=[]), r"statement: \[\] stands where an object belongs"),
    (changed("statement", "loss", value=1), "statement.loss: 1 stands where a term"),
    (changed("statement", "letters", value={"i": 0}), "statement.letters.i: 0 stands where"),
    (changed("statement", "letters", value={"i": "2"}), "statement.letters.i: 2 is no name"),
    (changed("statement", "letters", value={"i": 2.0}), "statement.letters.i: 2.0 stands"),
    (changed("statement", "letters", value={"i.x": 2}), "no key of a letter"),
    (changed("statement", "letters", value={"i": 10**12}), "statement.letters.i: 1000000000000"),
    (changed("statement", "claim", value="□[]"), "statement.claim: □ is no name"),
    (changed("statement", "wrt", value="a b"), "statement.wrt: a b is no name"),
    (changed("statement", "at", value=["q"]), "statement.at.1: there is no letter q"),
    (changed("statement", "needs", value=[{"u": "1", "relation": "<"}]), "none of ≠ > ≥"),
    (changed("statement", "definitions", value={"w": {"at": [], "is": "1"}}), "makes no sense: w"),
    (changed("proof", "parts", value={}), "proof.parts: .* stands where a list belongs"),
    (changed(*BY, value=[{**STEP, "times": 0.5}]), "proof.parts.1.1.: 0.5|times|1.1: 0.5 stands"),
    (changed(*BY, value=[{**STEP, "reasons": [1]}]), "there is no reason 1 so far"),
    (changed(*BY, value=[{**STEP, "over": [1]}]), "1 stands where a letter belongs"),
    (changed(*BY, value=[{**STEP, "law": "lemma", "of": [0]}]), "a whole number from 1"),
    (changed(*BY, value=[{**STEP, "law": "lemma", "of": []}]), "the first a name"),
    (changed(*BY, value=[{**STEP, "of": ["x[]", 10**8]}]), "too large to be checked"),
    (changed("proof", "witness", value={"values": {"1": "1"}}), "1 is no entry"),
    (changed("proof", "witness", value={"sizes": {"n": "2"}}), "proof.witness.sizes.n: 2 stands"),
    (changed("proof", "witness", value={"everywhere": {"x": 1}}), "as text"),
]


@pytest.mark.parametrize(("document", "message"), BAD_DOCUMENTS)
def test_a_malformed_proof_is_refused_with_its_place(document, message):
    with pytest.raises(Damaged, match=message) as raised:
        read_proof(document)
    assert "\n" not in str(raised.value)


def test_arguments_nested_in_arguments_have_an_end():
    by: object = []
    for _ in range(200):
        by = {"cancel": "2", "by": by}
    with pytest.raises(Damaged, match="nested too deep"):
        read_proof(changed(*BY, value=by))


def test_reasons_of_reasons_are_counted_as_they_are_replayed():
    """Forty reasons, each of which uses the one before twice, are a million million steps."""
    reasons = [{"value": "1", "by": [STEP]}]
    reasons += [{"value": "1", "by": [{**STEP, "reasons": [k, k]}]} for k in range(1, 41)]
    document = deepcopy(small())
    document["proof"]["reasons"] = reasons
    with pytest.raises(Damaged, match=r"proof.reasons.\d+.1.*: more steps"):
        read_proof(document)


def test_a_sum_written_out_has_an_end():
    step = {"law": "Σ written out", "of": ["sum(i, x[i])"], "times": "1"}
    document = changed(*BY, value=[step])
    document["statement"]["letters"] = {"i": 10**8}
    with pytest.raises(Damaged, match="too large"):
        read_proof(document)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 1}', "the key a stands twice"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"a": NaN}', "NaN is no number"),
        ("9" * 5_000, "not JSON"),
    ],
)
def test_json_is_read_strictly(text, message):
    with pytest.raises(Damaged, match=message):
        strict_json(text)


def test_every_law_with_a_number_is_read_back():
    """The numbers of lemmas, hypotheses and cases count from 1 in the file, from 0 in a proof."""
    steps = tuple(Step(law, (0,), X) for law in ("lemma", "hypothesis", "one-hot", "case"))
    proof = Proof((Slope("w", (), ONE, By(steps)),))
    document = proof_json(Statement({}, X, "w", (), ONE), proof)
    assert [step["of"] for step in document["proof"]["parts"][0]["by"]] == [[1]] * 4
    assert read_proof(document)[1].parts[0].by.steps[0].arguments == (0,)
