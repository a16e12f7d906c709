"""Metadata of source from what it declares: nothing is built, and none of its code is run."""

from __future__ import annotations

import tempfile
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from pip._internal.metadata import get_metadata_distribution, get_wheel_distribution
from pip._internal.metadata.base import FilesystemWheel
from pip._internal.operations.prepare import get_file_url, get_http_url, unpack_vcs_link
from pip._vendor.packaging.requirements import Requirement

from pip_archguard.errors import UnreadableInputError
from pip_archguard.locks.project import core_metadata
from pip_archguard.model.covering import Why
from pip_archguard.model.projects import normal_name
from pip_archguard.pipbridge.internals.coverage_links import SeenLinks, release_of
from pip_archguard.pipbridge.internals.fetching import FAILURES
from pip_archguard.pipbridge.internals.toml import parse_toml
from pip_archguard.wheels.sdist import (
    MOST_TEXT,
    SdistTexts,
    is_static,
    read_sdist,
    read_source_tree,
)

_NO_VERSION = "0"


class StaticPreparer:
    """Has pip's preparer answer for source with static metadata, and for wheels as ever.

    `told` is by the address of a link: what is worth saying of the source behind it.
    """

    def __init__(self, preparer: Any, seen: SeenLinks) -> None:
        self._preparer = preparer
        self._seen = seen
        self._prepare_wheel = preparer.prepare_linked_requirement
        self._lazily = preparer._fetch_metadata_using_lazy_wheel
        self.told: dict[str, tuple[Why, ...]] = {}
        preparer.use_lazy_wheel = True
        preparer._fetch_metadata_using_lazy_wheel = self._try_lazily
        preparer.prepare_linked_requirement = self._prepare
        preparer.prepare_editable_requirement = self._of_source
        preparer.prepare_linked_requirements_more = _prepare_no_more

    def _prepare(self, req: Any, parallel_builds: bool = False) -> Any:  # noqa: FBT001, FBT002 - pip's
        if req.link.is_wheel:
            return self._prepare_wheel(req, parallel_builds)
        return self._of_source(req)

    def _try_lazily(self, link: Any) -> Any:
        """Read the metadata in a wheel by byte ranges; where that fails, pip takes all of it."""
        try:
            return self._lazily(link)
        except FAILURES:
            return None

    def _of_source(self, req: Any) -> Any:
        link = req.link
        name = normal_name(req.name) if req.name else ""
        tree = link.is_vcs or link.is_existing_dir()
        content, why = self._of_tree(link) if tree else self._of_archive(req)
        if content is None and name and not tree:
            content, why = self._of_sibling(name, release_of(link.filename))
        if content is None:
            why = (Why.NOT_DECLARED,)
            content = _bare(name or _name_of(link), release_of(link.filename) or _NO_VERSION)
        self.told[link.url_without_fragment] = (*why, *([Why.SOURCE_TREE] if tree else []))
        name = name or _own_name(content)
        if req.req is None:  # what has no name yet gets its own, as pip does
            req.req = Requirement(name)
        return get_metadata_distribution(content, link.filename, name)

    def _of_archive(self, req: Any) -> tuple[bytes | None, tuple[Why, ...]]:
        """Return what the index, or the archive itself, declares."""
        link, download = req.link, self._preparer._download
        metadata_link = None if self._preparer.require_hashes else link.metadata_link()
        if metadata_link is not None:
            file = get_http_url(metadata_link, download, hashes=metadata_link.as_hashes())
            content = Path(file.path).read_bytes()[: MOST_TEXT + 1]
            if len(content) <= MOST_TEXT and is_static(content):
                return content, ()
        hashes = self._preparer._get_linked_req_hashes(req)
        if link.is_file:
            file = get_file_url(link, hashes=hashes)
        else:
            file = get_http_url(link, download, hashes=hashes)
        try:
            texts = read_sdist(Path(file.path), link.subdirectory_fragment or "")
        except UnreadableInputError:  # as an sdist without declarations: pip may yet build it
            return None, ()
        if texts.pkg_info is not None and is_static(texts.pkg_info):
            return texts.pkg_info, ()
        return _of_pyproject(texts, release_of(link.filename))

    def _of_tree(self, link: Any) -> tuple[bytes | None, tuple[Why, ...]]:
        below = link.subdirectory_fragment or ""
        if not link.is_vcs:
            return _of_pyproject(read_source_tree(Path(link.file_path) / below))
        with tempfile.TemporaryDirectory(prefix="pip-archguard-") as folder:
            place = Path(folder) / "source"
            unpack_vcs_link(link, str(place), verbosity=0)
            inside = (place / below).resolve()
            if not inside.is_relative_to(place.resolve()):
                return None, ()
            return _of_pyproject(read_source_tree(inside))

    def _of_sibling(self, name: str, release: str) -> tuple[bytes | None, tuple[Why, ...]]:
        """Return the metadata of a wheel of the version, whatever platform it is for."""
        wheels = self._seen.wheels_of(name, release)
        wheels.sort(key=lambda link: link.metadata_link() is None)  # those that cost least
        for link in wheels[:1]:
            try:
                return self._of_wheel(link, name), (Why.FROM_SIBLING,)
            except FAILURES:
                continue
        return None, ()

    def _of_wheel(self, link: Any, name: str) -> bytes:
        download, metadata_link = self._preparer._download, link.metadata_link()
        if metadata_link is not None:
            file = get_http_url(metadata_link, download, hashes=metadata_link.as_hashes())
            return Path(file.path).read_bytes()
        dist = self._try_lazily(link)
        if dist is None:
            hashes = link.as_hashes()
            if link.is_file:
                file = get_file_url(link, hashes=hashes)
            else:
                file = get_http_url(link, download, hashes=hashes)
            dist = get_wheel_distribution(FilesystemWheel(file.path), name)
        return _of_headers(dist.metadata)


def _prepare_no_more(*_: Any, **__: Any) -> None:
    """Leave the wheels where they are: those that matter are read later, once for all targets."""


def _of_pyproject(texts: SdistTexts, release: str = "") -> tuple[bytes | None, tuple[Why, ...]]:
    if texts.pyproject is None:
        return None, ()
    try:
        content = core_metadata(parse_toml(texts.pyproject, "pyproject.toml"), release)
    except UnreadableInputError:
        return None, ()
    return content, (Why.FROM_PROJECT,)


def _of_headers(metadata: Any) -> bytes:
    """Return what a resolver needs of metadata; old wheels have other fields that are broken."""
    lines = ["Metadata-Version: 2.1"]
    for field in ("Name", "Version", "Requires-Python", "Requires-Dist", "Provides-Extra"):
        lines += [f"{field}: {' '.join(str(each).split())}" for each in metadata.get_all(field, ())]
    return ("\n".join(lines) + "\n").encode()


def _bare(name: str, version: str) -> bytes:
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()


def _own_name(content: bytes) -> str:
    return normal_name(str(BytesParser().parsebytes(content, headersonly=True)["Name"]))


def _name_of(link: Any) -> str:
    """Return what source without a declared name is called after: its file or folder."""
    filename = str(link.filename)
    stem = filename.rpartition("-")[0] if release_of(filename) else filename
    return normal_name(stem) or "unnamed"
