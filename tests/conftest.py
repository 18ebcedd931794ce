"""Hypothesis without a deadline; the same examples on every run in CI."""

import os

import pytest
from hypothesis import settings

from gradcheck_sym.mlp.diagnosis import Diagnosis

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture
def verdicts_alone(monkeypatch):
    """Nothing is said beside a verdict: diagnoses and remarks are tested elsewhere."""
    nothing = lambda *_: Diagnosis(None, None, ())  # noqa: E731
    monkeypatch.setattr("gradcheck_sym.mlp.diagnosis.diagnose", nothing)
    monkeypatch.setattr("gradcheck_sym.mlp.diagnosis.missing", lambda *_: None)
    monkeypatch.setattr("gradcheck_sym.argument.remarked", lambda *_, **__: ())
