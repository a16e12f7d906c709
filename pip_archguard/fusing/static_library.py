"""Static libraries (`.a`), of which linkers take universal ones, too."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.binaries import ByteSource, Record
from pip_archguard.binaries.macho.header import Code, read_header
from pip_archguard.errors import BinaryProblemError, UnfusableError

MAGIC = b"!<arch>\n"
"""ARMAG of <ar.h>."""

MOST_MEMBERS = 100_000
"""Objects of one library that are looked at."""

# struct ar_hdr of <ar.h>: 60 bytes of text, padded with spaces.
_HEADER = 60
_NAME, _SIZE = slice(0, 16), slice(48, 58)
_LONG_NAME = b"#1/"  # the name stands before the content, and its length here (4.4BSD)
_INDEX = (b"__.SYMDEF", b"/ ", b"// ", b"/SYM64/")  # of names: BSD's, and those of System V
_LONGEST = 1024


def library_place(source: ByteSource) -> Record:
    """Return a static library as one slice: for the processor that all its objects are for.

    Raises UnfusableError where they are for several, or are no Mach-O objects.
    """
    try:
        found = {_processor(source, start, size) for start, size in _objects(source)}
    except (BinaryProblemError, ValueError) as error:
        msg = "it is a static library with something else in it than objects for macOS"
        raise UnfusableError(msg) from error
    if len(found) != 1:
        msg = "it is a static library that is not for just one processor"
        raise UnfusableError(msg)
    ((cpu_type, cpu_subtype),) = found
    return Record(cpu_type=cpu_type, cpu_subtype=cpu_subtype, offset=0, size=source.size)


def _objects(source: ByteSource) -> Iterator[tuple[int, int]]:
    """Yield where each object lies, and its size."""
    at = len(MAGIC)
    for _ in range(MOST_MEMBERS):
        header = source.read_at(at, _HEADER)
        if len(header) < _HEADER:
            return
        start, size, name = at + _HEADER, int(header[_SIZE]), header[_NAME]
        if size < 0:
            msg = "a size below zero"
            raise ValueError(msg)
        at = start + size + size % 2
        if name.startswith(_LONG_NAME):
            length = int(name[len(_LONG_NAME) :])
            if not 0 <= length <= size:
                msg = "a name that is longer than what it names"
                raise ValueError(msg)
            name = source.read_at(start, min(length, _LONGEST))
            start, size = start + length, size - length
        if not name.startswith(_INDEX):
            yield start, size


def _processor(source: ByteSource, start: int, size: int) -> tuple[int, int]:
    header = read_header(Code(source=source, offset=start, size=size))
    return header.cpu_type, header.cpu_subtype
