"""Libraries of which the symbols can change a verdict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from pip_archguard.model.binary import MANY_LOOKUPS, Binary
from pip_archguard.model.target import Target
from pip_archguard.rules.choice import chosen_slice, is_library
from pip_archguard.rules.linking import SYSTEM
from pip_archguard.rules.names import is_for_other_python, is_test_data


def symbols_decide(
    binaries: Sequence[Binary], targets: Sequence[Target], unread: Collection[str]
) -> frozenset[str] | None:
    """Return the paths of the libraries whose symbols the checks could ask for; None: all.

    `binaries` were read at least up to their load commands; of those at the paths `unread`
    no more is ever read. Symbols matter to three checks:

    - `check_hollow` compares the slices of a file, so those of one with several do. If it
      leaves names open that libraries of the wheel may explain, all do. Of a file with one
      slice the check says nothing as long as the exports of another library that loads are
      not known: so none matters if each target loads one that is `unread`.
    - `check_imports` asks what a file takes from a library of the same wheel, and whether
      that has it. A library that is `unread` may have anything.
    - `check_init` says nothing of a file with one slice.
    """
    libraries = [b for b in binaries if is_library(b)]
    judged = [target for target in targets if target.judged]
    unknown = [b for b in libraries if b.path in unread]
    if not judged or not all(_loads_one(unknown, target) for target in judged):
        return None
    if any(map(_leaves_open, libraries)):
        return None
    homes: dict[str, set[str]] = {}
    for binary in libraries:
        if binary.path not in unread:
            for name in (binary.path, *(s.install_name or "" for s in binary.slices)):
                homes.setdefault(_base(name), set()).add(binary.path)
    found = {b.path for b in libraries if len(b.slices) > 1}
    for binary in libraries:
        if binary.path in unread:
            continue  # what it takes is never known
        for dependency in (d for piece in binary.slices for d in piece.dependencies):
            linked = homes.get(_base(dependency.install_name), set())
            if linked and not dependency.install_name.startswith(SYSTEM):
                found |= linked | {binary.path}
    return frozenset(found)


def _leaves_open(library: Binary) -> bool:
    """Whether the slices of a file leave names to the flat namespace that may be explained.

    See `binaries.wanted`: equal numbers, and few, are not looked for in other files.
    """
    counts = {len(s.flat_lookups) for s in library.slices if s.flat_lookups is not None}
    return len(library.slices) > 1 and (len(counts) > 1 or max(counts, default=0) >= MANY_LOOKUPS)


def _loads_one(libraries: Sequence[Binary], target: Target) -> bool:
    return any(
        b.problem is None
        and chosen_slice(b, target) is not None
        and not is_test_data(b.path)
        and not is_for_other_python(b.path, target)
        for b in libraries
    )


def _base(name: str) -> str:
    return PurePosixPath(name).name.lower()  # as file systems of Macs compare names
