"""PE files made field by field, as <winnt.h> lays them out."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

I386, AMD64, ARM64, ARMNT = 0x14C, 0x8664, 0xAA64, 0x1C4
IL_ONLY, REQUIRES_32, PREFERS_32 = 0x1, 0x2, 0x20000
DLL, PROGRAM = 0x2022, 0x0022

START = 0x80
"""Where the PE header begins."""

ADDRESS = 0x1000
"""Where the only section lies in memory."""

OFFSET = 0x400
"""Where it begins in the file."""

_ALIGNMENT = 0x200
_BASE = 0x400000


@dataclass(slots=True)
class Tables:
    """The content of the section, and where in memory each table in it begins."""

    content: bytearray = field(default_factory=lambda: bytearray(16))
    places: dict[int, int] = field(default_factory=dict)

    def add(self, content: bytes) -> int:
        """Append something, and return its address."""
        address = ADDRESS + len(self.content)
        self.content += content.ljust(-(-len(content) // 8) * 8, b"\0")
        return address

    def text(self, text: str | bytes) -> int:
        return self.add((text.encode() if isinstance(text, str) else text) + b"\0")


def pe(  # noqa: PLR0913 - each is a fact that a file states
    machine: int = AMD64,
    *,
    characteristics: int = DLL,
    imports: Iterable[str] = (),
    delayed: Iterable[str] = (),
    old_delayed: Iterable[str] = (),
    exports: Sequence[str] = (),
    chpe: bool = False,
    relocations: Sequence[tuple[int, int]] | None = None,
    relocation_version: int = 1,
    config_size: int = 320,
    cor_flags: int | None = None,
    compiled: bytes = b"",
    code_size: int = 16,
    subsystem: int = 3,
    alignment: int = _ALIGNMENT,
    padding: int = 0,
    directories: int = 16,
) -> bytes:
    """Return a whole file of one section; `padding` lies in it before the tables.

    `relocations` are kinds of dynamic relocations, each with the size of its content;
    `compiled` begins the header of code that .NET compiled ahead.
    """
    tables = Tables()
    tables.content += bytes(padding)
    if exports:
        tables.places[0] = _exports(tables, exports)
    if imports:
        names = [struct.pack("<12xII", tables.text(name), 1) for name in imports]
        tables.places[1] = tables.add(b"".join(names) + bytes(20))
    if delayed or old_delayed:
        rows = [struct.pack("<II24x", 1, tables.text(name)) for name in delayed]
        rows += [struct.pack("<II24x", 0, _BASE + tables.text(name)) for name in old_delayed]
        tables.places[13] = tables.add(b"".join(rows) + bytes(32))
    if chpe or relocations is not None:
        found = _relocations(tables, relocations, relocation_version)
        config = bytearray(config_size)
        struct.pack_into("<I", config, 0, config_size)
        if config_size >= 208:
            struct.pack_into("<Q", config, 200, _BASE + ADDRESS if chpe else 0)
        if config_size >= 230:
            struct.pack_into("<IH", config, 224, *found)
        tables.places[10] = tables.add(bytes(config))
    if cor_flags is not None:
        ahead = tables.add(compiled) if compiled else 0
        cor = struct.pack("<IHH8xI44xI4x", 72, 2, 5, cor_flags, ahead)
        tables.places[14] = tables.add(cor)
    places = [tables.places.get(number, 0) for number in range(directories)]
    header = _header(
        machine, characteristics, places, code_size, subsystem, alignment, len(tables.content)
    )
    section = bytes(tables.content)
    return header.ljust(OFFSET, b"\0") + section.ljust(-(-len(section) // 512) * 512, b"\0")


def _exports(tables: Tables, exports: Sequence[str]) -> int:
    names = [tables.text(name) for name in sorted(exports, key=str.encode)]
    at = tables.add(struct.pack(f"<{len(names)}I", *names))
    return tables.add(struct.pack("<24xIIII", len(names), at, at, at))


def _relocations(
    tables: Tables, relocations: Sequence[tuple[int, int]] | None, version: int
) -> tuple[int, int]:
    if relocations is None:
        return 0, 0
    rows = b"".join(struct.pack("<QI", kind, size) + bytes(size) for kind, size in relocations)
    return tables.add(struct.pack("<II", version, len(rows)) + rows) - ADDRESS, 1


def _header(
    machine: int,
    characteristics: int,
    directories: Sequence[int],
    code_size: int,
    subsystem: int,
    alignment: int,
    size: int,
) -> bytes:
    dos = b"MZ\x90".ljust(0x3C, b"\0") + struct.pack("<I", START)
    table = b"".join(struct.pack("<II", address, 40 if address else 0) for address in directories)
    narrow = machine in (I386, ARMNT)
    start = struct.pack("<HxxI8xI", 0x10B if narrow else 0x20B, code_size, 0)
    start += struct.pack("<8xI" if narrow else "<4xQ", _BASE)
    form = "<II16xIIIH22xI" if narrow else "<II16xIIIH38xI"
    count = len(directories)
    end = struct.pack(form, 0x1000, alignment, 0x10000, OFFSET, 0, subsystem, count)
    optional = start + end + table
    coff = struct.pack("<HH12xHH", machine, 1, len(optional), characteristics)
    raw = -(-size // 512) * 512
    section = b".rdata\0\0" + struct.pack("<IIII16x", size, ADDRESS, raw, OFFSET)
    return dos.ljust(START, b"\0") + b"PE\0\0" + coff + optional + section
