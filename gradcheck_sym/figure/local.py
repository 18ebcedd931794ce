"""∂top/∂bottom as the definition of top gives it, where no proof and no derivation says it."""

from __future__ import annotations

from gradcheck_sym.checker.derivative import derivative
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.contracted import contracted
from gradcheck_sym.report import Report
from gradcheck_sym.shown.quotient import simplest
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import Delta, Entry, Index, Letter, Term
from gradcheck_sym.term.walks import substitute, walk


def local(report: Report, top: Place, bottom: Place) -> Term | None:
    """The derivative of one definition, or None where top is not defined by bottom itself.

    It is shown beside a drawing, and nothing rests on it.
    """
    known = {definition.place.name: definition for definition in report.definitions}
    if top.name not in known or bottom.name not in known:
        return None
    value = known[top.name].value
    if not any(isinstance(part, Entry) and part.name == bottom.name for part in walk(value)):
        return None
    shape = known[bottom.name].shape
    letters = {k: Letter(str(k), size) for k, size in zip(bottom.index, shape, strict=True)}
    here: dict[int | str, Index] = {k: k if isinstance(k, int) else x for k, x in letters.items()}
    mine = zip(known[top.name].place.index, top.index, strict=True)
    meant = {name: here[k] for name, k in mine if isinstance(name, str)}
    places = {x: meant[x.name] for x in free_letters(value) if x.name in meant}
    try:
        found, _ = derivative(
            substitute(value, places), bottom.name, tuple(here[k] for k in bottom.index)
        )
    except ValueError:
        return None
    short = contracted(found)
    if any(isinstance(part, Delta) for part in walk(short)):
        return None
    return simplest(tidied(short, {x: x.name for x in letters.values()}))
