"""The user's file, run as Python in this process, and what it says of shapes."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from gradcheck_sym.deadline import OutOfTime, limit_of_users
from gradcheck_sym.errors import CodeError, raised
from gradcheck_sym.trace.guard import guarded

ARRAY = re.compile(  # of reals, in jaxtyping's form
    r"(?:(?:\w+\.)*Optional\[)?(?:\w+\.)*(?:B?Float\d*|Inexact|Real|Num|Shaped)"
    r"\[[^\"']*,\s*[\"']([^\"']*)[\"']\s*\]\]?(?:\s*\|\s*None)?"
)

OUR_OWN = ("gradcheck_sym", "numpy", "sympy", "click", "rich")  # modules that are used here


def loaded(path: str, seconds: float | None) -> ModuleType:
    """The module; what it prints goes to stderr. Raises `CodeError`, which names the line."""
    file = Path(path)
    if not file.is_file():
        raise CodeError(f"--code {path}: no such file")
    if file.stem in OUR_OWN:
        raise CodeError(
            f"--code {path}: it would stand for {file.stem}: give the file another name"
        )
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise CodeError(f"--code {path}: no Python file; give one that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(file.resolve().parent))
    sys.modules.setdefault(file.stem, module)
    try:
        with limit_of_users(seconds), contextlib.redirect_stdout(sys.stderr), guarded(lasting=True):
            spec.loader.exec_module(module)
    except SyntaxError as error:
        raise CodeError(f"--code {path}:{error.lineno}: {error.msg}") from None
    except OutOfTime:
        raise CodeError(f"--code {path}: no end within {seconds:g} seconds") from None
    except SystemExit as error:
        raise CodeError(f"--code {path}:{_line(error, file)}: it exits") from None
    except CodeError as error:
        raise CodeError(f"--code {path}:{_line(error, file)}: {error}") from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        said = f"it raises {raised(error)}"
        raise CodeError(f"--code {path}:{_line(error, file)}: {said}") from None
    return module


def _line(error: BaseException, file: Path) -> int | str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if Path(f.filename).name == file.name]
    return lines[-1] if lines and lines[-1] else "?"


def annotated(parameters: Mapping[str, inspect.Parameter]) -> dict[str, Any]:
    """The shapes that annotations give in jaxtyping's form: Float[Array, "n d"]."""
    found = {}
    for name, parameter in parameters.items():
        if (shape := _shape(parameter.annotation)) is not None:
            found[name] = shape
    return found


def _shape(annotation: Any) -> tuple[str, ...] | None:
    """The shape of an array of reals; none for other types, or where an axis has no name."""
    text, kinds = getattr(annotation, "dim_str", None), getattr(annotation, "dtypes", None)
    if isinstance(kinds, list | tuple) and not any("float" in str(kind) for kind in kinds):
        return None
    if text is None and isinstance(annotation, str):
        match = ARRAY.fullmatch(annotation.strip())
        text = match[1] if match else None
    if not isinstance(text, str):
        return None
    sizes = tuple(text.split())
    named = (re.fullmatch(r"(?!_+$)[A-Za-z_]\w*|\d+", size) for size in sizes)
    return sizes if all(named) else None


def options(given: tuple[str, ...], option: str, made: Callable[[str, str], Any]) -> dict[str, Any]:
    """What --shape name=n,d and the like say; raises `CodeError`."""
    found: dict[str, Any] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier():
            raise CodeError(f"{option} {text}: write {option} NAME=VALUE, as in {option} x=n,d")
        if name in found:
            raise CodeError(f"{option} {text}: {name} is given twice; leave one out")
        found[name] = made(name, value)
    return found
