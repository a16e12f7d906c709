"""Facts of a Mach-O file as lief reads them, in the same shape as ours."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from pip_archguard.binaries.extension_module import init_symbols
from pip_archguard.binaries.macho.cpu import arch_of
from pip_archguard.binaries.python_api import is_python_api
from pip_archguard.model.binary import Dependency, Import, Kind, Slice

_SYSTEM = ("/usr/lib/", "/System/Library/")
_KINDS = {
    "BUNDLE": Kind.BUNDLE,
    "DYLIB": Kind.DYLIB,
    "EXECUTE": Kind.EXECUTABLE,
    "OBJECT": Kind.OBJECT,
    "DSYM": Kind.DSYM,
}
_MACOS = 1
_FLAT = -2
_WORD = 0xFFFFFFFF


@cache
def _lief() -> Any:
    """Return `lief.MachO`; lief is a tool of these tests alone, and not everywhere."""
    lief: Any = importlib.import_module("lief")
    lief.logging.disable()
    return lief.MachO


def lief_slices(path: str, content: bytes) -> list[tuple[Slice, frozenset[str]]]:
    """Return the slices that lief sees, each with all names that it exports.

    `exports` is left out, and `exports_init` is never None for a module: what of it we
    read is asked of the names that come along.
    """
    # Without this name lief would free the file while its slices are still read.
    fat = _lief().parse(content)
    return [_slice(path, binary) for binary in fat or ()]


def _slice(path: str, binary: Any) -> tuple[Slice, frozenset[str]]:
    cpu_type = binary.header.cpu_type.value & _WORD
    cpu_subtype = binary.header.cpu_subtype & _WORD
    two_level = any(flag.name == "TWOLEVEL" for flag in binary.header.flags_list)
    exports = frozenset(_exports(binary))
    names = {command.command.name: command for command in binary.commands}
    dependencies = tuple(_dependency(c) for c in binary.libraries if c.command.name != "ID_DYLIB")
    bound = set(_bound(binary))
    flat = {n for ordinal, n in bound if not two_level or ordinal == _FLAT}
    platform, min_os = _platform(binary)
    inits = {name.decode() for name in init_symbols(path)}
    facts = Slice(
        arch=arch_of(cpu_type, cpu_subtype),
        cpu_type=cpu_type,
        cpu_subtype=cpu_subtype,
        kind=_KINDS.get(binary.header.file_type.name, Kind.OTHER),
        platform=platform,
        min_os=min_os,
        dependencies=dependencies,
        rpaths=tuple(r.path for r in binary.rpaths),
        install_name=names["ID_DYLIB"].name if "ID_DYLIB" in names else None,
        signed="CODE_SIGNATURE" in names,
        two_level=two_level,
        flat_lookups=tuple(sorted(n for n in flat if not is_python_api(n.encode()))),
        imports=_imports(bound, dependencies),
        exports_init=bool(inits & exports) if inits else None,
    )
    return facts, exports


def _dependency(command: Any) -> Dependency:
    return Dependency(
        install_name=command.name,
        weak=command.command.name == "LOAD_WEAK_DYLIB",
        reexported=command.command.name == "REEXPORT_DYLIB",
    )


def _platform(binary: Any) -> tuple[int | None, tuple[int, int, int] | None]:
    """Return the platform and its least version, those of macOS where there are several."""
    found: list[tuple[int, tuple[int, int, int]]] = []
    for command in binary.commands:
        match command.command.name:
            case "BUILD_VERSION":
                found.append((command.platform.value, _version(command.minos)))
            case "VERSION_MIN_MACOSX":
                found.append((_MACOS, _version(command.version)))
    mac = [each for each in found if each[0] == _MACOS]
    return next(iter(mac or found), (None, None))


def _version(numbers: list[int]) -> tuple[int, int, int]:
    major, minor, patch = numbers
    return major, minor, patch


def _bound(binary: Any) -> Iterator[tuple[int, str]]:
    """Yield ordinal and name of what dyld binds, weak references aside."""
    seen = False
    for binding in binary.bindings:
        seen = True
        # Weak binding coalesces what is defined several times; it looks nothing up.
        coalesces = getattr(binding, "binding_class", None)
        weak = coalesces is not None and coalesces.name == "WEAK"
        if binding.has_symbol and not binding.weak_import and not weak:
            yield binding.library_ordinal, binding.symbol.name
    if not seen and not _has_bindings(binary):
        yield from _undefined(binary)


def _has_bindings(binary: Any) -> bool:
    return bool(binary.has_dyld_info or binary.has_dyld_chained_fixups)


def _undefined(binary: Any) -> Iterator[tuple[int, str]]:
    """Yield the same of a file that has neither opcodes nor chained fixups: its symbols."""
    weak_reference = 0x40  # N_WEAK_REF
    for symbol in binary.symbols:
        external = symbol.raw_type & 0xFF == 1  # N_EXT alone: undefined
        if external and not symbol.value and not symbol.description & weak_reference:
            ordinal = symbol.description >> 8 & 0xFF
            yield {0xFE: _FLAT, 0xFF: -1}.get(ordinal, ordinal), symbol.name


def _imports(
    bound: set[tuple[int, str]], dependencies: tuple[Dependency, ...]
) -> tuple[Import, ...]:
    libraries = {
        ordinal: d.install_name
        for ordinal, d in enumerate(dependencies, start=1)
        if not d.weak and not d.install_name.startswith(_SYSTEM)
    }
    pairs = {(name, libraries[ordinal]) for ordinal, name in bound if ordinal in libraries}
    return tuple(Import(symbol=symbol, library=library) for symbol, library in sorted(pairs))


def _exports(binary: Any) -> Iterator[str]:
    """Yield what the export trie has, or of a file without one its external symbols."""
    trie = None
    if binary.has_dyld_exports_trie:
        trie = binary.dyld_exports_trie.exports
    elif binary.has_dyld_info:
        trie = binary.dyld_info.exports
    if trie is not None:
        yield from (export.symbol.name for export in trie if export.has_symbol)
    else:
        for symbol in binary.symbols:
            kind = symbol.raw_type
            if not kind & 0xE0 and kind & 1 and not kind & 0x10 and kind & 0xE:
                yield symbol.name
