"""The imports in one Python source, and what happens where they fail."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pip_archguard.sources.bounds import CHAINED
from pip_archguard.sources.guards import (
    Outcome,
    asks_which_python,
    called_name,
    only_for_types,
    only_raising,
    outcome_of_try,
    outcome_of_with,
)
from pip_archguard.sources.modules import Module, holder, last_part
from pip_archguard.sources.substitutes import Guard, Names

UNPARSEABLE: tuple[type[Exception], ...] = (
    SyntaxError,
    ValueError,  # null bytes, and an encoding that is not the source's
    RecursionError,
    MemoryError,  # nested deeper than the parser's own stack
    SystemError,  # what some Pythons raise in place of RecursionError (gh-106905)
)
"""What Python raises for source that is broken, for another Python, or hostile."""

# `except*`, which Python 3.11 brought, is a node of its own and looks the same.
_TRIES: tuple[type[ast.Try], ...] = (ast.Try, getattr(ast, "TryStar", ast.Try))

# What a tree can be nested by without any bound of the parser's own, once for each level.
# Python 3.10 crashes where that is some 100,000 deep.
_CHAINING = (b".", b"(", b"[", b"+", b"-", b"*", b"/", b"%", b"&", b"|", b"^", b"@", b"<", b">")

# Cython turns an import from there into C, which runs before the module's own code does.
_COMPILED = "cython.cimports."

_CALLING = (b"__import__", b"import_module")
_FROM_LIST, _LEVEL = 3, 4
"""Where `__import__` takes them among its arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import; where it asks a package for a name, that may be a module or not.

    `lossy` if the module goes on without it, but has nothing to put in its place; what it
    imports `instead` must be there then. `conditional` if a handler holds it, or an `if`
    that asks which Python this is; `answering` if it is a handler, of what another import
    or call raised.
    """

    name: str
    guarded: bool = False
    in_function: bool = False
    lossy: bool = False
    instead: frozenset[str] = frozenset()
    conditional: bool = False
    answering: bool = False

    @property
    def always(self) -> bool:
        """Whether importing the module asks for it on every Python, and fails without."""
        return self.fails_its_module and not self.conditional

    @property
    def fails_its_module(self) -> bool:
        """Whether the module that holds the import fails where that does."""
        return not self.guarded and not self.in_function


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where nodes stand: under which guard, and whether importing the module runs them.

    `handles` are the guards that have caught something where they run.
    """

    guard: Guard | None = None
    kept: bool = False
    in_function: bool = False
    handles: tuple[Guard, ...] = ()
    conditional: bool = False

    def under(self, guard: Guard, outcome: Outcome) -> _Place:
        if outcome is Outcome.PASSED_ON:
            return self
        if outcome is Outcome.FATAL:
            return replace(self, guard=None, kept=False)
        return replace(self, guard=guard, kept=outcome is Outcome.KEPT, handles=())


def tree_of(source: bytes) -> ast.Module:
    """Return the tree of Python source; raises one of UNPARSEABLE."""
    if sum(map(source.count, _CHAINING)) > CHAINED:
        message = "this may be nested too deep"
        raise ValueError(message)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a compiler says about odd but valid source
        return ast.parse(source)


def imports_of(source: bytes, module: Module) -> tuple[Import, ...]:
    """Return every import of a module's source; raises one of UNPARSEABLE."""
    tree = tree_of(source)
    useless = only_raising(tree)
    # Only these calls import: without one there is no need to look into expressions.
    left_out = () if any(call in source for call in _CALLING) else (ast.expr,)
    found: list[tuple[str, str, _Place]] = []
    waiting: list[tuple[ast.AST, _Place]] = [(tree, _Place())]
    while waiting:
        node, place = waiting.pop()
        found.extend((name, bound, place) for name, bound in _imported(node, module))
        for nodes, inner in _inside(node, place, useless):
            waiting.extend((each, inner) for each in nodes if not isinstance(each, left_out))
    return _judged(found, Names(tree, useless))


def _judged(found: Iterable[tuple[str, str, _Place]], names: Names) -> tuple[Import, ...]:
    substitutes: dict[Guard, list[str]] = {}
    for name, _, place in found:
        for guard in place.handles:
            substitutes.setdefault(guard, []).append(name)
    instead = {guard: frozenset(each) for guard, each in substitutes.items()}
    judged: dict[Import, None] = {}
    for name, bound, place in found:
        one = Import(
            name=name,
            in_function=place.in_function,
            conditional=place.conditional,
            answering=bool(place.handles) and not place.in_function,
        )
        if name.startswith(_COMPILED):  # guarded by nothing
            one = Import(name=name.removeprefix(_COMPILED))
        elif place.guard is not None:
            asked = bound and not place.in_function
            lossy = place.kept or (bool(asked) and names.lost(bound, place.guard))
            others = instead.get(place.guard, frozenset())
            one = replace(one, guarded=True, lossy=lossy, instead=others)
        judged[one] = None
    return tuple(judged)


def _inside(
    node: ast.AST, place: _Place, useless: frozenset[str]
) -> Iterator[tuple[Iterable[ast.AST], _Place]]:
    """Yield the nodes inside a node, together with where they stand."""
    if isinstance(node, _TRIES):
        yield node.body, place.under(node, outcome_of_try(node.handlers, useless))
        yield node.handlers, replace(place, handles=(*place.handles, node), conditional=True)
        yield [*node.orelse, *node.finalbody], place
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        yield node.items, place
        yield node.body, place.under(node, outcome_of_with(node.items))
    elif isinstance(node, ast.If) and only_for_types(node.test):
        yield node.orelse, place
    elif isinstance(node, ast.If) and asks_which_python(node.test):
        yield [node.test], place
        yield [*node.body, *node.orelse], replace(place, conditional=True)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        inner = _Place(in_function=True, handles=place.handles)
        yield node.body if isinstance(node.body, list) else [node.body], inner
        # Defaults and decorators run where the function is defined.
        yield [node.args, *getattr(node, "decorator_list", ())], place
    else:
        yield ast.iter_child_nodes(node), place


def _imported(node: ast.AST, module: Module) -> Iterator[tuple[str, str]]:
    """Yield what a node imports and the name that this binds, if it is plain to see."""
    match node:
        case ast.Import(names=names):
            for alias in names:
                # `import a.b` binds the package, which is there all the same; in `a` also `b`.
                inside = holder(alias.name) in ("", module.name)
                yield alias.name, alias.asname or (last_part(alias.name) if inside else "")
        case ast.ImportFrom(module=base, names=names, level=level):
            origin = module.absolute(base or "", level)
            if origin:
                for alias in names:
                    star = alias.name == "*"
                    yield origin if star else f"{origin}.{alias.name}", alias.asname or alias.name
        case ast.Call() if called_name(node) == "__import__":
            yield from ((name, "") for name in _by_dunder_import(node, module))
        case ast.Call() if called_name(node) == "import_module":
            yield from ((name, "") for name in _by_import_module(node, module))
        case _:
            pass


def _by_dunder_import(call: ast.Call, module: Module) -> Iterator[str]:
    level = _argument(call, _LEVEL, "level")
    count = level.value if isinstance(level, ast.Constant) else 0
    for name in _texts(_argument(call, 0, "name")):
        origin = module.absolute(name, count if isinstance(count, int) else 0)
        if origin:
            yield origin
            for each in _texts(_argument(call, _FROM_LIST, "fromlist")):
                yield f"{origin}.{each}"


def _by_import_module(call: ast.Call, module: Module) -> Iterator[str]:
    wanted = _argument(call, 0, "name")
    package = _argument(call, 1, "package")
    base = module
    match package:
        case ast.Constant(value=str(literal)):
            base = Module(name=literal, package=literal)
        case ast.Name(id="__name__"):
            base = Module(name=module.name, package=module.name)
    whole = isinstance(wanted, ast.Constant)
    for text in _texts(wanted):
        name = text.lstrip(".")
        if text.startswith("."):
            yield base.absolute(name, len(text) - len(name)) or ""
        elif name:
            yield name
        if not whole and name:
            # Put together at run time: most likely from the package's own name.
            yield module.absolute(name, 1) or name


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    if len(call.args) > position:
        return call.args[position]
    return next((k.value for k in call.keywords if k.arg == keyword), None)


def _texts(node: ast.expr | None) -> Iterator[str]:
    """Yield the literal texts in an expression, be it one, a list, or put together."""
    if node is not None:
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value
