"""Python files that differ in values only: joined so that each machine has its own value.

`numpy/__config__.py` tells for which CPU it was built, and with which library. Such values
are put side by side, with a question that Python answers when it runs.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from io import BytesIO

from pip_archguard.sources import PARSED_LENGTH, UNPARSEABLE, tree_of

ON_ARM64 = '__import__("os").uname().machine == "arm64"'
"""True in an arm64 process; under Rosetta `uname` says x86_64, as the process is one."""

# Where a constant is no expression, so that nothing else may stand in its place.
_FIXED = tuple(
    getattr(ast, name)
    for name in ("JoinedStr", "TemplateStr", "Interpolation", "MatchValue", "MatchMapping")
    if hasattr(ast, name)
)
_HAS_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_UTF_8 = "utf-8"
_Span = tuple[int, int]


def join_python(arm64: bytes, x86_64: bytes) -> bytes | None:
    """Return a source that is the one on arm64 and the other on x86_64, or None.

    It is that of arm64, with an expression wherever a constant of the other differs.
    There is none where more than constants differ, or what differs is no expression.
    """
    arm64, x86_64 = _plain(arm64), _plain(x86_64)
    if max(len(arm64), len(x86_64)) > PARSED_LENGTH or not (_is_utf_8(arm64) and _is_utf_8(x86_64)):
        return None
    try:
        trees = tree_of(arm64), tree_of(x86_64)
        differing = list(_differing(*trees))
        joined = _spliced(arm64, x86_64, differing)
        # Proof by the result itself: each side of it is the file that it came from.
        for side, tree in zip(("body", "orelse"), trees, strict=True):
            if ast.dump(_Side(side).visit(tree_of(joined))) != ast.dump(tree):
                return None
    except _UnlikeError:
        return None
    except UNPARSEABLE:
        return None
    return joined


class _UnlikeError(Exception):
    """More than values differs."""


def _plain(source: bytes) -> bytes:
    return source.replace(b"\r\n", b"\n")


def _is_utf_8(source: bytes) -> bool:
    """Whether positions in the tree are those in the bytes: UTF-8 without a mark."""
    try:
        return tokenize.detect_encoding(BytesIO(source).readline)[0] == _UTF_8
    except SyntaxError:
        return False


def _differing(one: ast.AST, other: ast.AST) -> Iterator[tuple[ast.Constant, ast.Constant]]:
    """Yield the constants that differ; raise _UnlikeError if anything else does."""
    waiting: list[tuple[ast.AST, ast.AST, bool]] = [(one, other, False)]
    while waiting:
        a, b, fixed = waiting.pop()
        if type(a) is not type(b):
            raise _UnlikeError
        if isinstance(a, ast.Constant) and isinstance(b, ast.Constant):
            if ast.dump(a) != ast.dump(b):
                if fixed:
                    raise _UnlikeError
                yield a, b
            continue
        fixed = fixed or isinstance(a, _FIXED)
        for name in a._fields:
            for index, (x, y) in enumerate(_paired(getattr(a, name, None), getattr(b, name, None))):
                if isinstance(x, ast.AST) and isinstance(y, ast.AST):
                    docstring = isinstance(a, _HAS_DOCSTRING) and name == "body" and index == 0
                    string = docstring and isinstance(x, ast.Expr)
                    waiting.append((x, y, fixed or string))
                elif x != y or type(x) is not type(y):
                    raise _UnlikeError


def _paired(one: object, other: object) -> list[tuple[object, object]]:
    """Return the values of a field side by side, and what is no list as a list of one."""
    if not isinstance(one, list):
        return [(one, other)]
    if not isinstance(other, list) or len(one) != len(other):
        raise _UnlikeError
    return list(zip(one, other, strict=True))


def _spliced(
    arm64: bytes, x86_64: bytes, differing: list[tuple[ast.Constant, ast.Constant]]
) -> bytes:
    starts = _line_starts(arm64), _line_starts(x86_64)
    spans = sorted((_span(a, starts[0]), _span(b, starts[1])) for a, b in differing)
    parts, at = [], 0
    for (start, end), (other_start, other_end) in spans:
        parts += [arm64[at:start], b"(", arm64[start:end], b" if ", ON_ARM64.encode()]
        parts += [b" else ", x86_64[other_start:other_end], b")"]
        at = end
    return b"".join([*parts, arm64[at:]])


def _line_starts(source: bytes) -> list[int]:
    starts = [0]
    for line in source.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _span(node: ast.expr, starts: list[int]) -> _Span:
    if node.end_lineno is None or node.end_col_offset is None:
        raise _UnlikeError
    return (
        starts[node.lineno - 1] + node.col_offset,
        starts[node.end_lineno - 1] + node.end_col_offset,
    )


class _Side(ast.NodeTransformer):
    """Puts one side of each expression of ours in its place."""

    _ours = ast.dump(ast.parse(ON_ARM64, mode="eval").body)

    def __init__(self, side: str) -> None:
        self._side = side

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """Return the side, if the question is ours."""
        self.generic_visit(node)
        if ast.dump(node.test) == self._ours:
            taken: ast.AST = getattr(node, self._side)
            return taken
        return node
