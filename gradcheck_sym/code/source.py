"""What stands in a function's own text: its variables, and those that it returns."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TypeAlias, cast

Name: TypeAlias = "str | tuple[Name, ...] | None"  # of a variable, or those in a list
COPYING = {"copy", "astype", "reshape"}
INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def variables(function: Callable[..., Any]) -> tuple[str, ...]:
    """The variables of a function, its parameters among them.

    >>> def double(x):
    ...     twice = 2 * x
    ...     return twice
    >>> variables(double)
    ('x', 'twice')
    """
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_varnames if code else ()


def returned_names(function: Callable[..., Any]) -> list[str | None]:
    """The variables in the tuple that a function returns, None for what has no name.

    Empty where it is not known, or where its returns are not all the same tuple.
    """
    found = _parts(function)
    same = len({tuple(map(ast.dump, parts)) for parts in found}) == 1
    return [_variable(part) for part in found[0]] if same else []


def output_names(function: Callable[..., Any], count: int) -> list[set[str]]:
    """The variables that a function returns first, alone or in a tuple, at each of these places.

    A function that is wrapped is read as it stands: what another one makes of that is compared.

    >>> def double(x):
    ...     x = 2 * x
    ...     return x
    >>> output_names(double, 1), bound_names(double)
    ([{'x'}], {'x'})
    """
    every = [list(map(_variable, parts)) for parts in _parts(inspect.unwrap(function), alone=True)]
    return [{x for names in every for x in names[k : k + 1] if x} for k in range(count)]


def bound_names(function: Callable[..., Any]) -> set[str]:
    """The names that a function gives to something else than its parameters, but for x += 1."""
    own = [node for statement in body(function) for node in (statement, *_own(statement))]
    bound = [node for node in own if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    in_place = [node.target for node in own if isinstance(node, ast.AugAssign)]
    return {node.id for node in bound if node not in in_place}


def gradient_names(function: Callable[..., Any], skipped: int = 0) -> list[Name]:
    """The variables that stand in the order in which a function returns gradients.

    Those in a list or a tuple inside are a tuple.

    That is without the first values, that many: a loss returns itself, then a tuple or several.
    Empty where returns contradict each other.

    >>> def backward(dout, x):
    ...     dx = 2 * x * dout
    ...     both = [dx.copy(), None]
    ...     return both
    >>> gradient_names(backward)
    ['dx', None]
    """
    every = []
    for parts in _parts(function, alone=True):
        rest = parts[skipped:]
        if skipped and len(rest) == 1 and isinstance(rest[0], ast.Tuple | ast.List):
            rest = rest[0].elts
        every.append([_gradient(part) for part in rest])
    if len({len(names) for names in every}) != 1:
        return []
    told = [set(names) for names in zip(*every, strict=True)]
    if any(len(names - {None}) > 1 for names in told):
        return []
    return [next(iter(names)) if len(names) == 1 else None for names in told]


def cached_names(function: Callable[..., Any], outputs: int) -> dict[str | None, int | None]:
    """The variables that a function caches, and which part of the cache each is.

    None is the place of one that is the whole cache, and the name of what has none.

    >>> cached_names(cached_names, 1)
    {None: None}
    """
    found = _parts(function)
    same = len({tuple(map(ast.dump, parts)) for parts in found}) == 1
    rest = found[0][outputs:] if same else []
    if len(rest) == 1 and isinstance(rest[0], ast.Name):
        return {rest[0].id: None}
    if len(rest) == 1 and isinstance(rest[0], ast.Tuple):
        rest = rest[0].elts
    if not rest or any(isinstance(node, ast.Starred) for node in rest):
        return {None: None}
    return {_variable(part): k for k, part in enumerate(rest)}


def _parts(function: Callable[..., Any], *, alone: bool = False) -> list[list[ast.expr]]:
    """What stands in the tuple, or also `alone`, of each return; none if one is something else.

    A function that is wrapped by another one returns what that one returns.
    """
    if hasattr(function, "__wrapped__"):
        return []
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return []
    if not isinstance(tree.body[0], ast.FunctionDef):
        return []
    own = list(_own(tree.body[0]))
    values = [_meant(node.value, own) for node in own if isinstance(node, ast.Return)]
    found = []
    for value in values:
        if alone and isinstance(value, ast.Tuple):
            value = ast.Tuple([_meant(part, own) or part for part in value.elts])  # noqa: PLW2901
        if isinstance(value, ast.Tuple | (ast.List if alone else ast.Tuple)):
            found.append(value.elts)
        elif alone and value is not None:
            found.append([value])
        else:
            return []
    return found


def _meant(value: ast.expr | None, own: list[ast.AST]) -> ast.expr | None:
    """The tuple that a variable is, if it is bound once; so is a list that nothing else uses."""
    if not isinstance(value, ast.Name):
        return value
    bound = [node for node in own if isinstance(node, ast.Name) and node.id == value.id]
    stores = [node for node in bound if isinstance(node.ctx, ast.Store)]
    given = [
        node.value
        for node in own
        if isinstance(node, ast.Assign) and len(stores) == 1 and node.targets == stores
    ]
    kept = ast.Tuple if len(bound) > len(stores) + 1 else ast.Tuple | ast.List
    return given[0] if given and isinstance(given[0], kept) else value


def returns_several(function: Callable[..., Any]) -> bool:
    """Whether a function returns a tuple or a list somewhere, as it stands or by a variable.

    >>> def loss(x):
    ...     both = (x.sum(), 1 + 0 * x)
    ...     return both
    >>> returns_several(loss)
    True
    """
    own = list(_own(ast.Module(body(function), [])))
    several: set[str] = set()
    for node in own:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _are_several(node.value, several):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            several |= {target.id for target in targets if isinstance(target, ast.Name)}
    return any(isinstance(node, ast.Return) and _are_several(node.value, several) for node in own)


def _are_several(value: ast.expr | None, several: set[str]) -> bool:
    """Whether an expression is a tuple or a list of at least two, or one of these variables."""
    match value:
        case ast.Tuple(parts) | ast.List(parts):
            return len(parts) > 1
        case ast.IfExp(_, yes, no):
            return _are_several(yes, several) or _are_several(no, several)
        case ast.Name(name):
            return name in several
    return False


def defined(module: ModuleType) -> set[str]:
    """What a module defines with def, or as what a call gives, as in f = jit(f)."""
    try:
        own = list(_own(ast.parse(inspect.getsource(module))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return set()
    made = [node for node in own if isinstance(node, ast.Assign)]
    called = [node for node in made if isinstance(node.value, ast.Call)]
    names = {x.id for node in called for x in node.targets if isinstance(x, ast.Name)}
    return names | {node.name for node in own if isinstance(node, ast.FunctionDef)}


def body(function: object) -> list[ast.stmt]:
    """The statements of a function, without its docstring; none where they are not known."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cast("Any", function))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return []
    found = tree.body[0].body if isinstance(tree.body[0], ast.FunctionDef) else []
    return [x for x in found if not (isinstance(x, ast.Expr) and isinstance(x.value, ast.Constant))]


def is_unread(function: Callable[..., Any], name: str) -> bool:
    """Whether a function's text is known, and a variable is read nowhere in it.

    >>> is_unread(lambda x: x, "x")
    False
    """
    parts = [part for statement in body(function) for part in ast.walk(statement)]
    return bool(parts) and not any(isinstance(x, ast.Name) and x.id == name for x in parts)


def _variable(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _gradient(node: ast.expr) -> Name:
    """The variable, attribute or key, also where it is copied: self.dx, grads["dx"], dx.copy()."""
    match node:
        case ast.Attribute(ast.Name(), name) | ast.Subscript(ast.Name(), ast.Constant(str(name))):
            return name
        case ast.Call(ast.Attribute(inner, method)) if method in COPYING:
            return _gradient(inner)
        case ast.Tuple(parts) | ast.List(parts):
            return tuple(map(_gradient, parts))
    return _variable(node)


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, or a module, and of a function inside it but its name."""
    for node in ast.iter_child_nodes(function):
        yield node
        if not isinstance(node, INNER):
            yield from _own(node)
