from __future__ import annotations

import mpmath
import pytest


@pytest.fixture(autouse=True)
def _many_digits():
    with mpmath.workdps(40):
        yield
