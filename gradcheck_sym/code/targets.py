"""Inputs of losses that are targets, and no predictions, by their names."""

from __future__ import annotations

import re

SURE_TARGETS = re.compile(r"(?:y_?)?(?:true|targets?|labels?|truth|actual|expected|desired)")
TARGETS = re.compile(SURE_TARGETS.pattern + "|[yYtT]")
PREDICTED = re.compile(r"(?:y_?)?(?:pred|hat|prob|out|score|logit)\w*|[apz]")
