"""What `gradcheck-sym --help` says before and after the options."""

from __future__ import annotations

HELP = """Prove the gradient of a neural network, entry by entry.

\b
Examples:
  gradcheck-sym 2 2 2                      dJ/dW_out of 2-2-2, one example
  gradcheck-sym 4 3 5 --n 3                4-3-5, three examples
  gradcheck-sym m d t --n n                all sizes, all numbers of examples
  gradcheck-sym 2 2 2 --claim 'A_h.T @ (A_out - Y)'
  gradcheck-sym 4 3 5 --n 3 --bias --wrt all
  gradcheck-sym 4 8 3 --hidden relu --loss mse --wrt W_h
  gradcheck-sym 4 3 5 --n 3 --audit        with difference quotients
  gradcheck-sym 2 2 2 --format json -o proof.json
  gradcheck-sym explain GS103              what a code or a word means
  gradcheck-sym --replay proof.json        replay its proofs
  gradcheck-sym 2 2 2 --steps --format html -o proof.html
  gradcheck-sym --code layers.py --shape x=n,d --shape w=d,t --shape b=t
  gradcheck-sym --all                      the checks in pyproject.toml

SIZES are those of the layers from the input to the output, at least two: M D T is one hidden
layer. The derivative of the loss J by each entry of a parameter is taken symbolically, and is
shown to equal the textbook's formula, or yours, for all real inputs, not at sample points.
"""

EPILOG = """\b
Exit codes: 0 proved, 1 refuted, 2 bad input, 3 undecided, 70 a bug here,
130 interrupted, 141 the reader of the output went away.
Docs: docs/tutorial.md, docs/usage.md, docs/backward.md beside the source.
"""
