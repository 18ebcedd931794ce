"""Proofs as plain JSON, which anybody can keep, read and replay. Imports `term/` and `checker/`.

A report of `--format json` has a list `"proofs"`, one object for each proof:

    {"format": 1,
     "statement": {
        "letters": {"i": "n", "k": "d", "i.2": "n", …},   each index and how far it runs
        "terms": ["…", …],                                long terms that are used twice: #1, …
        "definitions": {"Z_h": {"at": ["i", "k"], "is": "sum(l, (X[i,l] * W_h[l,k]))"}, …},
        "loss": "…", "wrt": "W_out", "at": ["p", "q"], "claim": "…",
        "hypotheses": [{"for": ["i"], "left": "sum(j, Y[i,j])", "right": "1"}],
        "positive": ["lam"],                              scalars that are assumed to be > 0
        "needs": [{"u": "…", "relation": ">", "guards": [{"u": "…", "positive": true}]}]},
     "proof": {
        "letters": {…}, "terms": […],                     those that the statement lacks
        "reasons": [{"value": "…", "by": ARGUMENT}, …],   why an obligation holds: u = value
        "parts": [{"lemma": ["i"], "left": "…", "right": "…", "by": ARGUMENT}, …,
                  {"slope": "W_out", "at": ["p", "q"], "value": "…", "by": ARGUMENT,
                   "reasons": [1, null]}],
        "needs": [null],                                  reasons for what the statement needs
        "witness": {"sizes": {"n": 2}, "everywhere": {"X": "1/2"}, "values": {"Y[1,2]": "3"}}}}

An ARGUMENT is a list of steps, {"case": u, "above": ARGUMENT, "below": ARGUMENT}, or {"cancel":
factor, "reason": 1, "by": ARGUMENT}. A step is {"law": "u/u = 1", "of": ["x[]"], "times": "…",
"over": ["i"], "reasons": [1]}; laws are also "definition" of a name and indices, "lemma" and
"hypothesis" of a number and indices, "one-hot" of the number of a hypothesis that rows sum to 1,
the indices of an entry and one more along the row, "case" of a number. Numbers count from 1, a
reason or a term speaks of those before it, a null is an obligation that is seen at once or a
condition, and what is empty may be left out. Fractions are texts. Names are ASCII, no array is
named as a size is, and the proofs of one report are of one J, with one set of definitions. A proof
is of the entries that its statement speaks of: a letter stands for all of its range.
"""
