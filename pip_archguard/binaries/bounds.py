"""How much of a hostile file is read at most: each bound once, with its reason."""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

HEAD = 16
"""Bytes that tell a format; eight are enough, and 16 is what callers have at hand."""

CHUNK = 64 * KIB
"""Bytes asked for at once while skipping or searching, so that memory stays flat."""

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

LOAD_COMMANDS = 1 * MIB
"""Bytes of load commands in a slice; the most among 545 slices of real wheels is 4,896."""

SYMBOLS = 2_000_000
"""Symbols looked at in a slice; only the undefined ones are, where they are set apart."""

BINDS = 16 * MIB
"""Bytes of imports or bind opcodes of a slice; the largest libraries have some 2 MiB."""

NAMES = 65_536
"""Flat look-ups kept for a slice; the worst hollow slice known (uamqp 1.6.1) has 315."""

NAME_LENGTH = 4 * KIB
"""Bytes kept of one symbol's name; longer ones are cut, which still tells them apart."""

NAME_BYTES = 16 * MIB
"""Bytes of all flat look-ups of a slice, for many names may share one long string."""

INIT_SEARCH = 64 * MIB
"""Bytes searched for an init function's name; symbol names of ELF files come early."""


SOURCE_LENGTH = 4 * MIB
"""Bytes searched of one Python source; longer ones are generated tables."""

SOURCES = 64 * MIB
"""Bytes searched of all sources of a wheel, which only happens for few wheels."""


def pull_budget(size: int) -> int:
    """Return how many bytes may be pulled from a stream of this size."""
    return min(2 * size + PULLED_EXTRA, PULLED_AT_MOST)
