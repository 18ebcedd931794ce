"""Random networks, and the gradient by hand: backpropagation written out in NumPy's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.adversary.damage import damaged
from tests.adversary.rewriting import rewritten
from tests.adversary.scalars import Scalar, activation, loss, put

ROWS = "np.exp(Z_out)/np.exp(Z_out).sum(axis=1, keepdims=True)"
OPTIONS = ("n", "hidden", "output", "loss", "bias", "mean", "l2")
HYPOTHESES = ("Y.sum(axis=1) == 1", "Y**2 == Y", "Y**2 == 1")

SQUARE = "units"  # a name for more than one size
NAMED = (("m", "d", "t", "n"), (SQUARE, SQUARE, SQUARE, "n"), ("m", SQUARE, SQUARE, "n"))


@dataclass(frozen=True)
class Asked:
    """A question as it is typed, and whether the claim was made to be true."""

    layers: tuple[int | str, ...]
    n: int | str
    hidden: str
    output: str
    loss: str
    bias: bool
    mean: bool
    l2: bool
    wrt: str
    claim: str
    assume: tuple[str, ...] = ()
    made: str = "true"

    @property
    def names(self) -> tuple[str, ...]:
        """The layers' names: h or 1, 2, …, and out."""
        count = len(self.layers) - 2
        return (*(("h",) if count == 1 else map(str, range(1, count + 1))), "out")

    @property
    def options(self) -> dict[str, Any]:
        """What a network is made of beside its layers."""
        return {key: getattr(self, key) for key in OPTIONS}

    def __str__(self) -> str:
        sizes = " ".join(map(str, self.layers))
        rules = f"--hidden '{self.hidden}' --output-activation '{self.output}' --loss '{self.loss}'"
        flags = "".join(f" --{flag}" for flag in ("bias", "mean", "l2") if getattr(self, flag))
        assumed = "".join(f" --assume '{text}'" for text in self.assume)
        return f"{sizes} --n {self.n} {rules}{flags}{assumed} --claim '{self.wrt}: {self.claim}'"


def question(seed: int, number: int, *, cheap: bool = False) -> Asked:
    """The question of that number, the same whenever it is asked for; a cheap one is small."""
    random = Random(f"{seed}/{number}")
    asked = _right(random, cheap)
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        asked = replace(asked, claim=rewritten(asked.claim, asked, random))
    if random.random() < 0.5:
        asked = replace(asked, claim=damaged(asked.claim, asked, random), made="false")
    return asked


def _right(random: Random, cheap: bool) -> Asked:
    depth = random.choice((0, 0, 1) if cheap else (0, 1, 1, 1, 1, 2))
    rowwise = random.random() < 0.2
    hidden, output, losses = activation(random), activation(random), loss(random)
    if random.random() < 0.4:  # values between 0 and 1, which many losses need
        output = Scalar("1/(1 + exp(-z))", "A_out*(1 - A_out)")
    sizes = _sizes(random, depth + 3)
    if cheap:
        sizes = tuple(min(size, 2) if isinstance(size, int) else size for size in sizes)
    asked = Asked(
        layers=sizes[:-1],
        n=sizes[-1],
        hidden=hidden.value,
        output=random.choice(("softmax", "log_softmax")) if rowwise else output.value,
        loss=losses.value,
        bias=random.random() < 0.25,
        mean=random.random() < 0.2,
        l2=random.random() < 0.15,
        wrt="",
        claim="",
        assume=tuple(random.sample(HYPOTHESES, 1)) if random.random() < 0.25 else (),
    )
    parameters = [f"W_{name}" for name in asked.names]
    parameters += [f"b_{name}" for name in asked.names if asked.bias]
    asked = replace(asked, wrt=random.choice([parameters[-1], *parameters]))
    return replace(asked, claim=_gradient(asked, hidden, output, losses))


def _sizes(random: Random, count: int) -> tuple[int | str, ...]:
    if random.random() < 0.4:
        names = random.choice(
            (("m", "d", "t", "n"), ("units", "units", "units", "n"), ("m", "units", "units", "n"))
        )
        middle = [names[1]] * (count - 3)
        return (names[0], *middle, *names[2:])
    return tuple(random.choice((1, 1, 2, 2, 2, 3)) for _ in range(count))


def _gradient(asked: Asked, hidden: Scalar, output: Scalar, losses: Scalar) -> str:
    """The gradient by `asked.wrt`, from the output to the layer that it belongs to."""
    slope = put(losses.slope, {"y": "Y", "a": "A_out"})
    if asked.output == "softmax":
        delta = f"A_out*(({slope}) - (({slope})*A_out).sum(axis=1, keepdims=True))"
    elif asked.output == "log_softmax":
        delta = f"({slope}) - {ROWS}*((({slope}) + 0*Y).sum(axis=1, keepdims=True))"
    else:
        delta = f"({slope})*({put(output.slope, {'z': 'Z_out'})})"
    if not {"Y", "A_out", "Z_out"} & set(words(delta)):
        delta = f"({delta})*np.ones_like(Y)"
    if asked.mean:
        delta = f"({delta})/n"
    names = list(asked.names)
    own = asked.wrt[2:]
    while names[-1] != own:
        after, name = names.pop(), names[-1]
        delta = f"(({delta}) @ W_{after}.T)*({put(hidden.slope, {'z': f'Z_{name}'})})"
    if asked.wrt.startswith("b"):
        return f"({delta}).sum(axis=0)"
    source = f"A_{names[-2]}" if len(names) > 1 else "X"
    decay = f" + lam*{asked.wrt}" if asked.l2 else ""
    return f"{source}.T @ ({delta}){decay}"


def words(text: str) -> list[str]:
    """The names in a formula."""
    return re.findall(r"\b[A-Za-z]\w*", text)
