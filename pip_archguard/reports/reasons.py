"""What users read about each finding, one entry for each reason."""

from __future__ import annotations

from pip_archguard.model.arch import Arch
from pip_archguard.model.finding import Finding
from pip_archguard.model.target import ROSETTA_ENDS_WITH, System
from pip_archguard.model.verdict import Reason, Severity, Use
from pip_archguard.reports.wording import tick, visible

_FORMATS = {
    "mach-o": "a Mach-O file (macOS)",
    "elf": "an ELF file (Linux)",
    "pe": "a PE file (Windows)",
}
_SYSTEMS = {
    System.MACOS: ("macOS", "Mac"),
    System.LINUX: ("Linux", "machine"),
    System.WINDOWS: ("Windows", "machine"),
    System.OTHER: ("this system", "machine"),
}


def because(finding: Finding) -> str:  # noqa: C901, PLR0911, PLR0912 - an entry for each reason
    """Say what is wrong with one file, in one clause."""
    path, target, found = tick(finding.path), finding.target, finding.found
    who = "the target" if target.named or target.foreign else "this Python"
    system, machine = _SYSTEMS[target.system]
    match finding.reason:
        case Reason.WRONG_ARCHITECTURE if found == (str(Arch.OTHER),):
            return f"{path}{_use(finding)} is for no machine known here, {who} is {target.arch}"
        case Reason.WRONG_ARCHITECTURE:
            return f"{path}{_use(finding)} is {' and '.join(found)} only, {who} is {target.arch}"
        case Reason.WRONG_PLATFORM:
            return f"{path}{_use(finding)} is made for {' and '.join(found)}, not for {system}"
        case Reason.HOLLOW_SLICE:
            return (
                f"the {target.arch} part of {path} is hollow: {finding.count} names that it "
                f"calls are nowhere, such as {tick(found[0])}, so importing it fails with "
                "`symbol not found in flat namespace`"
            )
        case Reason.MISSING_INIT if finding.severity is Severity.REFUSE:
            return (
                f"the {target.arch} part of {path} lacks the function that `import` calls, "
                "which its other part has"
            )
        case Reason.MISSING_INIT:
            return f"{path} has no function for `import` to call, so it may be a plain library"
        case Reason.MISSING_SYMBOL:
            return (
                f"{path}{_use(finding)} takes {finding.count} "
                f"{'name' if finding.count == 1 else 'names'} from {tick(found[0])} that are not "
                f"there, such as {tick(found[1])}"
            )
        case Reason.MISSING_LIBRARY:
            return (
                f"{path}{_use(finding)} needs {tick(found[-1])}, which no wheel here brings along"
            )
        case Reason.MISSING_FILE:
            return f"{path} is not there any more, and the package names it as its own"
        case Reason.UNDELOCATED:
            place = f" at {tick(found[0])}" if found[0] != found[-1] else ""
            return (
                f"{path}{_use(finding)} needs {tick(found[-1])}, which no wheel here brings along: "
                f"macOS looks for it on the machine{place}"
            )
        case Reason.MALFORMED if finding.severity is Severity.REFUSE:
            return f"{system} refuses {path}: {visible(found[0])}"
        case Reason.MALFORMED:
            return f"{path} is no sound native file: {visible(found[0])}"
        case Reason.UNSIGNED:
            return f"the arm64 code in {path} is not signed, and macOS runs no such code"
        case Reason.ARM64E_ONLY:
            return (
                f"{path} is arm64e only, a form that Apple keeps for its own programs: "
                "whether it loads depends on the version of macOS"
            )
        case Reason.NEWER_MACOS:
            return f"{path} is made for macOS {found[0]} and newer, and may lack something here"
        case Reason.WRONG_LIBC:
            lacking = f": it asks for {tick(found[2])}" if found[2:] else ", and may lack something"
            return (
                f"{path}{_use(finding)} is made for {_libc(found[0])}, {who} runs on "
                f"{_libc(found[1])}{lacking}"
            )
        case Reason.NEWER_GLIBC:
            return f"{path}{_use(finding)} needs glibc {found[0]}, {who} has {found[1]}"
        case Reason.DEGRADED:
            return (
                f"{path} cannot load ({found[0]}), and the package does without it: "
                "its own source falls back to pure Python"
            )
        case Reason.LYING_TAG if finding.count:
            return f"the name promises {found[0]}, which {_files(finding.count)} inside cannot do"
        case Reason.LYING_TAG:
            what = "glibc" if target.system is System.LINUX else "macOS"
            return (
                f"the name promises {what} {found[1]} on {found[0]}, the content is made for "
                f"{what} {found[2]} and newer"
            )
        case Reason.FOREIGN_EXTENSION:
            return f"{path} is {_FORMATS[found[0]]}, which {system} cannot load"
        case Reason.FOREIGN_BUILD:
            return f"it was built for this {machine}, but {path} is {_FORMATS[found[0]]}"
        case Reason.NEEDS_ROSETTA:
            return (
                f"the program {path} is {' and '.join(found)} only: it runs under Rosetta, "
                f"which ends after macOS {ROSETTA_ENDS_WITH}"
            )
        case Reason.FOREIGN_EXECUTABLE:
            return f"the program {path} is {' and '.join(found)} only, {who} is {target.arch}"
        case Reason.AMBIGUOUS:
            return f"programs may unpack {path} differently: {visible(found[0])}"
        case Reason.COULD_NOT_TELL:
            return f"{path} could not be judged: {visible(found[0])}"


def _use(finding: Finding) -> str:
    """Say how a file comes to be loaded, where that is not by `import`."""
    match finding.use:
        case Use.IMPORTED:
            return ""
        case Use.LINKED:
            return f", which {tick(finding.needed_by)} links,"
        case Use.OPENED:
            return ", probably opened by ctypes,"


def _libc(name: str) -> str:
    return "musl (Alpine)" if name == "musl" else visible(name)


def _files(count: int) -> str:
    return "a file" if count == 1 else f"{count} files"
