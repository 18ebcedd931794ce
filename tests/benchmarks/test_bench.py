"""The benchmark runs; how fast anything is depends on the machine and is not tested."""

import subprocess
import sys
from pathlib import Path


def test_the_benchmark_prints_both_tables():
    script = Path(__file__).with_name("bench.py")
    ran = subprocess.run(
        [sys.executable, script, "--quick"], capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stderr
    machine, *lines = ran.stdout.splitlines()
    assert "cores" in machine
    assert "SymPy" in machine
    names = [line.split("|")[1].strip(" -") for line in lines if line.startswith("|")]
    assert names == ["gradcheck-sym", "", "`2 2 2`", "size", "", "d", "t", "n", "m"]
    assert "SymPy script ÷ time" in ran.stdout
