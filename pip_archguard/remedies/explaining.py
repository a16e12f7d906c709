"""What to do about an error of loading: pure, from what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pip_archguard.model.arch import Arch
from pip_archguard.model.explanation import Explanation, Looked, Process, Ran, Step, StepKind
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.owner import Owner, Place, PlaceKind
from pip_archguard.model.reason import Severity
from pip_archguard.model.target import System
from pip_archguard.remedies.reinstalling import brew, native, own_steps, reinstall

_REPAIRED_BY_REINSTALLING = frozenset(
    {
        Cause.WRONG_PLATFORM,
        Cause.FOREIGN_FILE,
        Cause.MALFORMED,
        Cause.BAD_SIGNATURE,
        Cause.OTHER_PYTHON,
        Cause.NO_INIT,
        Cause.REFUSED,
    }
)


_SEEN_BY_READING = (Cause.WRONG_ARCHITECTURE, Cause.MISSING_MODULE, Cause.FOREIGN_FILE)
"""What a file that would load now is certain not to be at fault for any more."""

# auditwheel puts a part of the hash into the name of a library that it takes into a wheel.
_BROUGHT = re.compile(r"-[0-9a-f]{8}\.so(?:\.|$)")


def ran_as(error: LoadError, looked: Looked | None, process: Process) -> Ran:
    """Return as what the process ran that met a wrong architecture.

    dyld on an Intel Mac that is not very old takes `x86_64h`, too, and says so, while
    under Rosetta it asks for `x86_64` alone. This machine counts only if the file is here.
    """
    if error.system is not System.MACOS:
        return Ran.UNKNOWN
    if any(name.startswith("arm64") for name in error.need):
        return Ran.ARM64
    here = looked is not None and process.target.system is System.MACOS
    apple = here and process.hardware is Arch.ARM64
    if any(name.startswith("x86_64") for name in error.need):
        if here:
            return Ran.ROSETTA if apple else Ran.INTEL
        return Ran.INTEL if "x86_64h" in error.need else Ran.MAYBE_ROSETTA
    # Old messages name no architecture: what the file lacks was asked for.
    if looked is None or not apple or len(looked.archs) != 1:
        return Ran.UNKNOWN
    return Ran.ROSETTA if looked.archs[0] == str(Arch.ARM64) else Ran.ARM64


def seen_through(error: LoadError, looked: Looked | None) -> LoadError:
    """Return what a message of Linux means, by the file that it says is not there.

    glibc passes over a file for another machine (`dl-load.c`, `open_verify`), and ends with
    "No such file or directory" even where that was the only one it was asked for.
    """
    if error.cause is not Cause.MISSING_LIBRARY or looked is None or looked.path != error.library:
        return error
    target = looked.target
    if target is None or not looked.archs or str(target.arch) in looked.archs:
        return error
    return replace(
        error,
        cause=Cause.WRONG_ARCHITECTURE,
        library="",
        have=looked.archs,
        detail="No such file or directory",
    )


def loads_now(explanation: Explanation) -> bool:
    """Whether the file, as it lies here, would load in the process that is spoken of."""
    looked = explanation.looked
    if looked is None or not looked.fits or looked.problem or looked.for_other_python:
        return False
    return not any(finding.severity is Severity.REFUSE for finding in looked.findings)


def steps_for(explanation: Explanation) -> tuple[Step, ...]:
    """Return what to do, the most promising first."""
    error = explanation.error
    there = error.cause is Cause.MISSING_LIBRARY and bool(error.file)
    if loads_now(explanation) and (there or error.cause in _SEEN_BY_READING):
        return (Step(kind=StepKind.TRY_AGAIN),)
    place = explanation.place
    if place is not None and place.kind is PlaceKind.BUNDLE and not error.cause.follows:
        return (Step(kind=StepKind.OTHER_APP),)
    if place is not None and place.kind is PlaceKind.BUILD:
        return (Step(kind=StepKind.GUARD_THE_BUILD),)
    return tuple(_steps(explanation)) or (Step(kind=StepKind.ASK_ITS_INSTALLER),)


def _steps(explanation: Explanation) -> Iterator[Step]:  # noqa: PLR0912 - an entry for each
    error, owner, place = explanation.error, explanation.owner, explanation.place
    match error.cause:
        case Cause.WRONG_ARCHITECTURE:
            yield from _for_architecture(explanation)
        case Cause.SYMBOL_NOWHERE | Cause.MISSING_SYMBOL:
            yield from reinstall(owner, place, error, fresh=True)
        case Cause.MISSING_LIBRARY:
            yield from _for_library(error, owner, place)
        case Cause.NEWER_SYSTEM:
            yield from own_steps(owner, place, StepKind.OTHER_RELEASE)
            yield from reinstall(owner, place, error, build=True)
        case Cause.OTHER_LIBC:
            yield from reinstall(owner, place, error)
            yield Step(kind=StepKind.OTHER_IMAGE)
        case Cause.WRONG_PROGRAM:
            if error.system is System.MACOS:
                command = "softwareupdate --install-rosetta"
                yield Step(kind=StepKind.INSTALL_ROSETTA, commands=(command,))
            yield from reinstall(owner, place, error)
        case Cause.ILLEGAL_INSTRUCTION if error.system is not System.LINUX:
            yield from native(explanation.process)
        case Cause.UNSUPPORTED_WHEEL:
            yield from own_steps(owner, place, StepKind.NAMED_FOR_HERE)
        case Cause.PYTHON_LACKS:
            yield Step(kind=StepKind.REPAIR_PYTHON)
        case Cause.MISSING_MODULE:
            yield from reinstall(owner, place, error)
        case Cause.HALF_IMPORTED | Cause.RUST_PANIC | Cause.IMPORT_WRAPPER:
            yield Step(kind=StepKind.PASTE_ALL)
        case _ if error.cause in _REPAIRED_BY_REINSTALLING:
            yield from reinstall(owner, place, error)


def _for_architecture(explanation: Explanation) -> Iterator[Step]:
    error, owner, place = explanation.error, explanation.owner, explanation.place
    match explanation.ran:
        case Ran.ROSETTA | Ran.MAYBE_ROSETTA:
            yield from native(explanation.process, known=explanation.ran is Ran.ROSETTA)
            for step in reinstall(owner, place, error):
                if step.kind is StepKind.REINSTALL:
                    yield Step(
                        kind=StepKind.FILL_FOR_X86_64,
                        commands=tuple(f"arch -x86_64 {each}" for each in step.commands),
                    )
        case Ran.ARM64 | Ran.INTEL | Ran.UNKNOWN:
            yield from reinstall(owner, place, error)


def _for_library(error: LoadError, owner: Owner | None, place: Place | None) -> Iterator[Step]:
    formula = brew(error.library)
    if formula:
        yield Step(kind=StepKind.INSTALL_LIBRARY, commands=(f"brew install {formula}",))
    elif _is_of_the_system(error):
        yield Step(kind=StepKind.INSTALL_LIBRARY)
        return
    yield from reinstall(owner, place, error)


def _is_of_the_system(error: LoadError) -> bool:
    """Whether a library that is nowhere is one that a package of Linux brings."""
    bare = not error.library.startswith(("@", "/"))
    return error.system is System.LINUX and bare and not _BROUGHT.search(error.library)
