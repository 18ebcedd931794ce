"""Reports as mathematics in LaTeX: the network, then a theorem with its proof for each claim.

It needs amsmath and amsthm, and tikz where it draws. What is not proved is a claim, and what
is known of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from gradcheck_sym.render import View
from gradcheck_sym.render.answer import of_all
from gradcheck_sym.render.document import paragraphs
from gradcheck_sym.render.tex_blocks import Writer
from gradcheck_sym.render.tex_layout import tex_for
from gradcheck_sym.render.tex_theorem import argued, setting
from gradcheck_sym.report import Report

OPENING = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath}
\usepackage{amsthm}
%s\setlength{\oddsidemargin}{0pt}
\setlength{\textwidth}{16cm}
\setlength{\topmargin}{-7mm}
\setlength{\headheight}{0pt}
\setlength{\headsep}{0pt}
\setlength{\textheight}{255mm}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\begin{document}
"""
CLOSING = "\\end{document}\n"
TIKZ = "\\usepackage{tikz}\n"
NEEDED = "% For \\input, in a document with \\usepackage{amsmath}, \\usepackage{amsthm}"
BEFORE = r"""\ifcsname theorem\endcsname\else\newtheorem{theorem}{Theorem}\fi
\ifcsname claim\endcsname\else\newtheorem*{claim}{Claim}\fi
\begingroup
\setcounter{MaxMatrixCols}{20}
\renewcommand{\arraystretch}{1.5}
\allowdisplaybreaks
\setlength{\abovedisplayshortskip}{\abovedisplayskip}
"""
AFTER = "\\endgroup\n"


def render(reports: Sequence[Report], file: TextIO, view: View) -> None:
    """Write the reports as a document, or as a part of one where a fragment is wanted."""
    body = f"{BEFORE}{_body(reports, view)}\n\n{AFTER}"
    if view.fragment:
        drawn = " and \\usepackage{tikz}" if view.tikz else ""
        file.write(f"{NEEDED}{drawn}.\n{body}")
        return
    name = tex_for(reports[0]).name(reports[0].wrt)
    by = f" by ${name}$" if len(reports) == 1 else ""
    title = f"\\section*{{The gradient of $J${by}, entry by entry}}\n"
    file.write(OPENING % (TIKZ if view.tikz else "") + title + body + CLOSING)


def _body(reports: Sequence[Report], view: View) -> str:
    writer = Writer(tex_for(reports[0]))
    if view.quiet:
        return writer.blocks(paragraphs(reports, view))
    parts = [setting(max(reports, key=lambda report: len(report.definitions)), writer)]
    parts += (argued(report, view, writer) for report in reports)
    if len(reports) > 1:
        parts.append(writer.block(of_all(reports)))
    return "\n\n".join(parts)
