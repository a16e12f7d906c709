"""ELF and PE: whole files, and files made table by table."""

from __future__ import annotations

from collections.abc import Iterator

from builders.elf_bytes import MACHINES, elf_file
from builders.pe_bytes import AMD64, ARM64, ARMNT, I386, pe
from fuzz.native_promises import check_native
from fuzz.taken import Taken, choices, worded
from fuzz.target import FuzzTarget
from pip_archguard.binaries.bounds import LATE_DYNAMIC
from pip_archguard.model.arch import Arch

_ARCHS = tuple(MACHINES)
_LIBRARIES = ("libc.so.6", "libc.so", "libc.musl-x86_64.so.1", "liblog.so", "libm.so.6", "")
_VERSIONS = ("GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_ABI_DT_RELR", "LIBC", "GLIBC_999.999", "X")
_DLLS = ("KERNEL32.dll", "python312.dll", "python3.dll", "a.dll", "")
_EXPORTS = ("PyInit__c", "PyInit_d", "PyModExport__c", "a")


def elf_files() -> Iterator[bytes]:
    """Yield files of each kind."""
    yield elf_file(versions={"libc.so.6": ["GLIBC_2.34"]}, runpath="$ORIGIN:a", soname="m")
    yield elf_file(Arch.I386, rpath="b", symbols=b"PyInit__c\0__printf_chk\0")
    yield elf_file(Arch.S390X, versions={"libc.so.6": ["GLIBC_2.2"]}, needs_first=True)
    yield elf_file(interpreter=True, flags_1=0x08000000)
    yield elf_file(file_type=1)


def check_elf(data: bytes) -> None:
    """Read an ELF file whose tables are chosen; a late one is longer than is read of it."""
    taken = Taken(data)
    arch, late = taken.pick(_ARCHS), taken.below(64) == 1
    needed = [taken.pick(_LIBRARIES) or taken.word() for _ in range(taken.below(4))]
    asked = [taken.pick(_VERSIONS) for _ in range(taken.below(4))]
    width = MACHINES[arch][1] // 8
    tags = [(taken.pick(_TAGS), taken.number(width)) for _ in range(taken.below(4))]
    content = elf_file(
        arch,
        needed=needed,
        soname=taken.word() if taken.flag() else None,
        runpath=taken.word(),
        rpath=taken.word(),
        versions={"libc.so.6": asked} if asked else None,
        weak=asked[:1] if taken.flag() else (),
        symbols=b"\0" + taken.some() + b"\0",
        interpreter=taken.flag(),
        file_type=taken.pick((3, 2, 1, 4)),
        needs_first=taken.flag(),
        more_tags=tags,
        padding=LATE_DYNAMIC if late else 0,
    )
    check_native(taken.patched(content))


_TAGS = (1, 5, 10, 14, 15, 29, 0x6FFFFFFB, 0x6FFFFFFE, 0x6FFFFFFF)


def check_pe(data: bytes) -> None:
    """Read a PE file whose tables are chosen."""
    taken = Taken(data)
    machine = taken.pick((AMD64, ARM64, I386, ARMNT, 0x1234))
    kinds = [(taken.pick((3, 5, 6, 200)), taken.number()) for _ in range(taken.below(4))]
    content = pe(
        machine,
        imports=_some(taken, _DLLS),
        delayed=_some(taken, _DLLS),
        old_delayed=_some(taken, _DLLS),
        exports=_some(taken, _EXPORTS),
        chpe=taken.flag(),
        relocations=kinds if taken.flag() else None,
        relocation_version=taken.pick((1, 2)),
        config_size=taken.pick((320, 200, 208, 224, 230, 16)),
        cor_flags=taken.number(4) if taken.flag() else None,
        compiled=taken.pick((b"", b"RTR\0", b"RTR")),
        code_size=taken.pick((16, 0)),
        subsystem=taken.pick((3, 1)),
        alignment=taken.pick((0x200, 0x1000, 1, 0)),
        directories=taken.pick((16, 14, 2, 0)),
    )
    check_native(taken.patched(content), "demo/_c.pyd")


def _some(taken: Taken, names: tuple[str, ...]) -> list[str]:
    return [taken.pick(names) or taken.word() for _ in range(taken.below(4))]


def pe_files() -> Iterator[bytes]:
    """Yield files of each kind."""
    yield pe(ARM64, imports=["a.dll"], delayed=["b.dll"], exports=["PyInit__c"], chpe=True)
    yield pe(I386, cor_flags=0, compiled=b"RTR\0", old_delayed=["c.dll"])
    yield pe(ARM64, relocations=[(3, 8), (5, 4), (6, 8)])
    yield pe(AMD64, imports=["python312.dll"], exports=["PyInit__c", "a"], alignment=1)


ELF_AND_PE = (
    FuzzTarget(
        name="elf",
        promise="any bytes behind the magic are read, the same on disk and in a wheel",
        check=check_native,
        seeds=elf_files,
    ),
    FuzzTarget(
        name="elf-tables",
        promise="any tables are read",
        check=check_elf,
        seeds=lambda: [
            choices(0, 0, 1, 0, 1, 0, 0, 0) + worded("$ORIGIN") + worded("a"),
            choices(4, 1, 2, 0, 2, 1, 0, 1, 0, 1) + worded("soname"),
        ],
        longest=512,
    ),
    FuzzTarget(
        name="pe",
        promise="any bytes behind the magic are read",
        check=lambda data: check_native(data, "demo/_c.pyd"),
        seeds=pe_files,
    ),
    FuzzTarget(
        name="pe-tables",
        promise="any tables are read",
        check=check_pe,
        seeds=lambda: [
            choices(0, 0, 1, 0, 1, 2, 0, 1, 0, 1, 1),
            choices(1, 2, 2, 9, 0, 0, 0, 0, 1, 1),
        ],
        longest=512,
    ),
)
"""The targets of these formats."""
