"""A whole PE file: what it is made for, what it asks for, whether Python can import it."""

from __future__ import annotations

from pip_archguard.binaries.extension_module import init_functions
from pip_archguard.binaries.pe.declarations import NATIVE_SUBSYSTEM, Characteristics, Directory
from pip_archguard.binaries.pe.exports import exports_one_of
from pip_archguard.binaries.pe.header import Header, read_header
from pip_archguard.binaries.pe.hybrid import archs_of
from pip_archguard.binaries.pe.image import Image
from pip_archguard.binaries.pe.libraries import imported_libraries
from pip_archguard.binaries.pe.machine import arch_of
from pip_archguard.binaries.pe.managed import Managed, managed
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BeyondBoundsError, BinaryProblemError, MalformedBinaryError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Dependency, Format, Kind, Slice


def read_pe(path: str, source: ByteSource) -> Binary:
    """Return what a PE file declares: a slice for each kind of process that can load it.

    Where a table is broken, or lies too far into the file, the machine is known all the
    same; only the first is a `problem`.
    """
    try:
        header = read_header(source)
    except BinaryProblemError as error:
        return Binary(
            path=path,
            format=Format.PE,
            problem=f"it {error}",
            malformed=isinstance(error, MalformedBinaryError),
        )
    pieces: tuple[Slice, ...] = (_slice(header, arch_of(header.machine), _kind(header)),)
    problem = None
    try:
        pieces = _with_tables(path, Image(source, header))
    except BeyondBoundsError:
        pass
    except BinaryProblemError as error:
        problem = f"it {error}"
    return Binary(
        path=path,
        format=Format.PE,
        slices=pieces,
        problem=problem,
        python_init=any(piece.exports_init for piece in pieces),
    )


def _with_tables(path: str, image: Image) -> tuple[Slice, ...]:
    header = image.header
    image.keep(address for table in Directory if (address := header.table(table)))
    kind, archs = _kind(header), archs_of(image)
    assembly = managed(image)
    if assembly is not None:
        kind = Kind.MANAGED
        archs = (Arch.ANY,) if assembly is Managed.ANY_CPU else archs
    inits = init_functions(path)
    exports_init = exports_one_of(image, inits) if inits else None
    linked = imported_libraries(image)
    return tuple(_slice(header, arch, kind, linked, exports_init=exports_init) for arch in archs)


def _slice(
    header: Header,
    arch: Arch,
    kind: Kind,
    dependencies: tuple[Dependency, ...] = (),
    *,
    exports_init: bool | None = None,
) -> Slice:
    return Slice(
        arch=arch,
        cpu_type=header.machine,
        cpu_subtype=0,
        kind=kind,
        dependencies=dependencies,
        exports_init=exports_init,
    )


def _kind(header: Header) -> Kind:
    """Tell a library from a program; drivers and files of mere resources are neither."""
    if header.subsystem == NATIVE_SUBSYSTEM or _holds_only_resources(header):
        return Kind.OTHER
    if header.characteristics & Characteristics.DLL:
        return Kind.DYLIB
    runs = header.characteristics & Characteristics.EXECUTABLE_IMAGE
    return Kind.EXECUTABLE if runs else Kind.OTHER


def _holds_only_resources(header: Header) -> bool:
    """Whether there is nothing to run or to link, so that any process may open the file."""
    tables = (Directory.EXPORT, Directory.IMPORT, Directory.COM_DESCRIPTOR)
    return not (header.code_size or header.entry_point or any(map(header.table, tables)))
