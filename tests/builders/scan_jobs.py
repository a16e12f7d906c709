"""What `benchmarks/scan.py` measures: ways to read the native files of wheels.

Each job takes one wheel; what it imports, it imports when it is made, so that this is
not measured.
"""

from __future__ import annotations

import importlib
import logging
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

Job = Callable[[Path], object]

HEAD = 700
"""Bytes of each member that the lower limit inflates."""

_CHUNK = 1 << 16
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_MAGICS = frozenset(
    bytes.fromhex(magic)
    for magic in ("feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe", "cafebabf")
)
_FAT_MAGICS = frozenset({b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"})
_JAVA_CLASS = 45
_PYTHON = re.compile(r"-cp(\d)(\d+)-")


def only_heads() -> Job:
    """Limit (a): open the archive and inflate the first bytes of each member."""

    def job(path: Path) -> None:
        for _ in heads_of(path):
            pass

    return job


def inflate_native() -> Job:
    """Limit (b): inflate each Mach-O member once, in pieces, and drop them."""
    return inflating(_machos)


def inflating(members: Callable[[Path], Iterator[tuple[zipfile.ZipInfo, int]]]) -> Job:
    """Return what inflates these members of a wheel."""

    def job(path: Path) -> None:
        with path.open("rb") as stream:
            for info, at in members(path):
                stream.seek(at)
                left = info.compress_size
                inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                while left:
                    data = stream.read(min(left, _CHUNK))
                    left -= len(data)
                    while data and info.compress_type == zipfile.ZIP_DEFLATED:
                        inflate.decompress(data, _CHUNK)
                        data = inflate.unconsumed_tail

    return job


def architectures() -> Job:
    """pip-archguard: the commands of thin files, and the tables of universal ones.

    That answers for the architecture of every Mach-O file; a slice of a universal file
    lies behind those before it, so reading its own header means inflating them.
    """
    header: Any = importlib.import_module("pip_archguard.binaries.macho.header")
    universal: Any = importlib.import_module("pip_archguard.binaries.macho.universal")
    read_binary = importlib.import_module("pip_archguard.binaries").read_binary

    def read(path: str, source: Any) -> None:
        magic = source.read_at(0, 4)
        if magic not in _MAGICS:  # ELF and PE
            return
        if magic in _FAT_MAGICS:
            universal.read_table(header.Code(source=source, offset=0, size=source.size))
        else:
            read_binary(path, source, symbols=False)

    return native_job(read)


def slice_headers() -> Job:
    """pip-archguard: the headers and load commands of every slice, no symbols."""
    read_binary = importlib.import_module("pip_archguard.binaries").read_binary
    return native_job(lambda path, source: read_binary(path, source, symbols=False))


def native_job(read: Callable[[str, Any], object]) -> Job:
    """Have each native member read as `wheels.read_wheel` does."""
    binaries: Any = importlib.import_module("pip_archguard.binaries")
    members: Any = importlib.import_module("pip_archguard.wheels.members")

    def job(path: Path) -> None:
        with path.open("rb") as stream, zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir() or not binaries.identify(members.head_of(archive, stream, info)):
                    continue
                opened = binaries.StreamSource(
                    lambda info=info: cast("BinaryIO", archive.open(info)), info.file_size
                )
                with closing(opened) as source:
                    read(info.filename, source)

    return job


def whole_verdict() -> Job:
    """pip-archguard: all facts, and the verdict for macOS 14 on arm64."""
    wheels: Any = importlib.import_module("pip_archguard.wheels")
    hosts: Any = importlib.import_module("pip_archguard.hosts")
    target: Any = importlib.import_module("pip_archguard.model.target")
    arch: Any = importlib.import_module("pip_archguard.model.arch")
    here = target.Target(system=target.System.LINUX, arch=arch.Arch.X86_64, python="cp312")

    def job(path: Path) -> None:
        match = _PYTHON.search(path.name)
        python = (int(match[1]), int(match[2])) if match else (3, 12)
        targets = hosts.named_targets(here, platforms=["macosx_14_0_arm64"], python_version=python)
        wheels.judge_wheel(path, wheels.read_wheel(path), targets)

    return job


def by_lief() -> Job:
    """lief: parse the bytes of each Mach-O member."""
    lief: Any = importlib.import_module("lief")
    lief.logging.disable()

    def job(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            for info, _ in _machos(path):
                lief.MachO.parse(archive.read(info))

    return job


def by_macholib() -> Job:
    """macholib: unpack each Mach-O member and read it with `MachO`."""
    macho: Any = importlib.import_module("macholib.MachO")

    def job(path: Path) -> None:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            for info, _ in _machos(path):
                file = archive.extract(info, folder)
                with suppress(ValueError):  # a universal archive of objects
                    macho.MachO(file, allow_unknown_load_commands=True)

    return job


def by_delocate() -> Job:
    """delocate: unpack the wheel and walk its libraries, with LLVM's tools as Apple's."""
    libsana: Any = importlib.import_module("delocate.libsana")
    check: Any = importlib.import_module("builders.delocate_check")
    logging.disable(logging.CRITICAL)
    tools = ExitStack()
    tools.enter_context(check.apple_tools())

    def job(path: Path, _kept: ExitStack = tools) -> None:
        libsana.wheel_libs(str(path), ignore_missing=True)

    return job


JOBS: dict[str, Callable[[], Job]] = {
    "limit (a): the first 700 bytes of each member": only_heads,
    "limit (b): every Mach-O member inflated once": inflate_native,
    "pip-archguard: thin headers and fat tables": architectures,
    "pip-archguard: the headers of all slices": slice_headers,
    "pip-archguard: whole verdict": whole_verdict,
    "lief: parse": by_lief,
    "macholib: MachO of unpacked members": by_macholib,
    "delocate: wheel_libs": by_delocate,
}
SLOW = frozenset({"delocate: wheel_libs"})
"""What is measured once only."""


def _machos(path: Path) -> Iterator[tuple[zipfile.ZipInfo, int]]:
    """Yield the Mach-O members, and where the data of each begins."""
    for info, at, head in heads_of(path):
        java = head[:4] in _FAT_MAGICS and int.from_bytes(head[4:8], "big") >= _JAVA_CLASS
        if head[:4] in _MAGICS and not java:
            yield info, at


def heads_of(path: Path) -> Iterator[tuple[zipfile.ZipInfo, int, bytes]]:
    """Yield the members of a wheel, where the data of each begins, and its first bytes."""
    with path.open("rb") as stream, zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            stream.seek(info.header_offset)
            _, name, extra = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
            at = info.header_offset + _LOCAL_HEADER.size + name + extra
            stream.seek(at)
            data = stream.read(min(HEAD, info.compress_size))
            if info.compress_type == zipfile.ZIP_DEFLATED:
                data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, HEAD)
            yield info, at, data
