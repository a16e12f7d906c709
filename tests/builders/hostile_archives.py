"""Archives that somebody made to be read wrongly, or to cost much; each with what is to be said.

A wheel of sound files is the base of each, so that nothing else is found in it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from builders.macho_bytes import thin
from builders.zip_bytes import (
    DEFLATED,
    STORED,
    Ending,
    Header,
    Member,
    archive,
    deflated,
    listed_only,
    member,
)
from pip_archguard.model.verdict import Verdict

FILENAME = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
MIB = 1024 * 1024
_WORD = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One kind of hostile wheel: how it is made, the verdict that is due, and a part of its text.

    A `large` one takes long to make, or to read where there is no bound.
    """

    make: Callable[[], bytes]
    verdict: Verdict
    told: str = ""
    large: bool = False


CODE = thin()
SOUND = (
    member("demo/__init__.py", b"import demo._c\n"),
    member("demo/_c.so", CODE),
    member("demo-1.0.dist-info/METADATA", b"Name: demo\nVersion: 1.0\n"),
    member("demo-1.0.dist-info/WHEEL", b"Wheel-Version: 1.0\n"),
)
TARGET = member("demo/_d.so", CODE)


def broken(make: Callable[[], bytes], told: str, *, large: bool = False) -> Hostile:
    """Return a kind that has to be refused."""
    return Hostile(make=make, verdict=Verdict.BROKEN, told=told, large=large)


def unknown(make: Callable[[], bytes], told: str, *, large: bool = False) -> Hostile:
    """Return a kind of which nothing can be told."""
    return Hostile(make=make, verdict=Verdict.UNKNOWN, told=told, large=large)


def fine(make: Callable[[], bytes]) -> Hostile:
    """Return a kind that is odd, and does no harm."""
    return Hostile(make=make, verdict=Verdict.OK)


def sound_with(*more: Member, ending: Ending | None = None) -> bytes:
    """Return the sound wheel with these members, too."""
    return archive((*SOUND, *more), ending)


def _own(**fields: object) -> Callable[[], bytes]:
    changed = replace(TARGET, own=replace(TARGET.own, **fields))  # type: ignore[arg-type]
    return lambda: sound_with(changed)


def _both(each: Member = TARGET, **fields: object) -> Member:
    own: Header = replace(each.own, **fields)  # type: ignore[arg-type]
    return replace(each, own=own, said=own)


def _named(*names: str | bytes) -> Callable[[], bytes]:
    return lambda: sound_with(*(member(name, b"x") for name in names))


def _with_rival_end() -> bytes:
    whole = sound_with()
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0, 0, 0, len(whole) - 22, 0)
    return sound_with(ending=Ending(comment=end))


def _behind_another_archive() -> bytes:
    return sound_with(ending=Ending(before=sound_with()))


def _overlapping() -> bytes:
    """Return a wheel in which one member lies in the content of another (a `quoted` header)."""
    inner = member("demo/_e.so", b"inner")
    header = archive([inner])[: 30 + len(inner.own.name) + len(inner.data)]
    outer = member("demo/_d.bin", b"0" * 50 + header, STORED)
    at = len(archive(SOUND)) - _tail_length(SOUND) + 30 + len(outer.own.name) + 50
    return sound_with(outer, replace(inner, at=at, there=False))


def _tail_length(members: Sequence[Member]) -> int:
    return sum(46 + len(each.said.name) for each in members) + 22


def _kernel() -> bytes:
    """Return the bomb of D. Fifield: 1,000 members that are the same megabytes."""
    kernel = deflated(bytes(8 * MIB))
    name = b"demo/z0000.so"
    header = Header(
        name=name,
        method=DEFLATED,
        checksum=zlib.crc32(bytes(8 * MIB)),
        packed=len(kernel),
        size=8 * MIB,
    )
    first = Member(own=header, said=header, data=kernel)
    others = [
        replace(first, said=replace(header, name=b"demo/z%04d.so" % n), at=0, there=False)
        for n in range(1, 1000)
    ]
    return archive([first, *others, *SOUND])


def _described(*, honest: bool) -> bytes:
    """Return a member whose sizes stand behind it; one that is not honest holds another one."""
    data = TARGET.data
    if not honest:
        tail = struct.pack("<4sIII", b"PK\7\10", TARGET.own.checksum, len(data), TARGET.own.size)
        data += tail + archive([member("demo/_hidden.so", b"x")])
    said = replace(TARGET.own, flags=8, packed=len(data))
    own = replace(said, checksum=0, packed=0, size=0)
    behind = struct.pack("<4sIII", b"PK\7\10", said.checksum, said.packed, said.size)
    return sound_with(Member(own=own, said=said, data=data, behind=behind))


def _lzma(dictionary: int) -> bytes:
    data = b"\x09\x14\x05\x00\x5d" + dictionary.to_bytes(4, "little") + bytes(40)
    return sound_with(_both(replace(TARGET, data=data), method=14, packed=len(data)))


def _unicode_path() -> bytes:
    other = b"demo/_other.so"
    field = b"\1" + zlib.crc32(TARGET.own.name).to_bytes(4, "little") + other
    return sound_with(_both(extra=struct.pack("<HH", 0x7075, len(field)) + field))


def _long_names() -> bytes:
    return archive([_both(member(b"\xb0" * 60_000 + b"%d" % n), flags=0) for n in range(130)])


def _deep_names() -> bytes:
    return archive([member(b"a/" * 30_000 + b"%d" % n) for n in range(130)])


def _long_headers() -> bytes:
    extra = struct.pack("<HH", 0xCAFE, 65_000) + bytes(65_000)
    first = replace(TARGET, own=replace(TARGET.own, extra=extra))
    return archive([first, *(replace(first, at=0, there=False) for _ in range(2000)), *SOUND])


def _bzip2_bomb() -> bytes:
    import bz2  # noqa: PLC0415 - not on every Python

    content = CODE + bytes(300 * MIB)
    data = bz2.compress(content)
    header = Header(
        name=b"demo/_d.so",
        method=12,
        checksum=zlib.crc32(content),
        packed=len(data),
        size=len(content),
    )
    return sound_with(Member(own=header, said=header, data=data))


ARCHIVES: dict[str, Hostile] = {
    "two ends": broken(_with_rival_end, "it has two ends"),
    "two lists": broken(_behind_another_archive, "it has two lists"),
    "another count": broken(
        lambda: sound_with(ending=Ending(more_counted=1)), "another number of files"
    ),
    "zip64 that says otherwise": broken(
        lambda: sound_with(ending=Ending(wide=True, wide_more=1)), "it has two ends"
    ),
    "a file that is not listed": broken(
        lambda: sound_with(replace(TARGET, listed=False)), "files that its list leaves out"
    ),
    "a file listed without a header": broken(
        lambda: sound_with(replace(TARGET, there=False)), "nothing is"
    ),
    "a list that points beyond the end": broken(
        lambda: sound_with(replace(TARGET, at=_WORD)), "nothing is"
    ),
    "another name in the header": broken(_own(name=b"demo/_e.so"), "another name"),
    "another size in the header": broken(_own(size=9), "another size or checksum"),
    "another length in the header": broken(_own(packed=9), "another size or checksum"),
    "another checksum in the header": broken(_own(checksum=9), "another size or checksum"),
    "another method in the header": broken(_own(method=STORED), "packed otherwise"),
    "a name in an extra field": broken(_unicode_path, "it has two names"),
    "a zero byte in a name": broken(_named(b"demo/_d.so\0.txt"), "it has two names"),
    "twice, with other content": broken(
        lambda: sound_with(member("demo/_c.so", thin(minos=(12, 0, 0)))), "it is there twice"
    ),
    "overlapping": broken(_overlapping, "in the place of another file"),
    "one content, many names": broken(_kernel, "in the place of", large=True),
    "a size behind that hides a file": broken(
        lambda: _described(honest=False), "where it ends depends"
    ),
    "stored, with two sizes": broken(
        lambda: sound_with(_both(member("demo/d", b"x" * 50, STORED), size=500)), "sizes differ"
    ),
    "a size that cannot be": broken(lambda: sound_with(_both(size=1 << 31)), "cannot unpack to"),
    "a name that climbs": broken(_named("../demo.pth"), "leads out"),
    "a name that climbs inside": broken(_named("demo/../../x"), "leads out"),
    "a name that climbs on Windows": broken(_named("demo\\..\\..\\x"), "leads out"),
    "an absolute name": broken(_named("/etc/demo"), "leads out"),
    "a name with a drive": broken(_named("C:/demo"), "leads out"),
    "an empty name": broken(_named(""), "leads out"),
    "two names for a place": broken(_named("demo/x", "demo//x"), "same place"),
    "a file that is a folder": broken(_named("demo/x", "demo/x/y"), "a file and a folder"),
    "names of 64 KiB, deeply nested": broken(
        lambda: archive([member("x"), member(b"x/" + b"a/" * 30_000), *SOUND]), "file and a folder"
    ),
    "long headers, again and again": broken(_long_headers, "in the place of", large=True),
    "a list of a million files": unknown(
        lambda: listed_only(1_000_000), "its list of files takes", large=True
    ),
    "a list of 100,000 files": unknown(
        lambda: listed_only(100_000), "it lists more than 65535 files", large=True
    ),
    "as many files as are allowed": Hostile(
        make=lambda: archive([*(member(b"%x" % n) for n in range(65_530)), *SOUND]),
        verdict=Verdict.OK,
        large=True,
    ),
    "long names": Hostile(make=_long_names, verdict=Verdict.OK, large=True),
    "long and deep names": Hostile(make=_deep_names, verdict=Verdict.OK, large=True),
    "encrypted": unknown(lambda: sound_with(_both(flags=1)), "it cannot be read"),
    "packed by no known method": unknown(
        lambda: sound_with(_both(method=97)), "packed by method 97"
    ),
    "LZMA that asks for 4 GiB": unknown(lambda: _lzma(_WORD), "asks for 4294967295 bytes"),
    "a bomb of bzip2": Hostile(make=_bzip2_bomb, verdict=Verdict.OK, large=True),
    "a name in no encoding": unknown(
        lambda: sound_with(_both(member(b"demo/\xff\xfe"), flags=0x800)), "it cannot be opened"
    ),
    "a gigabyte before it": Hostile(
        make=lambda: sound_with(ending=Ending(before=bytes(64 * MIB))),
        verdict=Verdict.UNKNOWN,
        told="are no content of files",
        large=True,
    ),
    "a comment that begins as an end does": unknown(
        lambda: sound_with(ending=Ending(comment=b"PK\5\6")), "it cannot be opened"
    ),
    "bytes before it": fine(lambda: sound_with(ending=Ending(before=b"#!/bin/sh\n"))),
    "bytes behind it": fine(lambda: sound_with(ending=Ending(after=b"\n\n"))),
    "a comment": fine(lambda: sound_with(ending=Ending(comment=b"made by hand"))),
    "zip64": fine(lambda: sound_with(ending=Ending(wide=True))),
    "sizes behind": fine(lambda: _described(honest=True)),
    "twice the same": fine(lambda: sound_with(member("demo/__init__.py", b"import demo._c\n"))),
    "names that differ by case": fine(_named("demo/README", "demo/readme")),
    "names that differ by a form of Unicode": fine(_named("demo/\u00e9", "demo/e\u0301")),
    "a folder twice": fine(_named("demo/d/", "demo/d/")),
    "an archive in it": fine(lambda: sound_with(member("demo/x.zip", archive(SOUND), STORED))),
    "a link": fine(
        lambda: sound_with(
            replace(
                linked := member("demo/link", b"/etc/passwd"),
                said=replace(linked.said, mode=0o120777),
            )
        )
    ),
}
