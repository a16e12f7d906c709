"""Wheels whose native files, or what is said of them, were made to cost much to look at."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from builders.elf_bytes import elf_file
from builders.hostile_archives import MIB, Hostile, broken, unknown
from builders.linkedit import trie
from builders.macho_bytes import (
    LC_LOAD_DYLIB,
    LC_REEXPORT_DYLIB,
    Linkedit,
    Part,
    dylib,
    fat,
    rpath,
    thin,
)
from builders.pe_bytes import pe
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.verdict import Verdict

_TAG = "cp312-cp312-macosx_11_0_arm64"
_LIBRARIES = Kind.DYLIB


def wheel(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a wheel that is sound as an archive."""
    return make_wheel("demo", "1.0", _TAG, dict(files)).content


def _many(count: int, content: bytes) -> Callable[[], bytes]:
    return lambda: wheel((f"demo/_m{n}.so", content) for n in range(count))


def _pair(linkedit: Linkedit) -> bytes:
    """Return a universal file, for of those all symbols are read."""
    return fat([thin(arch, linkedit=linkedit) for arch in (Arch.X86_64, Arch.ARM64)])


def _subtypes(linkedit: Linkedit) -> bytes:
    """Return a universal file of as many slices as dyld takes, each of another subtype."""
    one = [thin(Arch.X86_64, linkedit=linkedit, cpu_subtype=3)]
    return fat([*one, *(thin(linkedit=linkedit, cpu_subtype=n) for n in range(15))])


def _chained(count: int) -> Linkedit:
    entries = b"".join(struct.pack("<I", 0xFE | n % 2 << 9) for n in range(2)) * (count // 2)
    names = b"\0_a\0"
    head = struct.pack("<7I", 0, 0, 28, 28 + len(entries), count // 2 * 2, 1, 0)
    return Linkedit(chained=head + entries + names)


def _opcodes(count: int) -> Linkedit:
    return Linkedit(lazy=b"\x3e\x40_a\0" + b"\x11\x3e" * (count // 2))


def _entwined_trie() -> bytes:
    """Return exports of which all nodes lead to all those below, so that ways double."""
    layers, content = 4000, b""
    for n in range(layers):
        node = b"\0\2" + b"_\0" + _uleb3((n + 1) * 12) + b"a\0" + _uleb3((n + 1) * 12)
        content += node.ljust(12, b"\0")
    return content + b"\1\0\0\0"


def _uleb3(number: int) -> bytes:
    return bytes([number & 0x7F | 0x80, number >> 7 & 0x7F | 0x80, number >> 14])


def _looped_trie() -> bytes:
    return b"\0\1_\0" + bytes([0])


def _asks(count: int) -> bytes:
    """Return a module that takes many names from a library beside it."""
    names = [f"_{'a' * (n % 200)}{n}" for n in range(count)]
    return thin(
        dylibs=["@loader_path/lib.dylib"], undefined=[(name, 1) for name in names], dysymtab=True
    )


def _with_trie(content: bytes) -> Callable[[], bytes]:
    library = thin(
        kind=_LIBRARIES, install_name="@loader_path/lib.dylib", linkedit=Linkedit(trie=content)
    )
    return lambda: wheel([("demo/_c.so", _asks(5000)), ("demo/lib.dylib", library)])


def _links(count: int) -> bytes:
    return thin(more=[dylib(LC_LOAD_DYLIB, f"@rpath/lib{n}.dylib") for n in range(count)])


def _explosion() -> bytes:
    """Return libraries that each search all of many folders for all of many others."""
    commands = [rpath(f"@loader_path/{'../demo/' * (n % 9)}p{n}") for n in range(200)]
    commands += [dylib(LC_LOAD_DYLIB, f"@rpath/lib{n}.dylib") for n in range(200)]
    code = thin(kind=_LIBRARIES, more=commands)
    return wheel((f"demo/lib{n}.dylib", code) for n in range(200))


def _chain(count: int, command: int = LC_LOAD_DYLIB, *, loop: bool = False) -> bytes:
    """Return libraries each of which links the next one, and has folders to search."""
    files = []
    for n in range(count):
        following = (n + 1) % count if loop else n + 1
        more = [dylib(command, f"@rpath/lib{following}.dylib"), rpath("@loader_path")]
        files.append((f"demo/lib{n}.dylib", thin(kind=_LIBRARIES, more=more)))
    return wheel(files)


def _all_to_all(count: int) -> bytes:
    commands = [dylib(LC_REEXPORT_DYLIB, f"@loader_path/lib{n}.dylib") for n in range(count)]
    code = thin(kind=_LIBRARIES, more=commands, undefined=[("_a", 1)])
    return wheel((f"demo/lib{n}.dylib", code) for n in range(count))


def _same_names(count: int) -> bytes:
    """Return files of one base name in many folders, all of which look for it."""
    code = thin(kind=_LIBRARIES, dylibs=["@rpath/lib.dylib"] * 50)
    return wheel((f"demo/{n}/lib.dylib", code) for n in range(count))


def _bomb() -> bytes:
    return _many(40, fat([thin(body=bytes(8 * MIB)), thin(Arch.X86_64)]))()


def _needs(count: int) -> bytes:
    return elf_file(needed=[f"lib{n}.so" for n in range(count)])


def _nested_source() -> bytes:
    source = b"import demo._c\nx = " + b"(" * 49_000 + b")" * 49_000
    files = [("demo/__init__.py", source), ("demo/_c.so", thin(Arch.X86_64))]
    files += [(f"demo/m{n}.py", source) for n in range(60)]
    return wheel(files)


def _much_source() -> bytes:
    source = b"try:\n    import demo._c\nexcept ImportError:\n    pass\n" * 18_000
    files = [("demo/_c.so", thin(Arch.X86_64))]
    return wheel([*files, *((f"demo/m{n}.py", source) for n in range(200))])


def _dense_source() -> bytes:
    """Return sources that hold as many statements as their length allows."""
    source = b"try:\n    import demo._c\nexcept ImportError:\n    pass\n" + b"a;" * 33_000
    files = [("demo/_c.so", thin(Arch.X86_64))]
    return wheel([*files, *((f"demo/m{n}.py", source) for n in range(20))])


def _dlls() -> bytes:
    """Return DLLs of one name that all import as many others."""
    content = pe(imports=[f"lib{n}.dll" for n in range(4000)])
    return wheel((f"demo/{n}/lib1.dll", content) for n in range(500))


def _named_archs() -> bytes:
    """Return many files named after an architecture, and much source that may name them."""
    source = bytes(4 * MIB)
    files = [(f"demo/{n}-x86_64.dylib", thin(kind=_LIBRARIES)) for n in range(2000)]
    return wheel([*files, *((f"demo/m{n}.py", source) for n in range(16))])


NATIVES: dict[str, Hostile] = {
    "many small native files": unknown(_many(5000, thin()), "native files", large=True),
    "bombs with native beginnings": unknown(_bomb, "unpack to more than", large=True),
    "a universal file of 4 billion slices": broken(
        _many(1, struct.pack(">II", 0xCAFEBABE, 44) + bytes(64)), "more than 16"
    ),
    "slices that overlap": broken(
        lambda: wheel(
            [("demo/_c.so", fat([thin(), Part(content=thin(Arch.X86_64), offset=16384)]))]
        ),
        "overlaps",
    ),
    "libraries linked by the thousand": unknown(
        _many(1, _links(20_000)), "load commands", large=True
    ),
    "load commands up to the bound, in many files": unknown(
        _many(300, _links(1_500)), "than can be looked at", large=True
    ),
    "two million chained imports": unknown(
        _many(1, _pair(_chained(1_900_000))), "than can be looked at", large=True
    ),
    "chained imports in 16 slices": unknown(
        _many(4, _subtypes(_chained(400_000))), "than can be looked at", large=True
    ),
    "bind opcodes in 16 slices": unknown(
        _many(9, _subtypes(_opcodes(400_000))), "than can be looked at", large=True
    ),
    "exports that loop": Hostile(make=_with_trie(_looped_trie()), verdict=Verdict.OK),
    "exports whose ways double": broken(
        _with_trie(_entwined_trie()), "that are not there", large=True
    ),
    "names by the ten thousand": broken(_with_trie(trie(["_b"])), "that are not there", large=True),
    "an explosion of rpaths": unknown(_explosion, "in more than 50000 places", large=True),
    "a chain of 3,000 libraries": Hostile(
        make=lambda: _chain(3_000), verdict=Verdict.OK, large=True
    ),
    "a loop of 2,000 libraries": Hostile(
        make=lambda: _chain(2_000, loop=True), verdict=Verdict.OK, large=True
    ),
    "re-exports in a loop": Hostile(
        make=lambda: _chain(2_000, LC_REEXPORT_DYLIB, loop=True), verdict=Verdict.OK, large=True
    ),
    "all libraries link all": Hostile(
        make=lambda: _all_to_all(250), verdict=Verdict.UNKNOWN, large=True
    ),
    "one name in many folders": Hostile(
        make=lambda: _same_names(2_000), verdict=Verdict.UNKNOWN, large=True
    ),
    "source nested beyond the parser": broken(_nested_source, "x86_64 only", large=True),
    "source that imports without end": broken(_much_source, "x86_64 only", large=True),
    "sources of 33,000 statements": broken(_dense_source, "x86_64 only", large=True),
    "DLLs of one name that import all others": unknown(_dlls, "than can be looked at", large=True),
    "names after architectures, and much source": unknown(
        _named_archs, "takes too long to search", large=True
    ),
    "ELF that needs 60,000 libraries": Hostile(
        make=_many(1, _needs(60_000)), verdict=Verdict.OK, large=True
    ),
}
