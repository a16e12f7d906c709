"""Where the slices of a Mach-O file lie, for those who copy them whole."""

from __future__ import annotations

from pip_archguard.binaries.macho.declarations import FAT_MAGIC, FAT_MAGIC_64
from pip_archguard.binaries.macho.header import Code, read_header
from pip_archguard.binaries.macho.universal import Record, check_label, check_record, read_table
from pip_archguard.binaries.reader import ByteSource

_FAT_MAGICS = (FAT_MAGIC.to_bytes(4, "big"), FAT_MAGIC_64.to_bytes(4, "big"))


def slice_places(source: ByteSource) -> tuple[Record, ...]:
    """Return where each slice lies and what its header says it is; a thin file is one slice.

    Raises MalformedBinaryError for what dyld refuses, and for a slice that is no code.
    """
    code = Code(source=source, offset=0, size=source.size)
    if code.read(0, 4) not in _FAT_MAGICS:
        return (_place(code),)
    records = read_table(code)
    found: dict[int, Record] = {}
    # As they lie in the file, so that a stream goes forward only.
    for index, record in sorted(enumerate(records), key=lambda item: item[1].offset):
        check_record(record, records[:index], code.size)
        part = Code(source=source, offset=record.offset, size=record.size)
        check_label(record, read_header(part))
        found[index] = _place(part)
    return tuple(found[index] for index in sorted(found))


def _place(code: Code) -> Record:
    """Return the record of a slice; the subtype is the header's own, as lipo takes it."""
    header = read_header(code)
    return Record(
        cpu_type=header.cpu_type,
        cpu_subtype=header.cpu_subtype,
        offset=code.offset,
        size=code.size,
    )
