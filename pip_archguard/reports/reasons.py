"""What users read about each code: what it means, and what is said of one finding."""

from __future__ import annotations

from typing import NamedTuple

from pip_archguard.model.arch import Arch
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity, Use
from pip_archguard.model.target import ROSETTA_ENDS_WITH, System
from pip_archguard.reports.systems import system_name
from pip_archguard.reports.wording import tick, visible


class Words(NamedTuple):
    """The words for a code; its `meaning` stands in `docs/reference/codes.md`, too.

    A `clause` says what is wrong with the file at `{path}`: `{use}` is how that comes to be
    loaded, `{found[0]}` the first piece of evidence, `{ticked[0]}` the same, quoted, `{all}` all
    of it, and `{last}` the last, quoted.
    """

    meaning: str
    clause: str


WORDS = {
    Reason.WRONG_ARCHITECTURE: Words(
        "no slice of a library is one that the target's process takes",
        "{path}{use} is {all} only, {who} is {arch}",
    ),
    Reason.WRONG_PLATFORM: Words(
        "the architecture is right, the slice is made for iOS, Android or another system",
        "{path}{use} is made for {all}, not for {system}",
    ),
    Reason.HOLLOW_SLICE: Words(
        "the slice calls names that nobody has",
        "the {arch} part of {path} is hollow: {count} names that it calls are nowhere, such as "
        "{ticked[0]}, so importing it fails with `symbol not found in flat namespace`",
    ),
    Reason.MISSING_INIT: Words(
        "the slice lacks the function that `import` calls, its sibling has it",
        "{path} has no function for `import` to call, so it may be a plain library",
    ),
    Reason.MISSING_SYMBOL: Words(
        "a library of the same wheel does not export what is taken from it",
        "{path}{use} takes {count} {names} from {ticked[0]} that are not there, such as "
        "{ticked[1]}",
    ),
    Reason.MISSING_LIBRARY: Words(
        "a library is nowhere in the wheel and those installed with it",
        "{path}{use} needs {last}, which no wheel here brings along",
    ),
    Reason.MISSING_FILE: Words(
        "a library that the package has put there is gone",
        "{path} is not there any more, and the package names it as its own",
    ),
    Reason.UNDELOCATED: Words(
        "a library is expected on the machine, at a path such as Homebrew's, and no wheel "
        "brings it along",
        "{path}{use} needs {last}, which no wheel here brings along: macOS looks for it on the "
        "machine",
    ),
    Reason.MALFORMED: Words(
        "the system's loader refuses the file: slices that overlap, occur twice, lie past the "
        "end or differ from their label; broken load commands; a broken ELF header",
        "{path} is no sound native file: {found[0]}",
    ),
    Reason.UNSIGNED: Words(
        "arm64 code without a signature",
        "the arm64 code in {path} is not signed, and macOS runs no such code",
    ),
    Reason.ARM64E_ONLY: Words(
        "the only slice for arm64 is arm64e",
        "{path} is arm64e only, a form that Apple keeps for its own programs: whether it loads "
        "depends on the version of macOS",
    ),
    Reason.NEWER_MACOS: Words(
        "made for a newer macOS than the target's; it loads, and may lack something",
        "{path} is made for macOS {found[0]} and newer, and may lack something here",
    ),
    Reason.WRONG_LIBC: Words(
        "made for glibc where the target runs on musl, or the reverse; it asks for what the "
        "other one lacks",
        "{path}{use} is made for {found[0]}, {who} runs on {found[1]}, and may lack something",
    ),
    Reason.NEWER_GLIBC: Words(
        "asks for a newer glibc than the target's",
        "{path}{use} needs glibc {found[0]}, {who} has {found[1]}",
    ),
    Reason.DEGRADED: Words(
        "an extension cannot load, and the package goes on without it",
        "{path} cannot load ({found[0]}), and the package does without it: its own source goes "
        "on, or never asks for it",
    ),
    Reason.LYING_TAG: Words(
        "the tag promises an architecture, a macOS or a glibc that the content does not serve; "
        "`--strict-tags` refuses it",
        "the name promises {version} {found[1]} on {found[0]}, the content is made for "
        "{version} {found[2]} and newer",
    ),
    Reason.FOREIGN_EXTENSION: Words(
        "a file of another system under a name that `import` would take",
        "{path} is {found[0]}, which {system} cannot load",
    ),
    Reason.FOREIGN_BUILD: Words(
        "a wheel for this system holds only native code of another one: a module for this "
        "Python; or, in one just built or with `--strict-tags`, any such file",
        "the wheel is for {system}, but {path} is {found[0]}",
    ),
    Reason.NEEDS_ROSETTA: Words(
        "a helper program is x86_64 only; Rosetta ends after macOS 27",
        "the program {path} is {all} only: it runs under Rosetta, which ends after macOS "
        f"{ROSETTA_ENDS_WITH}",
    ),
    Reason.FOREIGN_EXECUTABLE: Words(
        "a helper program cannot run on this machine at all",
        "the program {path} is {all} only, {who} is {arch}",
    ),
    Reason.AMBIGUOUS: Words(
        "the wheel is an archive from which programs may take other files: its list and the "
        "files in it differ, a name leads out of it, or files lie in the place of others",
        "programs may unpack {path} differently: {found[0]}",
    ),
    Reason.COULD_NOT_TELL: Words(
        "a file is unreadable or beyond a bound: the verdict is `unknown`",
        "{path} could not be judged: {found[0]}",
    ),
}

_WRITTEN_OUT = {
    "mach-o": "a Mach-O file (macOS)",
    "elf": "an ELF file (Linux)",
    "pe": "a PE file (Windows)",
    "musl": "musl (Alpine)",
}


def because(finding: Finding) -> str:
    """Say what is wrong with one file, in one clause."""
    target = finding.target
    found = [_WRITTEN_OUT.get(each, visible(each)) for each in finding.found]
    ticked = [tick(each) for each in finding.found]
    return _clause(finding).format(
        path=tick(finding.path),
        use=_use(finding),
        who="the target" if target.named or target.foreign else "this Python",
        arch=target.arch,
        system=system_name(target.system),
        machine="Mac" if target.system is System.MACOS else "machine",
        version="glibc" if target.system is System.LINUX else "macOS",
        found=found,
        ticked=ticked,
        all=" and ".join(found),
        last=ticked[-1] if ticked else "",
        count=finding.count,
        names="name" if finding.count == 1 else "names",
        files="a file" if finding.count == 1 else f"{finding.count} files",
    )


def _clause(finding: Finding) -> str:
    """Return the clause of its code, or what is said in the place of it in a special case."""
    found = finding.found
    match finding.reason:
        case Reason.WRONG_ARCHITECTURE if found == (str(Arch.OTHER),):
            return "{path}{use} is for no machine known here, {who} is {arch}"
        case Reason.MISSING_INIT if finding.severity is Severity.REFUSE:
            return (
                "the {arch} part of {path} lacks the function that `import` calls, which its "
                "other part has"
            )
        case Reason.UNDELOCATED if found[0] != found[-1]:
            return WORDS[Reason.UNDELOCATED].clause + " at {ticked[0]}"
        case Reason.MALFORMED if finding.severity is Severity.REFUSE:
            return "{system} refuses {path}: {found[0]}"
        case Reason.WRONG_LIBC if found[2:]:
            return (
                "{path}{use} is made for {found[0]}, {who} runs on {found[1]}: it asks for "
                "{ticked[2]}"
            )
        case Reason.LYING_TAG if finding.count:
            return "the name promises {found[0]}, which {files} inside cannot do"
        case reason:
            return WORDS[reason].clause


def _use(finding: Finding) -> str:
    """Say how a file comes to be loaded, where that is not by `import`."""
    match finding.use:
        case Use.IMPORTED:
            return ""
        case Use.LINKED:
            return f", which {tick(finding.needed_by)} links,"
        case Use.OPENED:
            return ", probably opened by ctypes,"
