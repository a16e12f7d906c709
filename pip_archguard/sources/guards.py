"""Whether code goes on where an import in it raises ImportError."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence
from enum import Enum

# A library for another architecture fails in `dlopen`, which raises ImportError itself:
# neither its child ModuleNotFoundError nor OSError catches that.
_CATCHING = frozenset({"ImportError", "Exception", "BaseException"})
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})
# What makes but text of an exception, or tells of it.
_TELLING = frozenset(
    {
        *("str", "repr", "format", "isinstance", "print", "write"),
        *("warn", "debug", "info", "warning", "error", "exception", "critical", "log"),
    }
)
_EXITS = frozenset({"exit", "_exit", "abort", "quit"})
# An object of a class that raises in one of these is only there to tell that something is not.
_USES = frozenset({"__new__", "__init__", "__call__", "__getattr__"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Outcome(Enum):
    """What becomes of an ImportError that is raised inside some block."""

    CAUGHT = "caught"
    KEPT = "kept"
    """Caught, and the exception itself kept or handed on: most likely it is raised later."""

    PASSED_ON = "passed on"
    FATAL = "fatal"
    """Turned into something that one who expects ImportError does not catch."""


def outcome_of_try(handlers: Iterable[ast.ExceptHandler], useless: Collection[str]) -> Outcome:
    """Tell what the handlers of a `try` make of an ImportError from its body.

    `useless` are the functions and classes that `only_raising` found.
    """
    for handler in handlers:
        if handler.type is None or _catches(handler.type):
            outcome = _outcome(handler.body, handler.name, useless)
            kept = outcome is Outcome.CAUGHT and handler.name and _keeps(handler, handler.name)
            return Outcome.KEPT if kept else outcome
    return Outcome.PASSED_ON


def outcome_of_with(items: Iterable[ast.withitem]) -> Outcome:
    """Tell what a `with` makes of an ImportError from its body."""
    for item in items:
        call = item.context_expr
        if (
            isinstance(call, ast.Call)
            and called_name(call) == "suppress"
            and any(map(_catches, call.args))
        ):
            return Outcome.CAUGHT
    return Outcome.PASSED_ON


def only_for_types(test: ast.expr) -> bool:
    """Whether what an `if` holds is read by type checkers alone."""
    return _name(test) == "TYPE_CHECKING"


def asks_which_python(test: ast.expr) -> bool:
    """Whether an `if` looks at `sys`, and so may hold what only another Python has."""
    return any(isinstance(node, ast.Name) and node.id == "sys" for node in ast.walk(test))


def only_raising(tree: ast.Module) -> frozenset[str]:
    """Return the functions and classes of a module that are of no use but to raise.

    A limit: those that other modules define are not known, nor those inside of others.
    """
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, _DEFINITIONS) and only_raises(node, found):
            found.add(node.name)
    return frozenset(found)


def only_raises(definition: ast.stmt, useless: Collection[str]) -> bool:
    """Whether calling what is defined, or what that returns, can only raise."""
    match definition:
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            # Most likely it returns a function that it holds.
            return _always_raises(body, useless) or any(only_raises(n, useless) for n in body)
        case ast.ClassDef(body=body):
            return any(
                isinstance(n, ast.FunctionDef)
                and n.name in _USES
                and _always_raises(n.body, useless)
                for n in body
            )
    return False


def _always_raises(body: Sequence[ast.stmt], useless: Collection[str]) -> bool:
    return _outcome(body, None, useless) is not Outcome.CAUGHT


def called_name(call: ast.Call) -> str | None:
    """Return the name of what is called, without what it is looked up in."""
    return _name(call.func)


def _name(node: ast.expr | None) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def _catches(caught: ast.expr) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in _CATCHING for name in names)


def _outcome(handler: Sequence[ast.stmt], bound: str | None, useless: Collection[str]) -> Outcome:
    for statement in handler:
        match statement:
            case ast.Raise(exc=raised):
                return Outcome.PASSED_ON if _same(raised, bound) else Outcome.FATAL
            case ast.Expr(value=ast.Call() as call) if (
                name := called_name(call)
            ) in _EXITS or name in useless:
                return Outcome.FATAL
            case ast.If(body=body, orelse=orelse) if orelse:
                both = {_outcome(body, bound, useless), _outcome(orelse, bound, useless)}
                if Outcome.CAUGHT not in both:
                    return Outcome.FATAL if Outcome.FATAL in both else Outcome.PASSED_ON
            case ast.Return() | ast.Continue() | ast.Break():
                return Outcome.CAUGHT
            case _:
                pass
    return Outcome.CAUGHT


def _keeps(handler: ast.ExceptHandler, name: str) -> bool:
    """Whether the handler does more with its exception than to tell of it."""
    waiting: list[ast.AST] = list(handler.body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Name(id=used) if used == name:
                return True
            case ast.Attribute(value=ast.Name()) | ast.FormattedValue() | ast.Raise():
                continue
            case ast.Call() if called_name(node) in _TELLING:
                continue
            case _:
                waiting += ast.iter_child_nodes(node)
    return False


def _same(raised: ast.expr | None, bound: str | None) -> bool:
    """Whether what is raised is an ImportError again."""
    if raised is None:
        return True
    name = _name(raised.func if isinstance(raised, ast.Call) else raised)
    return name in _IMPORT_ERRORS or (name is not None and name == bound)
