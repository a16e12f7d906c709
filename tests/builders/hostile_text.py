"""Texts on which a regular expression that backtracks takes long, made from the expression.

For each repetition in it: what stands before it, then what it repeats, very often, then
something that does not fit, or goes on. Where two repetitions take the same characters
(`a*a*`), or one stands in another (`(a*)*`), or a search begins anew at each character, these
show it.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from typing import Any

_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_ONE_CHARACTER = {"LITERAL", "NOT_LITERAL", "ANY", "IN"}
_FEW = 16
"""A repetition that ends sooner is no danger on its own."""

_KINDS = 5
"""Kinds of characters that each repetition is tried with."""

_CHARACTERS = "a0 \n\t_Zé\1" + "".join(map(chr, range(33, 127)))
_NO_FIT = "\0!\n"

_Nodes = list[Any]


def hostile_texts(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Yield texts of about `length` characters that are the worst for this pattern."""
    tree = list(_PARSER.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    kinds = _kinds_of_characters(tree)
    for before, unit in dict.fromkeys(_repeated(tree, "", kinds)):
        run = unit * (length // len(unit))
        other = next((kind for kind in kinds if kind not in unit), "")
        yield before + run + _NO_FIT
        yield before + other + run + other
        for chunk in (before + unit, before + unit * 300):
            yield chunk * (length // len(chunk))


def _kinds_of_characters(tree: _Nodes) -> str:
    """Return one character of each kind that the pattern tells from others.

    First come those that most of its classes take: they are the ones that it takes back.
    """
    ones = sorted(_ones(tree), key=lambda one: str(one[0]) == "LITERAL")
    classes = sum(str(kind) != "LITERAL" for kind, _ in ones)
    told_apart = {tuple(_fits(one, char) for one in ones): char for char in reversed(_CHARACTERS)}
    order = sorted(told_apart, key=lambda fits: (sum(fits[:classes]), any(fits)), reverse=True)
    return "".join(told_apart[fits] for fits in order)


def _ones(nodes: _Nodes) -> Iterator[Any]:
    for kind, value in nodes:
        if str(kind) in _ONE_CHARACTER:
            yield kind, value
        for inner in _inner(str(kind), value):
            yield from _ones(inner)


def _repeated(nodes: _Nodes, before: str, kinds: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before each repetition, and what it repeats."""
    for kind, value in nodes:
        for inner in _inner(str(kind), value):
            if str(kind) in _REPEATS and value[1] >= _FEW:
                yield from ((before, unit) for unit in _units(inner, kinds) if unit)
            yield from _repeated(inner, before, kinds)
        before += _example([(kind, value)])


def _units(body: _Nodes, kinds: str) -> list[str]:
    if len(body) == 1 and str(body[0][0]) in _ONE_CHARACTER:
        return [char for char in kinds if _fits(body[0], char)][:_KINDS]
    return [_example(body), "".join(_example([node], often=3) for node in body)]


def _example(nodes: _Nodes, often: int = 0) -> str:
    """A short text that these nodes match; what stands around it is not looked at."""
    text = ""
    for kind, value in nodes:
        match str(kind):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                text += _example(list(value[2])) * min(max(value[0], often), value[1])
            case "SUBPATTERN" | "ATOMIC_GROUP" | "BRANCH" as name:
                text += _example(_inner(name, value)[0], often)
            case name if name in _ONE_CHARACTER:
                text += next((char for char in _CHARACTERS if _fits((kind, value), char)), "")
    return text


def _inner(kind: str, value: Any) -> list[_Nodes]:
    match kind:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [list(value[2])]
        case "SUBPATTERN":
            return [list(value[-1])]
        case "ATOMIC_GROUP":
            return [list(value)]
        case "ASSERT" | "ASSERT_NOT":
            return [list(value[1])]
        case "BRANCH":
            return [list(way) for way in value[1]]
        case _:
            return []


def _fits(node: Any, char: str) -> bool:
    """Whether one character is what a node takes."""
    kind, value = str(node[0]), node[1]
    match kind:
        case "LITERAL":
            return bool(ord(char) == value)
        case "NOT_LITERAL":
            return bool(ord(char) != value)
        case "ANY":
            return True
        case "RANGE":
            return bool(value[0] <= ord(char) <= value[1])
        case "CATEGORY":
            name = str(value).removeprefix("CATEGORY_")
            found = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.removeprefix("NOT_")]
            return bool(re.match(found, char)) != name.startswith("NOT_")
        case _:
            negated = str(value[0][0]) == "NEGATE"
            return negated != any(_fits(one, char) for one in value[negated:])
