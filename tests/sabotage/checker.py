"""Mutants of the trusted part: the tests of `tests/check` have to notice each."""

from __future__ import annotations

import gc
import os
import sys
from time import perf_counter

import mpmath  # noqa: F401 - imported here once, for all the processes
import pytest

from tests.sabotage.equivalent import EQUIVALENT
from tests.sabotage.mutants import Mutant, mutants
from tests.sabotage.running import Planted, apart, forget, sampled, sources

SECONDS = 30.0
OK = pytest.ExitCode.OK
ARGUMENTS = ["-x", "-q", "--tb=no", "--no-header", "--no-summary", "--confcutdir=tests/check"]
ARGUMENTS += ["-p", "no:cacheprovider", "-p", "no:unraisableexception", "-o", "addopts="]
FOLDERS = ("gradcheck_sym/checker", "gradcheck_sym/term", "gradcheck_sym/values")
NAMED = ("check", "ring", "attacks", "obligations", "laws", "one_hot")
CHECK = [f"tests/check/test_{x}.py" for x in NAMED]
CHECK += ["tests/check/test_derivative.py", "tests/check/test_terms.py", "tests/test_witness.py"]
POINTS = [f"tests/test_{x}.py" for x in ("circular", "interval", "evaluator", "witness")]
FIRST = {  # the tests that are likeliest to notice
    "ring": "tests/check/test_ring.py",
    "monomials": "tests/check/test_ring.py",
    "polynomial": "tests/check/test_ring.py",
    "walks": "tests/check/test_terms.py",
    "laws": "tests/check/test_laws.py",
    "obligations": "tests/check/test_obligations.py",
    "one_hot": "tests/check/test_one_hot.py",
    "derivative": "tests/check/test_derivative.py",
    "functions": "tests/check/test_derivative.py",
    "terms": "tests/check/test_terms.py",
}


def tests_of(file: str) -> list[str]:
    """The tests that a mutant of a file has to pass, the sharpest first."""
    name = file.rsplit("/", 1)[1].removesuffix(".py")
    if name in ("witness", "evaluator", "interval", "circular"):
        return [*POINTS, CHECK[0]]
    first = [FIRST[name]] if name in FIRST else []
    return [*first, *(test for test in CHECK if test not in first)]


def run(count: int | None, seed: int, only: str = "") -> bool:
    """Print what survives and the counts; whether enough of the mutants are killed."""
    started = perf_counter()
    every = [m for file in sources(*FOLDERS) if only in file for m in mutants(file)]
    chosen = sampled(every, count, seed)
    forget("gradcheck_sym")  # the tests and what they test are imported by each mutant's process
    for file in dict.fromkeys(m.file for m in chosen):
        if not passes(tests_of(file)):
            raise SystemExit(f"the tests of {file} fail without any mutant")
    gc.freeze()  # what stands here already is nothing that a fork has to look through
    killed, explained, survivors = 0, [], []
    for mutant in chosen:
        if not survives(mutant):
            killed += 1
        elif mutant.change in EQUIVALENT:
            explained.append(mutant)
        else:
            survivors.append(mutant)
            print(f"survived  {mutant}", flush=True)
    for mutant in explained:
        print(f"equivalent  {mutant}\n            {EQUIVALENT[mutant.change]}")
    unknown = [x for x in EQUIVALENT if x not in {m.change for m in every}]
    for change in unknown if not only else ():
        print(f"no such mutant any more  {change}")
    share = killed / max(1, killed + len(survivors))
    print(
        f"checker: {len(chosen)} mutants of {len(every)}, {killed} killed, "
        f"{len(survivors)} survived ({share:.1%} killed), {len(explained)} equivalent; "
        f"{perf_counter() - started:.0f} s"
    )
    return share >= 0.95


def survives(mutant: Mutant) -> bool:
    """Whether no test notices; one that takes too long or dies has noticed."""
    return passes(tests_of(mutant.file), mutant)


def passes(tests: list[str], mutant: Mutant | None = None) -> bool:
    """Whether the tests pass, in a process of their own."""

    def work() -> bool:
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        if mutant:
            sys.meta_path.insert(0, Planted(mutant))
        return all(pytest.main([*ARGUMENTS, test]) == OK for test in tests)

    return bool(apart(work, SECONDS))
