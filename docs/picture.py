"""Makes docs/picture-light.svg and docs/picture-dark.svg, with which the README opens.

On the left is what `gradcheck-sym 2 2 2` prints, on the right the network, as a page draws it.
Run `python docs/picture.py` after a change of either; a test says when.
"""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from gradcheck_sym import Network, Report, check
from gradcheck_sym.figure.colours import DARK, LIGHT, colours
from gradcheck_sym.figure.network import network_figure
from gradcheck_sym.page.drawn import drawn
from gradcheck_sym.page.formulas import formulas_for
from gradcheck_sym.render import View, renderer

FOLDER = Path(__file__).parent
COLUMNS = 80
GAP, MAGNIFIED = 40, 1.6  # beside the terminal, and how large the network is there
THEMES = {  # paper, ink, a quiet colour, what is proved, what is dim, and the colours of arrays
    "light": ("#ffffff", "#1b1f24", "#57606a", "#1a7f37", "#c3c9d1", LIGHT),
    "dark": ("#0d1117", "#e8eaed", "#9aa4b0", "#3fb950", "#4a515b", DARK),
}
TERMINAL = """\
<svg class="terminal" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px monospace; white-space: pre }}
.{unique_id}-title {{ font: 18px sans-serif }}
{styles}
</style>
<clipPath id="{unique_id}-clip-terminal">
<rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
{chrome}
<g transform="translate({terminal_x} {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def pictures() -> dict[str, str]:
    """The pictures by the names of their files."""
    report = check(Network(2, 2, 2))
    return {f"picture-{theme}.svg": _picture(report, theme) for theme in THEMES}


def _picture(report: Report, theme: str) -> str:
    terminal, (width, height) = _terminal(report, theme)
    figure = network_figure(report)
    beside = width + GAP
    wide, high = (MAGNIFIED * length for length in figure.size)
    top = (height - high) / 2
    place = f"translate({beside:g} {top:g}) scale({MAGNIFIED})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {beside + wide:.0f} {height:g}">\n'
        f"<style>\n{_style(report, theme)}</style>\n{terminal}"
        f'<g transform="{place}">{drawn(figure, formulas_for(report), "network")}</g>\n</svg>\n'
    )


def _terminal(report: Report, theme: str) -> tuple[str, tuple[float, float]]:
    """What is printed, as SVG, and how large that is."""
    paper, ink, quiet, proved, *_ = THEMES[theme]
    grey, green = _rgb(quiet), _rgb(proved)
    palette = TerminalTheme(
        _rgb(paper), _rgb(ink), [grey, grey, green, grey, grey, grey, grey, grey]
    )
    file = io.StringIO()
    renderer("table")([report], file, View(color="always"))
    console = Console(record=True, file=io.StringIO(), width=COLUMNS)
    console.print(Text.from_ansi(file.getvalue()))
    svg = console.export_svg(
        title="gradcheck-sym 2 2 2", theme=palette, code_format=TERMINAL, unique_id="terminal"
    )
    svg = "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
    width, height = (float(x) for x in svg.partition('viewBox="0 0 ')[2].split('"')[0].split())
    return svg, (width, height)


def _style(report: Report, theme: str) -> str:
    """How the network looks, as on a page."""
    paper, ink, quiet, _, dim, lightness = THEMES[theme]
    arrays = [*report.inputs, *(defined.place.name for defined in report.definitions)]
    found = "".join(
        f".{name} {{ fill: {colour} }} .stroke-{name} {{ stroke: {colour} }}\n"
        for name, colour in colours(arrays, lightness).items()
    )
    return (
        f"text {{ fill: {ink} }} [role=img] text {{ text-anchor: middle; "
        "dominant-baseline: central; font: 13px sans-serif }\n"
        "[role=img] .array { font: italic 17px serif } "
        "[role=img] .layer { font: 11px serif }\n"
        f"[role=img] .note {{ font-size: 12px; fill: {quiet} }}\n"
        f".edge {{ stroke: {dim}; fill: none }} .edge.lit {{ stroke-width: 1.8 }}\n"
        f".edge.lit:not([class*=stroke-]) {{ stroke: {ink} }}\n"
        f".terminal > rect {{ stroke: {dim} }}\n"
        f".unit {{ fill: {paper}; stroke-width: 1.2 }} .unit.lit {{ stroke-width: 2.6 }}\n"
        f".stroke-J {{ stroke: {ink} }}\n{found}"
        ".edge.lit[class*=stroke-] { stroke-width: 4 }\n"
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue


if __name__ == "__main__":
    for name, picture in pictures().items():
        (FOLDER / name).write_text(picture, "utf-8")
