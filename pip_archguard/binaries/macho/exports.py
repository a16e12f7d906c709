"""A second reading of a Mach-O file: what it has of the names that others look for."""

from __future__ import annotations

from pip_archguard.binaries.macho.file import read_macho
from pip_archguard.binaries.macho.symbols import with_exports
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.model.binary import Binary


def read_exports(source: ByteSource, binary: Binary, wanted: frozenset[str]) -> Binary:
    """Return the binary with those of the wanted names that each of its libraries exports.

    `source` is the file that it was read from. Names have the underscore that Mach-O puts
    before those of C. Slices of which it cannot be told keep None, and `problem` stays as
    it is. Only what keeps bytes from being read at all raises (UnreadableWheelError).
    """
    names = frozenset(name.encode("utf-8", "backslashreplace") for name in wanted)
    again = read_macho(binary.path, source, lambda piece: with_exports(piece, names))
    found = {(s.cpu_type, s.cpu_subtype): s.exports for s in again.slices}
    slices = (s._replace(exports=found.get((s.cpu_type, s.cpu_subtype))) for s in binary.slices)
    return binary._replace(slices=tuple(slices))
