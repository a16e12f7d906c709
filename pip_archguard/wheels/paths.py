"""Whether the names in a wheel say where its files go, for pip on any system and for others."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import pairwise
from posixpath import normpath

from pip_archguard.wheels.layout import Doubt

# What is in names that need a second look: of a thousand wheels, in those of none.
_ODD = (
    *("\\", ":", "\0", "//", "\n/", "\n\n"),
    *("/../", "/./", "\n../", "\n./", "/..\n", "/.\n", "\n..\n", "\n.\n"),
)
_LEAVES = "its name leads out of the wheel"
_SAME_PLACE = "it has the same place as another file"


def doubtful_names(infos: list[zipfile.ZipInfo]) -> Iterator[Doubt]:
    """Yield the members whose names do not say plainly where they go.

    Names that differ only by case or by a form of Unicode are fine: each of the files is
    judged, and a disk that takes them for one keeps one of them.
    """
    for info in infos:
        if info.filename != info.orig_filename and info.filename != _forward(info.orig_filename):
            # zipfile ends a name at a zero byte, or takes another one from Python 3.13 on.
            yield info.filename, "it has two names"
    names = [info.filename for info in infos]
    text = "\n".join(("", *names, ""))
    if any(odd in text for odd in _ODD) or text.count("\n") > len(names) + 1:
        for name in names:
            if any(map(_leaves, {name, _forward(name)})):
                yield name, _LEAVES
        names = [_placed(name) for name in names]
        yield from ((name, _SAME_PLACE) for name in _repeated(infos, names))
    yield from ((name, "it is a file and a folder") for name in _files_and_folders(names))


def _forward(name: str) -> str:
    return name.replace("\\", "/")  # as zipfile does on Windows


def _leaves(name: str) -> bool:
    parts = name.split("/")
    return ".." in parts or name.startswith("/") or not name or _has_drive(name)


def _has_drive(name: str) -> bool:
    return name[1:2] == ":" and name[0].isascii() and name[0].isalpha()


def _placed(name: str) -> str:
    """Return where pip puts a member, on a system or another."""
    return normpath(_forward(name)) + ("/" if name.endswith("/") else "")


def _repeated(infos: list[zipfile.ZipInfo], places: list[str]) -> Iterator[str]:
    """Yield the names that go where another one goes."""
    seen: dict[str, str] = {}
    for info, place in zip(infos, places, strict=True):
        if seen.setdefault(place, info.filename) != info.filename:
            yield info.filename


def _files_and_folders(names: list[str]) -> Iterator[str]:
    """Yield the files below which others lie: in this order they come right before those."""
    ordered = sorted("\n".join(names).replace("/", "\0").split("\n"))
    for one, following in pairwise(ordered):
        if following.startswith(one) and one[-1:] != "\0" and following[len(one) :][:1] == "\0":
            yield one.replace("\0", "/")
