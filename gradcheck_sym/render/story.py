"""The derivation as blocks, in the source's order: journey, tree, chain rule, errors, product."""

from __future__ import annotations

from collections.abc import Iterator

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
    Prose,
    Tree,
)
from gradcheck_sym.report import kind_of
from gradcheck_sym.steps import Column, Derivation, Place


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
    yield Prose(("What each value is computed from, down to the entries of ", Name(wrt), ":"))
    yield Tree(derivation.tree)

    article = "an" if derivation.right.name == "delta_out" else "a"
    unit = "output" if derivation.right.name == "delta_out" else "hidden unit"
    yield Heading(f"3. The chain rule, {unit} by {unit}")
    columns = [column for column in derivation.columns if column]
    yield Prose(
        ("The factors as they were found, their product, and its normal form", *_every(derivation))
    )
    if not one:
        yield _sum_over_examples(columns[0])
    for column in derivation.columns:
        yield (_chain(column) if column else Prose((f"… and so on for the {unit}s between …",)))

    yield Heading("4. The error terms")
    before = "The factors before the last do" if len(columns[0].factors) > 2 else "The first does"
    yield Prose((f"{before} not depend on the weight; what they make is the error term:",))
    yield Equations(tuple(_error(column) for column in columns))
    yield Prose(
        (f"All of them make the error matrix, a row an example, a column {article} {unit}:",)
    )
    yield Matrices((Name(derivation.right.name), "=", derivation.errors))

    yield Heading("5. All weights at once")
    if derivation.left.name == "1":
        yield Prose(("A row of ones times the error matrix sums it over the examples:",))
    else:
        source = Name(derivation.left.name)
        times = " times the error matrix has the products as its entries:"
        yield Prose(("The transpose of ", source, times))
    yield Matrices((derivation.left, "×", derivation.right, "=", derivation.product))


def _every(derivation: Derivation) -> tuple[Part, ...]:
    """For which weights the chain rule is written down: those with any first index."""
    weight = next(filter(None, derivation.columns)).factors[-1].bottom
    if len(weight.index) == 1:
        return (":",)
    row, last = weight.index[0], derivation.left.shape[0]
    return (", for every weight that leads there, ", row, f" from 1 to {last}.")


def _sum_over_examples(column: Column) -> Prose:
    weight = column.factors[-1].bottom
    return Prose(
        (
            "J is a sum over the examples, so ",
            Partial(Place("J"), weight),
            " is the sum over i of the products for the single examples.",
        )
    )


def _chain(column: Column) -> Equations:
    factors = [Equation(Partial(f.top, f.bottom), (f.value,)) for f in column.factors]
    product = Equation("product", (column.product, column.normal), "in normal form")
    return Equations((*factors, product))


def _error(column: Column) -> Equation:
    sums = column.factors[-1].top
    note = kind_of(column.verdict)
    return Equation(Partial(Place("J"), sums), (column.error, column.delta), note)
