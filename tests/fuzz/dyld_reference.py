"""Bind opcodes and export tries read one step at a time, as dyld reads them: slow and plain."""

from __future__ import annotations

from collections.abc import Iterator

_MOST_DIGITS = 10  # of 64 bits


class BrokenError(Exception):
    """dyld gives up here."""


def number_at(data: bytes, at: int) -> tuple[int, int]:
    """Return an unsigned LEB128 number and where it ends."""
    number = 0
    for count in range(_MOST_DIGITS):
        if at + count >= len(data):
            break
        digit = data[at + count]
        number |= (digit & 0x7F) << 7 * count
        if digit < 0x80:
            return number, at + count + 1
    raise BrokenError


def binds_of(data: bytes, *, lazy: bool) -> Iterator[tuple[int, bytes]]:  # noqa: PLR0912
    """Yield ordinal and name of each bind that is not weak (dyld, `forEachBind`)."""
    at, ordinal, name, weak = 0, 0, b"", True
    while at < len(data):
        opcode, low = data[at] & 0xF0, data[at] & 0x0F
        at += 1
        match opcode:
            case 0x00 if not lazy:
                return
            case 0x10:
                ordinal = low
            case 0x20:
                ordinal, at = number_at(data, at)
            case 0x30:
                ordinal = low - 0x10 if low else 0
            case 0x40:
                end = data.find(b"\0", at)
                if end < 0:
                    raise BrokenError
                name, weak, at = data[at:end], bool(low & 1), end + 1
            case 0x60 | 0x70 | 0x80 | 0xA0 | 0xC0:
                _, at = number_at(data, at)
                if opcode == 0xC0:
                    _, at = number_at(data, at)
            case 0xD0 if not low:
                _, at = number_at(data, at)
            case 0xE0 | 0xF0:
                raise BrokenError
            case _:
                pass
        if opcode in (0x90, 0xA0, 0xB0, 0xC0) and not weak:
            yield ordinal, name


def is_exported(trie: bytes, name: bytes) -> bool:
    """Whether a name is in the tree (dyld, `trieWalk`)."""
    node, seen = 0, {0}
    while True:
        size, at = number_at(trie, node)
        if not name and size:
            return True
        at += size
        if at >= len(trie):
            raise BrokenError
        count, at = trie[at], at + 1
        child = None
        for _ in range(count):
            end = trie.find(b"\0", at)
            if end < 0:
                raise BrokenError
            edge = trie[at:end]
            child, at = number_at(trie, end + 1)
            if name.startswith(edge):
                name = name[len(edge) :]
                break
            child = None
        if child is None:
            return False
        if child in seen or child >= len(trie):
            raise BrokenError
        seen.add(child)
        node = child
