"""The machines and Pythons that a wheel's file name claims to be made for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from pip_archguard.hosts.named import platform_targets, python_tag, suffixes_of
from pip_archguard.hosts.names import archs_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target, systems_named

_ANY = "any"
_MAC = re.compile(r"macosx_(\d{1,4})_(\d{1,4})_(\w+)")
_EVERY_PYTHON = re.compile(r"py\d+")
_FREE_THREADED = re.compile(r"cp\d{2,}t")
_FIRST_ON_ARM64 = (11, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Python:
    """A Python by its tag, and what it imports on a Mac; without a tag, every Python.

    Elsewhere the machine has a part in that, beside the tags of its ABI.
    """

    tag: str = ""
    suffixes: tuple[str, ...] = ()
    abis: tuple[str, ...] = field(default=(), compare=False)


def claimed_pythons(pythons: Iterable[str], abis: Sequence[str]) -> tuple[Python, ...]:
    """Return the Pythons that the tags of a wheel name.

    `cp38-abi3` is CPython 3.8, the oldest it is made for; `py3` is every Python.
    """
    found: dict[Python, None] = {}
    for tag in pythons:
        for abi in abis:
            if _EVERY_PYTHON.fullmatch(tag):
                return (Python(),)
            name = abi if _FREE_THREADED.fullmatch(abi) else tag
            found[_python(name, (abi, tag))] = None
    return tuple(found)


def chosen_python(
    running: Target,
    *,
    python_version: tuple[int, ...] | None = None,
    implementation: str | None = None,
    abis: Sequence[str] = (),
) -> tuple[Python, ...]:
    """Return the Python that pip's options choose, or none where they choose none."""
    if not (python_version or implementation or abis):
        return ()
    tag = python_tag(running, python_version, implementation)
    return (_python(tag, (*abis, tag)),)


def _python(tag: str, abis: tuple[str, ...]) -> Python:
    mac = Target(system=System.MACOS, arch=Arch.OTHER)
    return Python(tag=tag, suffixes=suffixes_of(mac, "", abis), abis=abis)


def claimed_machines(running: Target, platforms: Iterable[str]) -> tuple[Target, ...]:
    """Return where a wheel with these platform tags is to be judged.

    On a Mac or on Linux that is this very machine, if the tags let the wheel be installed on
    it. Else it is every architecture that the tags promise, with the oldest macOS they promise
    it for; `any` promises both, and stands for macOS 11.0, the first that ran on both. Only
    a wheel that is not for Macs at all is one for its other systems.
    """
    tags = sorted(platforms)
    macs = macs_of(tags)
    oldest = macs.get(running.arch)
    if running.system is System.MACOS and oldest is not None and oldest <= running.os_version:
        return (running,)
    if macs:
        return tuple(
            Target(system=System.MACOS, arch=arch, os_version=version, named=True)
            for arch, version in sorted(macs.items(), key=lambda item: item[0].value)
        )
    others = other_machines(tags)
    return (running,) if any(_is_met(claim, running) for claim in others) else others


def _is_met(claim: Target, running: Target) -> bool:
    """Whether a tag of Linux or Windows lets a wheel be installed on the running machine."""
    here = claim.system is running.system and running.system is not System.OTHER
    libc = claim.libc in (None, running.libc) and claim.os_version <= running.os_version
    return here and libc and claim.arch is running.arch


def chosen_machines(platforms: Sequence[str]) -> tuple[Target, ...]:
    """Return the machines that `--platform` names; none if it names just any."""
    named = [name for name in platforms if name != _ANY]
    return other_machines(named) if named else ()


def may_be_for(platforms: Collection[str], machine: Target) -> bool:
    """Whether these platform tags name the system of a machine, as far as either is known."""
    named = systems_named(platforms)
    known = named and machine.system is not System.OTHER and _ANY not in platforms
    return not known or machine.system in named


def other_machines(platforms: Sequence[str]) -> tuple[Target, ...]:
    """Return the machines of platform tags, or one nobody knows: it is never judged."""
    found = platform_targets(platforms)
    return tuple(found) or (Target(system=System.OTHER, arch=Arch.OTHER, named=True),)


def with_pythons(
    machines: Iterable[Target], pythons: Sequence[Python], running: Target
) -> tuple[Target, ...]:
    """Return each machine with each Python; where both are the running ones, as it is."""
    return tuple(_with_python(m, p, running) for p in pythons for m in machines)


def _with_python(machine: Target, python: Python, running: Target) -> Target:
    mac = machine.system is System.MACOS
    suffixes = python.suffixes if mac else suffixes_of(machine, "", python.abis)
    if machine == running and (python.tag, suffixes) == (running.python, running.suffixes):
        return running
    return machine._replace(
        python=python.tag,
        suffixes=suffixes,
        named=machine.named or bool(python.tag),
    )


def macs_of(platforms: Iterable[str]) -> dict[Arch, tuple[int, int]]:
    """Return the architectures that platform tags promise, each with the oldest macOS for it."""
    found: dict[Arch, tuple[int, int]] = {}
    for tag in platforms:
        if tag == _ANY:
            return dict.fromkeys((Arch.ARM64, Arch.X86_64), _FIRST_ON_ARM64)
        if match := _MAC.fullmatch(tag):
            for arch in archs_of(match[3]):
                version = (int(match[1]), int(match[2]))
                if arch is Arch.ARM64:
                    version = max(version, _FIRST_ON_ARM64)
                found[arch] = min(version, found.get(arch, version))
    return found
