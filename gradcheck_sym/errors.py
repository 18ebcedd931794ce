"""Bad questions. Each message is one line that names the input and the mend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

WIDTH = 76  # characters of a formula that a message shows


def printable(text: str) -> str:
    """The text on one line, with escapes for control characters that a user may have given."""
    signs = (c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return "".join(signs)


class GradcheckError(Exception):
    """Any question that this tool cannot take; the command line exits with 2.

    `noticed` is told of each one when it is made, since whoever calls us may catch it. `code` is
    what `gradcheck-sym explain` knows it by.
    """

    code = ""
    noticed: ClassVar[Callable[[Exception], None]] = staticmethod(lambda _: None)

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        GradcheckError.noticed(self)

    def __str__(self) -> str:
        return printable(super().__str__())


class SizeError(GradcheckError):
    """A size is neither a positive integer nor a name, or there are too few or too many."""

    code = "GS001"


class RuleError(GradcheckError):
    """No activation or loss of that name, or no parameter of that name."""

    code = "GS002"


class AssumptionError(GradcheckError):
    """A hypothesis that this tool cannot make use of."""

    code = "GS003"


class CostError(GradcheckError):
    """The sizes are sound, and the work would not fit in time or memory."""

    code = "GS004"


class ClaimFileError(GradcheckError):
    """The claims could not be read."""

    code = "GS005"


class ConfigError(GradcheckError):
    """The checks in pyproject.toml could not be read, or are none."""

    code = "GS022"


class ShapeError(GradcheckError):
    """Shapes that do not go together."""

    code = "GS008"


class ArrayError(GradcheckError):
    """What arrays do not do or take: their entries are formulas, not numbers."""

    code = "GS009"


class MissingError(ArrayError, AttributeError):
    """An attribute that NumPy's arrays or Python's integers have, and these do not."""

    code = "GS021"


class CodeError(GradcheckError):
    """The user's functions cannot be run on arrays without numbers, or are not what was said.

    `defaults` are the parameters that kept theirs, where the functions fail with them, and `kind`
    is the type of what the user's own code raised, if it did.
    """

    code = "GS020"

    def __init__(
        self,
        *args: object,
        defaults: Sequence[str] = (),
        kind: type[BaseException] | None = None,
    ) -> None:
        super().__init__(*args)
        self.defaults, self.kind = tuple(defaults), kind


class NotProved(AssertionError):
    """A gradient that was to be proved is refuted or undecided."""


class FormulaError(GradcheckError):
    """A typed formula that says nothing, or nothing that fits here.

    `message` is one line; as a string it is followed by the text and by a caret under the
    place, which is `text[start:end]`.
    """

    code = "GS010"

    def __init__(self, message: str, text: str, start: int, end: int, code: str = "GS010") -> None:
        super().__init__(message, text, start, end)
        self.code = code
        self.message, self.text, self.start, self.end = message, text, start, end

    def __str__(self) -> str:
        first = max(0, min(self.start - WIDTH // 3, len(self.text) - WIDTH))
        window = self.text[first : first + WIDTH]
        shown = "".join(character if character.isprintable() else "?" for character in window)
        before = "…" if first else " "
        after = "…" if first + WIDTH < len(self.text) else ""
        carets = "^" * max(1, min(self.end, first + WIDTH) - self.start)
        mark = " " * (self.start - first) + carets
        return f"{printable(self.message)}\n {before}{shown}{after}\n  {mark}"


class OutputError(GradcheckError):
    """The output file cannot be written."""

    code = "GS006"


class Disagreement(Exception):
    """The audit and the reverse-mode derivative contradict each other: a bug in this tool."""


def raised(error: BaseException) -> str:
    """What users' code raises, as Python writes it; its own text may raise as well."""
    name = type(error).__name__
    try:
        text = str(error)
    except Exception:
        text = ""
    return f"{name}: {text}" if text else name
