"""Mutants of a module: its source with one small thing changed, as a programmer might err.

Annotations, docstrings and messages stay as they are, and so do the limits on work (`MOST_…`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SWAPPED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
RELATIONS = {"≠": ("", ">"), ">": ("≥", "≠"), "≥": (">",)}
Path_ = tuple[tuple[str, int | None], ...]  # the way from the module to a node


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    file: str
    line: int
    where: str  # the function or class
    before: str
    after: str
    path: Path_
    new: ast.AST

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py").replace("/", ".")

    def tree(self) -> ast.Module:
        """The whole module, changed."""
        tree = ast.parse((ROOT / self.file).read_text())
        _put(tree, self.path, deepcopy(self.new))
        return ast.fix_missing_locations(tree)

    @property
    def change(self) -> str:
        """What is changed, without the line, which moves."""
        return f"{self.where}: {self.before}  →  {self.after}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.change}"


def mutants(file: str) -> Iterator[Mutant]:
    """All mutants of a file of this repository."""
    module = ast.parse((ROOT / file).read_text())
    for path, node, where in _walk(module, (), ""):
        for new in _changes(node):
            before, after = _text(node), _text(new)
            if before != after:
                yield Mutant(file, node.lineno, where, before, after, path, new)


def _text(node: ast.AST) -> str:
    lines = ast.unparse(node).splitlines()
    return lines[0][:90] if lines else ""


def _walk(node: ast.AST, path: Path_, where: str) -> Iterator[tuple[Path_, ast.AST, str]]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}" if where else node.name
    if isinstance(node, ast.expr | ast.stmt) and path:
        yield path, node, where
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases") or _stays(node, name):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _is_text(child):
                yield from _walk(child, (*path, (name, place)), where)


def _stays(node: ast.AST, name: str) -> bool:
    """Messages of errors, limits and the names of types."""
    if isinstance(node, ast.Raise):
        return name == "exc"
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id.startswith("MOST_")
    if isinstance(node, ast.AnnAssign):
        return "TypeAlias" in ast.unparse(node.annotation) or (
            isinstance(node.target, ast.Name) and node.target.id.startswith("MOST_")
        )
    return isinstance(node, ast.ImportFrom | ast.Import | ast.JoinedStr)


def _is_text(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _put(tree: ast.AST, path: Path_, new: ast.AST) -> None:
    *way, (name, place) = path
    for field, index in way:
        value = getattr(tree, field)
        tree = value if index is None else value[index]
    if place is None:
        setattr(tree, name, new)
    else:
        getattr(tree, name)[place] = new


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, [op], rest):
            for other in SWAPPED.get(type(op), ()):
                yield ast.Compare(left, [other()], rest)
        case ast.Compare(left, ops, rest):
            for k, op in enumerate(ops):
                for other in SWAPPED.get(type(op), ()):
                    yield ast.Compare(left, [*ops[:k], other(), *ops[k + 1 :]], rest)
        case ast.BinOp(left, op, right):
            for other in SWAPPED.get(type(op), ()):
                yield ast.BinOp(left, other(), right)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(SWAPPED[type(op)][0](), values)
            for k in range(len(values)):
                left = [*values[:k], *values[k + 1 :]]
                yield ast.BoolOp(op, left) if len(left) > 1 else left[0]
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() as value):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Constant(str() as value) if value in RELATIONS:
            for relation in RELATIONS[value]:
                yield ast.Constant(relation)
        case ast.If(test, body, orelse):
            yield ast.If(ast.Constant(False), body, orelse)
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Raise() | ast.AugAssign():
            yield ast.Pass()
        case ast.Expr(ast.Call()):
            yield ast.Pass()
        case ast.Call(function, arguments, keywords):
            yield from _calls(function, arguments, keywords)
        case ast.Tuple(parts, ast.Load()) if len(parts) > 1:
            yield ast.Tuple([*parts[1::-1], *parts[2:]], ast.Load())
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            yield from _comprehensions(node)
        case ast.Match(_, cases):
            for k, case in enumerate(cases):
                if case.guard is not None:
                    bare = ast.match_case(case.pattern, None, case.body)
                    if not _catches_all(case.pattern):
                        yield ast.Match(node.subject, [*cases[:k], bare, *cases[k + 1 :]])
                if len(cases) > 1:
                    yield ast.Match(node.subject, [*cases[:k], *cases[k + 1 :]])
        case ast.While(test, body, orelse):
            yield ast.While(ast.Constant(False), body, orelse)


def _catches_all(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def _calls(
    function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[ast.AST]:
    name = ast.unparse(function)
    if len(arguments) > 1 and name not in ("isinstance", "zip", "set", "add", "mul"):
        yield ast.Call(function, [*arguments[1::-1], *arguments[2:]], keywords)
    if name == "Equation" and len(arguments) == 3:
        yield ast.Call(function, arguments[:2], keywords)
    if name in ("any", "all"):
        yield ast.Call(
            ast.Name({"any": "all", "all": "any"}[name], ast.Load()), arguments, keywords
        )
    if name in ("min", "max"):
        yield ast.Call(
            ast.Name({"min": "max", "max": "min"}[name], ast.Load()), arguments, keywords
        )
    if name == "sorted" and arguments:
        yield ast.Call(ast.Name("list", ast.Load()), arguments[:1], [])


def _comprehensions(node: ast.AST) -> Iterator[ast.AST]:
    for k, generator in enumerate(node.generators):
        if generator.ifs:
            new = deepcopy(node)
            new.generators[k].ifs = []
            yield new
