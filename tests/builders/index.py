"""A package index made in code and served from memory (PEP 503, PEP 592, PEP 658)."""

from __future__ import annotations

import hashlib
import html
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from builders.index_server import IndexServer, Page, Request
from builders.sdists import Recipe, make_sdist
from builders.wheels import Archive, make_wheel, normalise

_POLL_SECONDS = 0.02  # how long the end of each test waits for the server


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    archive: Archive
    yanked: str | None
    requires_python: str | None


class Index:
    """An index on this machine; `open_index` serves it.

    `metadata` serves METADATA files of their own (PEP 658); `ranges` honours byte ranges,
    one per request. `max_age` is for how many seconds files may be taken from a cache. All
    may be changed at any time.
    """

    def __init__(self, *, metadata: bool = False, ranges: bool = True) -> None:
        self.metadata = metadata
        self.ranges = ranges
        self.max_age = 0
        self.requests: list[Request] = []
        self._entries: dict[str, _Entry] = {}
        self.server = IndexServer(self)

    @property
    def url(self) -> str:
        """What `--index-url` takes."""
        return f"http://127.0.0.1:{self.server.server_port}/simple/"

    def add(
        self, archive: Archive, *, yanked: str | None = None, requires_python: str | None = None
    ) -> str:
        """Offer a file; return its name."""
        self._entries[archive.filename] = _Entry(
            archive=archive, yanked=yanked, requires_python=requires_python
        )
        return archive.filename

    def add_wheel(
        self,
        name: str,
        version: str,
        tag: str,
        files: Mapping[str, bytes],
        *,
        requires: Iterable[str] = (),
        extras: Mapping[str, Iterable[str]] | None = None,
        yanked: str | None = None,
    ) -> str:
        """Make a wheel and offer it; return its name."""
        wheel = make_wheel(name, version, tag, files, requires=requires, extras=extras)
        return self.add(wheel, yanked=yanked)

    def add_sdist(
        self,
        name: str,
        version: str,
        recipe: Recipe = Recipe.EXTENSION,
        *,
        requires: Iterable[str] = (),
        build_requires: Iterable[str] = (),
        pyproject: bool = True,
        preamble: str = "",
        files: Mapping[str, bytes] | None = None,
    ) -> str:
        """Make an sdist and offer it; return its name."""
        sdist = make_sdist(
            name,
            version,
            recipe,
            requires=requires,
            build_requires=build_requires,
            pyproject=pyproject,
            preamble=preamble,
            files=files,
        )
        return self.add(sdist)

    def add_folder(self, folder: Path) -> None:
        """Offer the wheels that lie in a folder."""
        for path in sorted(folder.glob("*.whl")):
            self.add(Archive(filename=path.name, content=path.read_bytes()))

    def remove(self, filename: str) -> None:
        """Offer a file no longer."""
        del self._entries[filename]

    def filenames(self) -> list[str]:
        """Return the names of all files."""
        return list(self._entries)

    def content(self, filename: str) -> bytes:
        """Return the file itself."""
        return self._entries[filename].archive.content

    def sha256(self, filename: str) -> str:
        """Return the hash of a file, in hexadecimal."""
        return self._entries[filename].archive.sha256

    def file_url(self, filename: str) -> str:
        """Return the address of a file, without its hash."""
        return f"http://127.0.0.1:{self.server.server_port}/files/{filename}"

    def downloads(self) -> list[str]:
        """Return the names of the files of which anything was asked for, each once."""
        paths = [r.path for r in self.requests if r.method == "GET"]
        names = [path.rpartition("/")[2] for path in paths if path.startswith("/files/")]
        return list(dict.fromkeys(names))

    def page(self, path: str) -> Page | None:
        """Return what lies at a path of the server."""
        match path.strip("/").split("/"):
            case ["simple"]:
                names = {entry.archive.project for entry in self._entries.values()}
                return _html(f'<a href="{name}/">{name}</a>' for name in sorted(names))
            case ["simple", name]:
                found = [e for e in self._entries.values() if e.archive.project == normalise(name)]
                return _html(map(self._link, found)) if found else None
            case ["files", filename] if filename in self._entries:
                return Page(content=self.content(filename), max_age=self.max_age)
            case ["files", name] if self.metadata and name.endswith(".metadata"):
                entry = self._entries.get(name.removesuffix(".metadata"))
                text = entry.archive.metadata if entry else None
                return None if text is None else Page(content=text, max_age=self.max_age)
            case _:
                return None

    def _link(self, entry: _Entry) -> str:
        archive = entry.archive
        attributes = {"href": f"/files/{archive.filename}#sha256={archive.sha256}"}
        if self.metadata and archive.metadata is not None:
            digest = f"sha256={hashlib.sha256(archive.metadata).hexdigest()}"
            attributes |= {"data-core-metadata": digest, "data-dist-info-metadata": digest}
        if entry.yanked is not None:
            attributes["data-yanked"] = entry.yanked
        if entry.requires_python is not None:
            attributes["data-requires-python"] = entry.requires_python
        text = " ".join(f'{key}="{html.escape(value)}"' for key, value in attributes.items())
        return f"<a {text}>{archive.filename}</a>"


def _html(lines: Iterable[str]) -> Page:
    body = "<br>\n".join(lines)
    text = f"<!DOCTYPE html>\n<html><body>\n{body}\n</body></html>\n"
    return Page(content=text.encode(), kind="text/html; charset=utf-8")


@contextmanager
def open_index(*, metadata: bool = False, ranges: bool = True) -> Iterator[Index]:
    """Serve a new, empty index."""
    index = Index(metadata=metadata, ranges=ranges)
    thread = threading.Thread(target=index.server.serve_forever, args=(_POLL_SECONDS,))
    thread.start()
    try:
        yield index
    finally:
        index.server.shutdown()
        thread.join()
        index.server.server_close()
