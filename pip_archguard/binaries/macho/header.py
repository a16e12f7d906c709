"""The header of one slice and the load commands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pip_archguard.binaries.bounds import LOAD_COMMANDS
from pip_archguard.binaries.macho.cpu import arch_of
from pip_archguard.binaries.macho.declarations import (
    LOAD_COMMAND,
    MACH_HEADER,
    MACH_HEADER_64,
    MH_BUNDLE,
    MH_DSYM,
    MH_DYLIB,
    MH_EXECUTE,
    MH_MAGIC,
    MH_MAGIC_64,
    MH_OBJECT,
    Layout,
)
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BeyondBoundsError, MalformedBinaryError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind, Slice

_KINDS = {
    MH_BUNDLE: Kind.BUNDLE,
    MH_DYLIB: Kind.DYLIB,
    MH_EXECUTE: Kind.EXECUTABLE,
    MH_OBJECT: Kind.OBJECT,
    MH_DSYM: Kind.DSYM,
}
_ORDERS = {
    MH_MAGIC.to_bytes(4, "little"): ("<", MACH_HEADER),
    MH_MAGIC.to_bytes(4, "big"): (">", MACH_HEADER),
    MH_MAGIC_64.to_bytes(4, "little"): ("<", MACH_HEADER_64),
    MH_MAGIC_64.to_bytes(4, "big"): (">", MACH_HEADER_64),
}
_ALIGNMENT = 4
_WORD = 0xFFFFFFFF  # macholib declares `cputype` signed, as the C header does


class Code(NamedTuple):
    """The bytes of one slice: a part of a file, never read beyond its end."""

    source: ByteSource
    offset: int
    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Return exactly `length` bytes; raise MalformedBinaryError if the slice ends before."""
        content = b""
        if offset + length <= self.size:
            content = self.source.read_at(self.offset + offset, length)
        if len(content) < length:
            msg = "is cut short"
            raise MalformedBinaryError(msg)
        return content


class Header(NamedTuple):
    """What the first bytes of a slice say; `order` is that of the `struct` module."""

    order: str
    is_64_bit: bool
    cpu_type: int
    cpu_subtype: int
    kind: Kind
    flags: int
    commands: int
    commands_at: int
    commands_size: int

    @property
    def arch(self) -> Arch:
        """The architecture that the code was compiled for."""
        return arch_of(self.cpu_type, self.cpu_subtype)


class LoadCommand(NamedTuple):
    """One load command, whole; `number` is its `cmd`."""

    number: int
    content: bytes
    order: str

    def fields(self, layout: Layout) -> dict[str, int]:
        """Return the fields that follow `cmd` and `cmdsize`."""
        if len(self.content) < LOAD_COMMAND.size + layout.size:
            msg = "has a load command that is too small"
            raise MalformedBinaryError(msg)
        return layout.unpack(self.content, LOAD_COMMAND.size, self.order)


class Piece(NamedTuple):
    """One slice of which all load commands were read, and the facts that they state.

    `paired` is true where the file also claims a slice for the other processor family.
    """

    code: Code
    header: Header
    commands: tuple[LoadCommand, ...]
    facts: Slice
    paired: bool


def read_header(code: Code) -> Header:
    """Return the header of a slice, whichever its byte order and width."""
    order, layout = _ORDERS.get(code.read(0, 4), (None, None))
    if order is None or layout is None:
        msg = "is not code that macOS can load"
        raise MalformedBinaryError(msg)
    fields = layout.unpack(code.read(0, layout.size), 0, order)
    return Header(
        order=order,
        is_64_bit=layout is MACH_HEADER_64,
        cpu_type=fields["cputype"] & _WORD,
        cpu_subtype=fields["cpusubtype"],
        kind=_KINDS.get(fields["filetype"], Kind.OTHER),
        flags=fields["flags"],
        commands=fields["ncmds"],
        commands_at=layout.size,
        commands_size=fields["sizeofcmds"],
    )


def read_commands(code: Code, header: Header) -> tuple[LoadCommand, ...]:
    """Return all load commands, refusing what dyld's `forEachLoadCommand` refuses."""
    in_slice = header.commands_at + header.commands_size <= code.size
    if header.commands_size > LOAD_COMMANDS and in_slice:
        msg = f"has more than {LOAD_COMMANDS} bytes of load commands"
        raise BeyondBoundsError(msg)
    code.source.spend(header.commands_size)
    return tuple(_walk(code.read(header.commands_at, header.commands_size), header))


def _walk(content: bytes, header: Header) -> Iterator[LoadCommand]:
    at = 0
    unpack = LOAD_COMMAND.tuples(header.order)  # `cmd` and `cmdsize`
    for _ in range(header.commands):
        if at + LOAD_COMMAND.size > len(content):
            msg = "has fewer load commands than it says"
            raise MalformedBinaryError(msg)
        number, size = unpack(content, at)
        if size < LOAD_COMMAND.size or size % _ALIGNMENT or at + size > len(content):
            msg = "has a load command of an impossible size"
            raise MalformedBinaryError(msg)
        yield LoadCommand(number=number, content=content[at : at + size], order=header.order)
        at += size
