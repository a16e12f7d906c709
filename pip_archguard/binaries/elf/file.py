"""A whole ELF file."""

from __future__ import annotations

from dataclasses import replace

from pip_archguard.binaries.bounds import DYNAMIC_SECTION, LATE_DYNAMIC
from pip_archguard.binaries.elf.dynamic import Dynamic, read_dynamic
from pip_archguard.binaries.elf.header import (
    ET_DYN,
    ET_EXEC,
    ET_REL,
    PT_DYNAMIC,
    PT_INTERP,
    Header,
    offset_of,
    read_header,
    read_segments,
)
from pip_archguard.binaries.elf.held import HeldSource
from pip_archguard.binaries.elf.libc import beyond_musl, glibc_of, libc_of, names_new_glibc
from pip_archguard.binaries.elf.machine import is_main_processor
from pip_archguard.binaries.extension_module import init_functions
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BinaryProblemError, MalformedBinaryError
from pip_archguard.model.binary import Binary, Dependency, Format, Kind, Slice

_KINDS = {ET_REL: Kind.OBJECT, ET_EXEC: Kind.EXECUTABLE, ET_DYN: Kind.DYLIB}


def read_elf(path: str, source: ByteSource) -> Binary:
    """Return what an ELF file declares, and what is wrong with it.

    It is one slice. Only of shared objects more than the header is read, and that from the
    segments, for sections may be stripped and ld.so never looks at them.
    """
    piece: Slice | None = None
    try:
        header = read_header(source)
        piece = _bare(header)
        if piece.kind is Kind.DYLIB:
            piece, names = _shared_object(source, header, piece)
        else:
            names = b""
        inits = init_functions(path) if piece.kind is Kind.DYLIB else frozenset()
        found = any(b"\0" + init + b"\0" in names for init in inits)
    except BinaryProblemError as error:
        malformed = isinstance(error, MalformedBinaryError)
        return Binary(
            path=path,
            format=Format.ELF,
            slices=() if piece is None or malformed else (piece,),
            problem=f"it {error}",
            malformed=malformed,
        )
    return Binary(path=path, format=Format.ELF, slices=(piece,), python_init=found)


def _bare(header: Header) -> Slice:
    known = is_main_processor(header.machine)
    return Slice(
        arch=header.arch,
        cpu_type=header.machine,
        cpu_subtype=header.flags,
        kind=_KINDS.get(header.type, Kind.OTHER) if known else Kind.OTHER,
    )


def _shared_object(source: ByteSource, header: Header, piece: Slice) -> tuple[Slice, bytes]:
    """Return a slice with what its dynamic section says, and bytes that hold its names.

    Those are its strings, or the first part of the file, in which linkers put them. Debugging
    symbols that were put into a file of their own keep its segments, emptied.
    """
    segments = read_segments(source, header)
    interpreter = any(s.type == PT_INTERP for s in segments)
    # The last one, if there are several, as glibc and musl walk all of them.
    at = next((s for s in reversed(segments) if s.type == PT_DYNAMIC), None)
    if at is None:
        msg = "has no dynamic section"
        raise MalformedBinaryError(msg)
    if not at.size:
        return piece._replace(kind=Kind.DSYM), b""
    # Loaders find it by its address (glibc, `_dl_map_object_from_fd`), whatever its offset is.
    at = replace(at, offset=offset_of(at.address, segments))
    late = at.offset > LATE_DYNAMIC
    held = HeldSource(source, LATE_DYNAMIC if late else at.offset + min(at.size, DYNAMIC_SECTION))
    if late and not names_new_glibc(held.beginning):
        kind = Kind.EXECUTABLE if interpreter else Kind.DYLIB
        return piece._replace(kind=kind), held.beginning
    dynamic = read_dynamic(held, header, segments, at)
    names = held.beginning if dynamic.names is None else dynamic.names
    return _detailed(piece, dynamic, has_interpreter=interpreter), names


def _detailed(piece: Slice, dynamic: Dynamic, *, has_interpreter: bool) -> Slice:
    """Return a slice with what its dynamic section says.

    A position-independent program is a shared object with an interpreter (PT_INTERP). A few
    libraries have one as well, to tell their version when they are run; they have a name.
    """
    program = dynamic.is_program or (has_interpreter and dynamic.soname is None)
    return piece._replace(
        kind=Kind.EXECUTABLE if program else Kind.DYLIB,
        dependencies=tuple(Dependency(install_name=name) for name in dynamic.needed),
        rpaths=dynamic.rpaths,
        install_name=dynamic.soname,
        libc=libc_of(dynamic),
        glibc=glibc_of(dynamic),
        beyond_musl=beyond_musl(dynamic.names or b""),
    )
