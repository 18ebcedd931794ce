"""The activations and losses: a name and a value, in the language that users type.

z is an entry before the activation, a after it, y what it is held against; s is the row's
sum of e^z, for those that are no function of one entry. The derivatives are derived.

Source: Bertrand (2023), "Why is ∂J/∂W^(out) = (A^(h))ᵀ δ^(out)?", for sigmoid and bce.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from gradcheck_sym.errors import RuleError

ACTIVATIONS = {
    "sigmoid": "1 / (1 + exp(-z))",
    "tanh": "tanh(z)",
    "relu": "where(z > 0, z, 0)",
    "leaky_relu": "where(z > 0, z, 0.01*z)",
    "softplus": "log(1 + exp(z))",
    "elu": "where(z > 0, z, exp(z) - 1)",
    "silu": "z / (1 + exp(-z))",
    "gelu": "z * (1 + erf(z / sqrt(2))) / 2",
    "identity": "z",
}

ROWWISE = {  # for the output alone
    "softmax": "exp(z) / s",
    "log_softmax": "z - log(s)",
}

LOSSES = {
    "bce": "-(y*log(a) + (1 - y)*log(1 - a))",
    "ce": "-y*log(a)",
    "nll": "-y*a",
    "mse": "(a - y)**2",
    "half_mse": "(a - y)**2 / 2",
    "hinge": "maximum(0, 1 - y*a)",
}

ALIASES = {
    **{"swish": "silu", "none": "identity", "linear": "identity", "lrelu": "leaky_relu"},
    **{"leakyrelu": "leaky_relu", "logistic": "sigmoid", "logsoftmax": "log_softmax"},
    **{"logloss": "bce", "log_loss": "bce", "binary_cross_entropy": "bce"},
    **{"binary_crossentropy": "bce", "categorical_crossentropy": "ce"},
    **{"squared_error": "mse", "l2_loss": "mse"},
}
EITHER = dict.fromkeys(  # words that mean two things
    ("cross_entropy", "crossentropy", "xent"),
    "bce (for each output) or ce (for each row, beside softmax)",
)

KINDS = {
    "hidden": ("activation", ACTIVATIONS, "a formula in z, such as 'z/(1 + exp(-z))'"),
    "output": ("activation", {**ACTIVATIONS, **ROWWISE}, "a formula in z"),
    "loss": ("loss", LOSSES, "a formula in y and a, such as '(a - y)**2'"),
}
LETTERS = ("z", "y", "a")  # a word that is one of these is a formula
WORDS = re.compile(r"[^\W\d]\w*([-\s][^\W\d]\w*)*")


def rule_name(given: str, option: str) -> str:
    """The name of a rule as the tables have it, or the formula that was given instead.

    `option` is hidden, output or loss. Raises `RuleError` for a word that is neither.
    """
    kind, table, formula = KINDS[option]
    flag = "output-activation" if option == "output" else option
    if not isinstance(given, str):
        raise RuleError(f"--{flag} {given!r}: give a name, or {formula}")
    text = given.strip()
    name = re.sub(r"[-\s]", "_", text.lower())
    name = ALIASES.get(name, name)
    if name in table:
        return name
    if option == "loss" and name in EITHER:
        raise RuleError(f"--loss {text}: did you mean {EITHER[name]}?")
    if WORDS.fullmatch(text) and not {*LETTERS} & {*re.split(r"[-\s]", text)}:
        if option == "hidden" and name in ROWWISE:
            raise RuleError(
                f"--{flag} {text}: it is for the output layer; use --output-activation {text}"
            )
        either = EITHER if option == "loss" else {}
        close = get_close_matches(name, [*table, *ALIASES, *either], n=1)
        meant = [either.get(ALIASES.get(word, word), ALIASES.get(word, word)) for word in close]
        known = meant and (meant[0] in table or meant[0] in either.values())
        mend = f"did you mean {meant[0]}" if known else f"there are {', '.join(table)}"
        raise RuleError(f"--{flag} {text}: no such {kind}; {mend}; or give {formula}")
    return text


def truth(name: str, given: object) -> bool:
    """True or False, NumPy's as well. Raises `RuleError`: anything else would count as True."""
    if type(given).__name__ not in ("bool", "bool_"):
        raise RuleError(f"{name} is {given!r}: give True or False")
    return bool(given)


def known_rule(name: str, table: Mapping[str, str]) -> str:
    """The formula of that name, or the formula that it is."""
    return table.get(name, name)
