"""What `benchmarks/scan.py --linux` measures: ways to read the ELF files of wheels."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from builders.scan_jobs import Job, heads_of, inflating, native_job, only_heads

_MAGIC = b"\x7fELF"


def inflate_native() -> Job:
    """Limit (b): inflate each ELF member once, in pieces, and drop them."""
    return inflating(_elfs)


def headers() -> Job:
    """pip-archguard: the architecture of every ELF file, by its header."""
    header: Any = importlib.import_module("pip_archguard.binaries.elf.header")

    def read(_: str, source: Any) -> None:
        if source.read_at(0, 4) == _MAGIC:
            header.read_header(source)

    return native_job(read)


def facts() -> Job:
    """pip-archguard: all facts of every ELF file, its dynamic section among them."""
    read_binary = importlib.import_module("pip_archguard.binaries").read_binary
    return native_job(read_binary)


def whole_verdict() -> Job:
    """pip-archguard: all facts, and the verdict for Linux with glibc 2.28 on x86_64."""
    wheels: Any = importlib.import_module("pip_archguard.wheels")
    hosts: Any = importlib.import_module("pip_archguard.hosts")
    here = hosts.running_target()
    targets = hosts.named_targets(here, platforms=["manylinux_2_28_x86_64"], python_version=(3, 11))

    def job(path: Path) -> None:
        wheels.judge_wheel(path, wheels.read_wheel(path), targets)

    return job


def by_lief() -> Job:
    """lief: parse the bytes of each ELF member."""
    lief: Any = importlib.import_module("lief")
    lief.logging.disable()

    def job(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            for info, _ in _elfs(path):
                lief.ELF.parse(BytesIO(archive.read(info)))

    return job


def by_pyelftools() -> Job:
    """pyelftools: machine, needed libraries and versions of each ELF member, inflated whole."""
    elffile: Any = importlib.import_module("elftools.elf.elffile")

    def job(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            for info, _ in _elfs(path):
                file = elffile.ELFFile(BytesIO(archive.read(info)))
                dynamic = file.get_section_by_name(".dynamic")
                for tag in dynamic.iter_tags() if dynamic is not None else ():
                    str(tag)
                needs = file.get_section_by_name(".gnu.version_r")
                for _, versions in needs.iter_versions() if needs is not None else ():
                    list(versions)

    return job


def by_auditwheel() -> Job:
    """auditwheel: what `auditwheel show` looks at, without its text."""
    abi: Any = importlib.import_module("auditwheel.wheel_abi")
    arch: Any = importlib.import_module("auditwheel.architecture")
    libc: Any = importlib.import_module("auditwheel.libc")
    errors: Any = importlib.import_module("auditwheel.error")

    def job(path: Path) -> None:
        with suppress(errors.NonPlatformWheelError):
            abi.analyze_wheel_abi(
                libc.Libc.GLIBC,
                arch.Architecture.x86_64,
                path,
                frozenset(),
                disable_isa_ext_check=True,
                allow_graft=False,
            )

    return job


JOBS: dict[str, Callable[[], Job]] = {
    "limit (a): the first 700 bytes of each member": only_heads,
    "limit (b): every ELF member inflated once": inflate_native,
    "pip-archguard: the headers of all files": headers,
    "pip-archguard: all facts of all files": facts,
    "pip-archguard: whole verdict": whole_verdict,
    "lief: parse": by_lief,
    "pyelftools: machine, libraries and versions": by_pyelftools,
    "auditwheel: analyze_wheel_abi": by_auditwheel,
}
SLOW = frozenset({"auditwheel: analyze_wheel_abi"})
"""What is measured once only."""


def _elfs(path: Path) -> Iterator[tuple[zipfile.ZipInfo, int]]:
    """Yield the ELF members, and where the data of each begins."""
    return ((info, at) for info, at, head in heads_of(path) if head.startswith(_MAGIC))
