"""What a lock file pins for a target, and which of the files it names are taken there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from packaging.tags import Tag, parse_tag

from pip_archguard.locks.fields import Table
from pip_archguard.model.coverage import Cover
from pip_archguard.model.covering import Taken, Why

_PARTS = 5
_WHEEL = ".whl"
_MOST_NAME = 255
"""Characters of a file's name, of which file systems take no more: tags multiply with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedFile:
    """A file that a lock names; the address may be left to the index."""

    filename: str
    url: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A package that is needed on a target, with the files it may be installed from.

    `tree` is one that is a source tree, which nothing but a build makes a wheel of.
    """

    project: str
    release: str
    files: tuple[LockedFile, ...] = ()
    tree: bool = False
    required_by: tuple[str, ...] = ()


def choose(
    pinned: Pinned, tags: Sequence[Tag], refused: frozenset[str], fusable: Sequence[Sequence[Tag]]
) -> Taken:
    """Return what an installer takes: the wheel with the best tag, else the source.

    `refused` are the addresses of files that are not to be taken. `fusable` are the tags of the
    targets that a fused wheel would serve, if that is what is asked for.
    """
    names = {address.rpartition("/")[2] for address in refused}
    left = [f for f in pinned.files if f.url not in refused and f.filename not in names]
    ranks = {tag: rank for rank, tag in enumerate(tags)}
    wheels = [(r, file) for file in left if (r := _rank(file, ranks)) is not None]
    sources = [file for file in left if not file.filename.endswith(_WHEEL)]
    if wheels:
        return _taken(pinned, min(wheels, key=lambda found: found[0])[1], None, ())
    each = [dict.fromkeys(thin, 0) for thin in fusable]
    both = [any(_rank(file, thin) is not None for file in left) for thin in each]
    why = (Why.FUSABLE,) if both and all(both) else ()
    if pinned.tree:
        return _taken(pinned, LockedFile(filename=""), Cover.BUILD, (Why.SOURCE_TREE,))
    if sources:
        return _taken(pinned, sources[0], Cover.BUILD, why)
    return _taken(pinned, LockedFile(filename=""), Cover.NOTHING, (Why.NOT_IN_LOCK, *why))


def file_of(table: Table, url: str, sha256: str = "", filename: str = "") -> LockedFile:
    """Return the file that a table names by its address, which tells its name if nothing else does.

    Raises UnreadableInputError for what is no address.
    """
    try:
        path = urlsplit(url).path
    except ValueError:  # a bracket without its other one
        table.fail("url", f"is `{url}`, which is no address")
    return LockedFile(filename=filename or unquote(path).rpartition("/")[2], url=url, sha256=sha256)


def _taken(pinned: Pinned, file: LockedFile, cover: Cover | None, why: tuple[Why, ...]) -> Taken:
    return Taken(
        project=pinned.project,
        cover=cover,
        release=pinned.release,
        filename=file.filename,
        url=file.url,
        sha256=file.sha256,
        required_by=pinned.required_by,
        why=why,
    )


def _rank(file: LockedFile, ranks: dict[Tag, int]) -> tuple[int, str] | None:
    """Return how good a wheel is, the best first; None for what does not fit.

    Of equal ones the later build comes first (PEP 427), as far as digits tell it.
    """
    parts = file.filename.removesuffix(_WHEEL).split("-")
    if not file.filename.endswith(_WHEEL) or len(parts) < _PARTS:
        return None
    if len(file.filename) > _MOST_NAME:
        return None
    try:
        tags = parse_tag("-".join(parts[-3:]))
    except ValueError:  # `packaging` from 26 on refuses some
        return None
    fit = [ranks[tag] for tag in tags if tag in ranks]
    if not fit:
        return None
    build = parts[2] if len(parts) > _PARTS else ""
    digits = "".join(c for c in build if c.isdigit()).zfill(20)
    return min(fit), "".join(chr(ord("9") - int(digit)) for digit in digits)
