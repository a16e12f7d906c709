"""`uv.lock`: what uv would install of it for a target, by the edges from the project on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pip_archguard.locks.fields import Table
from pip_archguard.locks.markers import Wanted, fits_python, holds
from pip_archguard.locks.pins import LockedFile, Pinned, file_of
from pip_archguard.model.projects import normal_name

_KNOWN = 1
_TREES = ("git", "directory", "editable", "virtual")
_OWN = ("editable", "virtual", "directory")
_OPTIONAL = "optional-dependencies"
_GROUPS = "dev-dependencies"
_SHA256 = "sha256:"


def pinned_in_uv_lock(document: Table, wanted: Wanted) -> tuple[Pinned, ...] | str:
    """Return what is pinned for a target, or why the lock is not made for it.

    Taken are the dependencies of all members of the workspace, with the extras and groups
    that are wanted; raises UnreadableInputError for what the format does not allow.
    """
    if document.values.get("version") != _KNOWN:
        document.fail("version", "is not known")
    if not fits_python(document, "requires-python", wanted):
        return f"the lock is for Python {document.text('requires-python')}"
    supported = document.texts("supported-markers")
    if supported and not any(holds(document, "supported-markers", m, wanted) for m in supported):
        return "the lock is not made for this target"
    return _Walk(document, wanted).pins()


class _Walk:
    """Goes along the edges whose markers hold."""

    def __init__(self, document: Table, wanted: Wanted) -> None:
        self._wanted = wanted
        self._packages: defaultdict[str, list[Table]] = defaultdict(list)
        for package in document.tables("package"):
            self._packages[normal_name(package.text("name"))].append(package)
        members = {normal_name(name) for name in document.table("manifest").texts("members")}
        own = [p for found in self._packages.values() for p in found if _is_own(p, members)]
        if not own:
            document.fail("package", "names no project of its own")
        self._roots = own
        self._active = [
            f"{kind}-{len(name)}-{name}-{each}"
            for name in (package.text("name") for package in own)
            for kind, given in (("extra", wanted.extras), ("group", wanted.groups))
            for each in given
        ]

    def pins(self) -> tuple[Pinned, ...]:
        """Return each package that is reached, once."""
        waiting = [edge for root in self._roots for edge in self._of_root(root)]
        asked_by: defaultdict[str, set[str]] = defaultdict(set)
        reached: dict[str, Table] = {}
        done: set[tuple[str, str]] = set()
        while waiting:
            parent, edge = waiting.pop()
            package = self._target_of(edge)
            name = normal_name(package.text("name"))
            if reached.setdefault(name, package) is not package:
                edge.fail("name", f"leads to a second `{name}` for the same target")
            if parent:
                asked_by[name].add(parent)
            for extra in ("", *edge.texts("extra")):
                if (name, extra) not in done:
                    done.add((name, extra))
                    waiting += [(name, each) for each in self._edges(package, extra)]
        roots = {normal_name(root.text("name")) for root in self._roots}
        return tuple(
            _pinned(package, name, tuple(sorted(asked_by[name] - roots - {name})))
            for name, package in reached.items()
            if name not in roots
        )

    def _of_root(self, root: Table) -> Iterator[tuple[str, Table]]:
        for extra in ("", *self._wanted.extras):
            yield from (("", edge) for edge in self._edges(root, extra))
        groups = root.table(_GROUPS)
        for group in self._wanted.groups:
            yield from (("", edge) for edge in groups.tables(group) if self._holds(edge))

    def _edges(self, package: Table, extra: str) -> Iterator[Table]:
        if extra:
            optional = package.table(_OPTIONAL)
            key = next((k for k in optional.values if normal_name(k) == normal_name(extra)), extra)
            edges = optional.tables(key)
        else:
            edges = package.tables("dependencies")
        return (edge for edge in edges if self._holds(edge))

    def _holds(self, edge: Table) -> bool:
        return holds(edge, "marker", edge.text("marker", ""), self._wanted, self._active)

    def _target_of(self, edge: Table) -> Table:
        """Return the package that an edge leads to."""
        name = normal_name(edge.text("name"))
        found = self._packages.get(name, [])
        for key in ("version", "source"):
            if key in edge:
                found = [p for p in found if p.values.get(key) == edge.values[key]]
        if len(found) > 1:
            found = [p for p in found if self._is_resolved_here(p)]
        if len(found) != 1:
            edge.fail("name", f"leads to {len(found)} packages called `{name}`")
        return found[0]

    def _is_resolved_here(self, package: Table) -> bool:
        texts: Sequence[str] = package.texts("resolution-markers")
        return not texts or any(
            holds(package, "resolution-markers", each, self._wanted, self._active) for each in texts
        )


def _is_own(package: Table, members: set[str]) -> bool:
    source = package.table("source")
    if members:
        return normal_name(package.text("name")) in members
    return any(source.values.get(key) == "." for key in _OWN)


def _pinned(package: Table, name: str, required_by: tuple[str, ...]) -> Pinned:
    files = [_file(package, each) for each in package.tables("wheels")]
    if "sdist" in package:
        files.append(_file(package, package.table("sdist")))
    source: dict[str, Any] = dict(package.table("source").values)
    return Pinned(
        project=name,
        release=package.text("version", ""),
        files=tuple(files),
        tree=any(key in source for key in _TREES),
        required_by=required_by,
    )


def _file(package: Table, table: Table) -> LockedFile:
    """Return a file; of a flat index, or of a package that is one file, the source tells where."""
    digest = table.text("hash", "")
    sha256 = digest.removeprefix(_SHA256) if digest.startswith(_SHA256) else ""
    source = package.table("source")
    address = table.text("url", "") or source.text("url", "")
    if not address:
        folder = Path(package.file).absolute().parent
        registry = source.text("registry", "")
        place = folder / ("" if "://" in registry else registry)
        path = table.text("path", "") or source.text("path", "") or table.text("filename")
        address = (place / path).absolute().as_uri()
    return file_of(table, address, sha256, table.text("filename", ""))
