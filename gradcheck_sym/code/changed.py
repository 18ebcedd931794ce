"""A function of the user with one change to its text, put in its place for a while."""

from __future__ import annotations

import ast
import dis
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import permutations
from types import CodeType, FunctionType
from typing import Any

from gradcheck_sym.code.alternatives import exchanged, lists_gradients, numbers
from gradcheck_sym.code.called import quietly
from gradcheck_sym.code.steering import steers
from gradcheck_sym.code.watched import Watched, shape_of, watched
from gradcheck_sym.language.changes import INNERMOST, KINDS
from gradcheck_sym.language.sites import Part, Site, Vocabulary, parts_below, written

MOST_PARTS = 250  # of a function; in a longer one nothing is changed
MOST_SHOWN = 120  # characters of a sentence
NULL = re.compile(r"NULL(\|self)?( \+ )?")  # beside what is called
SLOPES = ("{0} * (1 - {0})", "1 - {0}**2", "1 - {0}")  # of a sigmoid and tanh, by what they give


@dataclass(frozen=True)
class Changed:
    """The function after one change: its code, what was wrong before, the new statement.

    `edits` are the change itself, so that it can be made beside another one.
    """

    code: CodeType
    line: int
    sentence: str
    statement: str
    edits: tuple[Edit, ...] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Edit:
    """A part of a statement of a function's text, and what stands there instead."""

    site: Site
    node: ast.expr
    at: ast.stmt
    holder: ast.Module


def changes(function: Callable[..., Any], call: Callable[[], object]) -> Iterator[Changed]:
    """Each version of a function one change away, what is easily mistaken first.

    Only statements that are reached are changed, when `call` calls it once, and none on which it
    depends what is reached. None where its text is not known, or is too long.
    """
    own = inmost(function)
    tree = _tree(own)
    if tree is None:
        return
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    holder = _around(tree, own.__code__)
    if not _is_text_of(_compiled(holder, tree, own.__code__), own.__code__):
        return
    seen = watched(own, call)
    free = [at for at in statements if seen.reached(at) and not steers(at, tree)]
    parts = [(site, at) for at in free for site in _sites(at, seen)]
    if len(parts) > MOST_PARTS:
        return
    parts.sort(key=lambda part: part[0].shape == ())  # numbers last
    sites = [site for site, _ in parts]
    words = _vocabulary(seen.values, sites)
    texts = {(id(at), written(at)) for at in statements}
    for kind in (exchanged, *KINDS, numbers):
        for site, at in reversed(parts) if kind in INNERMOST else parts:
            if kind is exchanged and isinstance(at, ast.Return) and lists_gradients(site.node):
                continue  # which decide, in whatever order
            for node, sentence in kind(site, sites, words):
                site.put(node)
                statement = written(at)
                code = None
                new = (id(at), statement) not in texts and not _is_odd(at, tree)
                if new and len(sentence) <= MOST_SHOWN:
                    texts.add((id(at), statement))
                    code = _compiled(holder, at, own.__code__)
                site.put(site.node)
                if code:
                    edit = Edit(site, node, at, holder)
                    yield Changed(code, site.node.lineno, sentence, statement, (edit,))


def together(function: Callable[..., Any], one: Changed, other: Changed) -> Changed | None:
    """The first change with the second one made as well; None where one is inside the other."""
    edits = tuple(dict.fromkeys((*one.edits, *other.edits)))
    if any(x.site.node in ast.walk(y.site.node) for x, y in permutations(edits, 2)):
        return None
    for edit in edits:
        edit.site.put(edit.node)
    own = inmost(function).__code__
    *_, code = [_compiled(edit.holder, edit.at, own) for edit in edits]
    statement = written(edits[0].at)
    for edit in edits:
        edit.site.put(edit.site.node)
    return replace(one, code=code, statement=statement, edits=edits) if code else None


@contextmanager
def in_place(function: Callable[..., Any], changed: Changed) -> Iterator[None]:
    """The function does what it does after the change, whoever calls it."""
    own = inmost(function)
    before = own.__code__
    own.__code__ = changed.code
    try:
        yield
    finally:
        own.__code__ = before


def inmost(function: Callable[..., Any]) -> Any:
    """The function that has the text: that of a method, or of one that is wrapped."""
    own = inspect.unwrap(function)
    return getattr(own, "__func__", own)


def _tree(function: object) -> ast.FunctionDef | None:
    """The text of a function that has one of its own, its lines numbered as in its file."""
    if not isinstance(function, FunctionType):
        return None
    try:
        lines, first = inspect.getsourcelines(function)
        found, *others = ast.parse(textwrap.dedent("".join(lines))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return None
    if others or not isinstance(found, ast.FunctionDef) or found.name != function.__code__.co_name:
        return None
    ast.increment_lineno(found, first - 1)
    found.decorator_list = []
    return found


def _is_text_of(code: CodeType | None, own: CodeType) -> bool:
    """Whether a text is the one that a function was made of: a file may have changed since."""
    return code is not None and _says(code) == _says(own)


def _says(code: CodeType) -> list[tuple[str, str]]:
    """What a function does, however calls of what a module imports are compiled."""
    jumps = {*dis.hasjrel, *dis.hasjabs}  # whose places are others then
    return [
        (one.opname.replace("METHOD", "ATTR"), "" if one.opcode in jumps else NULL.sub("", arg))
        for one in dis.get_instructions(code)
        if one.opname not in ("PRECALL", "PUSH_NULL", "NOP", "CACHE")
        for arg in [one.argrepr]
    ]


def _sites(statement: ast.stmt, seen: Watched) -> Iterator[Site]:
    """The parts of what a statement computes, from the outermost."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.expr) and not isinstance(statement, ast.Expr):
        for node, put, divides in parts_below(statement, "value"):
            yield Site(node, seen.shape(node), put, divides)


def _is_odd(statement: ast.stmt, tree: ast.FunctionDef) -> bool:
    """Whether a statement does nothing, or names an array again that is written to later.

    Or divides something by itself.
    """
    if any(map(_is_by_itself, ast.walk(statement))):
        return True
    match statement:
        case ast.Assign([ast.Name(name)], ast.Name(same)):
            written_to = (
                one.target if isinstance(one, ast.AugAssign) else one.value
                for one in ast.walk(tree)
                if isinstance(one, ast.AugAssign)
                or (isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store))
            )
            return name == same or any(
                isinstance(one, ast.Name) and one.id == name for one in written_to
            )
    return False


def _is_by_itself(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(left, ast.Div(), right):
            return written(left) == written(right)
    return False


def _vocabulary(values: dict[str, Any], sites: Sequence[Site]) -> Vocabulary:
    """What may be put in: the variables and the object's attributes, their slopes, and numbers.

    Numbers are 2, 3, and what the function computes of shapes, such as np.sqrt(q.shape[-1]).
    """
    own = vars(values["self"]).items() if hasattr(values.get("self"), "__dict__") else ()
    everything = {**values, **{f"self.{name}": value for name, value in own}}
    shapes = {name: shape_of(value) for name, value in everything.items()}
    parts = [Part(name, shape) for name, shape in shapes.items() if shape is not None]
    slopes = [Part(text.format(x.text), x.shape) for x in parts if x.shape for text in SLOPES]
    rests = [Part(f"1 - {x.text}", ()) for x in parts if not x.shape]  # such as 1 - self.p
    found = (
        x.node for x in sites if x.shape == () and isinstance(x.node, ast.Call | ast.Subscript)
    )
    counts = [Part(text, ()) for text in dict.fromkeys((*map(written, found), "2", "3"))]
    return Vocabulary([*parts, *slopes], [*parts, *rests, *slopes, *counts], parts)


def _around(tree: ast.FunctionDef, own: CodeType) -> ast.Module:
    """A module with the function, inside of one that has the variables that it is closed over."""
    free: list[ast.stmt] = [
        ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in own.co_freevars
    ]
    holder = ast.parse("def around(): pass")
    assert isinstance(holder.body[0], ast.FunctionDef)
    holder.body[0].body = [*free, tree]
    return ast.fix_missing_locations(holder)


def _compiled(holder: ast.Module, at: ast.stmt, own: CodeType) -> CodeType | None:
    """The code of a function of which one statement is new, if it can stand in for its own."""
    for node in ast.walk(at):
        if isinstance(node, ast.expr) and "ctx" in node._fields and not hasattr(node, "ctx"):
            node.ctx = ast.Load()  # type: ignore[attr-defined]
    ast.fix_missing_locations(at)
    try:
        with quietly():
            code: Any = compile(holder, own.co_filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, TypeError):
        return None
    for name in ("around", own.co_name):
        inside = [c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name]
        if len(inside) != 1:
            return None
        code = inside[0]
    if code.co_freevars != own.co_freevars:
        return None
    found: CodeType = code.replace(co_firstlineno=own.co_firstlineno)
    return found
