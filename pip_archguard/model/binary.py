"""What a native file declares about itself: facts, no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.arch import Arch


class Format(Enum):
    """The container format of a native file, told by its first bytes."""

    MACH_O = "mach-o"
    ELF = "elf"
    PE = "pe"

    def __str__(self) -> str:
        return self.value


class Kind(Enum):
    """What a slice is for (Mach-O `filetype`)."""

    BUNDLE = "bundle"
    DYLIB = "dylib"
    EXECUTABLE = "executable"
    OBJECT = "object"
    DSYM = "dsym"
    ARCHIVE = "archive"
    OTHER = "other"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One library that a slice asks the loader for (LC_LOAD_DYLIB and its kin)."""

    install_name: str
    weak: bool = False
    reexported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One architecture inside a binary, as its header and load commands declare it.

    `cpu_subtype` is the whole 32-bit field. `platform` is the LC_BUILD_VERSION number
    (1 is macOS) or None where the slice names none. `flat_lookups` holds the names, not
    beginning with `_Py` or `__Py`, that the slice leaves to the flat namespace; None
    where its symbols were not read, because they could not change a verdict.
    """

    arch: Arch
    cpu_type: int
    cpu_subtype: int
    kind: Kind
    platform: int | None = None
    min_os: tuple[int, int, int] | None = None
    dependencies: tuple[Dependency, ...] = ()
    rpaths: tuple[str, ...] = ()
    install_name: str | None = None
    signed: bool = False
    flat_lookups: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """One native file: its path, format and slices.

    `problem` says why the file, or a part of it, could not be read; the slices that
    were read before are kept. `python_init` is true where a file of a format other
    than Mach-O holds the name of the init function its file name calls for.
    `named_in_source` is true where an architecture is written into the path and Python
    source beside the file names just that file, rather than one for each machine.
    """

    path: str
    format: Format
    slices: tuple[Slice, ...] = ()
    problem: str | None = None
    python_init: bool = False
    named_in_source: bool = False
