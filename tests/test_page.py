"""A report as a page: all that is found, in one file that needs nothing else, and is text alone."""

from __future__ import annotations

import io
import json
import pkgutil
import re
import shlex
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import gradcheck_sym.page
from gradcheck_sym import Network, check, formula
from gradcheck_sym.cli import run
from gradcheck_sym.figure.chain import levels
from gradcheck_sym.figure.colours import DARK, LIGHT, colours, contrast
from gradcheck_sym.figure.layers import few, layers
from gradcheck_sym.page.badge import badge
from gradcheck_sym.page.page import page
from gradcheck_sym.page.reproduce import asked_again
from gradcheck_sym.page.style import whole
from gradcheck_sym.render import View, renderer

MODULES = [f"page.{module.name}" for module in pkgutil.iter_modules(gradcheck_sym.page.__path__)]
VOID = {"meta", "path", "circle", "rect", "br"}
NASTY = (
    "<script>alert(1)</script>",
    "[red]x[/red]",
    "a|b",
    "\x1b[31m",
    "\u202e",
    "&amp;",
    "']\"><b>",
)
MEMBERS = {
    "2-2-2": (Network(2, 2, 2), "W_out"),
    "names": (Network("m", "d", "t", n="n", bias=True), "b_h"),
    "softmax": (Network(2, 3, 2, output="softmax", loss="ce"), "W_h"),
    "deep": (Network(3, 4, 4, 2, hidden="relu", n=2), "W_1"),
    "no hidden layer": (Network("m", "t", n="n"), "W_out"),
    "by X": (Network(2, 9, 2), "X"),
    "by A": (Network("m", "d", "t"), "A_h"),
    "by Z": (Network(2, 2, 2, loss="mse", l2=True, mean=True, n=2), "Z_out"),
}


class Parsed(HTMLParser):
    """The elements of a page, and whether each that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["script"], ["style"], ["annotation"]):
            self.said.append(data)

    @property
    def text(self) -> str:
        return "".join(self.said)


def shown(network, claim=None, wrt=None, steps=False, **view):
    claim = formula(claim, network, wrt or "W_out") if claim else None
    return page([check(network, claim, wrt=wrt, steps=steps)], View(**view))


@cache
def checked(name):
    network, wrt = MEMBERS[name]
    return check(network, wrt=wrt)


@pytest.fixture(params=MEMBERS)
def member(request):
    return checked(request.param)


def test_a_page_is_balanced_has_names_once_and_loads_nothing(member):
    text = page([member], View())
    parsed = Parsed(text)
    assert not parsed.open
    names = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(names) == len(set(names))
    links = [a[key] for _, a in parsed.elements for key in ("src", "href") if key in a]
    assert all(link.startswith("#") for link in links)
    outside = text.replace("http://www.w3.org/1999/xhtml", "")
    assert not re.search(
        r"https?:|//\w|@import|url\(", re.sub(r"^ *//.*$", "", outside, flags=re.M)
    )


def test_a_page_says_the_verdict_first_in_words(member):
    parsed = Parsed(page([member], View()))
    assert parsed.text.index("proved") < parsed.text.index("The network")
    tags = [tag for tag, _ in parsed.elements]
    assert tags.count("svg") == tags.count("desc") == 2
    assert tags.count("title") == 3
    assert tags.count("math") == tags.count("annotation")


def test_every_edge_of_the_way_has_its_factor_and_each_delta_its_place(member):
    found = levels(member)
    assert all(level.factor is not None for level in found)
    deltas = {d.place.name for d in member.definitions if d.place.name.startswith("delta")}
    made = {level.error.name for level in found if level.error}
    assert made == (deltas if member.wrt != "A_out" else set())


def test_the_chosen_units_are_drawn(member):
    for layer in layers(member):
        assert set(layer.lit) <= set(layer.units)


@pytest.mark.parametrize("size", [*range(1, 9), 784, "m"])
@pytest.mark.parametrize("wanted", [(), (1,), (3,), (5,), ("k",)])
def test_a_column_shows_its_first_its_wanted_and_its_last_unit_in_order(size, wanted):
    units = [w for w in wanted if isinstance(w, str) or (isinstance(size, int) and w <= size)]
    found = few(size, tuple(units))
    numbers = [unit for unit in found if isinstance(unit, int)]
    assert numbers == sorted(set(numbers))
    assert found[0] == 1
    assert found[-1] == size
    assert size == 1 or set(units) <= set(found)
    assert len(found) <= 5


def test_a_refutation_says_why_with_both_numbers_and_the_code():
    text = Parsed(shown(Network("m", "d", "t", n="n"), "A_h.T @ (A_out - Y) / n")).text
    assert "The claim is 1/n × the derivative" in text
    assert text.index("1/2") < text.index("1/4") < text.index("import numpy as np")
    assert text.index("Why") < text.index("The network")


def test_the_code_of_a_refutation_prints_both_numbers():
    text = shown(Network(2, 2, 2), "A_h.T @ (A_out - Y) * 2")
    listing = next(code for code in Codes(text).codes if "import numpy" in code)
    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, check=True, text=True
    )
    derivative, claim = map(float, done.stdout.split())
    assert claim == pytest.approx(2 * derivative)


class Codes(HTMLParser):
    """What can be copied of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.codes: list[str] = []
        self._in = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "pre":
            self._in = True
            self.codes.append("")

    def handle_endtag(self, tag):
        self._in = self._in and tag != "pre"

    def handle_data(self, data):
        if self._in:
            self.codes[-1] += data


def test_an_undecided_answer_says_its_reason():
    report = check(Network(2, 2, 2, output="softmax", loss="ce"), timeout=1e-4)
    assert report.verdict == "undecided"
    assert ": no answer within 0.0001 seconds" in Parsed(page([report], View())).text


def test_several_claims_have_an_index_that_leads_to_each():
    network = Network(2, 2, 2)
    texts = ("A_h.T @ delta_out", "A_h.T @ delta_out * 2")
    parsed = Parsed(page([check(network, formula(text, network)) for text in texts], View()))
    names = {attributes.get("id") for _, attributes in parsed.elements}
    links = [a["href"] for tag, a in parsed.elements if tag == "a"]
    assert links == ["#claim-1", "#claim-2"]
    assert {link[1:] for link in links} <= names
    assert len(names) - 1 == sum("id" in attributes for _, attributes in parsed.elements)


def test_the_steps_are_those_of_every_other_format():
    text = shown(Network(2, 2, 2), steps=True)
    assert re.findall(r"<h3>(\d)\. ", text) == list("123456")


def test_quiet_leaves_the_verdict():
    parsed = Parsed(shown(Network(2, 2, 2), quiet=True))
    assert "4 of 4 entries proved" in parsed.text
    assert "svg" not in {tag for tag, _ in parsed.elements}


@pytest.mark.parametrize(
    "asked",
    [
        "2 2 2",
        "m d t --n n --hidden relu --bias --mean --l2 --wrt b_h",
        "2 2 2 --output-activation softmax --loss ce --assume 'Y.sum(axis=1) == 1'",
        "2 3 --loss '(a - y)**4' --output-activation identity --claim 'X.T @ delta_out'",
        "2 2 2 --wrt X --claim 'delta_h @ W_h.T * 2'",
    ],
)
def test_the_command_of_a_page_asks_the_same_again(asked, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code = run([*shlex.split(asked), "--format", "html"])
    first = capsys.readouterr().out
    command = Codes(first).codes
    words = shlex.split(next(one for one in command if one.startswith("gradcheck-sym")))
    assert run(words[1:]) == code
    again = (tmp_path / "proof.html").read_text("utf-8")
    timeless = re.compile(r"\d+\.\d\d s|aria-label")
    assert timeless.sub("", again) == timeless.sub("", first)


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_that_is_given_becomes_more_than_text(nasty):
    """Claims and rules are read by a parser that refuses these; a page does not rely on that."""
    report = check(Network(2, 2, 2))
    changed = {
        **{"claim": nasty, "diagnosis": nasty, "missing": (nasty, nasty)},
        "assumed": (nasty,),
    }
    vars(report).update(changed)
    sizes = {"m": nasty, "d": nasty, "t": nasty, "n": nasty}
    for name, text in (("hidden", nasty), ("output", nasty), ("loss", nasty), ("sizes", sizes)):
        object.__setattr__(report.network, name, text)
    text = page([report, report], View())
    parsed = Parsed(text)
    assert not parsed.open
    assert [tag for tag, _ in parsed.elements].count("script") == 1
    assert not {"b", "red"} & {tag for tag, _ in parsed.elements}
    assert "\x1b" not in text
    assert "\u202e" not in text
    title = whole(nasty, [], "").split("<title>")[1].split("</title>")[0]
    assert "<" not in title
    assert nasty.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e") in parsed.text


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_in_a_report_on_code_becomes_more_than_text(nasty):
    html = pytest.importorskip("gradcheck_sym.code.html")
    report = pytest.importorskip("gradcheck_sym.code.report")
    bad = report.Part(
        nasty,
        (nasty,),
        report.WrongShape(nasty),
        diagnosis=nasty,
        right=(nasty,),
        reproduction=nasty,
    )
    found = report.CodeReport(nasty, nasty, {nasty: (nasty,)}, (), (bad,), 0.1, (nasty,))
    text = html.page([found, found])
    parsed = Parsed(text)
    assert not parsed.open
    assert [tag for tag, _ in parsed.elements].count("script") == 1
    assert not {"b", "red"} & {tag for tag, _ in parsed.elements}
    assert "\x1b" not in text


@pytest.mark.parametrize("name", ["<b>a</b>.py", "[red]|&lt;.py", "'\"><script>.py"])
def test_a_file_of_any_name_is_named_as_it_is(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    layers = Path(__file__).parent.parent / "docs" / "layers.py"
    (tmp_path / name.replace("/", "_")).write_text(layers.read_text("utf-8"), "utf-8")
    code = run(["--code", f"{name.replace('/', '_')}:rms_norm", "--format", "html"])
    assert code == 1
    parsed = Parsed(capsys.readouterr().out)
    assert not parsed.open
    assert f"{name.replace('/', '_')}:26" in parsed.text
    assert [tag for tag, _ in parsed.elements].count("script") == 1


def test_signs_in_formulas_are_text(capsys):
    assert run([*["2", "2", "2", "--format", "html", "--hidden"], "where(z<0, 0, z)"]) == 0
    assert "where(z<0, 0, z)" in Parsed(capsys.readouterr().out).text


def test_a_notebook_shows_the_page_in_a_frame():
    report = check(Network(2, 2, 2))
    bundle = report._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/plain"].endswith("4 of 4 entries proved, for all real X, W_h, W_out, Y")
    ((tag, attributes),) = Parsed(bundle["text/html"]).elements
    assert tag == "iframe"
    assert attributes["srcdoc"] == page([report], View())


def test_a_file_that_takes_ascii_alone_has_the_same_page():
    report = check(Network(2, 2, 2))
    binary = io.BytesIO()
    file = io.TextIOWrapper(binary, encoding="ascii")
    renderer("html")([report], file, View())
    file.flush()
    assert Parsed(binary.getvalue().decode("ascii")).text == Parsed(page([report], View())).text


@pytest.mark.parametrize(
    ("network", "steps", "most"),
    [
        (Network(2, 2, 2), False, 60_000),
        (Network(2, 2, 2), True, 120_000),
        (Network(784, 512, 10, n=64), False, 150_000),
        (Network(784, 512, 10, n=64), True, 250_000),
    ],
)
def test_a_page_stays_small(network, steps, most):
    assert len(shown(network, steps=steps).encode()) < most


def test_nobody_else_imports_the_page():
    code = (
        "import sys; from gradcheck_sym.cli import run; run(['2', '2', '2', '-q']); "
        "sys.exit(any(name.startswith('gradcheck_sym.page') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_page_needs_neither_sympy_nor_rich():
    code = (
        "import sys; from gradcheck_sym.cli import run; "
        "run(['2', '2', '2', '--steps', '--format', 'html', '-o', '/dev/null']); "
        "sys.exit('sympy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize(("lightness", "papers"), [
    (LIGHT, ("#ffffff", "#f6f7f9", "#eaf6ee", "#fdeff0", "#fdf5e3")),
    (DARK, ("#14161a", "#1d2026", "#14251b", "#2d1719", "#292011")),
])  # fmt: skip
def test_every_quantity_can_be_read_on_every_paper(lightness, papers):
    names = [f"{kind}_{layer}" for kind in ("W", "b", "Z", "A", "delta") for layer in
             ("1", "2", "3", "h", "out")]  # fmt: skip
    found = colours(["X", "Y", *names], lightness)
    css = whole("", [], "")
    for paper in papers:
        assert paper in css
        assert all(contrast(colour, paper) >= 4.5 for colour in found.values()), paper
    assert len(set(found.values())) == len(found)


def test_the_claim_of_a_page_is_asked_in_words_that_a_shell_keeps():
    network = Network(2, 2, 2)
    words = asked_again(check(network, formula("(A_h.T) @ delta_out", network)))
    assert words[-1] == "W_out: (A_h.T) @ delta_out"


@pytest.mark.parametrize("assumed", ["lam > 0", "0 < lam", "2*Y**2 == 2*Y", "Y @ np.ones(t) == 1"])
def test_what_is_assumed_is_asked_in_words_that_are_read(assumed, capsys):
    report = check(Network(2, 2, 2, l2=True), assume=[assumed])
    words = asked_again(report)
    assert run([*words[1:], "--format", "json"]) == 0
    [said] = json.loads(capsys.readouterr().out)["claims"]
    assert said["assumed"] == list(report.assumed)


def test_a_badge_is_a_span():
    assert badge("refuted").startswith("<span")
