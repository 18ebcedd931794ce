"""Lines of formulas in LaTeX: folded where they are long, kept on one page where they are few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gradcheck_sym.render.tex_layout import width

LINE = 56  # signs, roughly: what fits beside the left side and the note
PAGE = 36  # lines that fit on one
TOGETHER = 8  # lines; equations of no more stay on one page


def folded(pieces: Sequence[str], sign: str = "=") -> Iterator[str]:
    """Pieces of a formula, as many on a line as fit."""
    line, *others = pieces
    for piece in others:
        if width(line) + width(piece) > LINE:
            yield f"&{sign} {line}"
            sign, line = r"\quad ", piece
        else:
            line += f" {piece}"
    yield f"&{sign} {line}"


def together(lines: Iterable[str]) -> str:
    """Lines that stay on one page, where they fit on one."""
    listed = list(lines)
    if len(listed) > PAGE:
        return aligned([line] for line in listed)
    body = " \\\\\n".join(listed)
    return f"\\[\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n\\]"


def aligned(groups: Iterable[list[str]]) -> str:
    r"""Lines at whose signs they meet; \\* keeps those of a short group on one page."""
    ends = {True: " \\\\*\n", False: " \\\\\n"}
    body = " \\\\[1ex]\n".join(ends[len(lines) <= TOGETHER].join(lines) for lines in groups)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def kept(groups: list[list[str]]) -> list[list[str]]:
    """All lines as one group where they are few."""
    lines = [line for group in groups for line in group]
    return [lines] if len(lines) <= TOGETHER else groups
