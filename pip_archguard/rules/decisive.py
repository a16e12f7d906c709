"""Libraries of which the symbols can change a verdict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from pip_archguard.model.binary import Binary, Format
from pip_archguard.model.target import Target
from pip_archguard.rules.choice import chosen_slice, is_library
from pip_archguard.rules.names import is_for_other_python, is_test_data

_SYSTEM = ("/usr/lib/", "/System/")


def symbols_decide(
    binaries: Sequence[Binary], targets: Sequence[Target], unread: Collection[str]
) -> frozenset[str]:
    """Return the paths of the libraries whose symbols the checks could ask for.

    `binaries` were read up to their load commands; of those at the paths `unread` no more is
    ever read. Symbols matter to three checks:

    - `check_hollow` compares the slices of a file, and explains with the exports of others
      what they look up: so all matter if one file has several slices. Of a file without
      siblings it says nothing as long as the exports of another library that loads are not
      known: none matters if each target loads one that is `unread`.
    - `check_imports` asks what a file takes from a library of the same wheel, and whether
      that has it. A library that is `unread` may have anything.
    - `check_init` says nothing of a file with one slice.

    So where all is of one slice, and a large library is among it, only those matter that
    link one another.
    """
    libraries = [b for b in binaries if is_library(b)]
    everything = frozenset(b.path for b in libraries)
    judged = [target for target in targets if target.judged]
    thin = all(len(b.slices) == 1 for b in binaries if b.format is Format.MACH_O)
    unknown = [b for b in libraries if b.path in unread]
    if not thin or not judged or not all(_loads_one(unknown, target) for target in judged):
        return everything
    names: dict[str, set[str]] = {}
    for binary in libraries:
        if binary.path not in unread:
            for name in (binary.path, *(s.install_name or "" for s in binary.slices)):
                names.setdefault(_base(name), set()).add(binary.path)
    found: set[str] = set()
    for binary in libraries:
        for dependency in binary.slices[0].dependencies:
            linked = names.get(_base(dependency.install_name), set())
            if linked and not dependency.install_name.startswith(_SYSTEM):
                found |= linked | {binary.path}
    return frozenset(found)


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
