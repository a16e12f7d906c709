"""What a native file declares about itself: facts, no judgement."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from pip_archguard.model.arch import Arch
from pip_archguard.model.format import Format
from pip_archguard.model.libc import Libc

__all__ = ["MANY_LOOKUPS", "Binary", "Dependency", "Format", "Import", "Kind", "Slice"]

MANY_LOOKUPS = 10
"""Names that a slice leaves to the flat namespace, from which on it is no accident.

Sound files of two levels among 200 real wheels have at most 2; hollow ones begin at 315.
"""


class Kind(Enum):
    """What a slice is for (Mach-O `filetype`, the characteristics of PE, the type of ELF).

    `DYLIB` is any shared library, `MANAGED` an assembly for .NET whose code is compiled
    where it runs.
    """

    BUNDLE = "bundle"
    DYLIB = "dylib"
    EXECUTABLE = "executable"
    MANAGED = "managed"
    OBJECT = "object"
    DSYM = "dsym"
    ARCHIVE = "archive"
    OTHER = "other"

    def __str__(self) -> str:
        return self.value


class Dependency(NamedTuple):
    """One library that a slice asks the loader for (LC_LOAD_DYLIB and its kin, DT_NEEDED)."""

    install_name: str
    weak: bool = False
    reexported: bool = False


class Import(NamedTuple):
    """A symbol that a slice takes from one library, by the install name it asks for."""

    symbol: str
    library: str


class Slice(NamedTuple):
    """One architecture inside a binary, as its header and load commands declare it.

    `cpu_subtype` is the whole 32-bit field. `platform` is the LC_BUILD_VERSION number
    (1 is macOS) or None where the slice names none. `two_level` is false where every
    look-up goes through the flat namespace (no MH_TWOLEVEL).

    Of symbols, only what can change a verdict is here, and None where it was not read:

    - `flat_lookups`: names that the slice leaves to the flat namespace, other than those
      of Python's C API and weak references;
    - `imports`: what it takes from libraries that are not the system's, weak references
      aside;
    - `exports`: which of the names that other files of the same wheel look for it has;
    - `exports_init`: whether it has the init function that its file name calls for; None
      also where the name is not that of an extension module.

    Of ELF, a file is one slice: `cpu_type` and `cpu_subtype` are `e_machine` and `e_flags`,
    `install_name` is DT_SONAME, `rpaths` are those of DT_RUNPATH, or else of DT_RPATH. It
    alone has these, where its dynamic section was read:

    - `libc`: the C library it was linked against;
    - `glibc`: the newest version of glibc that it asks for;
    - `beyond_musl`: names of glibc that musl has not.
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
    two_level: bool = True
    flat_lookups: tuple[str, ...] | None = None
    imports: tuple[Import, ...] | None = None
    exports: frozenset[str] | None = None
    exports_init: bool | None = None
    libc: Libc | None = None
    glibc: tuple[int, int] | None = None
    beyond_musl: tuple[str, ...] = ()


class Binary(NamedTuple):
    """One native file: its path, format and slices.

    `problem` says why the file, or a part of it, could not be read; the slices that
    were read before are kept. `malformed` is true where the problem is one for which
    the system's own loader refuses the file, and false where a bound of ours ended the
    reading. `python_init` is true where a file of a format other than Mach-O has the init
    function its file name calls for, as far as its names were read.
    `named_in_source` is true where an architecture is written into the path and Python
    source beside the file names just that file, rather than one for each machine.
    """

    path: str
    format: Format
    slices: tuple[Slice, ...] = ()
    problem: str | None = None
    malformed: bool = False
    python_init: bool = False
    named_in_source: bool = False
