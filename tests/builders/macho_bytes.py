"""Mach-O, ELF and PE files written byte by byte: small, exact, and wrong on request.

Nothing here is executable code. `thin` and `fat` write files that a parser accepts;
`Part`, `more` and `patched` serve for those that it must refuse.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind

# <mach/machine.h>: cputype, cpusubtype
CPU = {
    Arch.ARM64: (0x0100000C, 0),
    Arch.ARM64E: (0x0100000C, 0x80000002),
    Arch.ARM64_32: (0x0200000C, 1),
    Arch.ARM: (12, 9),
    Arch.X86_64: (0x01000007, 3),
    Arch.X86_64H: (0x01000007, 8),
    Arch.I386: (7, 3),
    Arch.PPC: (18, 0),
    Arch.PPC64: (0x01000012, 0),
    Arch.OTHER: (14, 0),  # SPARC
}
_BIG_ENDIAN = (Arch.PPC, Arch.PPC64, Arch.OTHER)
_CPU_ARCH_ABI64 = 0x01000000

# <mach-o/loader.h>
FILETYPE = {
    Kind.OBJECT: 1,
    Kind.EXECUTABLE: 2,
    Kind.DYLIB: 6,
    Kind.BUNDLE: 8,
    Kind.DSYM: 10,
    Kind.OTHER: 7,  # MH_DYLINKER
}
MH_TWOLEVEL = 0x80
LC_SYMTAB = 0x2
LC_DYSYMTAB = 0xB
LC_LOAD_DYLIB = 0xC
LC_ID_DYLIB = 0xD
LC_LOAD_WEAK_DYLIB = 0x80000018
LC_RPATH = 0x8000001C
LC_CODE_SIGNATURE = 0x1D
LC_REEXPORT_DYLIB = 0x8000001F
LC_LAZY_LOAD_DYLIB = 0x20
LC_LOAD_UPWARD_DYLIB = 0x80000023
LC_VERSION_MIN_MACOSX = 0x24
LC_VERSION_MIN_IPHONEOS = 0x25
LC_VERSION_MIN_TVOS = 0x2F
LC_VERSION_MIN_WATCHOS = 0x30
LC_BUILD_VERSION = 0x32
LC_DYLD_INFO_ONLY = 0x80000022
LC_DYLD_EXPORTS_TRIE = 0x80000033
LC_DYLD_CHAINED_FIXUPS = 0x80000034
DYLIB_USE_MARKER = 0x1A741800

# <mach-o/nlist.h>
N_EXT = 0x01
N_SECT = 0x0E
N_FUN = 0x24  # <mach-o/stab.h>, a debugging entry
N_WEAK_REF = 0x40
DYNAMIC_LOOKUP = 254

SIZEOF_CMDS_AT = 20
"""Where `sizeofcmds` stands in a header, for `patched`."""

NCMDS_AT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One entry of a symbol table; `name_at` puts the name where it is not."""

    name: str
    kind: int = N_EXT
    description: int = DYNAMIC_LOOKUP << 8
    value: int = 0
    name_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkedit:
    """What dyld goes by, as raw bytes: for None there is no load command.

    `bind`, `lazy` and `info_trie` share one. `size` is claimed for each of them.
    """

    chained: bytes | None = None
    bind: bytes | None = None
    lazy: bytes | None = None
    info_trie: bytes | None = None
    trie: bytes | None = None
    size: int | None = None

    @property
    def data(self) -> bytes:
        """The content, in the order in which ld64 writes it."""
        parts = (self.chained, self.bind, self.lazy, self.info_trie, self.trie)
        return b"".join(part or b"" for part in parts)

    def commands(self, at: int, order: str) -> list[bytes]:
        """Return the load commands for content that lies at this offset."""
        found, info = [], [0] * 10
        for number, part, field in (
            (LC_DYLD_CHAINED_FIXUPS, self.chained, None),
            (LC_DYLD_INFO_ONLY, self.bind, 2),
            (LC_DYLD_INFO_ONLY, self.lazy, 6),
            (LC_DYLD_INFO_ONLY, self.info_trie, 8),
            (LC_DYLD_EXPORTS_TRIE, self.trie, None),
        ):
            if part is None:
                continue
            place = (at, len(part) if self.size is None else self.size)
            at += len(part)
            if field is None:
                found.append(command(number, struct.pack(order + "II", *place), order=order))
            else:
                info[field : field + 2] = place
        if (self.bind, self.lazy, self.info_trie) != (None, None, None):
            body = struct.pack(order + "10I", *info)
            found.append(command(LC_DYLD_INFO_ONLY, body, order=order))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One slice of a universal file, with whatever its record shall say instead of the truth."""

    content: bytes
    cpu_type: int | None = None
    cpu_subtype: int | None = None
    offset: int | None = None
    size: int | None = None


def command(number: int, body: bytes, *, order: str = "<") -> bytes:
    """Return a load command, padded to 8 bytes."""
    body += bytes(-len(body) % 8)
    return struct.pack(order + "II", number, 8 + len(body)) + body


def dylib(number: int, name: str, *, order: str = "<") -> bytes:
    """Return a command that names a library, such as LC_LOAD_WEAK_DYLIB."""
    fields = struct.pack(order + "IIII", 24, 2, 0x10000, 0x10000)
    return command(number, fields + name.encode() + b"\0", order=order)


def dylib_use(number: int, name: str, flags: int, *, order: str = "<") -> bytes:
    """Return a command of the newer form that marks how a library is linked in flags."""
    fields = struct.pack(order + "IIIII", 28, DYLIB_USE_MARKER, 0x10000, 0x10000, flags)
    return command(number, fields + name.encode() + b"\0", order=order)


def rpath(path: str, *, order: str = "<") -> bytes:
    """Return an LC_RPATH command."""
    return command(LC_RPATH, struct.pack(order + "I", 12) + path.encode() + b"\0", order=order)


def build_version(
    platform: int, minos: tuple[int, int, int] = (11, 0, 0), *, order: str = "<"
) -> bytes:
    """Return an LC_BUILD_VERSION command."""
    fields = struct.pack(order + "IIII", platform, _packed(minos), _packed(minos), 0)
    return command(LC_BUILD_VERSION, fields, order=order)


def version_min(
    number: int, minos: tuple[int, int, int] = (10, 9, 0), *, order: str = "<"
) -> bytes:
    """Return one of the LC_VERSION_MIN commands."""
    return command(number, struct.pack(order + "II", _packed(minos), 0), order=order)


def thin(  # noqa: PLR0913 - each is a fact that a file states
    arch: Arch = Arch.ARM64,
    kind: Kind = Kind.BUNDLE,
    *,
    platform: int | None = 1,
    minos: tuple[int, int, int] = (11, 0, 0),
    dylibs: Sequence[str] = ("/usr/lib/libSystem.B.dylib",),
    rpaths: Sequence[str] = (),
    install_name: str | None = None,
    signed: bool = True,
    undefined: Sequence[tuple[str, int]] = (),
    exported: Sequence[str] = (),
    symbols: Sequence[Symbol] = (),
    linkedit: Linkedit = Linkedit(),
    more: Sequence[bytes] = (),
    body: bytes = b"",
    flags: int = MH_TWOLEVEL,
    cpu_subtype: int | None = None,
    dysymtab: bool = True,
    undefined_range: tuple[int, int] | None = None,
    names_first: bool = False,
    order: str | None = None,
) -> bytes:
    """Return a Mach-O file of one architecture.

    `undefined` are names with the ordinal of the library that has them (254 is flat
    look-up); `linkedit` is what dyld goes by instead; `symbols` are entries with all
    fields; `more` are further load commands, in the file's byte order; `body` stands where
    code would.
    """
    order = order or (">" if arch in _BIG_ENDIAN else "<")
    commands = [dylib(LC_LOAD_DYLIB, name, order=order) for name in dylibs]
    if platform is not None:
        commands.insert(0, build_version(platform, minos, order=order))
    if install_name is not None:
        commands.insert(0, dylib(LC_ID_DYLIB, install_name, order=order))
    commands += [rpath(path, order=order) for path in rpaths]
    commands += more
    if signed:
        commands.append(command(LC_CODE_SIGNATURE, bytes(8), order=order))
    entries = [Symbol(name=name, kind=N_EXT | N_SECT, value=0x1000) for name in exported]
    defined = len(entries)
    entries += [Symbol(name=name, description=ordinal << 8) for name, ordinal in undefined]
    entries += symbols
    cpu_type, usual = CPU[arch]
    is_64_bit = bool(cpu_type & _CPU_ARCH_ABI64)
    head_size = 32 if is_64_bit else 28
    tables = b""
    start = head_size + sum(map(len, commands)) + (24 + 80 * dysymtab if entries else 0) + len(body)
    start += sum(map(len, linkedit.commands(0, order)))
    commands += linkedit.commands(start, order)
    if entries:
        start += len(linkedit.data)
        tables, symtab = _tables(entries, start, order, is_64_bit=is_64_bit, swap=names_first)
        commands.append(command(LC_SYMTAB, symtab, order=order))
        if dysymtab:
            at, count = undefined_range or (defined, len(entries) - defined)
            fields = struct.pack(order + "18I", 0, 0, 0, defined, at, count, *[0] * 12)
            commands.append(command(LC_DYSYMTAB, fields, order=order))
    load = b"".join(commands)
    magic = 0xFEEDFACF if is_64_bit else 0xFEEDFACE
    subtype = usual if cpu_subtype is None else cpu_subtype
    words = (magic, cpu_type, subtype, FILETYPE[kind], len(commands), len(load), flags)
    head = struct.pack(order + "7I", *words) + bytes(head_size - 28)
    return head + load + body + linkedit.data + tables


def fat(
    slices: Sequence[bytes | Part],
    *,
    table_bits: int = 32,
    align: int = 14,
    hidden: bytes | Part | None = None,
    count: int | None = None,
) -> bytes:
    """Return a universal file; `hidden` gets a record behind the ones that are counted."""
    given = [*slices, *([] if hidden is None else [hidden])]
    parts = [piece if isinstance(piece, Part) else Part(content=piece) for piece in given]
    magic, record = (0xCAFEBABE, ">IIIII") if table_bits == 32 else (0xCAFEBABF, ">IIQQII")
    table = struct.pack(">II", magic, len(slices) if count is None else count)
    page = 1 << align
    at = -(-(8 + struct.calcsize(record) * len(parts)) // page) * page
    body = b""
    for part in parts:
        cpu_type, cpu_subtype = _cpu_of(part)
        offset = at + len(body) if part.offset is None else part.offset
        size = len(part.content) if part.size is None else part.size
        words = (cpu_type, cpu_subtype, offset, size, align, 0)
        table += struct.pack(record, *words[: 5 if table_bits == 32 else 6])
        body += part.content + bytes(-len(part.content) % page)
    return table.ljust(at, b"\0") + body


def facts_of(content: bytes, path: str = "m.so", *, symbols: bool = True) -> Binary:
    """Return what the package reads in this content, which must begin as a native file."""
    binary = read_binary(path, FileSource(BytesIO(content)), symbols=symbols)
    assert binary is not None, "the content has no magic of a native file"
    return binary


def patched(content: bytes, at: int, value: int, form: str = "<I") -> bytes:
    """Return the content with one number overwritten."""
    size = struct.calcsize(form)
    return content[:at] + struct.pack(form, value) + content[at + size :]


def archive(*objects: bytes) -> bytes:
    """Return an object archive (`ar`), the form of static libraries."""
    members = (b"%-48s%-10d`\n%s" % (b"object.o", len(o), o) for o in objects)
    return b"!<arch>\n" + b"".join(members)


def java_class(version: int = 52) -> bytes:
    """Return the beginning of a Java class file."""
    return struct.pack(">IHHH", 0xCAFEBABE, 0, version, 1) + bytes(32)


def pe(content: bytes = b"") -> bytes:
    """Return something that begins as a PE file does."""
    return b"MZ\x90".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0" + content


def _tables(
    entries: Iterable[Symbol], start: int, order: str, *, is_64_bit: bool, swap: bool
) -> tuple[bytes, bytes]:
    """Return the symbol and string tables and the fields of LC_SYMTAB for them."""
    names, symbols, count = bytearray(1), bytearray(), 0
    for entry in entries:
        at = len(names) if entry.name_at is None else entry.name_at
        form = order + ("IBBHQ" if is_64_bit else "IBBHI")
        section = int(entry.kind & N_SECT == N_SECT)
        symbols += struct.pack(form, at, entry.kind, section, entry.description, entry.value)
        names += entry.name.encode() + b"\0"
        count += 1
    first, second = (names, symbols) if swap else (symbols, names)
    symbols_at, names_at = (start + len(first), start) if swap else (start, start + len(first))
    fields = struct.pack(order + "IIII", symbols_at, count, names_at, len(names))
    return bytes(first + second), fields


def _cpu_of(part: Part) -> tuple[int, int]:
    cpu_type, cpu_subtype = 0, 0
    if part.content[:4] in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"):
        cpu_type, cpu_subtype = struct.unpack_from("<II", part.content, 4)
    elif part.content[:4] in (b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce"):
        cpu_type, cpu_subtype = struct.unpack_from(">II", part.content, 4)
    return (
        cpu_type if part.cpu_type is None else part.cpu_type,
        cpu_subtype if part.cpu_subtype is None else part.cpu_subtype,
    )


def _packed(version: tuple[int, int, int]) -> int:
    return version[0] << 16 | version[1] << 8 | version[2]
