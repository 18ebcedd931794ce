"""The user's function is run, with what it takes from NumPy and Python replaced for the while."""

from __future__ import annotations

import builtins
import math
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from gradcheck_sym.deadline import OutOfTime
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.trace.calls import called
from gradcheck_sym.trace.context import Trace, tracing
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.creation import DRAWN, MADE, always, where_needed
from gradcheck_sym.trace.labels import LabelVector, Rows
from gradcheck_sym.trace.naming import naming
from gradcheck_sym.trace.traced import Traced

OURS = str(Path(__file__).parents[1])
PYTHONS = ("stdlib", "platstdlib", "purelib", "platlib")
NOT_USERS = ("<frozen", "<__array_function__", OURS, *map(sysconfig.get_path, PYTHONS))


def is_users(file: str) -> bool:
    """Whether a file is the user's, and not ours, Python's or that of an installed package."""
    return not file.startswith(NOT_USERS)


def run(
    trace: Trace, function: Callable[..., Any], *args: Any, given: Mapping[str, Any] | None = None
) -> Any:
    """What the function returns; raises `CodeError`, which names the line."""
    with tracing(trace), _replaced(function), naming(is_users):
        try:
            return function(*args, **(given or {}))
        except OutOfTime:
            raise
        except GradcheckError as error:
            raise CodeError(_where(error, str(error), function)) from None
        except RecursionError as error:
            raise CodeError(_where(error, "it calls itself too often", function)) from None
        except Exception as error:
            said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise CodeError(_where(error, f"it raises {said}", function)) from None
        except SystemExit as error:
            raise CodeError(_where(error, "it exits", function)) from None


def _where(error: BaseException, said: str, function: Callable[..., Any]) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_users(f.filename)]
    if not frames:
        return f"{getattr(function, '__name__', 'the function')}: {said}"
    last = frames[-1]
    return f"{Path(last.filename).name}:{last.lineno}, in {last.name}: {said}"


@contextmanager
def _replaced(function: Callable[..., Any]) -> Iterator[None]:
    import numpy as np

    with ExitStack() as stack:
        own: dict[Any, Any] = {}
        for module, functions, how in ((np, MADE, where_needed), (np.random, DRAWN, always)):
            for name, traced in functions.items():
                real = getattr(module, name)
                own[real] = how(real, traced)
                stack.enter_context(mock.patch.object(module, name, own[real]))
        for name, real in MATH.items():
            stack.enter_context(mock.patch.object(math, name, _of_math(name, real)))
        for names in _namespaces(function):
            imported = {k: own[v] for k, v in list(names.items()) if _is_one(v, own)}
            absent = {k: v for k, v in BUILTINS.items() if k not in names}
            stack.enter_context(mock.patch.dict(names, {**absent, **imported}))
        yield


def _is_one(value: object, replaced: dict[Any, Any]) -> bool:
    try:
        return callable(value) and value in replaced
    except TypeError:  # not hashable
        return False


def _namespaces(function: Callable[..., Any]) -> list[dict[str, Any]]:
    """The global names of the user's modules."""
    inner = getattr(function, "__func__", getattr(function, "__init__", function))
    own = getattr(function, "__globals__", getattr(inner, "__globals__", None))
    found = [own] if own is not None else []
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and is_users(file) and vars(module) is not own:
            found.append(vars(module))
    return found


def _of_math(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def function(x: Any, *more: Any) -> Any:
        return called(name, x) if isinstance(x, Traced | Count) else real(x, *more)

    return function


def _len(value: Any) -> Any:
    return value.shape[0] if isinstance(value, Traced | LabelVector) else builtins.len(value)


def _range(*bounds: Any) -> Any:
    if len(bounds) == 1 and isinstance(bounds[0], Count):
        return Rows(bounds[0].name)
    return builtins.range(*bounds)


def _number(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *value: (
        value[0] if value and isinstance(value[0], Traced | Count) else real(*value)
    )


def _isinstance(value: Any, kinds: Any) -> bool:
    import numpy as np

    wanted = kinds if isinstance(kinds, tuple) else (kinds,)
    if isinstance(value, Traced) and np.ndarray in wanted:
        return True
    return builtins.isinstance(value, kinds)


MATH = {name: getattr(math, name) for name in ("sqrt", "exp", "log", "tanh", "fabs", "erf")}
BUILTINS = {
    **{"len": _len, "range": _range, "isinstance": _isinstance},
    **{"float": _number(float), "int": _number(int)},
}
