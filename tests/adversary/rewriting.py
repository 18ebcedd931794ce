"""True identities, put at a random place of a claim: what comes out is equal where it is meant."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from random import Random
from typing import TYPE_CHECKING

from tests.adversary.scalars import put

if TYPE_CHECKING:
    from tests.adversary.questions import Asked

ANY = (  # numbers that may be anything
    "X.sum()",
    "Y.sum()",
    "A_out.sum()",
    "W_out.sum()",
    "(X @ X.T).sum()",
    "(Y*Y.sum(axis=0)).sum()",
    "(Y.sum(axis=1)**2).sum()",
    "(X.sum() - Y.sum())",
    "(X.sum()*Y.sum())",
    "(W_out @ W_out.T).sum()",
)
POSITIVE = (
    "np.exp({e})",
    "(1 + {e}**2)",
    "np.sqrt(1 + {e}**2)",
    "np.sqrt(np.exp(X).sum())",
    "np.exp(X).sum()",
    "(1 + (Y**2).sum())",
    "(1 + np.abs({e}))",
    "np.where({e} > 0, 1, 2)",
    "np.sqrt(n)",
    "(1 + np.exp({e}))",
    "(np.maximum({e}, 0) + 0.5)",
)
ZERO = (  # equal to 0 wherever they are meant
    "({e} - {e})",
    "0*{e}",
    "0*(1/X).sum()",
    "0*np.log({p})",
    "((X @ X.T)*np.eye(n)).sum() - (X**2).sum()",
    "(X @ X.T).sum() - (X.sum(axis=0)**2).sum()",
    "(Y @ Y.T - (Y @ Y.T).T).sum()",
    "np.sqrt({e}**2) - np.abs({e})",
    "np.abs({e}) - np.where({e} > 0, {e}, -{e})",
    "np.maximum({e}, 1) + np.minimum({e}, 1) - {e} - 1",
    "np.maximum({e}, {f}) - np.maximum({e} - {f}, 0) - {f}",
    "np.exp({e} + {f}) - np.exp({e})*np.exp({f})",
    "np.exp({e})*np.exp(-{e}) - 1",
    "np.log({p}*{q}) - np.log({p}) - np.log({q})",
    "np.sqrt({p}*{q}) - np.sqrt({p})*np.sqrt({q})",
    "np.sqrt({p}) - {p}/np.sqrt({p})",
    "np.sqrt({e})*np.sqrt({e}) - {e}",
    "np.exp(np.log({e})) - {e}",
    "np.log({e}**2) - 2*np.log(np.abs({e}))",
    "sigmoid({e}) + sigmoid(-{e}) - 1",
    "np.tanh({e}) - 2*sigmoid(2*{e}) + 1",
    "erf({e}) + erf(-{e})",
    "np.sin({e})**2 + np.cos(-({e}))**2 - 1",
    "np.sin(2*({e})) - 2*np.sin({e})*np.cos({e})",
    "np.cos({e} + {f}) - np.cos({e})*np.cos({f}) + np.sin({e})*np.sin({f})",
    "np.where({e} > {f}, 1, 0) + np.where({e} <= {f}, 1, 0) - 1",
    "np.where({e} > 0, 1, 0)*np.where({e} < 0, 1, 0)",
    "{e}*np.where({e} == 0, 1, 0)",
    "np.where({e} > 0, 1, 0)**2 - np.where({e} > 0, 1, 0)",
    "np.where(2*{e} > 0, 1, 0) - np.where({e} > 0, 1, 0)",
    "{e}/{e} - 1",
    "np.ones((n, 1)).sum() - n",
    "X.sum(axis=0).sum() - X.sum(axis=1).sum()",
    "(1/{p})*{p} - 1",
    "1/(1/{e}) - {e}",
    "({e} + {f})**2 - {e}**2 - 2*{e}*{f} - {f}**2",
    "np.abs({e}*{f}) - np.abs({e})*np.abs({f})",
    "np.maximum({e}, -{e}) - np.abs({e})",
    "np.abs(np.exp({e})) - np.exp({e})",
)
AROUND = (  # of a node u
    "(-(-({u})))",
    "(({u}).T.T)",
    "(2*({u})/2)",
    "np.log(np.exp({u}))",
    "(({u})*{p}/{p})",
    "(({u})*{e}/{e})",
    "(({u})*np.sqrt({e})/np.sqrt({e}))",
    "(({u})*np.sqrt({p})/np.sqrt({p}))",
    "(({u})/{p}*{p})",
    "(({u}) + {zero})",
    "(({u}) - ({zero}))",
    "(({u})*(1 + {zero}))",
    "np.where({e} > {f}, {u}, {u})",
    "np.where({e} == 1, {u}, {u})",
    "np.maximum({u}, {u})",
    "np.where(({u}) > 0, np.abs({u}), -np.abs({u}))",
    "(np.maximum({u}, 0) + np.minimum({u}, 0))",
    "(({u})*(sigmoid({e}) + sigmoid(-{e})))",
    "(({u})*np.exp({e})*np.exp(-{e}))",
    "((({u}) + {e}) - {e})",
    "(np.where({e} > 0, {u}, 0) + np.where({e} <= 0, {u}, 0))",
    "np.where(({u}) == 0, 0, {u})",
)
PLACED = tuple[ast.AST, str, int | None]  # a node's parent, field and place in a list


def rewritten(claim: str, asked: Asked, random: Random) -> str:
    """The claim with an identity used at one place."""
    tree = ast.parse(claim, mode="eval")
    found = list(places(tree))
    inner = [place for place in found if _by_shape(at(place))]
    named = [place for place in found if _definition(at(place), asked)]
    kind = random.random()
    if named and kind < 0.15:
        place = random.choice(named)
        put_at(place, _definition(at(place), asked))
    elif inner and kind < 0.45:
        place = random.choice(inner)
        put_at(place, random.choice(list(_by_shape(at(place)))))
    else:
        place = random.choice(found)
        put_at(place, around(random.choice(AROUND), ast.unparse(at(place)), asked, random))
    return ast.unparse(tree)


def _definition(node: ast.AST, asked: Asked) -> str:
    """What a name stands for, if it is one of the layers' Z and A."""
    if not (isinstance(node, ast.Name) and node.id[:2] in ("A_", "Z_")):
        return ""
    name = node.id[2:]
    rule = asked.output if name == "out" else asked.hidden
    if node.id.startswith("A_"):
        return "" if rule.endswith("softmax") else put(rule, {"z": f"Z_{name}"})
    before = dict(zip(asked.names[1:], asked.names, strict=False)).get(name)
    product = f"{f'A_{before}' if before else 'X'} @ W_{name}"
    return f"{product} + b_{name}" if asked.bias else product


def around(template: str, u: str, asked: Asked, random: Random) -> str:
    """A template with random numbers in it, in names that the network has."""
    one, other = number(asked, random), number(asked, random)
    values = {"u": u, "e": one, "f": other}
    values["p"], values["q"] = (random.choice(POSITIVE).format(e=e) for e in (one, other))
    values["zero"] = random.choice(ZERO).format(**values)
    return template.format(**values)


def number(asked: Asked, random: Random) -> str:
    """A number made of the network's arrays."""
    return random.choice([*ANY, f"{asked.wrt}.sum()"])


def places(tree: ast.AST) -> Iterator[PLACED]:
    """Where a whole array stands: not in a shape, an axis or an exponent."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if isinstance(parent, ast.keyword) or (isinstance(parent, ast.BinOp) and name == "op"):
                continue
            if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and name == "right":
                continue
            if isinstance(parent, ast.Call) and name == "func":
                continue
            if isinstance(parent, ast.Attribute | ast.Tuple):
                continue
            for k, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(node, ast.BinOp | ast.Call | ast.Name) and _speaks(node):
                    yield parent, name, k


def _speaks(node: ast.AST) -> bool:
    """Whether an array stands in it."""
    found = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return any(name[0].isupper() or name.startswith(("b_", "delta")) for name in found)


def at(place: PLACED) -> ast.AST:
    """The node of a place."""
    parent, name, k = place
    value = getattr(parent, name)
    return value if k is None else value[k]


def put_at(place: PLACED, text: str) -> None:
    """Put a formula in a place."""
    parent, name, k = place
    node = ast.parse(text, mode="eval").body
    if k is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[k] = node


def _by_shape(node: ast.AST) -> list[str]:
    """What an operation may be written as instead."""
    if not isinstance(node, ast.BinOp):
        return []
    u, v = (f"({ast.unparse(side)})" for side in (node.left, node.right))
    match node.op:
        case ast.Add():
            return [f"{v} + {u}", f"{u} - -{v}"]
        case ast.Sub():
            return [f"-({v} - {u})", f"{u} + -1*{v}"]
        case ast.Mult():
            return [f"{v}*{u}", *_distributed(node, "*", u, v)]
        case ast.Div():
            return [f"{u}*(1/{v})", f"-{u}/-{v}"]
        case ast.MatMult():
            return [f"({v}.T @ {u}.T).T", *_distributed(node, "@", u, v)]
        case ast.Pow():
            return [f"{u}*{u}", f"np.square({u})"] if v == "(2)" else []
    return []


def _distributed(node: ast.BinOp, sign: str, u: str, v: str) -> Iterator[str]:
    signs: dict[type, str] = {ast.Add: "+", ast.Sub: "-"}
    whole: Callable[[str], str]
    for side, whole in (
        (node.right, lambda x: f"{u} {sign} {x}"),
        (node.left, lambda x: f"{x} {sign} {v}"),
    ):
        if isinstance(side, ast.BinOp) and type(side.op) in signs:
            left, right = (f"({ast.unparse(x)})" for x in (side.left, side.right))
            yield f"{whole(left)} {signs[type(side.op)]} {whole(right)}"
