"""A point that separates two terms, by a quick search and then by a thorough one."""

from __future__ import annotations

from typing import Any

from gradcheck_sym.refuter.points import QUICK_TRIES, THOROUGH_TRIES
from gradcheck_sym.refuter.search import Search
from gradcheck_sym.verdict import Counterexample


def find_point(*asked: Any, **options: Any) -> Counterexample | None:
    """A small point for what a `Search` is asked, or None."""
    search = Search(*asked, **options)
    return search.find({}, QUICK_TRIES) or search.find({}, THOROUGH_TRIES)
