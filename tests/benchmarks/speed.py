"""The first table: whole processes against the import of SymPy and against the alternatives."""

from __future__ import annotations

from collections.abc import Sequence

from alternatives import HAS_TORCH, IMPORT, TITLES, Alternative, alternatives
from measure import Runs, measure
from questions import Question
from tables import ratio, table

HEAD = ("gradcheck-sym", "time", "peak", "time ÷ import", "target", "met", "proof alone")
NOTES = """\
Times are the least of the repetitions, of whole processes. Import: the bare
`python -c "import sympy, click, rich"`. SymPy script: J written out in full with a symbol for
each input and weight, then `simplify(diff(J, w) - claim) == 0` for each w; ≈: one entry was
measured and multiplied. Plain loop: forms the 2·d·t·n monomials of the claim as tuples, and
imports, compares and prints nothing. Proof alone: the search for the proofs and their replay by the
checker, without imports and output. —: not run."""
TORCH_NOTE = """\
torch gradcheck: `torch.autograd.gradcheck` with its defaults, at one random point in double
precision, on a hand-written backward pass that returns `A_h.T @ (A_out - Y)`."""
NO_TORCH_NOTE = "torch is not installed: `pip install torch` adds the column of its gradcheck."


def speed(questions: Sequence[Question], repeat: int, *, slow: bool) -> str:
    """Measure the questions and their alternatives; the table and what it needs to be read."""
    others = {question: list(alternatives(question, slow=slow)) for question in questions}
    commands = [IMPORT, *(question.command for question in questions)]
    commands += [question.proof for question in questions if question.proved]
    commands += [other.command for found in others.values() for other in found]
    runs = measure(commands, repeat)

    head = [*HEAD, *(f"{title} ÷ time" for title in TITLES)]
    body = table(head, [_row(question, others[question], runs) for question in questions])
    alone = f"The import alone: {runs.seconds(IMPORT):.2f} s, {runs.peak(IMPORT) / 1e6:.0f} MB."
    notes = f"{NOTES} {alone}\n{TORCH_NOTE if HAS_TORCH else NO_TORCH_NOTE}{runs.warning()}"
    return f"{body}\n\n{notes}"


def _row(question: Question, others: Sequence[Alternative], runs: Runs) -> list[str]:
    name, target = f"`{question.text}`", str(question.target)
    seconds, peak = runs.seconds(question.command), runs.peak(question.command)
    start = runs.seconds(IMPORT)
    met = "yes" if question.target.met(seconds, peak, start) else "NO"
    measured = [f"{seconds:.2f} s", f"{peak / 1e6:.0f} MB", ratio(seconds / start)]
    alone = _alone(question, runs) if question.proved else "—"
    compared = {other.title: _compared(other, seconds, runs) for other in others}
    return [name, *measured, target, met, alone, *(compared.get(title, "—") for title in TITLES)]


def _alone(question: Question, runs: Runs) -> str:
    """What the search for the proofs and their replay take, in milliseconds."""
    return f"{min(float(run.output) for run in runs[question.proof]) * 1000:.0f} ms"


def _compared(other: Alternative, seconds: float, runs: Runs) -> str:
    about = "≈ " if other.parts > 1 else ""
    return about + ratio(other.seconds(runs) / seconds)
