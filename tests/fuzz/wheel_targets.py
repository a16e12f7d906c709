"""Whole wheels: any archive, and one made of chosen members."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing

from builders.elf_bytes import elf_file
from builders.linkedit import chained, trie
from builders.macho_bytes import DYNAMIC_LOOKUP, Linkedit, fat, thin
from builders.memory_ranges import MemoryRanges
from builders.pe_bytes import pe
from builders.wheels import make_wheel
from fuzz import scratch
from fuzz.native_promises import PLATFORMS, TARGETS, check_kept
from fuzz.taken import Taken, choices, counted
from fuzz.target import FuzzTarget
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels import judge_wheel, look_into, parse_wheel_name
from pip_archguard.wheels.filename import normal_release
from pip_archguard.wheels.remote import Held, RemoteWheel, read_remote

_NAMES = {t.id: f"demo-1.0-cp312-cp312-{PLATFORMS[t.system]}.whl" for t in TARGETS}
_FLAT = [(f"_flat_{n}", DYNAMIC_LOOKUP) for n in range(12)]
_BINDS = [("_x", 2, False), ("_PyInit__c", 1, False)]
_CONTENTS = (
    thin(undefined=_FLAT),
    thin(Arch.X86_64, dylibs=["@loader_path/libx.dylib"]),
    thin(kind=Kind.DYLIB, install_name="@rpath/libx.dylib", exported=["_x"]),
    thin(dylibs=["/usr/lib/libSystem.B.dylib", "@rpath/libx.dylib"], rpaths=["@loader_path"]),
    thin(dylibs=["m", "libx.dylib"], linkedit=Linkedit(chained=chained(_BINDS), trie=trie(["_e"]))),
    fat([thin(Arch.X86_64, undefined=_FLAT), thin(exported=["_PyInit__c"])]),
    elf_file(versions={"libc.so.6": ["GLIBC_2.34"]}, runpath="$ORIGIN"),
    elf_file(Arch.ARM64, needed=["libx.so"], soname="libx.so"),
    pe(imports=["libx.dll", "python312.dll"], exports=["PyInit__c"]),
    b"",
    b"try:\n    from . import _c\nexcept ImportError:\n    _c = None\n",
    b"import ctypes\nctypes.CDLL('libx.dylib')\nopen('lib_x86_64.dylib')\n",
)
_PATHS = (
    *("demo/_c.cpython-312-darwin.so", "demo/_c.abi3.so", "demo/_c.cp312-win_amd64.pyd"),
    *("demo/libx.dylib", "demo/libx.so", "libx.dll", "demo/lib_x86_64.dylib", "demo/bin/tool"),
    *("demo/__init__.py", "demo/_d.so", "demo-1.0.data/purelib/demo/_c.so", "demo/data.json"),
    *("demo/", "../x.so", "/abs.so", "demo\\_c.pyd", "demo/tests/_c.so", "demo/Frame"),
    *("demo-1.0.dist-info/METADATA", "demo-1.0.dist-info/WHEEL"),
)
_METHODS = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_INFO = 46  # what a record of the directory takes at least (APPNOTE.TXT 4.3.12)


def check_archive(content: bytes) -> None:
    """Read any bytes as a wheel, from disk and from afar, for one target or another."""
    target = TARGETS[len(content) % len(TARGETS)]
    _check_wheel(_NAMES[target.id], content, target)


def check_members(data: bytes) -> None:
    """Read a wheel whose members are chosen, and then some of its bytes changed."""
    taken = Taken(data)
    target = taken.pick(TARGETS)
    content = _archive(taken)
    if taken.flag():
        content = _with_lies(taken, content)
    if taken.flag():
        content = taken.patched(content)
    _check_wheel(_NAMES[target.id], content, target)


def _archive(taken: Taken) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        for _ in range(taken.below(6)):
            path = taken.pick((*_PATHS, "")) or taken.word() or "x"
            content = taken.patched(taken.pick(_CONTENTS))
            info = zipfile.ZipInfo(path.replace("\0", "_"), (2024, 1, 1, 0, 0, 0))
            info.compress_type = taken.pick(_METHODS)
            if path in archive.namelist() and not taken.flag():
                continue
            info.extra = taken.some() if taken.below(8) == 1 else b""
            archive.filelist = [i for i in archive.filelist if i.filename != info.filename]
            archive.NameToInfo.pop(info.filename, None)
            archive.writestr(info, content)
    return buffer.getvalue()


def _with_lies(taken: Taken, content: bytes) -> bytes:
    """Return an archive with numbers changed in its directory: sizes, offsets, flags."""
    changed = bytearray(content)
    records = []
    at = content.find(b"PK\1\2")
    while at >= 0:
        records.append(at)
        at = content.find(b"PK\1\2", at + _INFO)
    for _ in range(1 + taken.below(3)):
        place, form = taken.pick(_FIELDS)
        value = taken.number(struct.calcsize(form))
        at = taken.pick(records) + place
        if at + struct.calcsize(form) <= len(changed):
            struct.pack_into(form, changed, at, value)
    return bytes(changed)


_FIELDS = (
    *((8, "<H"), (10, "<H"), (16, "<I"), (20, "<I"), (24, "<I"), (28, "<H"), (30, "<H")),
    *((36, "<H"), (38, "<I"), (42, "<I")),
)
"""Of a record of the directory: flags, method, CRC, sizes, lengths of name and extra field,
attributes, offset."""


def _check_wheel(filename: str, content: bytes, target: Target) -> None:
    path = scratch.file(filename, content)
    facts, is_wheel = look_into(path)
    assert look_into(path) == (facts, is_wheel)
    judged = judge_wheel(path, facts, (target,))
    assert judge_wheel(path, facts, (target,)) == judged
    if facts.problems:
        assert judged.verdict is not Verdict.OK
    if not facts.problems:
        check_kept(facts.binaries)
        _check_afar(filename, content, facts, judged, (target,))


def _check_afar(
    filename: str, content: bytes, facts: WheelFacts, judged: Judgement, targets: Sequence[Target]
) -> None:
    """What is read by ranges comes to the same, but for files that are passed over by name."""
    held = Held(scratch.folder() / "held")
    ranges = MemoryRanges(content=content)
    with closing(RemoteWheel(ranges, held, filename, targets)) as wheel:
        found = read_remote(wheel)
        there = {binary.path for binary in found.binaries}
        same = facts.problems == found.problems
        if same and there == {binary.path for binary in facts.binaries}:
            assert judge_wheel(wheel, found, targets).verdict is judged.verdict


def check_name(data: bytes) -> None:
    """Split any name, and have it stay as it was split."""
    text = data.decode("utf-8", "surrogateescape")
    normal_release(text)
    try:
        name = parse_wheel_name(text)
    except UnreadableWheelError:
        return
    assert parse_wheel_name(text) == name
    assert normal_release(name.release) == name.release
    assert name.platforms


def archives() -> Iterator[bytes]:
    """Yield whole wheels, small ones."""
    yield make_wheel("demo", "1.0", "py3-none-any", {}).content
    for content in (_CONTENTS[0], _CONTENTS[6], _CONTENTS[8]):
        made = make_wheel("demo", "1.0", "py3-none-any", {"demo/_c.so": content})
        yield made.content


def members() -> Iterator[bytes]:
    """Yield choices of members: each path with each content once or so."""
    for number in range(len(_CONTENTS)):
        entry = choices(number % len(_PATHS), 0, 0, number, 0, 0)
        yield choices(number % 4, 2) + entry + choices(3, 0, 0, 2, 0, 0, 0, 0)
        yield choices(number % 4, 1) + entry + choices(1, 1, number % 10, 9, 9, 9, 9) + counted(b"")


WHEELS = (
    FuzzTarget(
        name="wheel-archive",
        promise="any bytes are a wheel or a problem with one, and never fine with a problem",
        check=check_archive,
        seeds=archives,
    ),
    FuzzTarget(
        name="wheel-members",
        promise="any members are read; from disk and from afar they come to the same verdict",
        check=check_members,
        seeds=members,
        longest=512,
    ),
    FuzzTarget(
        name="wheel-name",
        promise="any text is the name of a wheel, or an error of ours",
        check=check_name,
        seeds=lambda: [
            *(name.encode() for name in _NAMES.values()),
            b"a.b-1.0_1-2-py2.py3-none-any.whl",
            b"a-1.0.post1.dev0+local-py3-none-any.whl",
        ],
        longest=256,
    ),
)
"""The targets of wheels."""
