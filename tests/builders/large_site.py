"""A site-packages of real wheels, as large as those that people wait for."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from builders.macho_bytes import thin
from pip_archguard.binaries import HEAD, identify
from pip_archguard.model.binary import Kind

LEAST_FILES = 3_000
LEAST_BYTES = 1_000_000_000
_MOST_COPIES = 9


def make_large_site(site: Path, wheels: Sequence[Path]) -> None:
    """Unpack the wheels, again and again under other names, and add what is lacking."""
    for number in range(_MOST_COPIES):
        for wheel in wheels:
            _unpack(wheel, site, number)
        files = native_files(site)
        size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        if len(files) >= LEAST_FILES and size >= LEAST_BYTES:
            break
    extra = max(0, LEAST_FILES - len(native_files(site)))
    names = [f"generated/lib{number}.dylib" for number in range(extra)]
    for name in names:
        _write(site / name, thin(kind=Kind.DYLIB, body=bytes(16384)))
    _describe(site, "generated-1.0", names, b"Name: generated\nVersion: 1.0\n", b"")


def _unpack(wheel: Path, site: Path, number: int) -> None:
    """Unpack a wheel beside its other copies, with metadata of its own."""
    with zipfile.ZipFile(wheel) as archive:
        members = [m for m in archive.namelist() if not m.endswith("/")]
        top = next(PurePosixPath(m).parts[0] for m in members if m.endswith(".dist-info/WHEEL"))
        prefix = f"copy{number}/" if number else ""
        for member in members:
            if PurePosixPath(member).parts[0] == top:
                continue
            target = site / prefix / member
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if number:
                os.link(site / member, target)
            else:
                target.write_bytes(archive.read(member))
        name, _, version = top.removesuffix(".dist-info").partition("-")
        own = f"{name}{number or ''}-{version}"
        metadata = f"Name: {name}{number or ''}\nVersion: {version}\n".encode()
        files = [f"{prefix}{m}" for m in members if PurePosixPath(m).parts[0] != top]
        _describe(site, own, files, metadata, archive.read(f"{top}/WHEEL"))


def _describe(site: Path, stem: str, files: Sequence[str], metadata: bytes, wheel: bytes) -> None:
    folder = site / f"{stem}.dist-info"
    record = "".join(f'"{name}",,\n' for name in files)
    for name, content in (("METADATA", metadata), ("WHEEL", wheel), ("RECORD", record.encode())):
        _write(folder / name, content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def native_files(site: Path) -> list[str]:
    """Return the native files, by the same first bytes as the package tells them by."""
    found = []
    for folder, _, names in os.walk(site.resolve()):
        for name in names:
            path = Path(folder, name)
            with path.open("rb") as stream:
                if identify(stream.read(HEAD)) is not None:
                    found.append(str(path))
    return sorted(found)
