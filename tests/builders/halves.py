"""Pairs of wheels of one release, for arm64 and for x86_64."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from builders.macho_bytes import thin
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

MODULE = "demo/_c.cpython-312-darwin.so"
ARM64_TAG = "cp312-cp312-macosx_11_0_arm64"
X86_64_TAG = "cp312-cp312-macosx_10_9_x86_64"
FUSED = "demo-1.0-cp312-cp312-macosx_10_9_universal2.whl"
OLDEST = {Arch.ARM64: (11, 0, 0), Arch.X86_64: (10, 9, 0)}


def code(arch: Arch, kind: Kind = Kind.BUNDLE, *, dylibs: tuple[str, ...] = ()) -> bytes:
    """Return a library for the oldest macOS that the tags above name."""
    system = "/usr/lib/libSystem.B.dylib"
    return thin(arch, kind, minos=OLDEST[arch], dylibs=(system, *dylibs), body=b"code" * 900)


CODE = {arch: code(arch) for arch in OLDEST}
"""A module for each architecture."""


@dataclass(frozen=True, kw_only=True)
class Halves:
    """A folder into which pairs of wheels are written."""

    folder: Path
    shared: Mapping[str, bytes] = field(default_factory=lambda: {"demo/__init__.py": b""})

    def wheel(
        self,
        tag: str,
        files: Mapping[str, bytes],
        *,
        version: str = "1.0",
        requires: tuple[str, ...] = (),
        name: str = "demo",
    ) -> Path:
        """Write one wheel."""
        made = make_wheel(name, version, tag, {**self.shared, **files}, requires=requires)
        path = self.folder / made.filename
        path.write_bytes(made.content)
        return path

    def pair(
        self, arm64: Mapping[str, bytes] | None = None, x86_64: Mapping[str, bytes] | None = None
    ) -> tuple[Path, Path]:
        """Write both, each with a module and these files beside it."""
        return (
            self.wheel(ARM64_TAG, {MODULE: CODE[Arch.ARM64], **(arm64 or {})}),
            self.wheel(X86_64_TAG, {MODULE: CODE[Arch.X86_64], **(x86_64 or {})}),
        )
