"""Linux: what its platform tags and suffixes say, and the C library of this process."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Sequence

from pip_archguard.hosts.names import archs_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.libc import Libc
from pip_archguard.model.target import System, Target

_TAG = r"(?:(many|musl)linux(1|2010|2014|_\d{1,4}_\d{1,4})|linux)_(\w+)"
_LEGACY = {"1": (2, 5), "2010": (2, 12), "2014": (2, 17)}  # PEPs 513, 571 and 599
_HALVES = {Arch.X86_64: Arch.I386, Arch.ARM64: Arch.ARM}
"""What a process of 32 bits is on a kernel of 64."""

# What configure puts into the suffixes of extension modules (CPython, PLATFORM_TRIPLET).
_TRIPLETS = {
    Arch.ARM64: "aarch64-linux-gnu",
    Arch.ARM: "arm-linux-gnueabihf",
    Arch.I386: "i386-linux-gnu",
    Arch.PPC64LE: "powerpc64le-linux-gnu",
}
_FIRST_WITH_MUSL = 11  # before CPython 3.11 the suffix says `gnu` whatever the C library
_FIRST_STABLE_FREE = 15  # PEP 803
_PYPY = r"pypy(\d)(\d+)_pp(\d+)"


def linux_targets(platform: str) -> tuple[Target, ...]:
    """Return the machine that a platform tag of Linux names; none for any other tag."""
    match = re.fullmatch(_TAG, platform)
    if match is None:
        return ()
    family, version, name = match.groups()
    libc = {"many": Libc.GLIBC, "musl": Libc.MUSL, None: None}[family]
    least = _LEGACY.get(version or "")
    if least is None:
        numbers = re.findall(r"\d+", version or "")
        least = (int(numbers[0]), int(numbers[1])) if len(numbers) > 1 else (0, 0)
    return tuple(
        Target(system=System.LINUX, arch=arch, os_version=least, libc=libc, named=True)
        for arch in archs_of(name)
    )


def linux_suffixes(machine: Target, abis: Sequence[str]) -> tuple[str, ...]:
    """Return what the first of these Pythons that is known imports (CPython `dynload_shlib.c`)."""
    gnu = _TRIPLETS.get(machine.arch, f"{machine.arch}-linux-gnu")
    musl = gnu.replace("-gnu", "-musl")
    for abi in abis:
        if pypy := re.fullmatch(_PYPY, abi):
            return (f".pypy{pypy[1]}{pypy[2]}-pp{pypy[3]}-{gnu}.so", ".so")
        if not (found := re.fullmatch(r"cp3(\d{1,4})(t?)[a-z]*", abi)):
            continue
        both = (gnu, musl) if int(found[1]) < _FIRST_WITH_MUSL else (musl,)
        triplets = both if machine.libc is Libc.MUSL else (gnu,)
        own = tuple(f".cpython-{abi[2:]}-{triplet}.so" for triplet in triplets)
        if not found[2]:
            return (*own, ".abi3.so", ".so")
        return (*own, *((".abi3t.so",) if int(found[1]) >= _FIRST_STABLE_FREE else ()), ".so")
    return ()


def with_running_libc(target: Target) -> Target:
    """Return the running process with its real width and its C library.

    `platform.machine()` is that of the kernel, or what `setarch` or qemu tell in its place.
    """
    wide = struct.calcsize("P") == 8  # noqa: PLR2004 - the bytes of a pointer
    arch = target.arch
    if not wide:
        arch = _HALVES.get(arch, arch)
    elif arch in _HALVES.values():
        arch = next(whole for whole, half in _HALVES.items() if half is arch)
    libc, version = _libc()
    return target._replace(arch=arch, libc=libc, os_version=version)


def _libc() -> tuple[Libc | None, tuple[int, int]]:
    """Return the C library and its version; musl tells its own to nobody but its loader."""
    try:
        told = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        told = ""
    if found := re.match(r"glibc (\d+)\.(\d+)", told):
        return Libc.GLIBC, (int(found[1]), int(found[2]))
    from packaging import tags  # noqa: PLC0415 - takes long, and only musl needs it

    for tag in tags.platform_tags():
        for machine in linux_targets(tag):
            if machine.libc is not None:
                return machine.libc, machine.os_version
    return None, (0, 0)
