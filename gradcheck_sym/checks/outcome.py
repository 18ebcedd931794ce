"""What a check's process has printed → findings, or a JSON document; the worst exit code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcheck_sym.checks.config import Check
from gradcheck_sym.checks.running import Ran
from gradcheck_sym.exit_codes import BAD_INPUT, BUG, OF_VERDICTS, WORST_FIRST
from gradcheck_sym.render.exchange import read
from gradcheck_sym.render.finding import ERROR, Finding
from gradcheck_sym.render.json_head import merged, place

KINDS = {0: "proved", 1: "refuted", 3: "undecided"}  # of exit codes
NOBODYS = "gradcheck-sym"  # what a finding is about that is about no network and no function


@dataclass(frozen=True)
class Outcome:
    """A check, its exit code, and what was found; `said` is what its process said on stderr."""

    check: Check
    code: int
    findings: tuple[Finding, ...]
    said: tuple[str, ...]
    seconds: float

    @property
    def kind(self) -> str:
        """proved, refuted, undecided, or error."""
        return KINDS.get(self.code, ERROR)


def outcome(ran: Ran) -> Outcome:
    """The findings of a check, named after it; where claims stand in no file, its table does."""
    try:
        found = read(ran.out)
        code = _code(ran, [one.verdict for one in found])
    except ValueError:
        found, code = [Finding(ERROR, NOBODYS, "not answered", (_died(ran),))], _failed(ran)
    name = ran.check.name
    named = (
        replace(
            one,
            subject=name if one.subject == NOBODYS else f"{name}: {one.subject}",
            source=one.source or ran.check.source,
        )
        for one in found
    )
    told = {line for one in found if one.verdict == ERROR for line in one.lines}
    said = [line.removeprefix("gradcheck-sym: ") for line in ran.err.splitlines()]
    said = [line for line in said if line.removeprefix("not checked: ") not in told]
    return Outcome(ran.check, code, tuple(named), tuple(said), ran.seconds)


def worst(codes: Iterable[int]) -> int:
    """The worst exit code: a bug, then refuted, bad input, undecided, proved."""
    return min(codes, key=WORST_FIRST.index)


def document(all_ran: Sequence[Ran]) -> tuple[str, list[Outcome]]:
    """One JSON document of the documents of all checks, each claim with the name of its check.

    And the outcomes, without the findings, which stand there.
    """
    found: dict[str, dict[str, Any]] = {}
    outcomes: list[Outcome] = []
    for ran in all_ran:
        try:
            found[ran.check.name] = json.loads(ran.out)
            verdicts = [claim["verdict"] for claim in found[ran.check.name]["claims"]]
            verdicts += [ERROR for _ in found[ran.check.name]["errors"]]
            outcomes.append(Outcome(ran.check, _code(ran, verdicts), (), (), ran.seconds))
        except ValueError:
            outcomes.append(Outcome(ran.check, _failed(ran), (), (), ran.seconds))
            error = {"kind": "Bug", "message": _died(ran), "code": "GS070"}
            found[ran.check.name] = {"versions": {}, "errors": [error], "claims": []}
            continue
        for claim in found[ran.check.name]["claims"]:
            claim["source"] = claim["source"] or place(ran.check.source)
    code = worst(one.code for one in outcomes)
    return json.dumps(merged(found, code), indent=2), outcomes


def _code(ran: Ran, verdicts: Sequence[str]) -> int:
    """The worst of what a process ended with and of what it found; raises `ValueError` for none."""
    if not verdicts:
        raise ValueError("it found nothing")
    codes = [OF_VERDICTS.get(verdict, BAD_INPUT) for verdict in verdicts]
    return worst([ran.code if ran.code in WORST_FIRST else BUG, *codes])


def _failed(ran: Ran) -> int:
    """Of a process that said nothing that can be read, whatever it ended with."""
    return ran.code if ran.code in WORST_FIRST and ran.code not in OF_VERDICTS.values() else BUG


def _died(ran: Ran) -> str:
    last = (ran.err.strip().splitlines() or ["it said nothing"])[-1]
    return f"its process ended with {ran.code}: {last.removeprefix('gradcheck-sym: ')}"
