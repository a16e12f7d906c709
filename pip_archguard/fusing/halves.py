"""The two wheels of a fusion: which is for which architecture, and whether they belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pip_archguard.errors import UnfusableError, UnreadableInputError, UnreadableWheelError
from pip_archguard.fusing.tags import universal2_tag
from pip_archguard.hosts import claimed_pythons
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.tags import promises
from pip_archguard.wheels import WheelName, parse_wheel_name

_BOTH = (Arch.ARM64, Arch.X86_64)
_WITH_BUILD = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One of the wheels, the architecture that it gives, and the oldest macOS it does so for."""

    path: Path
    name: WheelName
    arch: Arch
    oldest: tuple[int, int]

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where the wheel says it loads: each Python of its name on the oldest macOS."""
        return targets_of(self.name, self.arch, self.oldest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two wheels that name each other's other half."""

    arm64: Half
    x86_64: Half

    @property
    def filename(self) -> str:
        """What the wheel of both is called: as that for arm64, with a tag for both."""
        return "-".join([self.stem, f"{self.platform}.whl"])

    @property
    def stem(self) -> str:
        """All of the name but the platform."""
        return self.arm64.name.filename.removesuffix(".whl").rpartition("-")[0]

    @property
    def platform(self) -> str:
        """The platform tag for both."""
        return universal2_tag(self.arm64.oldest, self.x86_64.oldest)

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags of the name, each by itself."""
        name = self.arm64.name
        return tuple(f"{p}-{a}-{self.platform}" for p in name.pythons for a in name.abis)


def targets_of(name: WheelName, arch: Arch, oldest: tuple[int, int]) -> tuple[Target, ...]:
    """Return each Python of a wheel's name, on this architecture and macOS."""
    return tuple(
        Target(
            system=System.MACOS,
            arch=arch,
            os_version=oldest,
            python=python.tag,
            suffixes=python.suffixes,
            named=True,
        )
        for python in claimed_pythons(name.pythons, name.abis)
    )


def pair_of(first: Path, second: Path) -> Pair:
    """Return two wheels, given in any order, as the halves that their names call them.

    Raises UnfusableError with the reason where their names do not go together.
    """
    names = _name(first), _name(second)
    for difference in _differences(*names):
        msg = f"`{names[0].filename}` and `{names[1].filename}` {difference}"
        raise UnfusableError(msg)
    one, other = (promised_by(name) for name in names)
    if set(one) >= set(_BOTH) <= set(other):
        msg = f"there is nothing to fuse: `{names[0].filename}` is for both architectures already"
        raise UnfusableError(msg)
    for arms, intels, paths in (
        (one, other, (first, second)),
        (other, one, (second, first)),
    ):
        if Arch.ARM64 in arms and Arch.X86_64 in intels:
            return Pair(
                arm64=_half(paths[0], Arch.ARM64, arms[Arch.ARM64]),
                x86_64=_half(paths[1], Arch.X86_64, intels[Arch.X86_64]),
            )
    both = sorted({str(arch) for arch in (*one, *other)})
    msg = (
        f"both wheels are for {' and '.join(both) or 'no Mac'}; one for each architecture is needed"
    )
    hint = "name the `macosx_…_arm64` wheel and the `macosx_…_x86_64` wheel of one release"
    raise UnfusableError(msg, hint=hint)


def _half(path: Path, arch: Arch, oldest: tuple[int, int]) -> Half:
    return Half(path=path, name=_name(path), arch=arch, oldest=oldest)


def _name(path: Path) -> WheelName:
    try:
        name = parse_wheel_name(path.name)
    except UnreadableWheelError as error:
        raise UnreadableInputError(str(error)) from error
    if not path.is_file():
        msg = f"`{path}` is no file"
        raise UnreadableInputError(msg)
    return name


def _differences(one: WheelName, other: WheelName) -> Iterator[str]:
    if one.project != other.project:
        yield "are of different projects"
    if one.release != other.release:
        yield f"are of different releases, {one.release} and {other.release}"
    if _build(one) != _build(other):
        yield "differ in the build number"
    if set(one.pythons) != set(other.pythons) or set(one.abis) != set(other.abis):
        yield "are for different Pythons"


def _build(name: WheelName) -> str:
    parts = name.filename.split("-")
    return parts[2] if len(parts) == _WITH_BUILD else ""


def promised_by(name: WheelName) -> dict[Arch, tuple[int, int]]:
    """Return the architectures that a wheel's name promises, and the oldest macOS for each."""
    facts = WheelFacts(
        filename=name.filename,
        project=name.project,
        release=name.release,
        platforms=name.platforms - {"any"},
    )
    return {arch: version for arch, version in promises(facts).items() if version is not None}
