"""TRUSTED: the checker. It replays proofs, and it alone makes a `Theorem`.

To believe what is proved one reads this folder and `term/`; that the conditions of a theorem can
hold is seen with `values/`. It imports nothing else.
"""
