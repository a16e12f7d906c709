"""Which native file of a folder belongs to which package."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import dirname, normpath, relpath

from pip_archguard.environment.conda import CondaPackage, conda_packages
from pip_archguard.environment.distributions import Distribution, read_distribution
from pip_archguard.environment.editable import egg_links, files_below, source_folders
from pip_archguard.environment.folders import Tree, is_native
from pip_archguard.errors import redacted
from pip_archguard.model.audit import FolderKind, Note, Origins, Owner, Remark, SkipReason

_UNKNOWN = "unknown"
_LIBRARIES = (".so", ".dylib")
_SAMPLE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package and the paths of its native files, relative to the root of its folder.

    `location` is where its own metadata lies, in the same terms; `files` are all its files,
    relative to that. `missing` are libraries that it names and that are not there.
    """

    name: str
    project: str = ""
    release: str = ""
    location: str = ""
    origins: Origins
    platforms: frozenset[str] = frozenset({_UNKNOWN})
    native: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Owners:
    """Gives each native file to the first package that names it."""

    def __init__(self, tree: Tree, native: Iterable[str]) -> None:
        self.owned: set[str] = set()
        self._tree = tree
        self._native = set(native)

    def packages(self) -> Iterator[Package]:
        """Yield the distributions of the folder, then what conda alone has put there."""
        conda = list(self._conda())
        by_metadata = {
            dirname(name): package
            for package in conda
            for name in package.files
            if name.endswith((".dist-info/METADATA", ".egg-info/PKG-INFO"))
        }
        known = set()
        described = self._metadata()
        for path in described:
            dist = read_distribution(self._tree.root / path)
            keeper = by_metadata.get(path) if dist.installer in ("", "conda") else None
            if keeper is not None:
                known.add(keeper.name)
            yield self._distribution(path, dist, keeper)
        for folder in {dirname(path) for path in described} | {""}:
            for project, source in egg_links(self._tree.root / folder):
                yield self._linked_egg(project, source, folder)
        for package in conda:
            rest = self._take(package.files)
            missing = self._missing(package.files)
            if rest or missing or package.name not in known:
                yield Package(
                    name=package.name,
                    project=package.name,
                    release=package.version,
                    origins=Origins(owner=Owner.CONDA, subdir=package.subdir),
                    platforms=package.platforms or frozenset({_UNKNOWN}),
                    native=rest,
                    missing=missing,
                )

    def left_over(self, kind: FolderKind) -> Iterator[Package]:
        """Yield what nobody has named: the program of an app with its libraries, or strays."""
        rest = self._take(sorted(self._native))
        if not rest:
            return
        owner = Owner.APP if kind is FolderKind.APP else Owner.NOBODY
        yield Package(name=self._tree.root.name, origins=Origins(owner=owner), native=rest)

    def _metadata(self) -> list[str]:
        """Return the metadata folders but for those of what a package brings along within it.

        A folder in which distributions lie is one of `sys.path`; one below it is not.
        """
        eggs = (f"{egg}/EGG-INFO" for egg in self._tree.eggs)
        # A path that is too long makes `Path.is_dir` raise.
        there = (p for p in eggs if os.path.isdir(self._tree.root / p))  # noqa: PTH112
        found = [*self._tree.metadata, *there]
        sites = {_site_of(path) for path in found}
        within = {site for site in sites if any(above in sites for above in _above(site))}
        return sorted(path for path in found if _site_of(path) not in within)

    def _distribution(self, path: str, dist: Distribution, keeper: CondaPackage | None) -> Package:
        location = dirname(path)
        if path.endswith(".egg/EGG-INFO"):
            inside = tuple(p for p in self._tree.files if p.startswith(f"{location}/"))
            dist = replace(dist, files=tuple(p.removeprefix(f"{location}/") for p in inside))
        paths = [_joined(location, name) for name in dist.files]
        origins = Origins(owner=Owner.URL if dist.url else Owner.INDEX, url=redacted(dist.url))
        remarks = list(dist.remarks)
        platforms, files = dist.platforms, dist.files
        native = self._take(paths)
        if keeper is not None:
            origins = Origins(owner=Owner.CONDA, subdir=keeper.subdir)
            native += self._take(keeper.files)
            platforms = platforms or keeper.platforms
        elif dist.editable:
            origins = Origins(owner=Owner.EDITABLE, url=dist.url)
            native += self._editable(source_folders(dist), dist.url, remarks)
        gone = [p for p in paths if not p.endswith(".pyc") and not self._tree.has(p)]
        if dist.cut:
            self._tree.skip(f"{path}/{dist.cut}", SkipReason.TOO_MUCH)
        if gone:
            sample = tuple(relpath(p, location or ".") for p in gone[:_SAMPLE])
            remarks.append(Remark(note=Note.MISSING_FILES, paths=sample, count=len(gone)))
        return Package(
            name=dist.project,
            project=dist.project,
            release=dist.release,
            location=location,
            origins=origins,
            platforms=platforms or frozenset({_UNKNOWN}),
            native=native,
            files=files,
            missing=tuple(p for p in gone if p.endswith(_LIBRARIES)),
            remarks=tuple(remarks),
        )

    def _linked_egg(self, project: str, source: Path, folder: str) -> Package:
        remarks: list[Remark] = []
        found = (source,) if os.path.isdir(source) else ()  # noqa: PTH112
        native = self._editable(found, str(source), remarks)
        release = ""
        with suppress(OSError):
            for path in sorted(source.glob("*.egg-info")) if found else ():
                release = read_distribution(path).release
        return Package(
            name=project,
            project=project,
            release=release,
            location=folder,
            origins=Origins(owner=Owner.EDITABLE, url=source.as_uri() if found else ""),
            native=native,
            remarks=tuple(remarks),
        )

    def _editable(
        self, folders: tuple[Path, ...], named: str, remarks: list[Remark]
    ) -> tuple[str, ...]:
        """Return the native files of source trees, and say where they lie, or that none is here."""
        if not folders:
            remarks.append(Remark(note=Note.EDITABLE_NOT_FOUND, paths=(named,)))
            return ()
        remarks.append(Remark(note=Note.EDITABLE, paths=tuple(map(str, folders))))
        root = str(self._tree.root)
        found = (os.path.realpath(file) for folder in folders for file in files_below(folder))
        paths = dict.fromkeys(relpath(path, root) for path in found)
        inside = [path for path in paths if path in self._native and path not in self.owned]
        beyond = [
            path
            for path in paths
            if path.startswith("../") and path not in self.owned and is_native(f"{root}/{path}")
        ]
        self.owned.update(inside, beyond)
        return (*inside, *beyond)

    def _take(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return the native files among these paths that no other package has.

        A file that is named only through a link goes by the name of the link, for that is
        what is imported; and what a package names is its own wherever a link leads.
        """
        named = tuple(paths)
        taken: list[str] = []
        for path in (*filter(self._native.__contains__, named), *named):
            real = self._real(path)
            if real is None or real in self.owned:
                continue
            self.owned.add(real)
            taken.append(path)
            if real != path:
                self._tree.links.pop(path, None)
                self._tree.links[real] = path
        return tuple(taken)

    def _real(self, path: str) -> str | None:
        if path in self._native or path in self._tree.outside:
            return path
        target = self._tree.links.get(path)
        if target is None and path not in self._tree.files:
            if path.startswith("../"):
                return path if os.path.isfile(self._tree.root / path) else None  # noqa: PTH113
            target = self._tree.through_links(path)
        return target if target in self._native else None

    def _missing(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(p for p in paths if p.endswith(_LIBRARIES) and not self._tree.has(p))

    def _conda(self) -> Iterator[CondaPackage]:
        for each in conda_packages(self._tree.root):
            if isinstance(each, CondaPackage):
                yield each
            else:
                self._tree.skip(
                    os.path.relpath(each, self._tree.root), SkipReason.UNREADABLE, "no such JSON"
                )


def _joined(folder: str, name: str) -> str:
    path = f"{folder}/{name}" if folder else name
    return normpath(path) if ".." in name else path


def _site_of(metadata: str) -> str:
    """Return the folder of `sys.path` that metadata describes; an egg is one itself."""
    folder = dirname(metadata)
    return dirname(folder) if metadata.endswith("/EGG-INFO") else folder


def _above(path: str) -> Iterator[str]:
    """Yield the folders above a folder, the root as an empty name."""
    while path:
        path = dirname(path)
        yield path
