"""`gradcheck-sym explain WORD`: what a code or a word of an answer means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from gradcheck_sym.explained.codes import CODES
from gradcheck_sym.explained.words import WORDS


def explained(words: Sequence[str]) -> list[str] | None:
    """Lines on a code or on a word; of nothing, all that there is; None if it is unknown.

    >>> explained(["phi_prime"])[0].partition(":")[0]
    'φ′'
    """
    asked = _plain(" ".join(words))
    if not asked:
        return list(_all())
    for code, about in CODES.items():
        if asked == _plain(code):
            lines = [f"{code}: {about.title}", about.text, f"mend: {about.mend}"]
            if about.example:
                lines.append(f"example: gradcheck-sym {about.example}")
            return lines
    for spellings, text in WORDS.items():
        if asked in map(_plain, spellings):
            return [f"{spellings[0]}: {text}"]
    return None


def nearest(words: Sequence[str]) -> str:
    """What may be meant by an unknown word, as a mend."""
    known = {_plain(one): one for spellings in WORDS for one in spellings}
    known |= {_plain(code): code for code in CODES}
    close = get_close_matches(_plain(" ".join(words)), known, n=1)
    return f"did you mean {known[close[0]]}?" if close else "explain alone lists what there is"


def page() -> str:
    """docs/codes.md."""
    lines = [
        "# Codes and words",
        "",
        "What an answer says ends with a code in brackets where more can be said of it.",
        "`gradcheck-sym explain GS103` and `gradcheck-sym explain 'side condition'` say in a",
        "terminal what stands here. GS0 are errors (exit code 2), GS1 say what is wrong with a",
        "claim, GS2 are remarks on one. In JSON they are the fields `code`.",
        "",
        "## Codes",
    ]
    for code, about in CODES.items():
        lines += ["", f"### {code}: {about.title}", "", f"{about.text} Mend: {about.mend}"]
        if about.example:
            lines += ["", f"    gradcheck-sym {about.example}"]
        if about.python:
            lines += ["", f"    {about.python}"]
    lines += ["", "## Words", ""]
    lines += [f"- **{', '.join(spellings)}**: {text}" for spellings, text in WORDS.items()]
    return "\n".join(lines) + "\n"


def _all() -> Iterator[str]:
    yield "codes, in brackets at the end of a line:"
    yield from (f"  {code}  {about.title}" for code, about in CODES.items())
    yield "words: " + ", ".join(spellings[0] for spellings in WORDS)
    yield "gradcheck-sym explain WORD says more of one; docs/codes.md has them all"


def _plain(word: str) -> str:
    """The word without what spellings differ in."""
    same = word.lower().replace("'", "′")
    return re.sub(r"[\s\"`()\[\]?]", "", same) or word.strip()
