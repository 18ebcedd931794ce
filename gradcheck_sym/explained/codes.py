"""Every code: what it stands for, an example that gives it, and the mend.

GS0 are errors, exit code 2; GS1 say what is wrong with a claim, GS2 are remarks on one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Explained:
    """`example` is a command line without its first word, or Python code where it has none."""

    title: str
    text: str
    mend: str
    example: str = ""
    python: str = ""


CODES = {
    "GS001": Explained(
        "a bad size",
        "A size is a positive integer, or a name that stands for any; a network has two or more.",
        "Write sizes such as 2 2 2, or m d t.",
        "0 2 2",
    ),
    "GS002": Explained(
        "no such activation, loss or parameter",
        "The word is none of those that are known for this network, nor a formula that can be one.",
        "Take one of the names that the message gives, or write a formula in z, or in y and a.",
        "2 2 2 --hidden rely",
    ),
    "GS003": Explained(
        "a hypothesis of no use",
        "--assume takes three hypotheses on Y or an input of code, and that a scalar is positive.",
        "Assume that rows of Y sum to 1, that entries are 0 or 1, or that they are -1 or 1.",
        "2 2 2 --assume 'Y > 0'",
    ),
    "GS004": Explained(
        "more work than fits",
        "The estimate for these sizes is beyond an hour, or beyond the memory.",
        "Choose smaller sizes, or names: m d t --n n proves all of them at once.",
        "100000 100000 100000",
    ),
    "GS005": Explained(
        "claims that cannot be read",
        "The file of --claim @FILE is not there, is no text, or has no formula in it.",
        "Give a text file with a formula a line.",
        "2 2 2 --claim @nowhere.txt",
    ),
    "GS006": Explained(
        "a file that cannot be written",
        "There is no such folder, it may not be written to, or the file is one that is read.",
        "Choose another place.",
        "2 2 2 -o no/such/folder.json",
    ),
    "GS007": Explained(
        "an option that does not exist, or has no place here",
        "The command line is not one that this tool has.",
        "See --help.",
        "2 2 2 --clame 'A_h.T @ delta_out'",
    ),
    "GS008": Explained(
        "shapes that do not go together",
        "Two arrays of a library's caller do not fit, or a claim has not the gradient's shape.",
        "Transpose one of them, or sum over the axis that is too many.",
        python="n = Network(2, 3, 4); n.arrays['A_h'] @ n.arrays['A_h']",
    ),
    "GS009": Explained(
        "what arrays without numbers do not do",
        "Entries are formulas, so there is no number to compare, to round or to loop over.",
        "Write it in NumPy's operations on whole arrays, np.where instead of if.",
        python="bool(Network(2, 2, 2).arrays['X'])",
    ),
    "GS010": Explained(
        "a formula that is none",
        "A bracket, an operator or an argument is missing or too many; the caret shows where.",
        "Mend it as the message says.",
        "2 2 2 --claim 'A_h.T @ (A_out - Y'",
    ),
    "GS011": Explained(
        "an unknown name in a formula",
        "Formulas speak of the network's arrays, its deltas and its sizes.",
        "Take the name that the message asks for; biases need --bias, lam needs --l2.",
        "2 2 2 --claim 'A_h.T @ (A_oot - Y)'",
    ),
    "GS012": Explained(
        "shapes in a formula that do not go together",
        "Operands do not fit, or the formula has not the shape of what J is differentiated by.",
        "Transpose an operand, write @ for *, or give equal sizes one name.",
        "4 3 5 --n 3 --claim 'delta_out @ A_h.T'",
    ),
    "GS013": Explained(
        "what formulas do not have",
        "Formulas have NumPy's operators and the functions that the README lists.",
        "Write it with those.",
        "2 2 2 --claim 'A_h.T @ np.round(delta_out)'",
    ),
    "GS020": Explained(
        "code that cannot be checked",
        "There is no pair of functions in the file, or they cannot be run without numbers.",
        "Name them NAME_forward and NAME_backward; say shapes with --shape.",
        "--code nowhere.py",
    ),
    "GS021": Explained(
        "an attribute that arrays without numbers have not",
        "NumPy's arrays have it, and what stands for them while a function is traced has not.",
        "Write it with the attributes that the message gives.",
        python="raise MissingError('X.strides is not supported')",
    ),
    "GS022": Explained(
        "checks that cannot be read",
        "--all runs the tables [tool.gradcheck-sym.checks.NAME] of the nearest pyproject.toml.",
        "Write one with sizes or code, and with the names of options as its keys.",
        "--all",
    ),
    "GS070": Explained(
        "a bug in this tool",
        "A difference quotient contradicts a verdict, or the tool broke; exit code 70.",
        "Report it, with the command.",
    ),
    "GS101": Explained(
        "the claim is a factor times the derivative",
        "A 1/n for a mean that J is not, a 2 of a squared error, or a sign.",
        "Take the factor away, or say --mean where J is one.",
        "m d t --n n --claim 'A_h.T @ delta_out / n'",
    ),
    "GS102": Explained(
        "the claim is the transpose of the derivative",
        "It has the gradient's shape by chance, since two sizes are equal.",
        "Transpose it.",
        "3 2 2 --claim 'delta_out.T @ A_h'",
    ),
    "GS103": Explained(
        "a part of the claim stands where another belongs",
        "With this one change the formula is proved to be the derivative.",
        "Take the formula that is said to be right.",
        "2 2 2 --claim '(1 - A_h).T @ delta_out'",
    ),
    "GS104": Explained(
        "a factor, a divisor or a term too many",
        "Without it the formula is proved to be the derivative.",
        "Take it away.",
        "2 2 2 --claim 'A_h.T @ (delta_out * (1 - A_out))'",
    ),
    "GS105": Explained(
        "a factor, a divisor or a term is missing",
        "With it the formula is proved to be the derivative: a slope, a penalty, a bias.",
        "Put it in.",
        "2 2 2 --l2 --claim 'A_h.T @ (A_out - Y)'",
    ),
    "GS106": Explained(
        "the claim holds under a hypothesis",
        "It is wrong for some real Y, and proved for those that the hypothesis allows.",
        "Say so with --assume, if your Y are such.",
        "2 2 2 --output-activation softmax --loss ce",
    ),
    "GS201": Explained(
        "proved at these sizes, and not at all",
        "The claim was asked at all sizes as well, and is refuted there.",
        "Take the formula that holds for m d t --n n.",
        "2 2 2 --claim 'A_h.T @ delta_out / n'",
    ),
    "GS202": Explained(
        "the shapes fit by chance",
        "Where the named sizes are not equal, or not that number, NumPy refuses the formula.",
        "Write it so that it fits m d t --n n.",
        "2 2 2 --claim 'A_h.T * delta_out'",
    ),
}

_DIAGNOSES = {
    "GS101": r" is \S.* × the (derivative|gradient)$",
    "GS102": r" the transpose of the derivative$| the gradient transposed$",
    "GS103": r" has .+ where .+ belongs(, if .+)?$",
    "GS104": r" too many(, if .+)?$",
    "GS105": r" lacks ",
    "GS106": r"^it is right if .+ \(proved\)",
}
HYPOTHESIS = "GS106"


def code_of(diagnosis: str) -> str | None:
    """The code of a sentence on what is wrong.

    >>> code_of("the claim is 1/n × the derivative")
    'GS101'
    """
    first = diagnosis.partition("; line ")[0]  # what the whole is, then where that comes from
    found = (code for code, pattern in _DIAGNOSES.items() if re.search(pattern, first))
    return next(found, None)
