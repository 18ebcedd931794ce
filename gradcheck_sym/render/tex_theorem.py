"""A report as a theorem with its proof in LaTeX, or as a claim and what is known of it."""

from __future__ import annotations

import re

from gradcheck_sym.render import View
from gradcheck_sym.render.answer import answer, joined
from gradcheck_sym.render.blocks import Prose, Title
from gradcheck_sym.render.document import (
    argument,
    definitions,
    footing,
    network_said,
    without_hints,
)
from gradcheck_sym.render.tex_blocks import Writer, breakable
from gradcheck_sym.render.tex_layout import width
from gradcheck_sym.render.tex_typed import meant, typed
from gradcheck_sym.render.tikz import pictures
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Place

ROOM = 60  # signs, roughly: what fits on a line of its own
REPLAYED = "A checker replayed a proof of each entry, from the definition of J."


def setting(report: Report, writer: Writer) -> str:
    """What the network is, and what its arrays are."""
    said = _with_sizes(network_said(report), report, writer)
    inputs = ", ".join(_input(name, report, writer) for name in report.inputs)
    equations = writer.block(definitions(report))
    return f"The network: {said}; inputs {inputs}.\n{equations}"


def argued(report: Report, view: View, writer: Writer) -> str:
    """A theorem and its proof, or a claim, why it is not proved, and its entries."""
    argument_ = without_hints(argument(report, view))
    drawn = pictures(report, writer) if view.tikz else ""
    if report.verdict == "proved":
        but = [Prose((f"but {remark.text}",)) for remark in report.remarks]
        start = [] if report.derivation else [Prose((REPLAYED,))]
        parts = [
            _environment("theorem", f"{_for_all(report, writer)},\n{_equation(report, writer)}"),
            writer.blocks(but),
            drawn,
            _environment("proof", writer.blocks([*start, *argument_])),
        ]
    else:
        why = (block for block in answer(report) if not isinstance(block, Title))
        known = writer.blocks([*without_hints(why), *argument_])
        refuted = report.verdict == "refuted"
        parts = [
            _environment("claim", _equation(report, writer), report.verdict),
            drawn,
            _environment("proof", known, "Refutation") if refuted else known,
        ]
    return "\n\n".join(filter(None, [*parts, writer.blocks(footing(report))]))


def _environment(name: str, inside: str, note: str = "") -> str:
    shown = f"[{note}]" if note else ""
    return f"\\begin{{{name}}}{shown}\n{inside}\n\\end{{{name}}}"


def _for_all(report: Report, writer: Writer) -> str:
    """What the theorem is about: sizes that are names, the inputs, and what is assumed."""
    names = dict.fromkeys(x for x in report.network.sizes.values() if isinstance(x, str))
    sizes = ", ".join(f"${writer.tex.size(name)}$" for name in names)
    inputs = ", ".join(f"${writer.tex.symbol(name)}$" for name in report.inputs)
    said = (
        f"For all positive integers {sizes} and all real {inputs}"
        if names
        else f"For all real {inputs}"
    )
    for sentence in report.assumed:
        said += f", if {writer.inline([sentence])}"
    if report.conditions:
        said += f", provided that {writer.inline(joined(report.conditions, ' and '))}"
    return said


def _equation(report: Report, writer: Writer) -> str:
    """∂J/∂W = the claim, on a line of its own if it fits, and what its signs mean."""
    left = writer.tex.partial(Place("J"), Place(report.wrt))
    right = typed(report.claim)
    if right is None:
        return _folded(f"$\\displaystyle {left} = {{}}$ \\texttt{{{breakable(report.claim)}}}.")
    if width(right) > ROOM and r"\begin" not in right:
        shown = _folded(f"$\\displaystyle {left} = {right}$.")
    else:
        shown = f"\\[\n{left} = {right}.\n\\]"
    signs = "; ".join(meant(right))
    return f"{shown}\nHere {signs}." if signs else shown


def _folded(sentence: str) -> str:
    """A formula that is too long for one line; TeX breaks it at its signs."""
    return f"\\begin{{quote}}\\raggedright\n{sentence}\n\\end{{quote}}"


def _with_sizes(said: str, report: Report, writer: Writer) -> str:
    """A sentence in which the names of sizes are set as formulas."""
    names = {"n", *(x for x in report.network.sizes.values() if isinstance(x, str))}
    pieces = re.split(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b", said)
    parts = [Place(piece) if k % 2 else piece for k, piece in enumerate(pieces)]
    return writer.inline(parts)


def _input(name: str, report: Report, writer: Writer) -> str:
    shape = r" \times ".join(map(writer.tex.size, report.inputs[name]))
    return f"${writer.tex.symbol(name)}$ ({f'${shape}$' if shape else 'a number'})"
