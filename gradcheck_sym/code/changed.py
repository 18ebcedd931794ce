"""A function of the user with one change to its text, put in its place for a while."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType
from typing import Any

from gradcheck_sym.language.changes import INNERMOST, KINDS
from gradcheck_sym.language.sites import Part, Shape, Site, Vocabulary, parts_below, written

MOST_PARTS = 150  # of a function; in a longer one nothing is changed
MOST_SHOWN = 120  # characters of a sentence
ANY: Shape = ("?", "?")  # what shape a part has is for NumPy to find out


@dataclass(frozen=True)
class Changed:
    """The function after one change: its code, what was wrong before, the new statement."""

    code: CodeType
    line: int
    sentence: str
    statement: str


def changes(function: Callable[..., Any]) -> Iterator[Changed]:
    """Each version of a function one change away, what is easily mistaken first.

    None where its text is not known, or is too long.
    """
    own = inspect.unwrap(function)
    own = getattr(own, "__func__", own)
    tree = _tree(own)
    if tree is None:
        return
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    parts = [(site, at) for at in statements for site in _sites(at)]
    if len(parts) > MOST_PARTS:
        return
    words, sites = _vocabulary(own.__code__), [site for site, _ in parts]
    seen = {(id(at), written(at)) for at in statements}
    for kind in KINDS:
        for site, at in reversed(parts) if kind in INNERMOST else parts:
            for node, sentence in kind(site, sites, words):
                site.put(node)
                statement = written(at)
                code = None
                if (id(at), statement) not in seen and len(sentence) <= MOST_SHOWN:
                    seen.add((id(at), statement))
                    code = _compiled(tree, own.__code__)
                site.put(site.node)
                if code:
                    yield Changed(code, at.lineno, sentence, statement)


@contextmanager
def in_place(function: Callable[..., Any], changed: Changed) -> Iterator[None]:
    """The function does what it does after the change, whoever calls it."""
    own = inspect.unwrap(function)
    own = getattr(own, "__func__", own)
    before = own.__code__
    own.__code__ = changed.code
    try:
        yield
    finally:
        own.__code__ = before


def _tree(function: Callable[..., Any]) -> ast.FunctionDef | None:
    """The text of a function that has one of its own, its lines numbered as in its file."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None
    (found, *others) = tree.body
    if others or not isinstance(found, ast.FunctionDef):
        return None
    ast.increment_lineno(found, first - 1)
    found.decorator_list = []
    return found


def _sites(statement: ast.stmt) -> Iterator[Site]:
    """The parts of what a statement computes, from the outermost."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.expr) and not isinstance(statement, ast.Expr):
        for node, put, divides in parts_below(statement, "value"):
            yield Site(node, ANY, put, divides)


def _vocabulary(code: CodeType) -> Vocabulary:
    """What may be put in: the variables, and 2."""
    names = [x for x in code.co_varnames if x != "self" and not x.startswith("_")]
    instead = [Part(name, ANY) for name in names]
    factors = [Part("2", ()), *(Part(name, ()) for name in names)]
    return Vocabulary(instead, factors, instead)


def _compiled(tree: ast.FunctionDef, own: CodeType) -> CodeType | None:
    """The code of a function, if it can stand in for another's."""
    free: list[ast.stmt] = [
        ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in own.co_freevars
    ]
    around = ast.parse("def around(): pass")
    holder = around.body[0]
    assert isinstance(holder, ast.FunctionDef)
    holder.body = [*free, tree]
    module = ast.parse(ast.unparse(around))  # a tree of its own, with brackets where they belong
    try:
        code: Any = compile(module, own.co_filename, "exec")
    except (SyntaxError, ValueError):
        return None
    for name in ("around", tree.name):
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
    if code.co_freevars != own.co_freevars:
        return None
    found: CodeType = code.replace(co_firstlineno=own.co_firstlineno)
    return found
