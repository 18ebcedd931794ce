"""The examples in the docstrings."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from fractions import Fraction

import pytest

import gradcheck_sym
from gradcheck_sym.term import terms

NAMES = {**vars(terms), "Fraction": Fraction}  # which every module speaks of
MODULES = [
    module.name
    for module in pkgutil.walk_packages(gradcheck_sym.__path__, "gradcheck_sym.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name):
    module = importlib.import_module(name)
    assert not doctest.testmod(module, extraglobs={**NAMES, **vars(module)}).failed
