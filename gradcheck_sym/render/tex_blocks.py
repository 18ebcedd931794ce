"""Blocks as LaTeX: what stands between the first line of a document and the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gradcheck_sym.grid import Entry
from gradcheck_sym.render.blocks import (
    Code,
    Entries,
    Equations,
    Heading,
    Journey,
    Listing,
    Matrices,
    Name,
    Paragraph,
    Part,
    Product,
    Prose,
    Title,
    Tree,
)
from gradcheck_sym.render.document import all_alike, left_out
from gradcheck_sym.render.tex_layout import Tex, split_names, width
from gradcheck_sym.render.tex_lines import LINE, aligned, folded, kept, together
from gradcheck_sym.render.tex_matrix import by_columns, is_wide
from gradcheck_sym.render.tex_typed import typed
from gradcheck_sym.steps import Matrix, Node, Place
from gradcheck_sym.term.terms import Term

RELATIONS = {"=": "=", "≠": r"\neq", "?=": r"\overset{?}{=}"}
DISPLAYS = (Equations, Journey, Tree, Matrices)  # without a blank line they stay with their prose
SIGNS = {
    "→": r"\to",
    "λ": r"\lambda",
    "×": r"\times",
    "·": r"\cdot",
    "≤": r"\leq",
    "≥": r"\geq",
    "≠": r"\neq",
    "φ": r"\phi",
    "δ": r"\delta",
    "∂": r"\partial",
    "′": "'",
}
SPECIAL = {
    **{character: f"\\{character}" for character in "_%&#${}"},
    **{"^": r"\^{}", "~": r"\~{}", "\\": r"\textbackslash{}", "…": r"\dots{}", "−": "-"},
    **{sign: f"${command}$" for sign, command in SIGNS.items()},
    **{character: f"${character}$" for character in "<>"},  # else ¡ and ¿ in OT1
}


class Writer:
    """Blocks in the notation of one report."""

    def __init__(self, tex: Tex) -> None:
        self.tex = tex

    def blocks(self, blocks: Iterable[Paragraph]) -> str:
        """Blocks one after the other; what belongs to a sentence follows it at once."""
        written, previous = "", None
        for block in blocks:
            if previous:
                close = isinstance(previous, Prose) and isinstance(block, DISPLAYS)
                written += "\n" if close else "\n\n"
            written += self.block(block)
            previous = block
        return written

    def block(self, block: Paragraph) -> str:
        """One block."""
        match block:
            case Heading(text):
                return rf"\subsection*{{{escaped(text)}}}"
            case Title(parts):
                return rf"\subsection*{{{self.inline(parts)}}}"
            case Prose(parts, kind):
                text = self.inline(parts)
                return rf"\textbf{{{text}}}" if kind else _sentence(text)
            case Equations():
                return aligned(kept(list(self._equations(block))))
            case Journey():
                return self._journey(block)
            case Listing(code):
                return (
                    "\\begin{quote}\\small\\raggedright\n"
                    + rf"\texttt{{{breakable(code)}}}"
                    + "\n\\end{quote}"
                )
            case Tree(root):
                return together(self._tree(root, 0))
            case Matrices(items):
                return together(self._matrices(items))
            case Entries():
                return self._entries(block)

    def inline(self, parts: Iterable[Part]) -> str:
        """The parts of a sentence."""
        return "".join(map(self._inline, parts))

    def _inline(self, part: Part) -> str:
        match part:
            case str():
                pieces = enumerate(split_names(part))
                return "".join(f"${self.tex.name(x)}$" if k % 2 else escaped(x) for k, x in pieces)
            case Code(text):
                formula = typed(text) or ""
                if not formula:
                    return rf"\texttt{{{breakable(text)}}}"
            case _:
                formula = self.tex.part(part)
        return f"$\\displaystyle {formula}$" if r"\frac" in formula else f"${formula}$"

    def _math(self, part: Part) -> str:
        match part:
            case str():
                return rf"\text{{{escaped(part)}}}"
            case Code(text) if len(text) > LINE - 10:
                return rf"\parbox[t]{{9cm}}{{\raggedright\texttt{{{breakable(text)}}}}}"
            case Code(text):
                return rf"\texttt{{{escaped(text)}}}"
        return self.tex.part(part)

    def _equations(self, block: Equations) -> Iterator[list[str]]:
        for row in block.rows:
            lines = [x for sign, value in row.signed for x in self._side(value, RELATIONS[sign])]
            left = self._math(row.left)
            if isinstance(row.left, Term) and width(left) > LINE:
                lines = [*folded(self.tex.terms(row.left), r"\phantom{=}"), *lines]
            else:
                lines[0] = f"{left} {lines[0]}"
            lines[-1] += rf" && \text{{({escaped(row.note)})}}" if row.note else ""
            yield lines

    def _side(self, value: Part, sign: str) -> Iterator[str]:
        """A right side, over as many lines as it needs."""
        match value:
            case Term():
                yield from self._lines(value, sign)
            case Product(factors) if width(self.tex.product(factors)) > LINE:
                first, *others = self.tex.factors(factors)
                yield from folded([first, *(rf"\times {other}" for other in others)], sign)
            case _:
                yield f"&{sign} {self._math(value)}"

    def _journey(self, block: Journey) -> str:
        return f"\\begin{{gather*}}\n{self.tex.journey(block.stages)}\n\\end{{gather*}}"

    def _tree(self, node: Node, depth: int) -> Iterator[str]:
        indent = rf"\hspace{{{2 * depth}em}}"
        branch = r"\hookrightarrow \; " if depth else ""
        yield f"& {indent} {branch}{self.tex.place(node.place)}"
        for child in node.children:
            if child:
                yield from self._tree(child, depth + 1)
            else:
                yield rf"& \hspace{{{2 * depth + 2}em}} \vdots"

    def _matrices(self, items: Sequence[Matrix | Name | str]) -> Iterator[str]:
        """Left sides on one line, the right side after = on the next if it is a matrix too."""
        line = "& "
        for item in items:
            match item:
                case Matrix() if is_wide(item, self.tex):
                    for part in by_columns(item, self.tex):
                        yield line + part
                        line = "& "
                case Matrix():
                    line += self.tex.matrix(item)
                case Name(array):
                    line += self.tex.name(array)
                case "=" if "matrix" in line:
                    yield line
                    line = "& = "
                case _:
                    line += item.replace("×", r" \times ")
        if line != "& ":
            yield line

    def _entries(self, block: Entries) -> str:
        text = "Each derivative, and what the claim says that it is:\n"
        text += aligned(list(self._entry(entry)) for entry in block.first)
        if block.hidden:
            text += f"\n\n{_sentence(escaped(left_out(block.hidden)))}\n"
            text += aligned(list(self._entry(entry)) for entry in block.last)
        if block.of:
            text += f"\n\n{_sentence(escaped(all_alike(block.of)))}\n"
        return text

    def _entry(self, entry: Entry) -> Iterator[str]:
        """Derivative, claim and verdict of one entry, over as many lines as they need."""
        left = self.tex.partial(Place("J"), entry.place)
        for line in self._lines(entry.derivative.term):
            yield f"{left} {line}"
            left = ""
        lines = list(
            self._lines(entry.claim.term, "=" if entry.kind == "proved" else r"\overset{?}{=}")
        )
        note = rf"\text{{(the claim: {entry.kind})}}"
        if any(width(line) > LINE for line in lines):  # no room on the right
            lines.append(f"& {note}")
        else:
            lines[-1] += f" && {note}"
        yield from lines
        if entry.kind != "proved":
            first, *lines = self._lines(entry.difference.term)
            yield from (rf"\text{{difference}} {first}", *lines)

    def _lines(self, shown: Term, sign: str = "=") -> Iterator[str]:
        whole = self.tex.formula(shown)
        yield from folded([whole] if width(whole) <= LINE else self.tex.terms(shown), sign)


def _sentence(text: str) -> str:
    """What a terminal says in one line, with a full stop and a capital."""
    stop = "" if text.endswith((".", ":", r"\dots{}")) else "."
    return f"{text[0].upper()}{text[1:]}{stop}"


def breakable(code: str) -> str:
    """Code, which LaTeX may break at blanks and after brackets."""
    return escaped(code).replace("(", r"(\allowbreak{}")


def escaped(text: str) -> str:
    """Prose with nothing in it that is TeX's."""
    text = text.replace("✔ ", "").replace("✘ ", "")  # signs that its fonts lack; a word follows
    return "".join(SPECIAL.get(character, character) for character in text)
