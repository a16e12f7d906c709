"""Why something is found wrong or worth knowing, how much that weighs, and who meets it."""

from __future__ import annotations

from enum import Enum


class Severity(Enum):
    """How much a finding weighs; the value is what reports call it."""

    REFUSE = "refuse"
    WARN = "warn"
    INFO = "info"


class Reason(Enum):
    """Why something was found; the value is its stable code."""

    WRONG_ARCHITECTURE = "wrong-architecture"
    WRONG_PLATFORM = "wrong-platform"
    HOLLOW_SLICE = "hollow-slice"
    MISSING_INIT = "missing-init"
    MISSING_SYMBOL = "missing-symbol"
    MISSING_LIBRARY = "missing-library"
    UNDELOCATED = "undelocated"
    MALFORMED = "malformed-binary"
    UNSIGNED = "unsigned-code"
    ARM64E_ONLY = "arm64e-only"
    NEWER_MACOS = "newer-macos"
    WRONG_LIBC = "wrong-libc"
    NEWER_GLIBC = "newer-glibc"
    DEGRADED = "degraded"
    LYING_TAG = "lying-tag"
    FOREIGN_EXTENSION = "foreign-extension"
    FOREIGN_BUILD = "foreign-build"
    NEEDS_ROSETTA = "needs-rosetta"
    FOREIGN_EXECUTABLE = "foreign-executable"
    AMBIGUOUS = "ambiguous-archive"
    COULD_NOT_TELL = "could-not-tell"
    MISSING_FILE = "missing-file"


class Use(Enum):
    """How a process comes to load a file."""

    IMPORTED = "imported"
    LINKED = "linked"
    OPENED = "opened"
