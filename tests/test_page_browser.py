"""Pages in a real browser: nothing sticks out, nothing is cut, and everybody can read them.

Needs Chromium with its driver; SCREENSHOTS=FOLDER keeps the pictures.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcheck_sym.cli import run

pytestmark = pytest.mark.xdist_group("browser")  # one session for all of them

ROOT = Path(__file__).parent.parent
WIDTHS = 390, 800, 1400
CARDS = 544  # up to which rows are cards, in a box that scrolls
PAGES = {
    "steps": "4 3 5 --n 3 --bias --wrt b_h --steps",
    "refuted": "m d t --n n --claim 'A_h.T @ (A_out - Y) / n'",
    "claims": "2 2 2 --claim 'A_h.T @ (A_out**2 - Y)' --claim 'W_h: X.T @ delta_h'",
    "deep": "m d1 d2 d3 d4 t --n n --wrt W_1 --hidden relu",
    "long": "4 3 5 --n 3 --claim 'np.where(A_h > 0.3, np.sqrt(A_h), A_h**3).T @ (A_out - Y)'",
    "matrices": "m d t --n n --hidden gelu --wrt b_h --bias --steps",
    "large": "784 512 10 --n 64",
    "plain": "2 2 2",
    "undecided": "2 2 2 --output-activation softmax --loss ce --timeout 0.0001",
    "code": f"--code {shlex.quote(str(ROOT / 'docs' / 'layers.py'))}",
}
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--hide-scrollbars",
)
CUT = """
return [...document.querySelectorAll("foreignObject > div, svg text")].filter((box) => {
  const own = box.getBoundingClientRect(), whole = box.closest("svg").getBoundingClientRect();
  return box.scrollWidth > box.clientWidth + 1 || own.left < whole.left - 1
    || own.right > whole.right + 1 || own.bottom > whole.bottom + 1;
}).map((box) => box.textContent);
"""
SPILT = """
return [...document.querySelectorAll("math mtd, td, .left")].filter((cell) => {
  const own = cell.getBoundingClientRect();
  const inside = cell.tagName === "mtd" ? cell.children : cell.querySelectorAll("math");
  return [...inside].some((part) => {
    const one = part.getBoundingClientRect();
    return one.right > own.right + 2 || one.left < own.left - 2;
  });
}).map((cell) => cell.textContent);
"""
OVERLAP = """
const boxes = [...document.querySelectorAll("foreignObject > .factor, foreignObject > .error")];
return boxes.flatMap((box) => {
  const range = document.createRange();
  range.selectNodeContents(box);
  const own = range.getBoundingClientRect();
  const others = boxes.filter((other) => other !== box).map((other) => {
    const one = document.createRange();
    one.selectNodeContents(other);
    return one;
  });
  const units = [...box.closest("svg").querySelectorAll(".unit")];
  return [...units, ...others].filter((unit) => {
    const one = unit.getBoundingClientRect();
    return own.right > one.left + 1 && own.left < one.right - 1
      && own.bottom > one.top + 3 && own.top < one.bottom - 3;
  }).map(() => box.textContent);
});
"""
AXE = "axe.run({exclude: [['math']]}).then(arguments[0])"  # test_page.py looks at its colours


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[object]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not program or not driver:
        pytest.skip("no Chromium with its driver is installed: apt-get install chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield found
    found.quit()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def opened(browser, folder):
    def opened(name: str):
        path = folder / f"{name}.html"
        if not path.exists():
            run([*shlex.split(PAGES[name]), "--format", "html", "-o", str(path)])
        sized(browser, 1400)
        browser.get(path.as_uri())
        return browser

    return opened


def sized(browser, width: int, height: int = 900) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def schemed(browser, scheme: str) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)


@pytest.mark.parametrize("name", [x for x in PAGES if x not in ("plain", "undecided")])
def test_a_page_fits_every_width_and_says_nothing_on_the_console(opened, folder, name):
    browser = opened(name)
    kept = Path(os.environ.get("SCREENSHOTS", folder))
    for width in WIDTHS:
        sized(browser, width)
        page = "return document.documentElement."
        assert browser.execute_script(page + "scrollWidth") <= width
        assert browser.execute_script(CUT) == []
        assert browser.execute_script(OVERLAP) == []
        assert browser.execute_script(SPILT if width > CARDS else "return []") == []
        height = min(browser.execute_script(page + "scrollHeight"), 2500)
        sized(browser, width, height)
        picture = kept / f"{name}-{width}.png"
        assert browser.save_screenshot(str(picture))
        assert picture.stat().st_size > 10_000
    assert browser.get_log("browser") == []


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("refuted", "light", 1400),
        ("claims", "dark", 390),
        ("undecided", "light", 390),
        ("code", "dark", 1400),
    ],
)
def test_axe_finds_nothing_in_light_or_dark(opened, name, scheme, width):
    core = pytest.importorskip("axe_core_python.base", reason="axe-core-python is not installed")
    browser = opened(name)
    browser.execute_script(core.AXE_SCRIPT)
    schemed(browser, scheme)
    sized(browser, width)
    found = browser.execute_async_script(AXE)
    schemed(browser, "light")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def test_the_table_is_sorted_by_the_column_whose_head_is_clicked(opened):
    browser = opened("plain")
    rows = "return [...document.querySelectorAll('.entries tbody th')].map(x => x.dataset.by)"
    assert browser.execute_script(rows) == ["0", "1", "2", "3"]
    click = "document.querySelectorAll('.entries thead button')[arguments[0]].click()"
    browser.execute_script(click, 0)
    assert browser.execute_script(rows) == ["3", "2", "1", "0"]
    said = "return document.querySelector('.entries thead th').getAttribute('aria-sort')"
    assert browser.execute_script(said) == "descending"
    browser.execute_script(click, 1)
    assert browser.execute_script(said) == "none"
    assert len(set(browser.execute_script(rows))) == 4


def test_what_is_copied_has_latex_for_its_formulas(opened):
    browser = opened("plain")
    copied = browser.execute_script("""
        getSelection().selectAllChildren(document.querySelector(".equations"));
        const data = new DataTransfer();
        document.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data}));
        return data.getData("text/plain");
    """)
    assert r"$\delta_{j}^{(\mathrm{out})}$" in copied
    assert r"$\frac{1}{1 + e^{- z_{k}^{(\mathrm{h})}}}$" in copied
    loss = copied.split("J")[1]
    assert loss.count("$") == 3  # that of J, and two around a formula in two pieces
    assert loss.index(r"\Bigl[") < loss.index(r"\Bigr]")


def test_a_double_click_selects_a_whole_formula(opened):
    browser = opened("plain")
    chosen = browser.execute_script("""
        const part = document.querySelector(".right math mfrac mi");
        part.dispatchEvent(new MouseEvent("dblclick", {bubbles: true}));
        const data = new DataTransfer();
        document.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data}));
        return data.getData("text/plain");
    """)
    assert chosen == r"$\frac{1}{1 + e^{- z_{k}^{(\mathrm{h})}}}$"


def test_a_script_that_is_not_the_pages_own_does_not_run(opened, folder, browser):
    opened("plain")
    text = (folder / "plain.html").read_text("utf-8")
    path = folder / "injected.html"
    path.write_text(text.replace("<main>", "<main><script>document.title = 'in'</script>"), "utf-8")
    browser.get(path.as_uri())
    assert browser.title.startswith("∂J/∂W_out")
    assert "Content Security Policy" in browser.get_log("browser")[0]["message"]


def test_a_page_says_everything_without_its_script(opened):
    browser = opened("refuted")
    said = "return [...document.querySelectorAll('main section, .verdict')].map(x => x.innerText)"
    buttons = "return document.querySelectorAll('button').length"
    assert browser.execute_script(buttons)
    with_script = browser.execute_script(said)
    disabled = "Emulation.setScriptExecutionDisabled"
    browser.execute_cdp_cmd(disabled, {"value": True})
    browser.refresh()
    browser.execute_cdp_cmd(disabled, {"value": False})
    assert not browser.execute_script(buttons)
    without = browser.execute_script(said)
    assert [x.replace("copy", "").split() for x in with_script] == [x.split() for x in without]
