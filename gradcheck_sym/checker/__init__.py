"""TRUSTED: the checker. It replays proofs, and it alone makes a `Theorem`.

To believe what is proved one reads this folder and `term/`, which is all that it imports.
"""
