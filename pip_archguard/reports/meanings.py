"""What each code means; `docs/reference/codes.md` says the same."""

from __future__ import annotations

from pip_archguard.model.verdict import Reason

MEANINGS = {
    Reason.WRONG_ARCHITECTURE: "no slice of a library is one that the target's process takes",
    Reason.WRONG_PLATFORM: (
        "the architecture is right, the slice is made for iOS, Android or another system"
    ),
    Reason.HOLLOW_SLICE: "the slice calls names that nobody has",
    Reason.MISSING_INIT: "the slice lacks the function that `import` calls, its sibling has it",
    Reason.MISSING_SYMBOL: "a library of the same wheel does not export what is taken from it",
    Reason.MISSING_LIBRARY: "a library is nowhere in the wheel and those installed with it",
    Reason.MISSING_FILE: "a library that the package has put there is gone",
    Reason.UNDELOCATED: (
        "a library is expected on the machine, at a path such as Homebrew's, and no wheel "
        "brings it along"
    ),
    Reason.MALFORMED: (
        "the system's loader refuses the file: slices that overlap, occur twice, lie past the "
        "end or differ from their label; broken load commands; a broken ELF header"
    ),
    Reason.UNSIGNED: "arm64 code without a signature",
    Reason.ARM64E_ONLY: "the only slice for arm64 is arm64e",
    Reason.NEWER_MACOS: (
        "made for a newer macOS than the target's; it loads, and may lack something"
    ),
    Reason.WRONG_LIBC: (
        "made for glibc where the target runs on musl, or the reverse; it asks for what the "
        "other one lacks"
    ),
    Reason.NEWER_GLIBC: "asks for a newer glibc than the target's",
    Reason.DEGRADED: "an extension cannot load, and the package goes on without it",
    Reason.LYING_TAG: (
        "the tag promises an architecture, a macOS or a glibc that the content does not serve; "
        "`--strict-tags` refuses it"
    ),
    Reason.FOREIGN_EXTENSION: "a file of another system under a name that `import` would take",
    Reason.FOREIGN_BUILD: "a wheel just built for this machine holds only foreign native code",
    Reason.NEEDS_ROSETTA: "a helper program is x86_64 only; Rosetta ends after macOS 27",
    Reason.FOREIGN_EXECUTABLE: "a helper program cannot run on this machine at all",
    Reason.AMBIGUOUS: (
        "the wheel is an archive from which programs may take other files: its list and the "
        "files in it differ, a name leads out of it, or files lie in the place of others"
    ),
    Reason.COULD_NOT_TELL: "a file is unreadable or beyond a bound: the verdict is `unknown`",
}
