"""Subtle damage: a claim that is wrong somewhere, or at a border alone, or at other sizes."""

from __future__ import annotations

import ast
from random import Random
from typing import TYPE_CHECKING

from tests.adversary.rewriting import around, at, places, put_at

if TYPE_CHECKING:
    from tests.adversary.questions import Asked

NOT_ZERO = (  # what a careless rule takes for 0
    "np.sqrt({e})/np.sqrt({e}) - {e}*(1/X).sum()",
    "np.sqrt(X.sum())/np.sqrt(X.sum()) - X.sum()*(1/X).sum()",
    "np.sqrt((X**2).sum()) - np.abs(X).sum()",
    "np.sqrt((X**2).sum()) - np.abs(X.sum())",
    "np.sqrt({e}**2) - {e}",
    "np.sqrt({e}*{f}) - np.sqrt(np.abs({e}))*np.sqrt(np.abs({f})) + {e}",
    "np.sqrt({p} + {q}) - np.sqrt({p}) - np.sqrt({q})",
    "np.sqrt({e}**2*{p}) - {e}*np.sqrt({p})",
    "(X @ X.T).sum() - (X**2).sum()",
    "((X @ X.T)*np.eye(n)).sum() - (X @ X.T).sum()",
    "(Y.sum(axis=1)**2).sum() - (Y**2).sum()",
    "(X.sum(axis=0)**2).sum() - (X.sum(axis=1)**2).sum()",
    "(W_out @ W_out.T).sum() - (W_out.T @ W_out).sum()",
    "np.exp(X).sum() - np.exp(X.sum())",
    "np.exp({e} + {f}) - np.exp({e}) - np.exp({f})",
    "np.exp({e}*{f}) - np.exp({e})*np.exp({f})",
    "np.log(np.exp(X).sum()) - X.sum()",
    "np.log({p} + {q}) - np.log({p}) - np.log({q})",
    "np.log({e}**2) - 2*np.log({e})",
    "np.log({e}*{f}) - np.log(np.abs({e})) + np.log(np.abs({f}))",
    "1/X.sum() - (1/X).sum()",
    "1/(1 + {e}**2) - 1 - 1/{e}**2",
    "np.where(X @ X.sum(axis=0) + 1 > 0, 0, 1).sum()",
    "np.where((X.sum(axis=0)*X).sum() >= 0, 0, 1)*{e}",
    "np.where({e}*{f} > 0, 0, 1)",
    "np.where({e}*Y.sum() + 2 > 0, 0, 1)",
    "np.where({e} > 0, 0, 1) - np.where({e} >= 0, 0, 1)",
    "np.where({e} == 0, 1, 0)",
    "np.where({e} == {f}, 1, 0)",
    "np.where({e} > 0, 1, 0) + np.where(-{e} > 0, 1, 0) - 1",
    "np.where({e}*{f} > 0, 1, 0) - np.where({e} > 0, 1, 0)*np.where({f} > 0, 1, 0)",
    "np.maximum({e}, 0) - np.maximum(X, 0).sum()",
    "np.maximum({e}, {f}) - np.maximum({f} - {e}, 0)",
    "np.abs(X.sum()) - np.abs(X).sum()",
    "np.abs({e} + {f}) - np.abs({e}) - np.abs({f})",
    "np.abs({e}) - {e}",
    "sigmoid({e}) - sigmoid(-{e})",
    "np.tanh({e}) + np.tanh(-{e}) + {e} - np.abs({e})",
    "erf({e}) - erf(-{e})",
    "np.sin({e}) - np.sin(-({e}))",
    "np.sin({e})**2 - np.cos({e})**2 - 1",
    "np.cos({e} + {f}) - np.cos({e})*np.cos({f}) - np.sin({e})*np.sin({f})",
    "n - 1",
    "len(W_out) - t",
    "X.mean() - X.sum()",
    "np.exp({e})*np.exp({e}) - np.exp({e})",
    "np.sqrt({p}) - {p}",
    "{e}**2 - {e}",
    "(1 - np.maximum({e}, 0) + {e})*np.where({e} > 0, 0, 1)",
)
BESIDE = ("(({u}) + {wrong})", "(({u})*(1 + {wrong}))", "(({u}) - ({wrong}))")
SIGNS: dict[type, tuple[type, ...]] = {
    ast.Gt: (ast.Lt, ast.GtE),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.Gt, ast.LtE),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.Gt,),
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
}
NAMES = {
    "A_h": ("Z_h", "A_h**2", "1 - A_h"),
    "A_out": ("Y", "Z_out", "A_out**2", "1 - A_out"),
    "Y": ("A_out", "Z_out", "Y**2", "1 - Y", "Y*Y.sum(axis=1, keepdims=True)"),
    "Z_out": ("A_out", "Y", "-Z_out", "np.abs(Z_out)"),
    "Z_h": ("-Z_h", "np.abs(Z_h)", "Z_h + 1", "Z_h*Z_h.sum()"),
    "W_out": ("W_out*W_out", "-W_out", "W_out*W_out.sum(axis=0)"),
    "X": ("X*X", "-X", "X*X.sum(axis=0)", "X - X.mean()"),
    "maximum": ("minimum",),
    "exp": ("sqrt", "abs"),
    "sum": ("mean",),
}


def damaged(claim: str, asked: Asked, random: Random) -> str:
    """The claim with one thing wrong."""
    tree = ast.parse(claim, mode="eval")
    kind = random.random()
    if kind < 0.35:
        place = random.choice(list(places(tree)))
        template = random.choice(
            ("(({u}) + {wrong})", "(({u})*(1 + {wrong}))", "(({u}) - ({wrong}))")
        )
        wrong = around(random.choice(NOT_ZERO), "", asked, random)
        text = template.format(u=ast.unparse(at(place)), wrong=wrong)
        put_at(place, text)
    elif kind < 0.55:
        place = random.choice(list(places(tree)))
        u = ast.unparse(at(place))
        factors = ("-({u})", "2*({u})", "({u})*(1 + 1/1024)", "({u}) + 1/1024", "({u})**2")
        factors += ("np.abs({u})", "({u})*np.sqrt({p})/{p}", "({u})*n", "({u})*{e}")
        text = around(random.choice(factors), u, asked, random)
        put_at(place, f"({text})")
    else:
        _turned(tree, random)
    return ast.unparse(ast.fix_missing_locations(tree))


def _turned(tree: ast.AST, random: Random) -> None:
    """Another sign, name, number, axis or branch at one place."""
    nodes = [node for node in ast.walk(tree) if _can_turn(node)]
    node = random.choice(nodes) if nodes else None
    match node:
        case ast.BinOp(_, op, _) if type(op) in SIGNS:
            node.op = random.choice(SIGNS[type(op)])()
        case ast.Compare(_, [op], _) if random.random() < 0.7:
            node.ops = [random.choice(SIGNS[type(op)])()]
        case ast.Compare(left, _, [right]):
            node.left, node.comparators = right, [left]
        case ast.Name(name):
            node.id = name
            new = ast.parse(random.choice(NAMES[name]), mode="eval").body
            _replace(tree, node, new)
        case ast.Attribute(_, name) if name == "T":
            _replace(tree, node, node.value)
        case ast.Attribute(_, name):
            node.attr = random.choice(NAMES[name])
        case ast.Constant(int() as value):
            node.value = value + random.choice((1, -1, 2))
        case ast.Call(_, [condition, yes, no]):
            node.args = [condition, no, yes]


def _can_turn(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(_, op, _):
            return type(op) in SIGNS
        case ast.Compare():
            return True
        case ast.Name(name) | ast.Attribute(_, name):
            return name in NAMES or name == "T"
        case ast.Constant(int()):
            return not isinstance(node.value, bool)
        case ast.Call(ast.Attribute(_, "where") | ast.Name("where"), _):
            return True
    return False


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and old in value:
                value[value.index(old)] = new
