"""A fused wheel as text: what it was made of, and where the two wheels differed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pip_archguard.model.event import FusedForInstall
from pip_archguard.model.fusing import FusedFile, FusedWheel, Share
from pip_archguard.model.result import FusedShown
from pip_archguard.model.target import Target
from pip_archguard.reports.clean import machine
from pip_archguard.reports.failure import codes_of
from pip_archguard.reports.gist import in_short, weightiest
from pip_archguard.reports.wording import tick

_MOST_FILES = 10
"""How many files of a kind are named; the others are counted."""


def fuse_text(event: FusedShown) -> str:
    """Say where the fused wheel is, and all that is worth knowing of it."""
    return _text(event.wheel, event.wheel.path)


def fused_text(event: FusedForInstall) -> str:
    """Say what was fused in the course of an installation."""
    return _text(event.wheel, event.wheel.judgement.facts.filename)


def _text(wheel: FusedWheel, name: str) -> str:
    lines = [f"fused: {tick(name)}", *(f"  of {tick(half)}" for half in wheel.halves)]
    lines += [f"- {note}" for note in _notes(wheel)]
    return "\n".join(lines)


def _notes(wheel: FusedWheel) -> Iterator[str]:
    yield f"loads on {' and '.join(dict.fromkeys(map(_oldest, wheel.targets)))}, and newer"
    counts = {share: sum(f.share is share for f in wheel.files) for share in Share}
    yield f"{_files(counts[Share.FUSED])} fused, each slice as it was"
    if counts[Share.UNIVERSAL]:
        yield f"{_files(counts[Share.UNIVERSAL])} for both already, the same in both wheels"
    for (share, arch), group in _groups(wheel.files):
        for line in _differing(share, arch):
            yield f"{line}: {_named(list(group))}"
    if wheel.metadata:
        fields = ", ".join(map(tick, wheel.metadata))
        yield f"`METADATA` differed in {fields}, and is that of the arm64 wheel"
    found = weightiest(wheel.judgement)
    if found:
        yield f"warning: {codes_of(found)}: {in_short(found)}"


def _groups(
    files: Sequence[FusedFile],
) -> Iterator[tuple[tuple[Share, str], Iterator[FusedFile]]]:
    order = list(Share)

    def key(file: FusedFile) -> tuple[int, str]:
        return order.index(file.share), str(file.arch or "")

    for (number, arch), group in groupby(sorted(files, key=key), key=key):
        yield (order[number], arch), group


def _differing(share: Share, arch: str) -> Iterator[str]:
    match share:
        case Share.FUSED | Share.UNIVERSAL:
            return
        case Share.ONE_SIDED:
            yield f"in the {arch} wheel only, kept for its code"
        case Share.JOINED:
            yield "differed, and each processor has its own values in it"
        case Share.BOTH:
            yield f"of the {arch} wheel, beside that of the other"
        case Share.TAKEN:
            yield f"differed, and taken from the {arch} wheel as `--take-from` says"


def _named(files: Sequence[FusedFile]) -> str:
    names = [tick(file.path) for file in files[:_MOST_FILES]]
    more = len(files) - _MOST_FILES
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _oldest(target: Target) -> str:
    version = ".".join(map(str, target.os_version))
    return machine(target).replace(version.removesuffix(".0"), version, 1)


def _files(count: int) -> str:
    return f"{count} native file" + ("" if count == 1 else "s")
