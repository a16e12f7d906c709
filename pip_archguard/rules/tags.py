"""What the platform tags of a wheel promise, beside what it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pip_archguard.model.arch import Arch
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.case import ANY, case_of
from pip_archguard.rules.choice import chosen_slice, is_library
from pip_archguard.rules.libraries import check_libraries
from pip_archguard.rules.linking import DyldSearch

# `fat`, `fat3`, `universal` and the like promise CPUs that no supported macOS runs on.
_PROMISES = {
    "arm64": (Arch.ARM64,),
    "x86_64": (Arch.X86_64,),
    "intel": (Arch.X86_64,),
    "fat64": (Arch.X86_64,),
    "universal2": (Arch.ARM64, Arch.X86_64),
}
_MOST_DIGITS = 4
"""Of the number of a macOS; `int` raises for thousands of them."""

_FIRST_ON_ARM64 = (11, 0)


def promises(facts: WheelFacts) -> dict[Arch, tuple[int, int] | None]:
    """Return the architectures that the tags promise, each with the oldest macOS for it.

    `universal2` promises both, and arm64 never for less than macOS 11. `any` promises
    both as soon as there is a library for a Mac in the wheel, for no certain macOS.
    """
    found: defaultdict[Arch, list[tuple[int, int]]] = defaultdict(list)
    for tag in facts.platforms:
        system, major, minor, machine = (*tag.split("_", 3), "", "", "")[:4]
        if system == "macosx" and _is_number(major) and _is_number(minor):
            version = (int(major), int(minor))
            for arch in _PROMISES.get(machine, ()):
                least = _FIRST_ON_ARM64 if arch is Arch.ARM64 else version
                found[arch].append(max(version, least))
    if ANY in facts.platforms and any(map(is_library, facts.binaries)):
        return dict.fromkeys((Arch.ARM64, Arch.X86_64))
    return {arch: min(versions) for arch, versions in found.items()}


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MOST_DIGITS


def check_tags(
    facts: WheelFacts, targets: Sequence[Target], *, strict: bool = False
) -> Iterator[Finding]:
    """Tell of an architecture, or a macOS, that the tags promise and the content lacks.

    It does not concern the targets, so it is information only; `strict` refuses it.
    """
    for arch, version in sorted(promises(facts).items(), key=lambda item: item[0].value):
        target = targets[0]._replace(arch=arch)
        asked = strict or arch not in {t.arch for t in targets}
        if _is_kept(facts, target, version, whole=asked):
            continue
        case = case_of(facts, target, DyldSearch)
        lie: tuple[str, ...] = ()
        lacking = sum(1 for _ in check_libraries(case))
        if lacking and asked:
            lie = (str(arch),)
        newest = max((s.min_os[:2] for _, s in case.loadable() if s.min_os), default=(0, 0))
        if not lie and version is not None and newest > version:
            lie = (str(arch), *(".".join(map(str, v)) for v in (version, newest)))
        if lie:
            yield Finding(
                reason=Reason.LYING_TAG,
                severity=Severity.REFUSE if strict else Severity.INFO,
                path=facts.filename,
                target=targets[0],
                found=lie,
                count=lacking,
            )


def _is_kept(
    facts: WheelFacts, target: Target, version: tuple[int, int] | None, *, whole: bool
) -> bool:
    """Whether no file can break a promise, so that none has to be followed to what it links.

    Most wheels are so: no code for the architecture is newer than the promised macOS, and if
    the `whole` wheel is asked for, each file has such code.
    """
    pieces = [chosen_slice(binary, target) for binary in facts.binaries]
    if whole and None in pieces:
        return False
    newest = max((p.min_os[:2] for p in pieces if p is not None and p.min_os), default=(0, 0))
    return version is None or newest <= version
