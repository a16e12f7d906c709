"""What dyld binds and exports by, written byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

Bind = tuple[str, int, bool]
"""A name, the ordinal of the library that has it, and whether the reference is weak."""


def chained(binds: Sequence[Bind], layout: int = 1, *, packing: int = 0, order: str = "<") -> bytes:
    """Return dyld_chained_fixups data, as <mach-o/fixup-chains.h> lays it out."""
    entries, names = b"", b"\0"
    for name, ordinal, weak in binds:
        at = len(names)
        names += name.encode() + b"\0"
        if layout == 3:
            word = ordinal & 0xFFFF | weak << 16 | at << 32
            entries += struct.pack(order + "QQ", word, 0)
        else:
            entries += struct.pack(order + "I", ordinal & 0xFF | weak << 8 | at << 9)
            entries += bytes(4 * (layout - 1))
    header = (0, 0, 28, 28 + len(entries), len(binds), layout, packing)
    return struct.pack(order + "7I", *header) + entries + names


def opcodes(binds: Sequence[Bind]) -> bytes:
    """Return bind opcodes, as <mach-o/loader.h> numbers them, that bind each name once."""
    code = b""
    for name, ordinal, weak in binds:
        if ordinal <= 0:
            code += bytes([0x30 | ordinal & 0xF])
        elif ordinal < 16:
            code += bytes([0x10 | ordinal])
        else:
            code += b"\x20" + uleb(ordinal)
        code += bytes([0x40 | weak]) + name.encode() + b"\0\x51\x72\x80\x02\x90"
    return code + b"\0"


def uleb(number: int, width: int = 1) -> bytes:
    """Return an unsigned LEB128 number of at least `width` bytes."""
    digits: list[int] = []
    while number or len(digits) < width:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    digits[-1] &= 0x7F
    return bytes(digits)


_Node = tuple[bytes, list[tuple[bytes, int]]]


def trie(names: Iterable[str], reexported: Iterable[str] = ()) -> bytes:
    """Return an export trie: one node for each beginning that names share."""
    ends = {name.encode(): b"\0" + uleb(0x1000) for name in names}
    ends |= {name.encode(): b"\x08" + uleb(1) + b"\0" for name in reexported}
    nodes: list[_Node] = []
    _grow(nodes, ends)
    offsets = [0]
    for terminal, edges in nodes:
        offsets.append(offsets[-1] + 2 + len(terminal) + sum(len(e) + 4 for e, _ in edges))
    content = b""
    for terminal, edges in nodes:
        content += uleb(len(terminal)) + terminal + bytes([len(edges)])
        content += b"".join(edge + b"\0" + uleb(offsets[to], 3) for edge, to in edges)
    return content


def _grow(nodes: list[_Node], ends: dict[bytes, bytes]) -> int:
    """Add a node for names that end so, and all below it; return its number."""
    number = len(nodes)
    edges: list[tuple[bytes, int]] = []
    nodes.append((ends.get(b"", b""), edges))
    for first in sorted({name[:1] for name in ends if name}):
        below = [name for name in ends if name[:1] == first]
        shared = min(below, key=len)
        while not all(name.startswith(shared) for name in below):
            shared = shared[:-1]
        edges.append((shared, _grow(nodes, {name[len(shared) :]: ends[name] for name in below})))
    return number
