"""Facts of wheels for Windows, made by hand."""

from __future__ import annotations

from builders.facts import wheel as any_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Dependency, Format, Kind, Slice
from pip_archguard.model.target import System, Target
from pip_archguard.model.wheel import WheelFacts

PLATFORMS = {Arch.X86_64: "win_amd64", Arch.ARM64: "win_arm64", Arch.I386: "win32"}


def windows(arch: Arch = Arch.ARM64, *, python: str = "cp312") -> Target:
    """A process of CPython on Windows; without a Python, one of any."""
    suffixes = (f".{python}-{PLATFORMS[arch]}.pyd", ".pyd") if python else ()
    return Target(system=System.WINDOWS, arch=arch, suffixes=suffixes, python=python)


def dll(
    path: str,
    *archs: Arch,
    kind: Kind = Kind.DYLIB,
    links: tuple[str, ...] = (),
    late: tuple[str, ...] = (),
    init: bool | None = None,
    problem: str | None = None,
    malformed: bool = False,
) -> Binary:
    """A PE file for these machines, which imports some DLLs at once and others late."""
    linked = (
        *(Dependency(install_name=name) for name in links),
        *(Dependency(install_name=name, weak=True) for name in late),
    )
    return Binary(
        path=path,
        format=Format.PE,
        slices=tuple(
            Slice(
                arch=arch,
                cpu_type=0,
                cpu_subtype=0,
                kind=kind,
                dependencies=linked,
                exports_init=init,
            )
            for arch in archs
        ),
        problem=problem,
        malformed=malformed,
        python_init=bool(init),
    )


def program(path: str, *archs: Arch) -> Binary:
    """A program."""
    return dll(path, *archs, kind=Kind.EXECUTABLE)


def wheel(*binaries: Binary, tag: str = "win_arm64", problems: tuple[str, ...] = ()) -> WheelFacts:
    """A wheel of `speedups` for Windows that holds these files."""
    return any_wheel(*binaries, platforms=tuple(tag.split(".")), problems=problems)
