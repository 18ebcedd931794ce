"""The words and signs of answers, in a sentence or two each, with other spellings of them."""

from __future__ import annotations

WORDS: dict[tuple[str, ...], str] = {
    ("proved", "✔"): "The checker replayed a proof: the claim holds for all real inputs, and at "
    "all sizes that are names.",
    ("refuted", "✘"): "At the point that is shown derivative and claim differ, in exact or in "
    "interval arithmetic.",
    ("undecided", "?"): "Neither a proof nor a point was found, for the reason that is given. It "
    "counts as neither; --timeout gives the search more time.",
    ("theorem",): "A statement that the checker made after it replayed a proof, with its "
    "conditions. Nothing else makes one.",
    ("checker",): "The small part that is trusted (gradcheck_sym/checker, the standard library "
    "alone): it replays proofs step by step, and searches for nothing.",
    ("prover",): "The search for a proof. Nobody believes it: what it finds is replayed.",
    ("proof", "replay"): "Lemmas and slopes, each with the law behind every step, as data. "
    "--steps tells it, --format json carries it, --replay checks it again.",
    ("lemma", "lemmas"): "An identity or a sign that a proof shows on its way and then uses, such "
    "as e^z_out = a_out/(1 − a_out).",
    ("side condition", "side conditions", "condition", "provided that"): "What has to hold beside "
    "real inputs, such as z_h[i,k] ≠ 0 at a kink; there is a point at which all of them hold.",
    ("hypothesis", "hypotheses", "assume", "assumed"): "What --assume adds: rows of Y that sum "
    "to 1, or entries that are 0 or 1, or -1 or 1. The claim is then proved for such Y alone.",
    ("one-hot", "onehot"): "A row of Y with a single 1 and zeros: --assume 'Y.sum(axis=1) == 1' "
    "and --assume 'Y**2 == Y' together.",
    ("derivative",): "∂J/∂w of an entry w, from the definition of J by the chain rule.",
    ("claim", "claimed"): "What is to be shown equal to the derivative: the textbook's formula, "
    "or yours.",
    ("entry", "entries"): "One number of an array, with its row and column from 1: w_out[1,2]. A "
    "row of a table with letters stands for all of them.",
    ("verdict", "verdicts"): "proved, refuted or undecided, for each entry.",
    ("audit", "difference quotient"): "(J(w + h) − J(w − h)) / 2h at a few points, in intervals "
    "of 100 digits, against each verdict: no rule of derivatives has a part in it.",
    (
        "point",
        "counterexample",
        "the other inputs that matter 0",
        "the rest any",
    ): "Values of the inputs, small "
    "ones, at which a claim fails. --reproduce writes a script in NumPy that shows it.",
    ("interval", "[0.1, 0.2]"): "Two decimals that surely enclose a number.",
    ("kink",): "Where a function has no derivative, such as relu at 0. Nothing is claimed there.",
    ("witness",): "A point at which all conditions of a theorem hold, so that it is about "
    "something.",
    ("difference",): "Derivative − claim, made simple: what is left where a claim is wrong.",
    ("δ_out", "delta_out", "δ", "delta", "error term"): "∂J/∂z_out, the error at the output: A_out "
    "− Y for sigmoid with bce, and for softmax with ce if rows of Y sum to 1.",
    ("δ_h", "delta_h"): "∂J/∂z_h, the error at the hidden layer: (δ_out W_outᵀ) · φ′(z_h).",
    ("φ", "phi", "activation"): "The activation of a layer, A = φ(Z): sigmoid unless another is "
    "given.",
    ("φ′", "phi′", "phi_prime", "slope"): "The derivative of the activation, entry by entry: A (1 "
    "− A) for sigmoid, 1 − A**2 for tanh, [Z > 0] for relu.",
    ("[z > 0]", "[u > 0]", "indicator"): "1 where z > 0, else 0: the slope of relu, away from 0.",
    ("λ", "lam", "penalty", "l2"): "The weight of the penalty that --l2 adds: λ/2 times the "
    "squares of all weights, so that each gradient has a term λ·W.",
    ("J", "loss"): "The loss: a sum over examples and outputs; --mean divides it by n.",
    ("examples", "n"): "Rows of X and of Y; a name such as n stands for every number of them.",
    ("sizes", "m", "d", "t"): "Units of the input, the hidden and the output layer. A name "
    "stands for every positive integer.",
    ("z_out", "a_out", "z_h", "a_h"): "What enters a layer's activation (Z) and what leaves it "
    "(A), a row for each example: z_out[i,j] is the sum over k of a_h[i,k]·w_out[k,j].",
    ("sigmoid", "σ", "logistic"): "1/(1 + e^(−z)).",
    ("X", "Y", "W_h", "W_out", "b_h", "b_out", "weights", "bias"): "The inputs: examples (X) and "
    "what outputs are held against (Y), a row each; weights (W) and biases (b) of the layers.",
    ("chain rule",): "∂J/∂w as a product of slopes along the way from J to w: by what leaves a "
    "unit, by what enters it, by the weight. --steps shows each.",
    ("normal form",): "A product or sum multiplied out, its terms in one order: two formulas that "
    "are equal by the rules of arithmetic alone have the same one.",
    ("where", "max", "case"): "A choice between two values, as np.where: max(0, z) is z where z > "
    "0, else 0.",
    ("remark", "but"): "What a proof rests on that may be chance, such as n = 1, or equal sizes.",
    ("general entry", "so each of the entries"): "One proof, at letters instead of numbers, for "
    "all entries at once.",
}
