"""Whether a module has something else to use in place of a name it could not import."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from pip_archguard.sources.guards import only_raises

Guard = ast.Try | ast.With | ast.AsyncWith

_CONDITIONAL = (ast.If, ast.IfExp, ast.BoolOp, ast.Compare, ast.While)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NESTING = (*_FUNCTIONS, ast.Lambda, ast.ClassDef)


class Names:
    """The names that a module binds and uses, to tell which it can do without."""

    def __init__(self, tree: ast.Module, useless: Collection[str]) -> None:
        """Keep the module, whose nodes have to stay alive as they are told by identity.

        `useless` are its functions and classes that can stand for nothing.
        """
        self._useless = useless
        self._bound: dict[str, set[int]] = {}
        self._blank: set[str] = set()
        self._used: dict[str, set[int]] = {}
        self._inside: dict[int, tuple[frozenset[int], frozenset[str]]] = {}
        self._answers: dict[tuple[str, int], bool] = {}
        self._tree = tree
        self._taken = False

    def lost(self, name: str, guard: Guard) -> bool:
        """Whether the module lacks something if the guarded import does not bind the name.

        It does not where the name is bound elsewhere, nor where it is needed only under
        conditions. A public name that just stays unbound is lost to the users.
        """
        key = name, id(guard)
        if key not in self._answers:
            self._answers[key] = self._lost(name, guard)
        return self._answers[key]

    def _lost(self, name: str, guard: Guard) -> bool:
        self._take()
        inside, loaded = self._nodes_of(guard)
        if any(node not in inside for node in self._bound.get(name, ())):
            return False
        if any(node not in inside for node in self._used.get(name, ())):
            return True
        # One that the guarded code itself passes on needs no other to stand for it.
        return not (name.startswith("_") or name in self._blank or name in loaded)

    def _nodes_of(self, guard: Guard) -> tuple[frozenset[int], frozenset[str]]:
        """Return the nodes that stand under the guard, and the names that these ask for."""
        if id(guard) not in self._inside:
            nodes = [node for each in _body(guard) for node in ast.walk(each)]
            loaded = (
                node.id
                for node in nodes
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            )
            self._inside[id(guard)] = frozenset(map(id, nodes)), frozenset(loaded)
        return self._inside[id(guard)]

    def _take(self) -> None:
        """Take stock of the module, once it is asked about: most never are."""
        waiting: list[tuple[ast.AST, _Spot]] = [] if self._taken else [(self._tree, _Spot())]
        self._taken = True
        while waiting:
            node, spot = waiting.pop()
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                if not spot.conditional:
                    self._used.setdefault(node.id, set()).add(id(node))
            elif not spot.nested:
                for name, filled in _bindings(node, self._useless):
                    if filled:
                        self._bound.setdefault(name, set()).add(id(node))
                    else:
                        self._blank.add(name)
            waiting += _under(node, spot)


class _Spot(NamedTuple):
    """Where a node stands: in a function or class, and under a condition."""

    nested: bool = False
    conditional: bool = False


def _body(guard: Guard) -> list[ast.stmt]:
    return [*guard.body, *guard.orelse] if isinstance(guard, ast.Try) else guard.body


def _under(node: ast.AST, spot: _Spot) -> Iterator[tuple[ast.AST, _Spot]]:
    inner = spot
    if isinstance(node, _NESTING):
        inner = spot._replace(nested=True)
    elif isinstance(node, _CONDITIONAL):
        inner = spot._replace(conditional=True)
    for each in ast.iter_child_nodes(node):
        yield each, inner
        # `if _c is None: return slowly(x)` makes what follows it conditional.
        if (
            isinstance(node, _FUNCTIONS)
            and isinstance(each, ast.If)
            and isinstance(each.body[-1], ast.Return)
        ):
            inner = inner._replace(conditional=True)


def _bindings(node: ast.AST, useless: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Yield the names that a statement binds, and whether to more than a blank.

    A name that is bound to what can only raise is as good as unbound.
    """
    match node:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name, True) for alias in names)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            if not only_raises(node, useless):
                yield name, True
        case ast.Assign(value=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))) if (
            name in useless
        ):
            pass
        case ast.Assign(targets=targets, value=value):
            filled = not (isinstance(value, ast.Constant) and not value.value)
            yield from ((name, filled) for target in targets for name in _stored(target))
        case ast.AnnAssign(target=target, value=value) if value is not None:
            filled = not (isinstance(value, ast.Constant) and not value.value)
            yield from ((name, filled) for name in _stored(target))
        case _:
            pass


def _stored(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
