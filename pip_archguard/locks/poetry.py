"""`poetry.lock`: what Poetry would install of it for a target.

From lock version 2.1 on each package says in which groups, and under which markers, it is
needed. Before, only the packages that ask for others say under which markers they do; what the
project itself asks for is taken whatever its markers, for they stand in `pyproject.toml`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pip_archguard.locks.fields import Table
from pip_archguard.locks.markers import Wanted, fits_python, holds
from pip_archguard.locks.pins import LockedFile, Pinned
from pip_archguard.model.projects import normal_name

_KNOWN = ("1.", "2.")
_MAIN = "main"
_SHA256 = "sha256:"
_TREES = ("git", "directory")
_ANY_PYTHON = "*"
_AFTER_OPERATOR = re.compile(r"([<>=!~^])\s+")
_CARET = re.compile(r"\^(\d{1,9})(?:\.[\d.]*)?")


def pinned_in_poetry_lock(document: Table, wanted: Wanted) -> tuple[Pinned, ...] | str:
    """Return what is pinned for a target, or why the lock is not made for it.

    Raises UnreadableInputError for what the format does not allow. The addresses of files
    are left to the index: the lock names none.
    """
    metadata = document.table("metadata")
    if not metadata.text("lock-version").startswith(_KNOWN):
        metadata.fail("lock-version", "is not known")
    if not _fits(metadata, wanted):
        return f"the lock is for Python {metadata.text('python-versions')}"
    packages = [p for p in document.tables("package") if _fits(p, wanted)]
    if any("groups" in package for package in packages):
        taken = [package for package in packages if _is_asked_for(package, wanted)]
    else:
        taken = _reached(packages, _of_extras(document, wanted), wanted)
    found: dict[str, Table] = {}
    for package in taken:
        name = normal_name(package.text("name"))
        if name in found:
            package.fail("name", f"is `{name}` a second time for the same target")
        found[name] = package
    asked_by = _asked_by(found, wanted)
    return tuple(_pinned(p, name, asked_by[name]) for name, p in found.items())


def _is_asked_for(package: Table, wanted: Wanted) -> bool:
    """Whether one of the groups needs a package on the target, as lock version 2.1 says it."""
    markers = package.values.get("markers", "")
    for group in package.texts("groups"):
        if group not in (_MAIN, *wanted.groups):
            continue
        if isinstance(markers, Mapping):  # one for each group
            text = package.table("markers").text(group, "")
        else:
            text = package.text("markers", "")
        if holds(package, "markers", text, wanted):
            return True
    return False


def _reached(packages: Sequence[Table], chosen: set[str], wanted: Wanted) -> list[Table]:
    """Return what an older lock needs: what nothing asks for, and what these ask for.

    A package that is optional is needed only for an extra, or by one that is.
    """
    by_name: defaultdict[str, list[Table]] = defaultdict(list)
    for package in packages:
        if package.text("category", _MAIN) in (_MAIN, *wanted.groups):
            by_name[normal_name(package.text("name"))].append(package)
    base = {name for name, found in by_name.items() if not all(p.flag("optional") for p in found)}
    asked = {child for name in base for p in by_name[name] for child, _ in _dependencies(p, None)}
    waiting, reached = [*sorted(base - asked or base), *sorted(chosen)], set[str]()
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        for package in by_name[name]:
            for child, edge in _dependencies(package, wanted):
                if child in base or not edge.flag("optional"):
                    waiting.append(child)
    return [package for name in by_name if name in reached for package in by_name[name]]


def _of_extras(document: Table, wanted: Wanted) -> set[str]:
    """Return the packages that the extras which are wanted name."""
    extras = {normal_name(extra) for extra in wanted.extras}
    table = document.table("extras")
    named = (table.texts(key) for key in table.values if normal_name(key) in extras)
    return {normal_name(name) for names in named for name in names}


def _asked_by(found: Mapping[str, Table], wanted: Wanted) -> dict[str, tuple[str, ...]]:
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for name, package in found.items():
        for child, _ in _dependencies(package, wanted):
            parents[child].add(name)
    return {name: tuple(sorted(parents[name] - {name})) for name in found}


def _dependencies(package: Table, wanted: Wanted | None) -> Iterator[tuple[str, Table]]:
    """Yield what a package asks for on a target, or on any if none is given.

    With which of its extras a package was asked for, no lock says: each is taken to be.
    """
    table = package.table("dependencies")
    if wanted is not None:
        wanted = replace(wanted, extras=tuple(package.table("extras").values))
    for name, value in table.values.items():
        for each in value if isinstance(value, list) else [value]:
            given: Any = {"version": each} if isinstance(each, str) else each
            if not isinstance(given, Mapping):
                table.fail(name, "is no dependency")
            edge = Table(file=table.file, where=f"{table.where}.{name}", values=given)
            text = edge.text("markers", "")
            if wanted is None or holds(edge, "markers", text, wanted):
                yield normal_name(name), edge


def _fits(table: Table, wanted: Wanted) -> bool:
    """Whether the Python of a target is one of a table's; Poetry has more ways to say it."""
    text = table.text("python-versions", _ANY_PYTHON)
    alternatives = [part.strip() for part in text.split("||")]
    return any(
        part in ("", _ANY_PYTHON) or fits_python(_only(table, part), "python-versions", wanted)
        for part in alternatives
    )


def _only(table: Table, text: str) -> Table:
    """Return a table with one range, in the way that PEP 440 says it."""
    joined = _AFTER_OPERATOR.sub(r"\1", text).replace(" ", ",")
    parts = [_plain(part) for part in joined.split(",") if part]
    return Table(file=table.file, where=table.where, values={"python-versions": ",".join(parts)})


def _plain(part: str) -> str:
    """Say a caret or a tilde of Poetry's, or a bare version, in the words of PEP 440."""
    if caret := _CARET.fullmatch(part):
        return f">={part[1:]},<{int(caret[1]) + 1}"
    if part.startswith("~") and not part.startswith("~="):
        numbers = part[1:].split(".")
        return (
            f"=={'.'.join(numbers[:2])}.*,>={part[1:]}" if len(numbers) > 1 else f"=={part[1:]}.*"
        )
    return f"=={part}" if part[:1].isdigit() else part


def _pinned(package: Table, name: str, required_by: tuple[str, ...]) -> Pinned:
    source = package.table("source")
    kind = source.text("type", "")
    url = source.text("url", "") if kind == "url" else ""
    return Pinned(
        project=name,
        release=package.text("version"),
        files=tuple(_file(each, url) for each in package.tables("files")),
        tree=kind in _TREES,
        required_by=required_by,
    )


def _file(table: Table, url: str) -> LockedFile:
    digest = table.text("hash", "")
    sha256 = digest.removeprefix(_SHA256) if digest.startswith(_SHA256) else ""
    return LockedFile(filename=table.text("file"), url=url, sha256=sha256)
