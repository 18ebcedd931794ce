"""One element of HTML, with its attributes escaped; what is inside is HTML already."""

from __future__ import annotations

from gradcheck_sym.page.escape import text


def element(tag: str, *content: str, **attributes: object) -> str:
    """The element; `class_` is the attribute class, and `data_by` data-by.

    >>> element("td", "x", class_="said", data_by=2)
    '<td class="said" data-by="2">x</td>'
    """
    named = (
        f' {name.rstrip("_").replace("_", "-")}="{text(str(value))}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{''.join(named)}>{''.join(content)}</{tag}>"


def scrolling(content: str, about: str) -> str:
    """A box that scrolls by itself where its content is wide, and says what is in it."""
    return element("div", content, class_="wide", role="group", aria_label=about, tabindex=0)
