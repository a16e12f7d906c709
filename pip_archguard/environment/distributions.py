"""What the metadata of an installed distribution says: its name, files, tags and source.

Every installer writes it (PEP 376, PEP 610, "Recording installed projects"); nothing in it
is taken for certain.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from pip_archguard.environment.folders import content_of
from pip_archguard.model.audit import Note, Remark
from pip_archguard.model.projects import normal_name

_MOST_TEXT = 1024 * 1024
"""Bytes of a file other than a list of files; of METADATA its headers, which come first."""

_MOST_HEADERS = 2_000
_MOST_LIST = 32 * 1024 * 1024
_MOST_FILES = 200_000
"""Of one list; wheels with more than 65,535 files are not read either (`wheels.bounds`)."""
_WANTED = ("name", "version", "tag")
# Most paths are as they should be, and to look takes less than to make them so.
_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][^/\\\0]*/)*[A-Za-z0-9_-][^/\\\0]*")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9.!+_-]{1,200}")
_LONGEST_URL = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One distribution: `files` are relative to the folder that its metadata lies in.

    `url` is where it came from if that was no index (PEP 610); `project` and `release` are
    those of METADATA, or else of the name of the folder that would hold it. `cut` is the list
    of files that was not read to its end, if any.
    """

    project: str
    release: str
    metadata: Path
    files: tuple[str, ...] = ()
    platforms: frozenset[str] = frozenset()
    url: str = ""
    editable: bool = False
    installer: str = ""
    cut: str = ""
    remarks: tuple[Remark, ...] = ()


def read_distribution(metadata: Path) -> Distribution:
    """Read `NAME-VERSION.dist-info`, `NAME.egg-info` or the `EGG-INFO` of an egg."""
    remarks: list[Remark] = []
    is_file = os.path.isfile(metadata)  # noqa: PTH113 - `Path` raises for what is too long
    text = _text(metadata) if is_file else _metadata_text(metadata)
    found = dict(_fields(text or "")) if text is not None else {}
    name, version = found.get("name", ""), found.get("version", "")
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        remarks.append(Remark(note=Note.NO_METADATA, paths=(str(metadata),)))
        name, version = _named(metadata, name, version)
    url, editable = _source(metadata)
    files, cut = ((), "") if is_file else _files(metadata, remarks)
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
        cut=cut,
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
    is_url = isinstance(url, str) and len(url) <= _LONGEST_URL
    return (url, editable) if is_url else ("", False)


def _normal(path: str) -> str:
    return normpath(path.replace("\\", "/"))


def _files(metadata: Path, remarks: list[Remark]) -> tuple[tuple[str, ...], str]:
    """Return what RECORD names, or `installed-files.txt`, which is relative to the metadata.

    With it comes the name of the list if that is longer than what was read of it.
    """
    if metadata.name == "EGG-INFO":
        return (), ""  # an egg owns its folder; distutils told nobody what it had installed
    listed = _lines(metadata / "installed-files.txt")
    if listed is not None:
        lines, is_cut = listed
        named = (line.strip().replace("\\", "/") for line in lines)
        found = tuple(normpath(f"{metadata.name}/{line}") for line in named if line)
        return found, "installed-files.txt" if is_cut else ""
    lines, is_cut = _lines(metadata / "RECORD") or ([], False)
    if not any(map(str.strip, lines)) and not is_cut:
        remarks.append(Remark(note=Note.NO_RECORD, paths=(str(metadata / "RECORD"),)))
        return (), ""
    return _recorded(lines, metadata / "RECORD", remarks), "RECORD" if is_cut else ""


def _lines(path: Path) -> tuple[list[str], bool] | None:
    """Return the lines of a list of files, and whether there are more than are read."""
    try:
        content = content_of(path, _MOST_LIST + 1)
    except (OSError, ValueError):
        return None
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8", "surrogateescape")
    lines = list(islice(text, _MOST_FILES + 1))
    if len(content) > _MOST_LIST:
        return lines[:_MOST_FILES][:-1], True  # the last one may be cut
    return lines[:_MOST_FILES], len(lines) > _MOST_FILES


def _recorded(lines: Iterable[str], path: Path, remarks: list[Remark]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    broken = 0
    try:
        for row in csv.reader(lines):
            if not row or not row[0] or "\0" in row[0]:
                broken += bool(row)
                continue
            name = row[0] if _PLAIN.fullmatch(row[0]) else _normal(row[0])
            if name.startswith("/"):
                broken += 1  # allowed for what lies outside, and nothing of ours to judge
            else:
                found[name] = None
    except csv.Error:
        broken += 1
    if broken:
        remarks.append(Remark(note=Note.BROKEN_RECORD, paths=(str(path),), count=broken))
    return tuple(found)
