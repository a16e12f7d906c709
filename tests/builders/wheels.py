"""Wheels made in code."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PYTHON = f"cp{sys.version_info.major}{sys.version_info.minor}"
"""Tag of the running interpreter: `cp312`."""

SUFFIX = f".cpython-{sys.version_info.major}{sys.version_info.minor}-darwin.so"
"""Suffix of the extension modules that this Python imports on a Mac."""

_DATE = (2024, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16
_METADATA = re.compile(r"[^/]+\.dist-info/METADATA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A wheel or sdist, as an index serves it."""

    filename: str
    content: bytes
    metadata: bytes | None = None

    @property
    def project(self) -> str:
        """The normalised name of the project."""
        wheel = self.filename.endswith(".whl")
        name = self.filename.split("-")[0] if wheel else self.filename.rsplit("-", 1)[0]
        return normalise(name)

    @property
    def sha256(self) -> str:
        """The hash of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def read_archive(path: Path) -> Archive:
    """Return a wheel that lies on disk, with its METADATA."""
    with zipfile.ZipFile(path) as archive:
        (member,) = (n for n in archive.namelist() if _METADATA.fullmatch(n))
        metadata = archive.read(member)
    return Archive(filename=path.name, content=path.read_bytes(), metadata=metadata)


def normalise(name: str) -> str:
    """Return the name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def native_tag(platform: str) -> str:
    """Return the tag of an extension module for this Python on a platform."""
    return f"{PYTHON}-{PYTHON}-{platform}"


def make_metadata(
    name: str,
    version: str,
    *,
    requires: Iterable[str] = (),
    extras: Mapping[str, Iterable[str]] | None = None,
) -> bytes:
    """Return the text of METADATA, or PKG-INFO."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    for extra, requirements in (extras or {}).items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {each}; extra == "{extra}"' for each in requirements]
    return ("\n".join(lines) + "\n").encode()


def make_wheel(
    name: str,
    version: str,
    tag: str,
    files: Mapping[str, bytes],
    *,
    requires: Iterable[str] = (),
    extras: Mapping[str, Iterable[str]] | None = None,
    inner_tag: str | None = None,
    pure: bool | None = None,
) -> Archive:
    """Return a wheel; `inner_tag` and `pure` let the WHEEL file contradict the name."""
    metadata = make_metadata(name, version, requires=requires, extras=extras)
    stem = f"{re.sub(r'[-_.]+', '_', name)}-{version}"
    is_pure = tag.endswith("-any") if pure is None else pure
    members = {
        **files,
        f"{stem}.dist-info/METADATA": metadata,
        f"{stem}.dist-info/WHEEL": _wheel_file(inner_tag or tag, pure=is_pure),
    }
    members[f"{stem}.dist-info/RECORD"] = _record(members, f"{stem}.dist-info/RECORD")
    return Archive(filename=f"{stem}-{tag}.whl", content=_zip(members), metadata=metadata)


def _wheel_file(tag: str, *, pure: bool) -> bytes:
    python, abi, platform = tag.split("-")
    tags = [
        f"Tag: {p}-{a}-{o}"
        for p in python.split(".")
        for a in abi.split(".")
        for o in platform.split(".")
    ]
    head = ["Wheel-Version: 1.0", "Generator: builders", f"Root-Is-Purelib: {str(pure).lower()}"]
    return ("\n".join([*head, *tags]) + "\n").encode()


def _record(members: Mapping[str, bytes], own_path: str) -> bytes:
    lines = []
    for path, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(content)}\n")
    return ("".join(lines) + f"{own_path},,\n").encode()


def _zip(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in members.items():
            info = zipfile.ZipInfo(path, _DATE)  # fixed, so that equal wheels have equal hashes
            info.external_attr = _MODE
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()
