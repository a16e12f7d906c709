"""How much of a hostile file is read at most: each bound once, with its reason."""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

HEAD = 16
"""Bytes that tell a format; eight are enough, and 16 is what callers have at hand."""

CHUNK = 64 * KIB
"""Bytes asked for at once while skipping or searching, so that memory stays flat."""

BEGINNING = 8 * KIB
"""Bytes kept of a file on disk: most load commands take less, and they are read piece by piece."""

LEAST_PULL = 4 * KIB
"""Bytes pulled from a stream even for a smaller read: zipfile inflates no less at once."""

WINDOW = 64 * KIB
"""Bytes kept behind a stream's position: reading names in order steps back by less."""

REOPENINGS = 8
"""Backward reads of a stream; linkers put symbols before their names, so 0 is usual."""

PULLED_EXTRA = 1 * MIB
"""Bytes a stream may be read beyond twice its size; lets tiny files be read in pieces."""

PULLED_AT_MOST = 4 * GIB
"""Bytes pulled from any one stream, whatever size it claims: some ten seconds of inflating."""

FAT_ARCHS = 16
"""Slices in a universal file (dyld, `Universal::kMaxSliceCount`)."""

JAVA_CLASS = 45
"""The least "count" of a Java class file: JDK 1.1 wrote version 45, which lies there."""

LOAD_COMMANDS = 256 * KIB
"""Bytes of load commands in a slice; the most among those of 800 real wheels is 9,256."""

LONE_SLICE = 1 * MIB
"""Size of a slice without a sibling beyond which its symbols are left unread.

They lie at its end, so reading them inflates all of it, which would cost an install of
big wheels half as much again. What they could show there is that code is missing, and a
slice of that size has its code: 9 in 10 thin libraries of popular wheels are smaller.
"""

SYMBOLS = 2_000_000
"""Symbols, imports or steps of binding looked at in a slice: some two seconds of work."""

BINDS = 16 * MIB
"""Bytes of imports, bind opcodes or exports of a slice; large libraries have some 2 MiB."""

TRIE_WORK = 64 * MIB
"""Bytes of trie nodes looked at in a slice, an edge counting as 64: under a second."""

NAMES = 65_536
"""Names kept for a slice; the worst hollow slice known (uamqp 1.6.1) looks 315 up."""

NAME_LENGTH = 4 * KIB
"""Bytes kept of one symbol's name; longer ones are cut, which still tells them apart."""

NAME_BYTES = 8 * MIB
"""Bytes of all names kept for a slice, for many may share one long string."""

PE_SECTIONS = 4096
"""Sections of a PE file; Windows XP took 96, and no linker writes many more."""

PE_KEPT = 4 * MIB
"""Size of a section up to which it is read once and kept, for its tables point into it.

At most six directories of tables are read, so at most six sections are kept.
"""

PE_LIBRARIES = 4096
"""DLLs that a PE file may import; the most among real wheels is some hundred."""

PE_RELOCATIONS = 64
"""Kinds of dynamic relocations looked at; <winnt.h> knows nine."""

PE_REACH = 64 * MIB
"""Bytes into a PE file up to which its tables are read; beyond, only its headers are.

They lie behind the code, so reading them inflates all of it. A file with so much code is
a library that its machine alone tells enough of; none of Windows' extension modules in the
most popular packages is half as large.
"""


PROGRAM_HEADERS = 1024
"""Segments of an ELF file; linkers write some ten, and patchelf a few more."""

DYNAMIC_SECTION = 1 * MIB
"""Bytes of an ELF file's dynamic section; the most among 2,000 of real wheels is 1,392."""

VERSION_NEEDS = 64 * KIB
"""Bytes of the versions that an ELF file asks for; each takes 16."""

LATE_DYNAMIC = 2 * MIB
"""Offset of a dynamic section beyond which it is left unread.

It lies near the end of a file, so reading it inflates all that comes before. It is read
all the same where the part before this offset names a new glibc.
"""

STRINGS = 1 * MIB
"""Bytes of dynamic strings read whole; of longer tables only what is asked for is read."""


def pull_budget(size: int) -> int:
    """Return how many bytes may be pulled from a stream of this size."""
    return min(2 * size + PULLED_EXTRA, PULLED_AT_MOST)
