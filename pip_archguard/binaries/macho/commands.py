"""What the load commands of a slice declare, as <mach-o/loader.h> defines them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from pip_archguard.binaries.macho.declarations import (
    BUILD_VERSION_COMMAND,
    DYLIB_COMMAND,
    LC_BUILD_VERSION,
    LC_CODE_SIGNATURE,
    LC_ID_DYLIB,
    LC_LAZY_LOAD_DYLIB,
    LC_LOAD_DYLIB,
    LC_LOAD_UPWARD_DYLIB,
    LC_LOAD_WEAK_DYLIB,
    LC_REEXPORT_DYLIB,
    LC_RPATH,
    LC_VERSION_MIN_IPHONEOS,
    LC_VERSION_MIN_MACOSX,
    LC_VERSION_MIN_TVOS,
    LC_VERSION_MIN_WATCHOS,
    MH_TWOLEVEL,
    RPATH_COMMAND,
    VERSION_MIN_COMMAND,
    Layout,
)
from pip_archguard.binaries.macho.header import Header, LoadCommand
from pip_archguard.errors import MalformedBinaryError
from pip_archguard.model.binary import Dependency, Slice

PLATFORM_MACOS = 1

_OLD_PLATFORMS = {
    LC_VERSION_MIN_MACOSX: PLATFORM_MACOS,
    LC_VERSION_MIN_IPHONEOS: 2,  # PLATFORM_IOS
    LC_VERSION_MIN_TVOS: 3,  # PLATFORM_TVOS
    LC_VERSION_MIN_WATCHOS: 4,  # PLATFORM_WATCHOS
}
_LOADING = frozenset(
    {
        LC_LOAD_DYLIB,
        LC_LOAD_WEAK_DYLIB,
        LC_REEXPORT_DYLIB,
        LC_LAZY_LOAD_DYLIB,
        LC_LOAD_UPWARD_DYLIB,
    }
)

# `dylib_use_command` of the macOS 15 SDK: where `dylib_command` has a time stamp there is a
# marker, and flags stand before the name, which therefore begins at 28 and not at 24.
_DYLIB_USE_MARKER = 0x1A741800
_DYLIB_USE_FLAGS_AT = 24
_DYLIB_USE_SIZE = 28
_DYLIB_USE_WEAK_LINK = 0x01
_DYLIB_USE_REEXPORT = 0x02

Version = tuple[int, int, int]


def slice_of(header: Header, commands: Iterable[LoadCommand]) -> Slice:
    """Return what a slice declares, its symbols left unread."""
    commands = tuple(commands)
    platform, min_os = _platform(commands)
    names = (_string(c, DYLIB_COMMAND, "name") for c in commands if c.number == LC_ID_DYLIB)
    return Slice(
        arch=header.arch,
        cpu_type=header.cpu_type,
        cpu_subtype=header.cpu_subtype,
        kind=header.kind,
        platform=platform,
        min_os=min_os,
        dependencies=tuple(_dependency(c) for c in commands if c.number in _LOADING),
        rpaths=tuple(_string(c, RPATH_COMMAND, "path") for c in commands if c.number == LC_RPATH),
        install_name=next(names, None),
        signed=any(c.number == LC_CODE_SIGNATURE for c in commands),
        two_level=bool(header.flags & MH_TWOLEVEL),
    )


def _platform(commands: tuple[LoadCommand, ...]) -> tuple[int | None, Version | None]:
    """Return the platform and its least version; of a zippered library, those of macOS.

    Such a library serves macOS and Mac Catalyst, and says so in two commands.
    """
    found = list(_platforms(commands))
    for platform, min_os in found:
        if platform == PLATFORM_MACOS:
            return platform, min_os
    return found[0] if found else (None, None)


def _platforms(commands: tuple[LoadCommand, ...]) -> Iterator[tuple[int, Version]]:
    for command in commands:
        if command.number == LC_BUILD_VERSION:
            fields = command.fields(BUILD_VERSION_COMMAND)
            yield fields["platform"], _version(fields["minos"])
        elif command.number in _OLD_PLATFORMS:
            fields = command.fields(VERSION_MIN_COMMAND)
            yield _OLD_PLATFORMS[command.number], _version(fields["version"])


def _version(packed: int) -> Version:
    """Unpack `xxxx.yy.zz`, 16 and twice 8 bits."""
    return packed >> 16, packed >> 8 & 0xFF, packed & 0xFF


def _dependency(command: LoadCommand) -> Dependency:
    fields = command.fields(DYLIB_COMMAND)
    name = _string(command, DYLIB_COMMAND, "name")
    flags = 0
    if fields["timestamp"] == _DYLIB_USE_MARKER and fields["name"] == _DYLIB_USE_SIZE:
        (flags,) = struct.unpack_from(command.order + "I", command.content, _DYLIB_USE_FLAGS_AT)
    return Dependency(
        install_name=name,
        weak=command.number == LC_LOAD_WEAK_DYLIB or bool(flags & _DYLIB_USE_WEAK_LINK),
        reexported=command.number == LC_REEXPORT_DYLIB or bool(flags & _DYLIB_USE_REEXPORT),
    )


def _string(command: LoadCommand, layout: Layout, field: str) -> str:
    """Return a string inside a command; dyld, `stringOverflow`, wants it to end there.

    Bytes that are not UTF-8 become escapes, so that names stay different and printable.
    """
    at = command.fields(layout)[field]
    text, end, _ = command.content[at:].partition(b"\0")
    if not end:
        msg = "has a name that runs past its load command"
        raise MalformedBinaryError(msg)
    return text.decode("utf-8", "backslashreplace")
