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

    yield Heading("3. The chain rule, output by output")
    columns = [column for column in derivation.columns if column]
    row, last = columns[0].factors[-1].bottom.index[0], derivation.left.shape[0]
    every = (" for every weight of an output, ", row, f" from 1 to {last}.")
    yield Prose(("The factors as they were found, their product, and its normal form,", *every))
    if not one:
        yield _sum_over_examples(columns[0])
    for column in derivation.columns:
        yield (_chain(column) if column else Prose(("… and so on for the outputs between …",)))

    yield Heading("4. The error terms")
    yield Prose(
        ("The first two factors do not depend on the weight; their product is the error term:",)
    )
    yield Equations(tuple(_error(column) for column in columns))
    yield Prose(("All of them make the error matrix, a row an example, a column an output:",))
    yield Matrices((Name("delta_out"), "=", derivation.errors))

    yield Heading("5. All weights at once")
    yield Prose(
        (
            "The transpose of ",
            Name("A_h"),
            " times the error matrix has the products as its entries:",
        )
    )
    yield Matrices((derivation.left, "×", derivation.right, "=", derivation.product))


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
    sums = column.factors[1].bottom
    note = kind_of(column.verdict)
    return Equation(Partial(Place("J"), sums), (column.error, column.delta), note)
