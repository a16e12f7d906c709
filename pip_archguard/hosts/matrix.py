"""The targets of a matrix: machines by name, each with a Python, as pip would see them.

Nothing of the running machine goes into them, but for the patch release of its own Python.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

from pip_archguard.errors import UnreadableInputError
from pip_archguard.hosts.named import platform_targets, suffixes_of
from pip_archguard.hosts.names import UNIVERSAL2
from pip_archguard.model.coverage import CoverTarget
from pip_archguard.model.target import Target

_MACHINE = re.compile(r"(?P<name>[a-z0-9_-]+)(?:@(?P<major>\d{1,3})(?:\.(?P<minor>\d{1,3}))?)?")
_PYTHON = re.compile(r"3\.(?P<minor>[89]|[1-9]\d)(?:\.(?P<patch>\d{1,3}))?")
_OLDEST_GLIBC = 5
_LEGACY_LINUX = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
"""PEP 600: what these names of glibc 2.x were before."""

_ALL_ARCHS_LEGACY = 17  # manylinux1 and manylinux2010 are for Intel only


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A sort of machine; `version` is that of macOS, glibc or musl where none is said."""

    sys_platform: str
    os_name: str
    system: str
    version: tuple[int, int]
    least: tuple[int, int] = (0, 0)


# macOS 14 is the oldest that Apple still mended when this was written; manylinux_2_28 (2018)
# and musllinux_1_2 (2020) are what wheels are built for by default today, and every glibc or
# musl that is newer takes them.
_KINDS = {
    "macos": _Kind(sys_platform="darwin", os_name="posix", system="Darwin", version=(14, 0)),
    "linux": _Kind(sys_platform="linux", os_name="posix", system="Linux", version=(2, 28)),
    "musllinux": _Kind(sys_platform="linux", os_name="posix", system="Linux", version=(1, 2)),
    "windows": _Kind(sys_platform="win32", os_name="nt", system="Windows", version=(0, 0)),
}
_MACHINES = {
    "macos": ("arm64", "x86_64", UNIVERSAL2),
    "linux": ("x86_64", "aarch64"),
    "musllinux": ("x86_64", "aarch64"),
    "windows": ("amd64", "arm64", "x86"),
}
MACHINES = tuple(f"{kind}-{arch}" for kind, archs in _MACHINES.items() for arch in archs)
"""What `--targets` takes."""

DEFAULT_MACHINES = tuple(name for name in MACHINES if name.startswith("macos-"))

_WINDOWS_TAGS = {"amd64": "win_amd64", "arm64": "win_arm64", "x86": "win32"}
_WINDOWS_NAMES = {"amd64": "AMD64", "arm64": "ARM64", "x86": "x86"}
_LINUX_RELEASE = "5.15.0"
_WINDOWS_RELEASE = ("10", "10.0.19045")
_DARWIN_AHEAD = 9  # macOS 11 to 15 run Darwin 20 to 24
_FIRST_OF_26 = 26  # macOS 26 runs Darwin 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A column of the matrix as pip sees it.

    `platforms` are the platform tags that it takes, the best first, and `options` those by
    which pip comes to the same. `markers` is the environment of PEP 508.
    """

    column: CoverTarget
    options: tuple[str, ...]
    platforms: tuple[str, ...]
    python: tuple[int, int, int]
    markers: tuple[tuple[str, str], ...]

    @property
    def abi(self) -> str:
        """The ABI tag, which for CPython from 3.8 on is that of the interpreter, too."""
        return f"cp{self.python[0]}{self.python[1]}"

    def tags(self) -> tuple[Tag, ...]:
        """Return the tags that are taken, in the order of PEP 425 that pip goes by."""
        version = self.python[:2]
        named = cpython_tags(version, [self.abi], self.platforms)
        return (*named, *compatible_tags(version, self.abi, self.platforms))


def places_of(machines: Sequence[str], pythons: Sequence[str]) -> tuple[Place, ...]:
    """Return a place for each machine with each Python, each once.

    Without machines these are Apple silicon, Intel, and both at once; without Pythons it is
    the running one. Raises UnreadableInputError for a name that is none.
    """
    versions = [_python(text) for text in pythons] or [_running()]
    places = [_place(name, python) for name in machines or DEFAULT_MACHINES for python in versions]
    return tuple({place.column.id: place for place in places}.values())


def thin_places(place: Place) -> tuple[Place, ...]:
    """Return the machines that `macos-universal2` stands for; none for any other."""
    name, at, version = place.column.machine.partition("@")
    if name != f"macos-{UNIVERSAL2}":
        return ()
    return tuple(_place(f"macos-{arch}{at}{version}", place.python) for arch in ("arm64", "x86_64"))


def _running() -> tuple[int, int, int]:
    return _python(re.sub(r"[^\d.].*", "", platform.python_version()).rstrip("."))


def _python(text: str) -> tuple[int, int, int]:
    match = _PYTHON.fullmatch(text)
    if match is None:
        msg = f"`--python-version {text}` names no Python that is known here"
        raise UnreadableInputError(msg, hint="say it as 3.12 or 3.12.4, from 3.8 on")
    running = platform.python_version_tuple()
    patch = int(match["patch"] or 0)
    if not match["patch"] and running[:2] == ("3", match["minor"]):
        patch = int(re.match(r"\d*", running[2])[0] or 0)  # type: ignore[index]
    return (3, int(match["minor"]), patch)


def _place(name: str, python: tuple[int, int, int]) -> Place:
    match = _MACHINE.fullmatch(name)
    if match is None or match["name"] not in MACHINES:
        msg = f"`--targets {name}` names no target that is known"
        raise UnreadableInputError(msg, hint=f"known are {', '.join(MACHINES)}")
    kind_name, _, arch = match["name"].partition("-")
    version = _KINDS[kind_name].version
    if match["major"]:
        version = (int(match["major"]), int(match["minor"] or 0))
        _check(name, kind_name, arch, version)
    platforms = tuple(_platforms(kind_name, arch, version))
    return Place(
        column=CoverTarget(
            machine=name,
            python=f"{python[0]}.{python[1]}",
            targets=_targets(kind_name, arch, version, f"cp{python[0]}{python[1]}"),
        ),
        # From one name pip makes all older macOS; the tags of Linux it does not make.
        options=platforms[:1] if kind_name == "macos" else platforms,
        platforms=platforms,
        python=python,
        markers=tuple(_markers(kind_name, arch, version, python).items()),
    )


def _check(name: str, kind: str, arch: str, version: tuple[int, int]) -> None:
    """Raise UnreadableInputError for a version that no such machine has."""
    oldest = {
        "macos": (10, 9) if arch == "x86_64" else (11, 0),
        "linux": (2, _OLDEST_GLIBC),
        "musllinux": (1, 0),
    }
    major = {"linux": 2, "musllinux": 1}.get(kind, version[0])
    if kind not in oldest or version < oldest[kind] or version[0] != major:
        msg = f"`--targets {name}`: there is no such version"
        what = {"macos": "macOS, such as @13", "linux": "glibc, such as @2.17"}
        hint = f"after `@` stands the version of {what.get(kind, 'musl, such as @1.1')}"
        raise UnreadableInputError(msg, hint="say it without `@`" if kind == "windows" else hint)


def _platforms(kind: str, arch: str, version: tuple[int, int]) -> Iterator[str]:
    match kind:
        case "macos":
            yield from mac_platforms(version, arch)
        case "linux":
            for minor in range(version[1], _OLDEST_GLIBC - 1, -1):
                if arch != "x86_64" and minor < _ALL_ARCHS_LEGACY:
                    break
                yield f"manylinux_2_{minor}_{arch}"
                if minor in _LEGACY_LINUX:
                    yield f"{_LEGACY_LINUX[minor]}_{arch}"
            yield f"linux_{arch}"
        case "musllinux":
            for minor in range(version[1], -1, -1):
                yield f"musllinux_1_{minor}_{arch}"
            yield f"linux_{arch}"
        case _:
            yield _WINDOWS_TAGS[arch]


def _targets(kind: str, arch: str, version: tuple[int, int], python: str) -> tuple[Target, ...]:
    return tuple(
        machine._replace(python=python, suffixes=suffixes_of(machine, python, (python,)))
        for machine in platform_targets(tuple(_platforms(kind, arch, version))[:1])
    )


def _markers(
    kind: str, arch: str, version: tuple[int, int], python: tuple[int, int, int]
) -> dict[str, str]:
    """Return what markers are evaluated with (PEP 508); `universal2` counts as arm64."""
    full = ".".join(map(str, python))
    machine, release, about = arch, _LINUX_RELEASE, "#1 SMP"
    if kind == "macos":
        machine = "arm64" if arch == UNIVERSAL2 else arch
        major = version[0] - 1 if version[0] >= _FIRST_OF_26 else version[0] + _DARWIN_AHEAD
        release = f"{major}.0.0" if version[0] > 10 else f"{version[1] + 4}.0.0"  # noqa: PLR2004
        about = f"Darwin Kernel Version {release}"
    elif kind == "windows":
        machine = _WINDOWS_NAMES[arch]
        release, about = _WINDOWS_RELEASE
    return {
        "implementation_name": "cpython",
        "implementation_version": full,
        "os_name": _KINDS[kind].os_name,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": release,
        "platform_system": _KINDS[kind].system,
        "platform_version": about,
        "python_full_version": full,
        "python_version": f"{python[0]}.{python[1]}",
        "sys_platform": _KINDS[kind].sys_platform,
    }
