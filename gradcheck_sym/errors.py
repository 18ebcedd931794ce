"""Bad questions. Each message is one line that names the input and the mend."""

from __future__ import annotations


class GradcheckError(Exception):
    """Any question that this tool cannot take; the command line exits with 2."""


class SizeError(GradcheckError):
    """A size is neither a positive integer nor a name, or there are too few or too many."""


class CostError(GradcheckError):
    """The sizes are sound, and the work would not fit in time or memory."""


class ShapeError(GradcheckError):
    """Shapes that do not go together."""


class OutputError(GradcheckError):
    """The output file cannot be written."""


class Disagreement(Exception):
    """The audit and the reverse-mode derivative contradict each other: a bug in this tool."""
