"""LaTeX of `tex_typed` read as mathematics: what stands there, with numbers for the names."""

from __future__ import annotations

import re

import numpy as np

TOKEN = re.compile(
    r"<\w+>|\\operatorname\{\w+\}|\\mathbf\{1\}|\\(?:begin|end)\{cases\}|\\text\{(?:if |else)\}"
    r"|\\[A-Za-z]+|\\\\|\\,|\d+(?:\.\d+)?|[A-Za-z]|\S"
)
FUNCTIONS = {
    **{rf"\{name}": getattr(np, name) for name in ("exp", "sin", "cos", "tan", "tanh")},
    **{r"\ln": np.log, r"\max": np.maximum, r"\min": np.minimum},
    r"\operatorname{sigmoid}": lambda z: 1 / (1 + np.exp(-z)),
}
RELATIONS = {">": np.greater, "<": np.less, "=": np.equal}
RELATIONS |= {r"\geq": np.greater_equal, r"\leq": np.less_equal}
OPEN = {"(": ")", r"\left": r"\right", r"\Bigl": r"\Bigr"}
ONES, ONES_TURNED = object(), object()


def value(formula, known):
    """The value of a formula; `known` are arrays and numbers by their names."""
    for name in known:
        letter, _, layer = name.partition("_")
        if layer:
            letter = r"\delta" if letter == "delta" else letter
            formula = formula.replace(rf"{letter}^{{(\mathrm{{{layer}}})}}", f"<{name}>")
    reader = _Reader(TOKEN.findall(formula), known)
    found = reader.sum()
    assert not reader.left, reader.left
    return found


class _Reader:
    def __init__(self, tokens, known):
        self.left, self.known = tokens, known

    def take(self, *wanted):
        """The next token, if it is one of these; with none, whatever it is."""
        if self.left and (not wanted or self.left[0] in wanted):
            return self.left.pop(0)
        return None

    def must(self, token):
        assert self.take(token), (token, self.left)

    def sum(self):
        total = -self.entrywise() if self.take("-") else self.entrywise()
        while sign := self.take("+", "-"):
            total = total + self.entrywise() if sign == "+" else total - self.entrywise()
        return total

    def entrywise(self):
        product = self.product()
        while sign := self.take(r"\odot", r"\oslash"):
            factor = self.product()
            product = product * factor if sign == r"\odot" else product / factor
        return product

    def product(self):
        product = self.raised()
        while self.left and self.begins(self.left[0]):
            self.take(r"\,", r"\cdot")
            product = _beside(product, self.raised())
        return product

    def begins(self, token):
        ends = {"+", "-", ")", "}", "]", "&", ",", "|", r"\odot", r"\oslash", r"\right", r"\Bigr"}
        return token not in ends | {*RELATIONS, r"\\", r"\end{cases}"}

    def raised(self):
        base = self.atom()
        while self.take("^"):
            if self.take(r"\top"):
                base = ONES_TURNED if base is ONES else base.T
            else:
                self.must("{")
                self.take(r"\circ")
                base = base ** self.sum()
                self.must("}")
        return base

    def braced(self):
        self.must("{")
        inside = self.sum()
        self.must("}")
        return inside

    def atom(self):
        token = self.take()
        if token in FUNCTIONS:
            arguments = self.bracketed(self.take())
            return FUNCTIONS[token](*arguments)
        if token in OPEN:
            if token == r"\left" and self.left[0] == "|":
                self.must("|")
                inside = np.abs(self.sum())
                self.must(r"\right")
                self.must("|")
                return inside
            (inside,) = self.bracketed(token)
            return inside
        match token:
            case r"\frac":
                return self.braced() / self.braced()
            case r"\sqrt":
                return np.sqrt(self.braced())
            case "[":
                holds = self.relation()
                self.must("]")
                return holds.astype(float)
            case r"\begin{cases}":
                return self.cases()
            case r"\mathbf{1}":
                return ONES
            case r"\pi":
                return np.pi
            case r"\lambda":
                return self.known["lam"]
        if token[0] == "<":
            return self.known[token[1:-1]]
        return self.known[token] if token in self.known else float(token)

    def bracketed(self, opening):
        """What stands between brackets, one value or several."""
        if opening != "(":
            self.must("(")
        inside = [self.sum()]
        while self.take(","):
            inside.append(self.sum())
        if opening != "(":
            self.must(OPEN[opening])
        self.must(")")
        return inside

    def relation(self):
        left = self.sum()
        return RELATIONS[self.take(*RELATIONS)](left, self.sum())

    def cases(self):
        there = self.sum()
        self.must("&")
        self.must(r"\text{if }")
        condition = self.relation()
        self.must(r"\\")
        elsewhere = self.sum()
        for token in ("&", r"\text{else}", r"\end{cases}"):
            self.must(token)
        return np.where(condition, there, elsewhere)


def _beside(left, right):
    """A product without a sign: of numbers, of a number and an array, or of matrices."""
    if left is ONES_TURNED:
        return right.sum(axis=0)
    if right is ONES:
        return left.sum(axis=1)
    return left * right if np.ndim(left) == 0 or np.ndim(right) == 0 else left @ right
