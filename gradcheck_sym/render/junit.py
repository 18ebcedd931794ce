"""Findings as JUnit XML, a suite for each network or pair of functions, a test for each gradient.

What is refuted is a failure. What is undecided, or could not be asked, is an error: neither is a
pass, and neither says that the gradient is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import TextIO

from gradcheck_sym.errors import printable
from gradcheck_sym.render.finding import Finding, from_root
from gradcheck_sym.render.signs import takes_unicode

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
TAGS = {"refuted": "failure", "undecided": "error", "error": "error"}


def write(found: Iterable[Finding], file: TextIO) -> None:
    """One document; on an output that takes no Unicode its signs are character references."""
    found = list(found)
    suites = [(name, list(of)) for name, of in groupby(found, lambda one: one.subject)]
    body = "".join(_suite(name, of) for name, of in suites)
    attributes = _attributes(name="gradcheck-sym", **_counts(found))
    text = f"{HEAD}<testsuites{attributes}>\n{body}</testsuites>\n"
    if not takes_unicode(getattr(file, "encoding", None) or "utf-8"):
        text = text.encode("ascii", "xmlcharrefreplace").decode("ascii")
    file.write(text)


def _suite(name: str, found: Sequence[Finding]) -> str:
    cases = "".join(map(_case, found))
    return f" <testsuite{_attributes(name=name, **_counts(found))}>\n{cases} </testsuite>\n"


def _counts(found: Sequence[Finding]) -> dict[str, object]:
    tags = [TAGS.get(one.verdict) for one in found]
    return {
        "tests": len(found),
        "failures": tags.count("failure"),
        "errors": tags.count("error"),
        "skipped": 0,
        "time": _seconds(sum(one.seconds or 0 for one in found)),
    }


def _case(one: Finding) -> str:
    source = one.source
    attributes = _attributes(
        classname=one.subject,
        name=one.claim,
        file=source and from_root(source.file),
        line=source and source.line,
        time=_seconds(one.seconds or 0),
    )
    said = "\n".join(map(printable, one.lines))
    if one.verdict in TAGS:
        tag = TAGS[one.verdict]
        why = _attributes(message=f"{one.verdict}: {'; '.join(one.lines[:2])}", type=one.verdict)
    elif said:
        tag, why = "system-out", ""
    else:
        return f"  <testcase{attributes}/>\n"
    return f"  <testcase{attributes}>\n   <{tag}{why}>{escape(said)}</{tag}>\n  </testcase>\n"


def _attributes(**values: object) -> str:
    """Those that are not None; on one line, with escapes for what XML does not allow."""
    return "".join(
        f' {name}="{escape(printable(str(value)))}"'
        for name, value in values.items()
        if value is not None
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
