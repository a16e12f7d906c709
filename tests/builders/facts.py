"""Facts made by hand, for tests of what is pure."""

from __future__ import annotations

from pathlib import PurePosixPath

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Dependency, Format, Kind, Slice
from pip_archguard.model.libc import Libc
from pip_archguard.model.problem import Problem
from pip_archguard.model.target import System, Target
from pip_archguard.model.wheel import WheelFacts

CP312 = (".cpython-312-darwin.so", ".abi3.so", ".so")

UNIVERSAL2 = "macosx_11_0_universal2"


def mac(
    arch: Arch = Arch.ARM64, *, os: tuple[int, int] = (14, 0), suffixes: tuple[str, ...] = CP312
) -> Target:
    """A Mac that runs CPython 3.12."""
    return Target(system=System.MACOS, arch=arch, os_version=os, suffixes=suffixes, python="cp312")


def piece(
    arch: Arch,
    kind: Kind = Kind.BUNDLE,
    *,
    platform: int | None = 1,
    links: tuple[str, ...] = (),
    weak: tuple[str, ...] = (),
    reexports: tuple[str, ...] = (),
    flat: tuple[str, ...] | None = None,
    **more: object,
) -> Slice:
    """One signed slice, with the libraries it links and the names it looks up flat.

    One that looks names up links libSystem besides, as nearly every slice does.
    """
    linked = (
        *([Dependency(install_name="/usr/lib/libSystem.B.dylib")] if flat is not None else []),
        *(Dependency(install_name=name) for name in links),
        *(Dependency(install_name=name, weak=True) for name in weak),
        *(Dependency(install_name=name, reexported=True) for name in reexports),
    )
    settings: dict[str, object] = {"signed": True, **more}
    return Slice(
        arch=arch,
        cpu_type=0,
        cpu_subtype=0,
        kind=kind,
        platform=platform,
        dependencies=linked,
        flat_lookups=flat,
        **settings,  # type: ignore[arg-type]
    )


def macho(path: str, *slices: Slice, problem: str | None = None, malformed: bool = False) -> Binary:
    """A Mach-O file of these slices."""
    return Binary(
        path=path, format=Format.MACH_O, slices=slices, problem=problem, malformed=malformed
    )


def thin(path: str, arch: Arch, kind: Kind = Kind.BUNDLE, **more: object) -> Binary:
    """A Mach-O file of one slice."""
    return macho(path, piece(arch, kind, **more))  # type: ignore[arg-type]


def elf(path: str, *, python_init: bool = False) -> Binary:
    """An ELF file of which nothing more is known."""
    return Binary(path=path, format=Format.ELF, python_init=python_init)


def shared(
    path: str,
    arch: Arch = Arch.X86_64,
    kind: Kind = Kind.DYLIB,
    *,
    links: tuple[str, ...] = (),
    **more: object,
) -> Binary:
    """A shared object, a module unless it is called a library, or a program, for Linux."""
    settings: dict[str, object] = {"signed": False, **more}
    found = piece(arch, kind, platform=None, links=links, **settings)  # type: ignore[arg-type]
    init = kind is Kind.DYLIB and not PurePosixPath(path).name.startswith("lib")
    return Binary(path=path, format=Format.ELF, slices=(found,), python_init=init)


def linux(
    arch: Arch = Arch.X86_64,
    libc: Libc | None = Libc.GLIBC,
    version: tuple[int, int] = (2, 28),
    *,
    triplet: str = "x86_64-linux-gnu",
    named: bool = False,
) -> Target:
    """A Linux machine that runs CPython 3.12."""
    return Target(
        system=System.LINUX,
        arch=arch,
        os_version=version,
        libc=libc,
        suffixes=(f".cpython-312-{triplet}.so", ".abi3.so", ".so"),
        python="cp312",
        named=named,
    )


def wheel(
    *binaries: Binary,
    platforms: tuple[str, ...] = (UNIVERSAL2,),
    problems: tuple[str, ...] = (),
    release: str = "2.1",
) -> WheelFacts:
    """A wheel of `speedups` that holds these files."""
    return WheelFacts(
        filename=f"speedups-{release}-cp312-cp312-{'.'.join(platforms)}.whl",
        project="speedups",
        release=release,
        platforms=frozenset(platforms),
        binaries=binaries,
        problems=tuple(Problem(path="x", reason=reason) for reason in problems),
    )
