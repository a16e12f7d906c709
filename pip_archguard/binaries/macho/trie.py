"""The exports of a slice: a tree of bytes in which names share their beginnings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from pip_archguard.binaries.bounds import TRIE_WORK
from pip_archguard.binaries.macho.binds import read_part
from pip_archguard.binaries.macho.declarations import (
    DYLD_INFO_COMMAND,
    LC_DYLD_EXPORTS_TRIE,
    LC_DYLD_INFO,
    LC_DYLD_INFO_ONLY,
    LINKEDIT_DATA_COMMAND,
)
from pip_archguard.binaries.macho.header import Piece
from pip_archguard.errors import BeyondBoundsError, MalformedBinaryError

_ULEB = re.compile(rb"[\x80-\xff]{0,9}[\x00-\x7f]")  # of 64 bits at most, as dyld reads it
_EDGE_COST = 64
_ITEM_COST = 8  # of a wanted name or a node that is passed on from node to node
_BEYOND_ALL = b"\xff"  # sorts behind whatever a name goes on with: UTF-8 has no such byte


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A node, the way to it, and the wanted names that led there by their first `length` bytes."""

    node: int
    path: tuple[int, ...]
    length: int
    names: tuple[bytes, ...]


def read_trie(piece: Piece) -> bytes | None:
    """Return the exports of a slice as they stand in the file, None if it has none there."""
    for command in piece.commands:
        if command.number in (LC_DYLD_INFO, LC_DYLD_INFO_ONLY):
            fields = command.fields(DYLD_INFO_COMMAND)
            place = (fields["export_off"], fields["export_size"])
        elif command.number == LC_DYLD_EXPORTS_TRIE:
            fields = command.fields(LINKEDIT_DATA_COMMAND)
            place = (fields["dataoff"], fields["datasize"])
        else:
            continue
        if place[1]:
            return read_part(piece.code, *place)
    return None


def find_exports(trie: bytes, wanted: Iterable[bytes]) -> frozenset[bytes]:
    """Return those of the wanted names that are exported, re-exports among them.

    The rules are those of dyld's `trieWalk`, but all names are looked for at once, each
    node being read once for all that lead through it. Only nodes on the way to a wanted
    name are looked at. Raises MalformedBinaryError where `trieWalk` gives up, and
    BeyondBoundsError if the tree is too much work.
    """
    names = tuple(sorted(set(wanted)))
    visits = [_Visit(node=0, path=(0,), length=0, names=names)] if names else []
    found: set[bytes] = set()
    left = TRIE_WORK
    while visits:
        visit = visits.pop()
        size, at = _number(trie, visit.node)
        rest = list(visit.names)
        if size and len(rest[0]) == visit.length:
            found.add(rest.pop(0))
        if rest:
            children, end = _children(trie, at + size, visit, rest)
            left -= end - visit.node + _EDGE_COST * (1 + trie[at + size])
            left -= _ITEM_COST * (len(visit.path) + len(visit.names))
            visits += children
        if left < 0:
            msg = "has exports that take too long to search"
            raise BeyondBoundsError(msg)
    return frozenset(found)


def _children(trie: bytes, at: int, visit: _Visit, rest: list[bytes]) -> tuple[list[_Visit], int]:
    """Return the children that the rest of the names lead to, and where reading ended.

    A name goes with the first edge that it begins with. ld64 writes edges of no length,
    for a name with which longer ones begin, so that a child need not take a name further.
    """
    if at >= len(trie):
        raise _broken()
    found = []
    before = rest[0][: visit.length]
    count, at = trie[at], at + 1
    for _ in range(count):
        end = trie.find(b"\0", at)
        if end < 0:
            raise _broken()
        begin = before + trie[at:end]
        child, at = _number(trie, end + 1)
        first = bisect_left(rest, begin)
        last = bisect_left(rest, begin + _BEYOND_ALL, first)
        if first == last:
            continue
        if child in visit.path or child >= len(trie):
            raise _broken()
        names, path = tuple(rest[first:last]), (*visit.path, child)
        found.append(_Visit(node=child, path=path, length=len(begin), names=names))
        del rest[first:last]
        if not rest:
            break
    return found, at


def _number(trie: bytes, at: int) -> tuple[int, int]:
    """Return an unsigned LEB128 number and where it ends."""
    digits = _ULEB.match(trie, at)
    if digits is None:
        raise _broken()
    return sum((b & 0x7F) << 7 * n for n, b in enumerate(digits[0])), digits.end()


def _broken() -> MalformedBinaryError:
    return MalformedBinaryError("has a broken list of exports")
