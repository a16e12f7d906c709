"""The dynamic section: the libraries and versions that a file asks ld.so for."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pip_archguard.binaries.bounds import DYNAMIC_SECTION, VERSION_NEEDS
from pip_archguard.binaries.elf.header import Header, Segment, offset_of
from pip_archguard.binaries.elf.strings import Strings
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BeyondBoundsError, BrokenSymbolsError

# Tags of <elf.h>.
_NEEDED, _STRTAB, _STRSZ, _SONAME, _RPATH, _RUNPATH = 1, 5, 10, 14, 15, 29
_FLAGS_1, _VERNEED, _VERNEEDNUM = 0x6FFFFFFB, 0x6FFFFFFE, 0x6FFFFFFF
_NAMED = {_NEEDED, _SONAME, _RPATH, _RUNPATH, _VERNEED}
_DF_1_PIE = 0x08000000
_WEAK = 2  # VER_FLG_WEAK: ld.so goes on without such a version
_NEED, _NEED_PARTS = "HHIII", 16  # Elf64_Verneed, as Elf32_Verneed
_VERSION = "IHHII"  # Elf64_Vernaux


@dataclass(frozen=True, slots=True, kw_only=True)
class Dynamic:
    """What a dynamic section says.

    `names` are those of symbols, libraries and versions, between NULs; None where they are
    too many.
    """

    needed: tuple[str, ...] = ()
    soname: str | None = None
    rpaths: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    is_program: bool = False
    names: bytes | None = b""


def read_dynamic(
    source: ByteSource, header: Header, segments: tuple[Segment, ...], at: Segment
) -> Dynamic:
    """Return what the section in a segment says.

    Raises BrokenSymbolsError where it makes no sense: whether ld.so minds is not told here.
    """
    if at.size > DYNAMIC_SECTION:
        msg = f"has a dynamic section of more than {DYNAMIC_SECTION} bytes"
        raise BeyondBoundsError(msg)
    source.spend(at.size // 2)
    entries = _entries(source.read_at(at.offset, at.size), header)
    one = {tag: values[-1] for tag, values in entries.items()}
    if _STRTAB not in one:
        if not _NAMED.isdisjoint(one):
            msg = "has no list of the names that it asks for"
            raise BrokenSymbolsError(msg)
        return Dynamic(is_program=bool(one.get(_FLAGS_1, 0) & _DF_1_PIE))
    table = offset_of(one[_STRTAB], segments)
    needs = b""
    needs_at = offset_of(one[_VERNEED], segments) if _VERNEED in one else table
    # Where it stands before the dynamic section, as linkers put it, it ends before that.
    most = min(VERSION_NEEDS, at.offset - needs_at) if needs_at < at.offset else VERSION_NEEDS
    if needs_at < table:  # a stream goes forward only
        needs = source.read_at(needs_at, most)
    strings = Strings(source, table, one.get(_STRSZ, 0))
    if needs_at > table:
        needs = source.read_at(needs_at, most)
    paths = entries.get(_RUNPATH) or entries.get(_RPATH) or []
    asked = list(_versions(needs, header.order, one.get(_VERNEEDNUM, 0)))
    said = strings.at((*entries[_NEEDED], *entries[_SONAME], *paths, *asked))
    return Dynamic(
        needed=tuple(said[place] for place in entries[_NEEDED]),
        soname=said[one[_SONAME]] if _SONAME in one else None,
        rpaths=tuple(path for place in paths for path in said[place].split(":") if path),
        versions=tuple(said[place] for place in asked),
        is_program=bool(one.get(_FLAGS_1, 0) & _DF_1_PIE),
        names=strings.names(),
    )


def _entries(content: bytes, header: Header) -> defaultdict[int, list[int]]:
    """Return the values of each tag, up to the one that ends the section (DT_NULL).

    Loaders read on to that, however long the section says it is.
    """
    layout = struct.Struct(header.order + ("QQ" if header.is_64_bit else "II"))
    found: defaultdict[int, list[int]] = defaultdict(list)
    whole = len(content) - len(content) % layout.size
    for tag, value in layout.iter_unpack(content[:whole]):
        if tag == 0:
            return found
        found[tag].append(value)
    msg = "has a dynamic section without an end"
    raise BrokenSymbolsError(msg)


def _versions(content: bytes, order: str, count: int) -> Iterator[int]:
    """Yield the places of the names of the versions that ld.so insists on."""
    need, version = struct.Struct(order + _NEED), struct.Struct(order + _VERSION)
    left, at = VERSION_NEEDS // _NEED_PARTS, 0
    for _ in range(count):
        _, versions, _, first, following = _unpacked(need, content, at)
        inner = at + first
        for _ in range(versions):
            left -= 1
            if left < 0:
                msg = f"asks for more than {VERSION_NEEDS // _NEED_PARTS} versions"
                raise BeyondBoundsError(msg)
            _, flags, _, name, next_one = _unpacked(version, content, inner)
            if not flags & _WEAK:
                yield name
            inner += next_one
        if not following:
            return
        at += following


def _unpacked(layout: struct.Struct, content: bytes, at: int) -> tuple[int, ...]:
    if at + layout.size > len(content):
        msg = "has a list of versions that is cut short"
        raise BrokenSymbolsError(msg)
    return layout.unpack_from(content, at)
