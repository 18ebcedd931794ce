"""A statement and its conditions in the formulas of people, so that it is seen what was proved.

An index is shown by its name; where two of one name meet, the second is i_2. What is shown is
the statement that was read, not what a report says of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.obligations import Obligation, Signs
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Statement, free_letters, size_names
from gradcheck_sym.domain import distinct, monomials, needs
from gradcheck_sym.proofs.letters import Letters, beside
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Num,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
)
from gradcheck_sym.term.walks import entries

TOTAL = "1/0 = 0, log(u) = 0 for u ≤ 0, and sqrt(u) = 0 for u < 0"  # as in term/terms.py
FEW = 100  # monomials
LOOSE, TIGHT, WHOLE = 0, 1, 2  # a sum; a product; what needs no brackets anywhere


def told(theorem: Theorem) -> Iterator[str]:
    """The theorem line by line: the claim, for what it holds, and all that it speaks of."""
    statement = theorem.statement
    letters = [x for x in statement.letters if isinstance(x, Letter)]
    names = _beside(statement).and_of(letters)
    place = _entry(statement.wrt, statement.letters, names)
    yield f"∂J/∂{place} = {formula(statement.claim, names)}{names.ranges(letters)}"
    yield f"  for all real {', '.join(_free(statement))}"
    yield "  where"
    yield from spoken_of(statement)
    for condition in theorem.conditions:
        yield f"  if {_condition(condition)}"
    if not _is_covered(theorem):
        yield f"  with {TOTAL}"


def spoken_of(statement: Statement) -> Iterator[str]:
    """What J is, in names that are defined, and what is assumed of the others."""
    names = _beside(statement)
    for name, definition in statement.definitions.items():
        own = names.and_of(definition.letters)
        left = _entry(name, definition.letters, own)
        right = formula(definition.value, own)
        yield f"    {left} = {right}{own.ranges(definition.letters)}"
    yield f"    J = {formula(statement.loss, names)}"
    for hypothesis in statement.hypotheses:
        own = names.and_of(hypothesis.letters)
        left, right = formula(hypothesis.left, own), formula(hypothesis.right, own)
        yield f"  assumed: {left} = {right}{own.ranges(hypothesis.letters)}"
    for name in sorted(statement.positive):
        yield f"  assumed: {name} > 0"


def _is_covered(theorem: Theorem) -> bool:
    """Whether what is shown is defined everywhere, or where the conditions and needs say."""
    statement = theorem.statement
    known = (*theorem.conditions, *statement.needs)
    terms = (term for condition in theorem.conditions for term in condition.terms)
    said = set(map(_condition, known))
    shown = needs(*_terms(statement), *terms)
    left = [x for x in shown if _condition(x) not in said]
    if any(monomials(term) > FEW for x in left for term in x.terms):
        return False  # to compare them would take long
    signs = Signs(Ring(), statement.positive)
    try:
        left = [x for x in left if not signs.holds(x)]
        kept = distinct((*known, *left))
    except TooLarge:
        return False
    return not any(x is y for x in left for y in kept)


def formula(value: Term, names: Letters | None = None) -> str:
    """A term as people write it; `names` are those of its free letters.

    >>> from gradcheck_sym.term.terms import apply
    >>> i, x = Letter("i", "n"), Entry("x")
    >>> formula(Sum(i, (1 - x) * Entry("a", (i,)) / (1 + apply("exp", -2 * x))))
    'Σ_{i≤n} (1 − x) · a[i]/(1 + exp(−2 · x))'
    """
    return _shown(value, names or beside(value))[0]


def _shown(value: Term, names: Letters) -> tuple[str, int]:
    """The text, and how much it holds together."""
    match value:
        case Num(number):
            text = str(Fraction(number)).replace("-", "−")
            return text, WHOLE if number >= 0 and "/" not in text else TIGHT
        case Pi():
            return "π", WHOLE
        case SizeOf(name):
            return name, WHOLE
        case Entry(name, indices):
            return _entry(name, indices, names), WHOLE
        case Delta(left, right):
            return f"δ({_index(left, names)},{_index(right, names)})", WHOLE
        case Add(terms) if terms:
            return _sum(terms, names), LOOSE
        case Mul(factors) if factors:
            return _product(factors, names), TIGHT
        case Add() | Mul():
            return ("0" if isinstance(value, Add) else "1"), WHOLE
        case Sum(index, body):
            inner = names.and_of([index])
            return f"Σ_{{{inner[index]}≤{index.size}}} {_at_least(TIGHT, body, inner)}", LOOSE
        case Apply("inv", argument):
            return f"1/{_at_least(WHOLE, argument, names)}", TIGHT
        case Apply(function, argument):
            return f"{function}({_shown(argument, names)[0]})", WHOLE
        case Where(u, Num(1), Num(0)):
            return f"[{_shown(u, names)[0]} > 0]", WHOLE
        case Where(u, yes, no):
            parts = (_shown(part, names)[0] for part in (u, yes, no))
            return "where({} > 0, {}, {})".format(*parts), WHOLE
    raise TypeError(f"no term: {value!r}")


def _at_least(tight: int, value: Term, names: Letters) -> str:
    text, holds = _shown(value, names)
    nested = isinstance(value, Sum) and tight == TIGHT  # Σ_i Σ_j … reads well
    return text if holds >= tight or nested else f"({text})"


def _sum(terms: tuple[Term, ...], names: Letters) -> str:
    text = ""
    for place, term in enumerate(terms):
        last = place == len(terms) - 1
        part, holds = _shown(term, names)
        if isinstance(term, Add) or (isinstance(term, Sum) and not last):
            part = f"({part})"
        if not text:
            text = part
        elif part.startswith("−") and holds != LOOSE:
            text += f" − {part[1:]}"
        else:
            text += f" + {part}"
    return text


def _product(factors: tuple[Term, ...], names: Letters) -> str:
    """−2 · x^2 · y/z; a Σ stands in brackets, since it reaches to the end."""
    sign = ""
    above: list[str] = []
    below: list[str] = []
    for factor in _factors(factors):
        match factor:
            case Num(number) if number < 0:
                sign = "" if sign else "−"
                above += [_at_least(WHOLE, Num(-number), names)] if number != -1 else []
            case Apply("inv", argument):
                below.append(_at_least(WHOLE, argument, names))
            case _:
                above.append(_at_least(WHOLE, factor, names))
    top = " · ".join(_powers(above)) or "1"
    return sign + "".join((top, *(f"/{part}" for part in _powers(below))))


def _factors(factors: tuple[Term, ...]) -> Iterator[Term]:
    """The factors, those of inner products too."""
    for factor in factors:
        if isinstance(factor, Mul):
            yield from _factors(factor.factors)
        else:
            yield factor


def _powers(texts: Iterable[str]) -> list[str]:
    return [f"{text}^{count}" if count > 1 else text for text, count in Counter(texts).items()]


def _entry(name: str, indices: tuple[Index, ...], names: Letters) -> str:
    return f"{name}[{','.join(_index(x, names) for x in indices)}]" if indices else name


def _index(index: Index, names: Letters) -> str:
    return names[index] if isinstance(index, Letter) else str(index)


def _terms(statement: Statement) -> tuple[Term, ...]:
    """What is shown of a statement, which is not all that it needs."""
    values = (definition.value for definition in statement.definitions.values())
    hypotheses = (side for h in statement.hypotheses for side in (h.left, h.right))
    return statement.loss, statement.claim, *values, *hypotheses


def _beside(statement: Statement) -> Letters:
    named = beside(*_terms(statement))
    return Letters(named.taken | {*size_names(statement), *statement.definitions, statement.wrt})


def _free(statement: Statement) -> list[str]:
    """The arrays that are not defined."""
    free = {entry.name for entry in entries(*_terms(statement))} - statement.definitions.keys()
    return sorted(free | {statement.wrt})


def _condition(needed: Obligation) -> str:
    terms = (needed.u, *(u for u, _ in needed.guards))
    letters = sorted(frozenset().union(*map(free_letters, terms)), key=lambda x: x.name)
    names = beside(*terms).and_of(letters)
    where = " and ".join(
        f"{formula(u, names)} {'>' if holds else '≤'} 0" for u, holds in needed.guards
    )
    text = f"{formula(needed.u, names)} {needed.relation} 0{names.ranges(letters)}"
    return f"{text}, where {where}" if where else text
