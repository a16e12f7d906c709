"""From the files of two wheels to those of one."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pip_archguard.errors import UnfusableError
from pip_archguard.fusing import documents
from pip_archguard.fusing.differing import joined, taken
from pip_archguard.fusing.dist_info import LEFT_OUT, METADATA, WHEEL, differing_fields, wheel_file
from pip_archguard.fusing.entries import Copied, Entry, entry_of
from pip_archguard.fusing.halves import Pair
from pip_archguard.fusing.opened import OpenHalf, same_content
from pip_archguard.model.arch import Arch
from pip_archguard.model.fusing import FusedFile, Share
from pip_archguard.rules.choice import is_library
from pip_archguard.rules.names import is_module_name, is_tagged

_MOST_METADATA = 16 << 20
_MOST_NAMED = 10
_CACHE = re.compile(r"(?P<folder>(?:.*/)?)__pycache__/(?P<module>[^/.]+)\.[^/]*\.pyc")
_HINT = (
    "`--take-from arm64` or `--take-from x86_64` takes such files from that wheel, "
    "so look at the differences first"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The files of the wheel, RECORD aside, and the fields of METADATA that differed."""

    entries: tuple[Entry, ...]
    metadata: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    path: str
    why: str
    may_be_taken: bool = True


def plan_of(pair: Pair, arm64: OpenHalf, x86_64: OpenHalf, take_from: Arch | None) -> Plan:
    """Decide about each file of the two wheels.

    `take_from` is the wheel whose files stand where nothing can stand for both. Raises
    UnfusableError with all files that keep the wheels from being fused.
    """
    if arm64.dist_info != x86_64.dist_info:
        msg = f"the wheels have different folders, `{arm64.dist_info}` and `{x86_64.dist_info}`"
        raise UnfusableError(msg)
    halves = (arm64, x86_64)
    entries: list[Entry] = []
    faults: list[_Fault] = []
    for path in sorted({*arm64.members, *x86_64.members}):
        if path.removeprefix(arm64.dist_info) in {*LEFT_OUT, WHEEL, METADATA}:
            continue
        if any(_is_cache(half, path) for half in halves):
            continue
        holders = [half for half in halves if path in half.members]
        try:
            if len(holders) == 1:
                entries.append(_one_sided(holders[0], path))
            elif same_content(arm64, x86_64, path):
                entries.append(_same(arm64, x86_64, path))
            else:
                entries += joined(arm64, x86_64, path)
        except UnfusableError as error:
            native = any(path in half.native for half in holders)
            chosen = [h for h in holders if h.half.arch is take_from] or holders[:1]
            if take_from is None or native:
                faults.append(_Fault(path=path, why=str(error), may_be_taken=not native))
            else:
                entries.append(taken(chosen[0], path, because=Share.TAKEN))
    if faults:
        raise _unfusable(faults)
    metadata, about = _about(pair, arm64, x86_64)
    entries += about
    _check_places(entries, halves)
    return Plan(entries=tuple(entries), metadata=metadata)


def _is_cache(half: OpenHalf, path: str) -> bool:
    """Whether it is byte code of a source that is there (PEP 3147); installers write it anew."""
    match = _CACHE.fullmatch(path)
    return match is not None and f"{match['folder']}{match['module']}.py" in half.members


def _same(arm64: OpenHalf, x86_64: OpenHalf, path: str) -> Entry:
    binary = arm64.native.get(path)
    both = binary is not None and {s.arch for s in binary.slices} >= {Arch.ARM64, Arch.X86_64}
    told = FusedFile(path=path, share=Share.UNIVERSAL) if both else None
    infos = arm64.members[path], x86_64.members[path]
    return entry_of(path, Copied(half=arm64, path=path), *infos, told=told)


def _one_sided(half: OpenHalf, path: str) -> Entry:
    """Keep what one build alone brought along and only its own code asks for.

    delocate names the libraries that it copies by a hash of their content, and numpy 1.21.3
    is made so: each slice links its own. Whether that holds is for the rules to judge.
    """
    arch = half.half.arch
    binary = half.native.get(path)
    inside = path.removeprefix(half.dist_info) if path.startswith(half.dist_info) else ""
    if documents.is_licence(inside) or documents.is_bill_of_materials(inside):
        return taken(half, path, because=Share.BOTH)
    if binary is None or not is_library(binary):
        msg = f"it is in the wheel for {arch} only"
        raise UnfusableError(msg)
    if is_module_name(path) and (is_tagged(path) or not _is_linked(half, path)):
        msg = f"it is an extension module that only the wheel for {arch} has"
        raise UnfusableError(msg)
    return taken(half, path, because=Share.ONE_SIDED)


def _is_linked(half: OpenHalf, path: str) -> bool:
    name = PurePosixPath(path).name
    return any(
        PurePosixPath(dependency.install_name).name == name
        for binary in half.native.values()
        for piece in binary.slices
        for dependency in piece.dependencies
    )


def _about(
    pair: Pair, arm64: OpenHalf, x86_64: OpenHalf
) -> tuple[tuple[str, ...], Iterator[Entry]]:
    """Return the fields of METADATA that differ, and the entries METADATA and WHEEL."""
    halves = (arm64, x86_64)
    metadata, other = (_whole(half, METADATA) for half in halves)
    wheels = (_whole(half, WHEEL) for half in halves)
    content = {METADATA: metadata, WHEEL: wheel_file(*wheels, tags=pair.tags)}
    return differing_fields(metadata, other), (
        entry_of(path, text, *(half.members[path] for half in halves))
        for path, text in ((arm64.dist_info + name, text) for name, text in content.items())
    )


def _whole(half: OpenHalf, name: str) -> bytes:
    content = half.read(half.dist_info + name, _MOST_METADATA)
    if content is None:
        msg = f"`{half.dist_info}{name}` of the wheel for {half.half.arch} is too long"
        raise UnfusableError(msg)
    return content


def _check_places(entries: Iterable[Entry], halves: Sequence[OpenHalf]) -> None:
    """Refuse files that no wheel alone has in one place, as file systems of Macs see it."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        paths = places[_folded(entry.path)]
        if entry.path in paths:
            msg = f"there would be two files `{entry.path}`"
            raise UnfusableError(msg)
        paths.add(entry.path)
    for place, paths in places.items():
        if len(paths) > 1 and not any(paths <= half.members.keys() for half in halves):
            msg = (
                f"{' and '.join(f'`{path}`' for path in sorted(paths))} would be one file on a Mac"
            )
            raise UnfusableError(msg)
        for parent in PurePosixPath(place).parents:
            if str(parent) in places:
                (path, *_) = places[str(parent)]
                msg = f"`{path}` would be a file and a folder"
                raise UnfusableError(msg)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFD", path).casefold()


def _unfusable(faults: Sequence[_Fault]) -> UnfusableError:
    named = [f"`{fault.path}`: {fault.why}" for fault in faults[:_MOST_NAMED]]
    if len(faults) > _MOST_NAMED:
        named.append(f"and {len(faults) - _MOST_NAMED} more")
    msg = "\n".join(["these files do not go together:", *(f"  {line}" for line in named)])
    return UnfusableError(msg, hint=_HINT if all(f.may_be_taken for f in faults) else None)
