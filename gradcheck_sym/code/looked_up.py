"""The numbers that functions look up: in globals, in closures, and in what is found there."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from numbers import Number
from types import BuiltinMethodType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from gradcheck_sym.code.slots import holds_others, is_choice, is_taken, looked_into, slots
from gradcheck_sym.trace.users import is_users

MOST_IN_ONE = 12  # numbers that are told of one list, dict or object
GLOBAL, CELL = ("LOAD_GLOBAL", "LOAD_NAME"), ("LOAD_DEREF", "LOAD_CLASSDEREF")
BOUND = ("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_DEREF", "STORE_ATTR")
ATTRIBUTE, MADE_OR_CALLED = ("LOAD_ATTR", "LOAD_METHOD"), ("__init__", "__call__")


def looked_up(
    first: Sequence[Callable[..., Any]], others: Sequence[Callable[..., Any]] = ()
) -> dict[str, Any]:
    """The numbers by their names, also those for the user's functions that these call.

    Defaults are among them, but for those of the first.

    >>> rate = {"decay": 0.9}
    >>> looked_up([eval("lambda w: rate['decay'] * w", {"rate": rate})])
    {"rate['decay']": 0.9}
    """
    found: dict[str, Any] = {}
    known = [function for one in first for function in _functions(one)]
    for function, numbers in _reached([*first, *others]):
        more = [] if function in known else _own_defaults(function)
        for name, value in (*numbers, *more):
            put(found, name, value, function)
    return found


def may_keep(*functions: Callable[..., Any]) -> bool:
    """Whether functions could keep something from one call to the next, as far as one can see.

    >>> may_keep(lambda x: 2 * x), may_keep(lambda x, kept=[]: kept.append(x))
    (False, True)
    """
    members = [x for kind in functions if isinstance(kind, type) for x in _members(kind)]
    own = [one for name, one in members if not name.startswith("__") or name in MADE_OR_CALLED]
    held = any(_may_change(one) for one in own if not hasattr(type(one), "__get__"))
    methods = [function for one in own for function in _functions(one)]
    return held or any(
        _may_keep(function, methods) for function, _ in _reached([*functions, *methods])
    )


def globals_of(*functions: Callable[..., Any]) -> list[dict[str, Any]]:
    """The global names of functions, and of the user's functions that these call."""
    return list({id(one.__globals__): one.__globals__ for one in _every(functions)}.values())


def codes_of(*functions: Callable[..., Any]) -> list[CodeType]:
    """The code of functions, of methods, and of the user's functions that these call."""
    return [one.__code__ for one in _every(functions)]


def _every(functions: Iterable[Callable[..., Any]]) -> list[FunctionType]:
    members = [x for kind in functions if isinstance(kind, type) for _, x in _members(kind)]
    return [one for one, _ in _reached([*functions, *members])]


def _may_keep(function: FunctionType, methods: Sequence[FunctionType]) -> bool:
    """Whether one function may; methods may do so with their object, which is another matter."""
    read = list(_read(function.__code__))
    free = function.__code__.co_freevars
    stored = [(how, name) for how, name in read if how in BOUND]
    if function in methods:
        stored = [(how, name) for how, name in stored if how != "STORE_ATTR"]
    if any(how != "STORE_DEREF" or name in free for how, name in stored):
        return True
    defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    held = [*_named(function, read).values(), *defaults, *vars(function).values()]
    return any(map(_may_change, held))


def _may_change(value: Any) -> bool:
    """Whether a value is no number, text, function, class or module, or holds such a one."""
    if isinstance(value, tuple | frozenset):
        return any(map(_may_change, value))
    if isinstance(value, type):
        return looked_into(value)
    if isinstance(value, ModuleType):  # a user's, which may keep what it is given
        held = (x for x in vars(value).values() if not isinstance(x, ModuleType))
        return is_users(getattr(value, "__file__", None) or "<frozen") and any(
            map(_may_change, held)
        )
    if isinstance(value, FunctionType) or value is None:
        return False
    if isinstance(value, MethodType | BuiltinMethodType):
        return _may_change(value.__self__)
    if isinstance(value, partial):
        return any(map(_may_change, (value.func, *value.args, *value.keywords.values())))
    if isinstance(value, str | Number):
        return False
    return not callable(value) or hasattr(type(value), "cache_info") or looked_into(type(value))


def asks_identity(*functions: Callable[..., Any]) -> bool:
    """Whether functions, or what they call, ask which object something is.

    >>> asks_identity(lambda x, kept={}: kept.get("x") is x), asks_identity(lambda x: x is None)
    (True, False)
    """
    return any(map(_asks_identity, codes_of(*functions)))


def _asks_identity(code: CodeType) -> bool:
    if "id" in code.co_names:
        return True
    before: Any = None
    for step in dis.get_instructions(code):
        if step.opname == "IS_OP" and not (before.opname == "LOAD_CONST" and before.argval is None):
            return True
        before = step
    return any(_asks_identity(one) for one in code.co_consts if isinstance(one, CodeType))


def _reached(
    functions: Iterable[Callable[..., Any]],
) -> Iterator[tuple[FunctionType, list[tuple[str, Any]]]]:
    """The user's functions that are called, each with the numbers that it looks up."""
    pending = [function for one in functions for function in _functions(one)]
    met: set[int] = set()
    while pending:
        function = pending.pop(0)
        if id(function) not in met:
            met.add(id(function))
            yield function, list(_numbers(function, pending))


def put(found: dict[str, Any], name: str, value: Any, function: Callable[..., Any]) -> None:
    """Put a number where it is told; where another one is called so, say of which function."""
    known = found.get(name, value)
    if known is not value and (type(known), repr(known)) != (type(value), repr(value)):
        name = f"{name} of {getattr(function, '__name__', 'a function')}"
    found[name] = value


def of_methods(layer: Any) -> list[FunctionType]:
    """The functions of an object and of what it holds, but for those that make them."""
    every = slots(layer)
    kinds = dict.fromkeys([type(layer), *(type(slot.holder) for slot in every)])
    own = [one for kind in kinds for name, one in _members(kind) if name != "__init__"]
    return [f for value in (*own, *(slot.value for slot in every)) for f in _functions(value)]


def attributes_read(layer: Any) -> set[str]:
    """The names of attributes that the functions of an object read."""
    every = (how_read for one in of_methods(layer) for how_read in _read(one.__code__))
    return {name for how, name in every if how in ATTRIBUTE}


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    for one in kind.__mro__:
        yield from vars(one).items()


def _functions(value: Any) -> Iterator[FunctionType]:
    """The user's functions that a value is, or is made of."""
    match value:
        case property(fget=inner) | staticmethod(__func__=inner) | classmethod(__func__=inner):
            pass
        case MethodType(__func__=inner) | partial(func=inner):
            pass
        case _ if hasattr(type(value), "cache_info"):
            inner = value.__wrapped__
        case _:
            inner = value
    if isinstance(inner, FunctionType) and is_users(inner.__code__.co_filename):
        yield inner


def _numbers(function: FunctionType, pending: list[FunctionType]) -> Iterator[tuple[str, Any]]:
    """The numbers that one function looks up; functions that it finds are put into `pending`."""
    read = list(_read(function.__code__))
    looked_at = {name for how, name in read if how in (*ATTRIBUTE, "LOAD_CONST")}
    for name, value in _named(function, read).items():
        yield from _inside(name, value, looked_at, pending)


def _own_defaults(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """The defaults of a function that are no whole numbers, by which people count axes."""
    for name, one in inspect.signature(function).parameters.items():
        value = one.default
        if value is not one.empty and is_taken(value) and not isinstance(value, int | tuple):
            yield f"{name} of {function.__name__}", value


def _named(function: FunctionType, read: list[tuple[str, str]]) -> Mapping[str, Any]:
    """What the function calls by names that are not its own."""
    cells = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            cells[name] = cell.cell_contents
        except ValueError:  # it is empty
            continue
    there = function.__globals__
    found = {name: there[name] for how, name in read if how in GLOBAL and name in there}
    return found | {name: cells[name] for how, name in read if how in CELL and name in cells}


def _inside(
    name: str, value: Any, attributes: set[str], pending: list[FunctionType]
) -> Iterator[tuple[str, Any]]:
    """The numbers that a value is or holds, as far as a function may read them."""
    for found in _functions(value):
        pending.append(found)
        yield from ((f"{name}.{k}", v) for k, v in vars(found).items() if is_taken(v))
    if value is None or is_taken(value) or (is_choice(value) and not name.startswith("__")):
        yield name, value
    elif isinstance(value, type | ModuleType) and _is_users_own(value):
        for attribute in sorted(attributes & set(dir(value))):
            inner = inspect.getattr_static(value, attribute)
            if not isinstance(inner, type | ModuleType):
                yield from _inside(f"{name}.{attribute}", inner, attributes, pending)
    elif holds_others(value):
        pending += of_methods(value)
        taken = [
            slot
            for slot in slots(value)
            if is_taken(slot.value) or (is_choice(slot.value) and slot.name in attributes)
        ]
        many = len(taken) > MOST_IN_ONE
        yield from [(name, value)] if many else ((f"{name}{x.place}", x.value) for x in taken)


def _is_users_own(value: type | ModuleType) -> bool:
    if isinstance(value, ModuleType):
        return is_users(getattr(value, "__file__", None) or "<frozen")
    return looked_into(value)


def _read(code: CodeType) -> Iterator[tuple[str, str]]:
    """How and what a function looks up, also by functions that stand in it."""
    for one in dis.get_instructions(code):
        if isinstance(one.argval, str):
            yield one.opname, one.argval
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _read(inner)
