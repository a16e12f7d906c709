"""ELF files made byte by byte, as <elf.h> lays them out."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from pip_archguard.model.arch import Arch

MACHINES = {
    Arch.X86_64: (62, 64, "<"),
    Arch.ARM64: (183, 64, "<"),
    Arch.I386: (3, 32, "<"),
    Arch.ARM: (40, 32, "<"),
    Arch.PPC: (20, 32, ">"),
    Arch.PPC64: (21, 64, ">"),
    Arch.PPC64LE: (21, 64, "<"),
    Arch.S390X: (22, 64, ">"),
    Arch.RISCV64: (243, 64, "<"),
    Arch.LOONGARCH64: (258, 64, "<"),
}
"""`e_machine`, width and byte order."""

DF_1_PIE = 0x08000000
RUNPATH, RPATH, FLAGS_1 = 29, 15, 0x6FFFFFFB


class _Names:
    """A string table that grows."""

    def __init__(self, more: bytes) -> None:
        self.content = b"\0" + more

    def add(self, name: str) -> int:
        place = len(self.content)
        self.content += name.encode() + b"\0"
        return place


def elf_file(  # noqa: PLR0913 - each is a thing that a linker writes
    arch: Arch = Arch.X86_64,
    *,
    needed: Sequence[str] = ("libc.so.6",),
    soname: str | None = None,
    runpath: str | None = None,
    rpath: str | None = None,
    versions: Mapping[str, Sequence[str]] | None = None,
    weak: Sequence[str] = (),
    symbols: bytes = b"",
    interpreter: bool = False,
    flags_1: int | None = None,
    file_type: int = 3,
    machine: tuple[int, int, str] | None = None,
    needs_first: bool = False,
    more_tags: Sequence[tuple[int, int]] = (),
    padding: int = 0,
) -> bytes:
    """Return a shared object with one loaded segment that holds everything."""
    number, bits, order = machine or MACHINES[arch]
    names = _Names(symbols)
    tags = [(1, names.add(name)) for name in needed]
    if soname is not None:
        tags.append((14, names.add(soname)))
    tags += [(tag, names.add(path)) for tag, path in ((RUNPATH, runpath), (RPATH, rpath)) if path]
    if flags_1 is not None:
        tags.append((FLAGS_1, flags_1))
    needs = _needs(versions or {}, weak, names, order)
    ehdr, phdr = (64, 56) if bits == 64 else (52, 32)
    count = 3 if interpreter else 2
    start = ehdr + count * phdr
    first, second = (needs, names.content) if needs_first else (names.content, needs)
    first_at, second_at = start, start + len(first)
    strings_at, needs_at = (second_at, first_at) if needs_first else (first_at, second_at)
    tags += [(5, strings_at), (10, len(names.content)), *more_tags]
    if versions:
        tags += [(0x6FFFFFFE, needs_at), (0x6FFFFFFF, len(versions))]
    word = "QQ" if bits == 64 else "II"
    dynamic = b"".join(struct.pack(order + word, *tag) for tag in (*tags, (0, 0), (1, 9)))
    dynamic_at = second_at + len(second) + padding
    body = first + second + bytes(padding) + dynamic
    end = dynamic_at + len(dynamic)
    segments = [(1, 0, end), (2, dynamic_at, len(dynamic))]
    if interpreter:
        segments.append((3, strings_at, 1))
    table = b"".join(_phdr(order, bits, *segment) for segment in segments)
    return _ehdr(order, bits, file_type, number, ehdr, phdr, count) + table + body


def _needs(
    versions: Mapping[str, Sequence[str]], weak: Sequence[str], names: _Names, order: str
) -> bytes:
    content = b""
    for at, (file, wanted) in enumerate(versions.items()):
        size = 16 * (1 + len(wanted))
        following = size if at + 1 < len(versions) else 0
        content += struct.pack(
            order + "HHIII", 1, len(wanted), names.add(file), 16 if wanted else 0, following
        )
        for number, name in enumerate(wanted):
            last = number + 1 == len(wanted)
            flags = 2 if name in weak else 0
            content += struct.pack(order + "IHHII", 0, flags, 2, names.add(name), 0 if last else 16)
    return content


def _phdr(order: str, bits: int, kind: int, offset: int, size: int) -> bytes:
    if bits == 64:
        return struct.pack(order + "IIQQQQQQ", kind, 5, offset, offset, offset, size, size, 1)
    return struct.pack(order + "IIIIIIII", kind, offset, offset, offset, size, size, 5, 1)


def _ehdr(
    order: str, bits: int, file_type: int, machine: int, ehdr: int, phdr: int, count: int
) -> bytes:
    ident = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1]).ljust(12, b"\0")
    word = "Q" if bits == 64 else "I"
    return ident + struct.pack(
        f"{order}HHI{word}{word}{word}IHHHHHH",
        *(file_type, machine, 1, 0, ehdr, 0, 0, ehdr, phdr, count, 0, 0, 0),
    )


def elf(content: bytes = b"") -> bytes:
    """Return a shared object for 64-bit Linux whose names have this content at their end."""
    return elf_file(symbols=content)
