"""The user's function is run, with what it takes from NumPy and Python replaced for the while."""

from __future__ import annotations

import math
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from math import isfinite
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from gradcheck_sym.array import Constant
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.deadline import OutOfTime
from gradcheck_sym.errors import ArrayError, CodeError, GradcheckError, raised
from gradcheck_sym.term.terms import Pi
from gradcheck_sym.trace.by_place import given_by_place
from gradcheck_sym.trace.calls import called
from gradcheck_sym.trace.context import Trace, tracing
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.creation import ALWAYS, MADE, for_users, where_needed
from gradcheck_sym.trace.drawing import drawing
from gradcheck_sym.trace.generators import in_a_trace
from gradcheck_sym.trace.guard import guarded
from gradcheck_sym.trace.made_before import none_made_before
from gradcheck_sym.trace.naming import naming
from gradcheck_sym.trace.numbers import CARRIED_OUT, OF_ALL, carried_out
from gradcheck_sym.trace.python import BUILTINS, MATH
from gradcheck_sym.trace.replaced import Instead, replaced, replacements
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import is_users

NO_LOG = mock.patch("logging.raiseExceptions", new=False)  # what cannot be logged is told as such


def run(
    trace: Trace, function: Callable[..., Any], *args: Any, given: Mapping[str, Any] | None = None
) -> Any:
    """What the function returns; raises `CodeError`, which names the line."""
    named = dict(given or {})
    args = (*args, *(named.pop(name) for name in given_by_place(function, named)))
    with tracing(trace), _replaced(function), naming(is_users), NO_LOG:
        try:
            with none_made_before(), guarded():
                result = function(*args, **named)
        except OutOfTime:
            raise
        except GradcheckError as error:
            raise CodeError(_where(error, str(error), function)) from None
        except RecursionError as error:
            raise CodeError(_where(error, "it calls itself too often", function)) from None
        except SystemExit as error:
            raise CodeError(_where(error, "it exits", function)) from None
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            said = _where(error, f"it raises {raised(error)}", function)
            raise CodeError(said, kind=type(error)) from None
    if isinstance(trace.raised, OutOfTime):
        raise trace.raised
    if trace.raised is not None:
        raise CodeError(_where(trace.raised, f"{trace.raised}, which is caught", function))
    return result


@contextmanager
def users_errors() -> Iterator[None]:
    """Raise `CodeError` for what the user's own code raises, in whatever we ask of its objects."""
    try:
        with guarded():
            yield
    except (GradcheckError, OutOfTime):
        raise
    except SystemExit as error:
        raise CodeError(_where(error, "it exits", None)) from None
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        if not is_users(frames[-1].filename):
            raise
        said = _where(error, f"it raises {raised(error)}", None)
        raise CodeError(said, kind=type(error)) from None


def _where(error: BaseException, said: str, function: Callable[..., Any] | None) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_users(f.filename)]
    if not frames:
        return f"{getattr(function, '__name__', 'the function')}: {said}"
    last = frames[-1]
    return f"{Path(last.filename).name}:{last.lineno}, in {last.name}: {said}"


@contextmanager
def _replaced(function: Callable[..., Any]) -> Iterator[None]:
    import numpy as np

    ours: dict[ModuleType, dict[str, Any]] = {np: {}, np.random: {}, math: {}}
    for module, functions, how in (
        (np, MADE, where_needed),
        (np, ALWAYS, for_users),
        (np.random, drawing(np.random.__all__), in_a_trace),
    ):
        for name, traced in functions.items():
            ours[module][name] = how(getattr(module, name), traced)
    for name in CARRIED_OUT:
        ours[np][name] = _of_numbers(name, getattr(np, name))
    for name, real in MATH.items():
        ours[math][name] = _of_math(name, real)
    for module in (np, math):
        ours[module]["pi"] = Traced(Constant(Pi()), scalar=True)
        ours[module]["e"] = Traced(OPERATIONS["exp"](1), scalar=True)
    ours = {module: replacements(module, named) for module, named in ours.items()}
    ours[np]["random"] = Instead(np.random, ours[np.random])
    vectorized = mock.patch.object(np.vectorize, "__call__", _vectorized(np.vectorize))
    with vectorized, replaced(function, ours, np.random, BUILTINS):
        yield


def _of_math(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(real)
    def function(x: Any, *more: Any) -> Any:
        if isinstance(x, Traced | Count):
            if more:
                raise ArrayError(f"math.{name} of {1 + len(more)} numbers is not supported")
            return called(name, x)
        plain = name in CARRIED_OUT and not more and isinstance(x, int | float)
        return carried_out(name, x) if plain and _is_meant(name, x) else real(x, *more)

    return function


def _is_meant(name: str, x: float) -> bool:
    return isfinite(x) and (x > 0 or name in OF_ALL)


def _of_numbers(name: str, real: Any) -> Any:
    """A function of NumPy's: of a plain number in the user's code as it is written."""

    @wraps(real)
    def function(*args: Any, **options: Any) -> Any:
        plain = len(args) == 1 and not options and isinstance(args[0], int | float)
        if plain and _is_meant(name, args[0]) and is_users(sys._getframe(2).f_code.co_filename):
            return carried_out(name, args[0])
        return real(*args, **options)

    return function


def _vectorized(kind: type) -> Callable[..., Any]:
    """What a function does that np.vectorize made of one of Python's."""
    real: Callable[..., Any] = kind.__call__
    names = {function: name for name, function in MATH.items()}

    def call(self: Any, *args: Any, **options: Any) -> Any:
        if not any(isinstance(arg, Traced) for arg in args):
            return real(self, *args, **options)
        name = names.get(getattr(self.pyfunc, "__wrapped__", self.pyfunc))
        if name is None or len(args) != 1 or options:
            raise ArrayError("np.vectorize is not supported: write it with NumPy's functions")
        return called(name, *args)

    return call
