"""Formulas in scalars, such as an activation in z: functions of terms."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from gradcheck_sym.array import Array, Input, Map
from gradcheck_sym.checker.derivative import derivative
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.domain import needs
from gradcheck_sym.language.reader import Reader
from gradcheck_sym.language.syntax import Source, parse
from gradcheck_sym.term.terms import Entry, Term
from gradcheck_sym.term.walks import rebuilt

OF_SEVERAL = ("sum", "mean", "dot", "outer", "matmul", "len", "shape", "T", "transpose")


@dataclass(frozen=True)
class ScalarFunction:
    """A formula in some scalars, as the term that it is in entries of their names."""

    names: tuple[str, ...]
    value: Term

    def at(self, *terms: Term) -> Term:
        """The value at these terms.

        >>> scalar_function("2*z", "z").at(Entry("x"))
        Mul(factors=(Num(value=2), Entry(name='x', indices=())))
        """
        return _filled(self.value, dict(zip(self.names, terms, strict=True)))

    def __call__(self, *operands: Array) -> Map:
        """The function of every entry, with NumPy's broadcasting."""
        return Map(self.at, *operands)

    def slope(self, name: str) -> Term:
        """The derivative by one of the scalars, as the rules give it, where there is one."""
        return derivative(self.value, name, ())[0]

    @property
    def domain(self) -> tuple[Obligation, ...]:
        """What has to hold for the formula to be meant."""
        return needs(self.value)


def scalar_function(text: str, names: str) -> ScalarFunction:
    """The function that a formula in these one-letter names is; raises `FormulaError`."""
    source, tree = parse(text)
    _refuse_reductions(source, tree, names)
    array = Reader(source, {name: Input(name, ()) for name in names}, {}).array(tree)
    if array.shape:
        raise source.error((0, len(source.text)), f"a number is needed here, for numbers {names}")
    value = array.entry()
    if not any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(tree)):
        raise source.error((0, len(source.text)), f"the formula speaks of {' or '.join(names)}")
    return ScalarFunction(tuple(names), value)


def _refuse_reductions(source: Source, tree: ast.expr, names: str) -> None:
    """Raise `FormulaError` for what takes several entries together, of which there is one here."""
    of_one = {
        "z": "z stands for one: softmax and log_softmax are called by name",
        "ya": "y and a stand for one each: J adds them up, and --mean divides by n",
    }
    for node in ast.walk(tree):
        name = getattr(node, "attr", getattr(node, "id", ""))
        if isinstance(node, ast.Name | ast.Attribute) and name in OF_SEVERAL:
            told = of_one.get(names, f"{', '.join(names)} stand for one each")
            raise source.error(node, f"{name} is of several entries, and {told}")


def _filled(value: Term, terms: Mapping[str, Term]) -> Term:
    """The term with others for its free scalars. Those have letters of their own."""
    done: dict[int, Term] = {}

    def put(part: Term) -> Term:
        if id(part) not in done:
            scalar = isinstance(part, Entry) and part.name in terms
            done[id(part)] = terms[part.name] if scalar else rebuilt(part, put)  # type: ignore[attr-defined]
        return done[id(part)]

    return put(value)
