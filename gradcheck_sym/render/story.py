"""The derivation as blocks, in the source's order: journey, tree, chain rule, errors, product."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck_sym.asserted import Kind
from gradcheck_sym.render.blocks import (
    Block,
    Equation,
    Equations,
    Heading,
    Journey,
    Matrices,
    Name,
    Part,
    Partial,
    Product,
    Prose,
    Tree,
)
from gradcheck_sym.render.proof_story import proof_story
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Column, Derivation, Place
from gradcheck_sym.term.terms import ZERO, Entry, mul
from gradcheck_sym.verdict import worst

SIGNS = {"proved": "=", "refuted": "≠", "undecided": "?="}
TOO_LONG = "the derivation takes too long to be written down; a longer --timeout may help"


def derived(report: Report) -> Iterator[Block]:
    """The derivation if the report has one; where it takes too long, that it does."""
    if report.derivation:
        yield from story(report.derivation, report.wrt)
    elif report.too_long:
        yield Prose((TOO_LONG,))


def story(derivation: Derivation, wrt: str) -> Iterator[Block]:
    """The five parts before the table."""
    one = derivation.example == 1
    which = "the only example" if one else "one example, the i-th row"
    yield Heading("1. The journey of one example")
    yield Prose(
        (f"From the input to the output, for {which}; Y is what the output is held against:",)
    )
    yield Journey(derivation.journey)

    yield Heading("2. How the weights reach the loss")
    whose = (
        ()
        if one
        else (" for the ", Place(str(derivation.example)), "-th example, as for every other one,")
    )
    yield Prose(
        ("What each value is computed from,", *whose, " down to the entries of ", Name(wrt), ":")
    )
    yield Tree(derivation.tree)
    columns = [column for column in derivation.columns if column]
    penalty = columns[0].penalty != ZERO
    if penalty:
        yield Prose(("By the penalty, J reads the entries of ", Name(wrt), " themselves, too."))

    unit = "output" if derivation.right.name == "delta_out" else "hidden unit"
    yield Heading(f"3. The chain rule, {unit} by {unit}")
    yield _ranges(derivation, columns[0])
    if not one:
        yield _sum_over_examples(columns[0], derivation.example)
    for number, column in enumerate(derivation.columns):
        yield from _chain(column, one) if column else [_between(derivation, number, unit)]

    yield Heading("4. The error terms")
    factors = "first two factors are" if len(columns[0].factors) > 2 else "first factor is"
    yield Prose(
        (f"The {factors} the same for every weight into that {unit}; this is the error term:",)
    )
    gap = derivation.columns.index(None) if None in derivation.columns else len(columns)
    yield Equations(tuple(_error(column) for column in columns[:gap]))
    if columns[gap:]:
        yield _between(derivation, gap, unit)
        yield Equations(tuple(_error(column) for column in columns[gap:]))
    heads = f"a column {'an' if unit == 'output' else 'a'} {unit}"
    error = Name(derivation.right.name)
    verdict = worst(column.verdict for column in columns)
    yield Prose((*_whose(derivation, verdict), f", a row an example, {heads}:"))
    yield Matrices((error, "=", derivation.errors))

    yield Heading("5. All weights at once")
    is_bias = derivation.left.name == "1"
    left = ("A row of ones",) if is_bias else ("The transpose of ", Name(derivation.left.name))
    summed = "" if one else ", summed over examples,"
    has = {
        "proved": f" has the products of part 3{summed} as entries:",
        "refuted": " has other entries:",
        "undecided": f" has these entries; whether the products of part 3{summed} are the same is "
        "not known:",
    }
    yield Prose((*left, " times ", error, has[verdict]))
    yield Matrices((derivation.left, "×", derivation.right, "=", derivation.product))
    if penalty:
        added = mul(Entry("lam"), Entry(wrt))
        yield Prose((f"To the products of part 3{summed} the penalty adds ", added, "."))
    if derivation.proof:
        yield Heading("6. The proof, as the checker replayed it")
        yield from proof_story(derivation.proof)


def _whose(derivation: Derivation, verdict: Kind) -> tuple[Part, ...]:
    """Whether the error terms are the entries of δ, and whose δ it is."""
    matrix = "textbook's error matrix ", Name(derivation.right.name)
    if verdict == "proved":
        return ("All of them make the error matrix",)
    if verdict == "undecided":
        return ("It is not known whether they make the ", *matrix)
    if derivation.claimed:
        return ("In their place the claim has this",)
    return ("They do not make the ", *matrix, ", which the claim does without")


def _ranges(derivation: Derivation, column: Column) -> Prose:
    """What is shown of each output, and what the letters stand for."""
    every: list[Part] = []
    place = column.factors[-1].bottom.index
    for index, size in zip(place, derivation.product.shape[-len(place) :], strict=True):
        if isinstance(index, str):
            last = Place(size) if isinstance(size, str) else str(size)
            every += [" and " if every else "", Place(index), " from 1 to ", last]
    start = "The factors as they were found, their product, and its normal form"
    return Prose((start, *(", for " if every else "",), *every, "."))


def _between(derivation: Derivation, gap: int, unit: str) -> Prose:
    """The units that are left out, between those before and after the gap."""
    shown = [column.delta.index[1] for column in derivation.columns if column]
    first, last = int(shown[gap - 1]) + 1, int(shown[gap]) - 1
    which = f"{unit} {first}" if first == last else f"{unit}s {first} to {last}"
    return Prose((f"… and so on for {which} …",))


def _sum_over_examples(column: Column, example: int | str) -> Prose:
    weight = column.factors[-1].bottom
    penalty = column.penalty != ZERO
    return Prose(
        (
            f"J is a sum over the examples{' and the penalty' if penalty else ''}, so ",
            Partial(Place("J"), weight),
            " is the sum over ",
            Place(str(example)),
            " of the products for the single examples",
            *((", plus ", column.penalty) if penalty else ()),
            ".",
        )
    )


def _chain(column: Column, one: bool) -> Iterator[Block]:
    """The chain rule for one unit: in words of ∂, its factors, their product."""
    partials = [Partial(f.top, f.bottom) for f in column.factors]
    weight = Partial(Place("J"), column.factors[-1].bottom)
    signs = (" = " if one else " is ", *[" × "] * (len(partials) - 1))
    whole = [part for pair in zip(signs, partials, strict=True) for part in pair]
    start = () if one else ("The ", Place(str(column.delta.index[0])), "-th term of ")
    penalty = (" + ", column.penalty) if one and column.penalty != ZERO else ()
    yield Prose((*start, weight, *whole, *penalty, ":"))
    factors = [
        Equation(partial, (f.value,)) for partial, f in zip(partials, column.factors, strict=True)
    ]
    written = Product(tuple(f.value for f in column.factors))
    product = Equation("product", (written, column.normal), "in normal form")
    yield Equations((*factors, product))


def _error(column: Column) -> Equation:
    sums = column.factors[-1].top
    sides = column.error, column.delta
    return Equation(Partial(Place("J"), sums), sides, column.verdict, SIGNS[column.verdict])
