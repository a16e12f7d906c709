"""What the metadata of an installed distribution says: its name, files, tags and source.

Every installer writes it (PEP 376, PEP 610, "Recording installed projects"); nothing in it
is taken for certain.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from pip_archguard.environment.folders import content_of
from pip_archguard.model.audit import Note, Remark
from pip_archguard.model.projects import normal_name

_MOST_TEXT = 64 * 1024 * 1024
_MOST_HEADERS = 2_000
_MOST_FILES = 1_000_000
_WANTED = ("name", "version", "tag")
# Most paths are as they should be, and to look takes less than to make them so.
_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][^/\\\0]*/)*[A-Za-z0-9_-][^/\\\0]*")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9.!+_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One distribution: `files` are relative to the folder that its metadata lies in.

    `url` is where it came from if that was no index (PEP 610); `project` and `release` are
    those of METADATA, or else of the name of the folder that would hold it.
    """

    project: str
    release: str
    metadata: Path
    files: tuple[str, ...] = ()
    platforms: frozenset[str] = frozenset()
    url: str = ""
    editable: bool = False
    installer: str = ""
    remarks: tuple[Remark, ...] = ()


def read_distribution(metadata: Path) -> Distribution:
    """Read `NAME-VERSION.dist-info`, `NAME.egg-info` or the `EGG-INFO` of an egg."""
    remarks: list[Remark] = []
    text = _text(metadata) if metadata.is_file() else _metadata_text(metadata)
    found = dict(_fields(text or "")) if text is not None else {}
    name, version = found.get("name", ""), found.get("version", "")
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        remarks.append(Remark(note=Note.NO_METADATA, paths=(str(metadata),)))
        name, version = _named(metadata, name, version)
    url, editable = _source(metadata)
    files = _files(metadata, remarks)
    tags = [value for key, value in _fields(_text(metadata / "WHEEL") or "") if key == "tag"]
    return Distribution(
        project=normal_name(name),
        release=version,
        metadata=metadata,
        files=files,
        platforms=frozenset(p for tag in tags for p in tag.rpartition("-")[2].split(".") if p),
        url=url,
        editable=editable,
        installer=(_text(metadata / "INSTALLER") or "").strip(),
        remarks=tuple(remarks),
    )


def local_path(url: str) -> Path | None:
    """Return the path that a `file:` URL names, or None."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket without its other one
        return None
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _metadata_text(metadata: Path) -> str | None:
    return _text(metadata / "METADATA") or _text(metadata / "PKG-INFO")


def _text(path: Path) -> str | None:
    try:
        return content_of(path, _MOST_TEXT).decode("utf-8", "surrogateescape")
    except (OSError, ValueError):
        return None


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield the fields that matter, each name in lower case, from the headers of a file."""
    for line in islice(text.splitlines(), _MOST_HEADERS):
        if not line.strip():
            return
        key, colon, value = line.partition(":")
        if colon and key.lower() in _WANTED:
            yield key.lower(), value.strip()


def _named(metadata: Path, name: str, version: str) -> tuple[str, str]:
    """Return name and version as far as they are known, or as the folder is called."""
    holder = metadata.parent if metadata.name == "EGG-INFO" else metadata
    stem = holder.name.rpartition(".")[0]
    first, _, rest = stem.partition("-")
    name = name if _NAME.fullmatch(name) else first
    version = version if _VERSION.fullmatch(version) else rest.partition("-py")[0]
    return name, version


def _source(metadata: Path) -> tuple[str, bool]:
    """Return the URL of `direct_url.json` (PEP 610), and whether it is an editable install.

    The URL of a VCS has the commit that was installed, as pip takes it.
    """
    text = _text(metadata / "direct_url.json")
    try:
        content = json.loads(text or "{}")
        url = content.get("url", "")
        editable = content.get("dir_info", {}).get("editable", False) is True
        if vcs := content.get("vcs_info"):
            url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
        if content.get("subdirectory"):
            url = f"{url}#subdirectory={content['subdirectory']}"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", False
    return (url, editable) if isinstance(url, str) else ("", False)


def _normal(path: str) -> str:
    return normpath(path.replace("\\", "/"))


def _files(metadata: Path, remarks: list[Remark]) -> tuple[str, ...]:
    """Return what RECORD names, or `installed-files.txt`, which is relative to the metadata."""
    if metadata.name == "EGG-INFO" or metadata.is_file():
        return ()  # an egg owns its folder; distutils told nobody what it had installed
    listed = _text(metadata / "installed-files.txt")
    if listed is not None:
        lines = (line.strip().replace("\\", "/") for line in listed.splitlines())
        return tuple(normpath(f"{metadata.name}/{line}") for line in lines if line)
    text = _text(metadata / "RECORD")
    if text is None or not text.strip():
        remarks.append(Remark(note=Note.NO_RECORD, paths=(str(metadata / "RECORD"),)))
        return ()
    found: dict[str, None] = {}
    broken = 0
    try:
        for row in islice(csv.reader(text.splitlines()), _MOST_FILES):
            if not row or not row[0] or "\0" in row[0]:
                broken += bool(row)
            elif row[0].startswith("/"):
                broken += 1  # allowed for what lies outside, and nothing of ours to judge
            else:
                found[row[0] if _PLAIN.fullmatch(row[0]) else _normal(row[0])] = None
    except csv.Error:
        broken += 1
    if broken:
        remark = Remark(note=Note.BROKEN_RECORD, paths=(str(metadata / "RECORD"),), count=broken)
        remarks.append(remark)
    return tuple(found)
