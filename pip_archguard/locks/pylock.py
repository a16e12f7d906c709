"""`pylock.toml`, the lock file of PEP 751."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pip_archguard.locks.fields import Table
from pip_archguard.locks.markers import Wanted, fits_python, holds
from pip_archguard.locks.pins import LockedFile, Pinned, file_of
from pip_archguard.model.projects import normal_name

_KNOWN = "1."


def pinned_in_pylock(document: Table, wanted: Wanted) -> tuple[Pinned, ...] | str:
    """Return what is pinned for a target, or why the lock is not made for it.

    Raises UnreadableInputError for what the format does not allow.
    """
    if not document.text("lock-version").startswith(_KNOWN):
        document.fail("lock-version", "is not known")
    if not fits_python(document, "requires-python", wanted):
        return f"the lock is for Python {document.text('requires-python')}"
    # Where none is asked for, the default groups are (PEP 751, `default-groups`).
    wanted = wanted if wanted.groups else replace(wanted, groups=document.texts("default-groups"))
    environments = document.texts("environments")
    if environments and not any(holds(document, "environments", e, wanted) for e in environments):
        return "the lock is not made for this target"
    found: dict[str, Pinned] = {}
    asked_by: dict[str, set[str]] = {}
    for package in document.tables("packages"):
        name = normal_name(package.text("name"))
        if not holds(package, "marker", package.text("marker", ""), wanted):
            continue
        if not fits_python(package, "requires-python", wanted):
            return f"`{name}` in the lock is for Python {package.text('requires-python')}"
        if name in found:
            package.fail("name", f"is `{name}` a second time for the same target")
        found[name] = _pinned(package, name)
        for each in package.tables("dependencies"):
            if "name" in each:
                asked_by.setdefault(normal_name(each.text("name")), set()).add(name)
    return tuple(
        replace(pin, required_by=tuple(sorted(asked_by.get(name, set()) & set(found))))
        for name, pin in found.items()
    )


def _pinned(package: Table, name: str) -> Pinned:
    files = [_file(package, each) for each in package.tables("wheels")]
    files += [_file(package, package.table(key)) for key in ("sdist", "archive") if key in package]
    return Pinned(
        project=name,
        release=package.text("version", ""),
        files=tuple(files),
        tree="vcs" in package or "directory" in package,
    )


def _file(package: Table, table: Table) -> LockedFile:
    hashes = table.table("hashes")
    sha256 = hashes.text("sha256", "").lower()
    url = table.text("url", "")
    if not url:
        folder = Path(package.file).absolute().parent
        url = (folder / table.text("path")).absolute().as_uri()
    return file_of(table, url, sha256, table.text("name", ""))
