"""Where the files of an environment other than the running one are to be judged for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pip_archguard.hosts.claimed import macs_of
from pip_archguard.hosts.linux import linux_targets
from pip_archguard.hosts.named import for_archs, suffixes_of
from pip_archguard.hosts.windows import windows_targets
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target

_ANY = "any"
_TAGGED = re.compile(
    r"\.(?:cpython-(?P<unix>3\d+t?)-(?:darwin|[a-z0-9_]+-linux-[a-z]+)\.so"
    r"|cp(?P<windows>3\d+t?)-win[a-z0-9_]+\.pyd)$"
)
_FOLDER = re.compile(r"(?:^|/)python(3)\.(\d+)(t?)(?:/|$)")
_FAMILIES = {
    Arch.ARM64: Arch.ARM64,
    Arch.ARM64E: Arch.ARM64,
    Arch.X86_64: Arch.X86_64,
    Arch.X86_64H: Arch.X86_64,
}
_BOTH = (Arch.ARM64, Arch.X86_64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What an environment shows of itself.

    `claims` are the platform tags of each package, `program` the architectures of its own
    Python or program, if that is for Macs, `linux_program` if it is for Linux, `paths` those
    of its native files; `macho` if any of them is for Macs.
    """

    claims: Collection[frozenset[str]]
    program: frozenset[Arch]
    paths: Collection[str]
    root: str
    macho: bool
    linux_program: frozenset[Arch] = frozenset()


def audited_targets(running: Target, clues: Clues, archs: Iterable[str] = ()) -> tuple[Target, ...]:
    """Return where an environment is to be judged that this process does not run in.

    The architectures are those of `archs`, or of its own program; on a Mac, that of this
    process, if the program has it. Elsewhere they are those that all its packages promise by
    their tags, or both; and the macOS is the oldest on which all of them could have been
    installed. Where nothing at all is for Macs, it is one of Windows or Linux, if the tags of
    a package or the program say so; else it is judged for the running machine.
    """
    program = frozenset(_FAMILIES[arch] for arch in clues.program if arch in _FAMILIES)
    mac = running.system is System.MACOS
    # A package for any platform may have files for Macs beside those for Windows.
    machines = (running,) if mac else _of_windows(running, clues) or _promised(clues, program)
    machines = machines or _of_linux(running, clues)
    if not machines:
        return (running._replace(named=True),)
    if mac and program and running.arch not in program:
        machines = tuple(running._replace(arch=arch) for arch in _sorted(program))
    tag = _python(clues)
    if tag or not mac:
        machines = tuple(m._replace(python=tag, suffixes=_suffixes(m, tag)) for m in machines)
    return for_archs(machines[:1], archs) if archs else machines


def _promised(clues: Clues, program: frozenset[Arch]) -> tuple[Target, ...]:
    claims = [macs_of(tags) for tags in clues.claims if _ANY not in tags]
    macs = [claim for claim in claims if claim]
    if not (macs or clues.macho or program):
        return ()
    agreed = set(_BOTH).intersection(*macs) or set(_BOTH)
    archs = program or agreed
    return tuple(
        Target(
            system=System.MACOS,
            arch=arch,
            os_version=max((mac[arch] for mac in macs if arch in mac), default=(0, 0)),
            named=True,
        )
        for arch in _sorted(archs)
    )


def _of_windows(running: Target, clues: Clues) -> tuple[Target, ...]:
    """Return the machines for which all packages that are for Windows could be installed."""
    claims = [{t for tag in tags for t in windows_targets(tag)} for tags in clues.claims]
    claims = [claim for claim in claims if claim]
    agreed = claims[0].intersection(*claims[1:]) if claims else set()
    here = running.system is System.WINDOWS and running.arch in {t.arch for t in agreed}
    if here:
        return (running._replace(named=True),)
    return tuple(sorted(agreed, key=lambda target: target.id))


def _of_linux(running: Target, clues: Clues) -> tuple[Target, ...]:
    """Return the machines for which all packages that are for Linux could be installed.

    The running one is among them, if it runs Linux and takes what lies there.
    """
    claims = [tuple(t for tag in tags for t in linux_targets(tag)) for tags in clues.claims]
    claims = [claim for claim in claims if claim]
    archs = [frozenset(t.arch for t in claim) for claim in claims]
    agreed = clues.linux_program or (archs[0].intersection(*archs[1:]) if archs else frozenset())
    if running.system is System.LINUX and (running.arch in agreed or not agreed):
        return (running._replace(named=True),)
    asked = [t for claim in claims for t in claim if t.libc is not None]
    libcs = {t.libc for t in asked}
    return tuple(
        Target(
            system=System.LINUX,
            arch=arch,
            os_version=max((t.os_version for t in asked), default=(0, 0)),
            libc=next(iter(libcs)) if len(libcs) == 1 else None,
            named=True,
        )
        for arch in _sorted(agreed)
    )


def _python(clues: Clues) -> str:
    """Return the Python of an environment: that of its folder, or of all its modules."""
    tags = {m["unix"] or m["windows"] for path in clues.paths if (m := _TAGGED.search(path))}
    folder = next((m for path in (clues.root, *clues.paths) if (m := _FOLDER.search(path))), None)
    if folder is not None:
        version = f"{folder[1]}{folder[2]}"
        free = bool(folder[3]) or (f"{version}t" in tags and version not in tags)
        tags = {f"{version}t" if free else version}
    if len(tags) != 1:
        return ""
    (found,) = tags
    return f"cp{found}"


def _suffixes(machine: Target, tag: str) -> tuple[str, ...]:
    return suffixes_of(machine, tag, (tag,)) if tag else ()


def _sorted(archs: Iterable[Arch]) -> list[Arch]:
    return sorted(archs, key=lambda arch: arch.value)
