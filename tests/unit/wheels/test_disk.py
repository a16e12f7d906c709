"""Facts of wheels on disk, whatever their zip looks like."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import pytest

from builders.elf_bytes import elf
from builders.linkedit import chained, trie
from builders.macho_bytes import Linkedit, thin
from builders.wheels import make_wheel
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.binary import Format, Kind
from pip_archguard.model.problem import Fault
from pip_archguard.wheels import read_wheel

TAG = "cp312-cp312-macosx_11_0_arm64"
NAME = f"demo-1.0-{TAG}.whl"
CODE = thin()
REASON = "it is gone"


def write(folder: Path, files: dict[str, bytes], name: str = NAME) -> Path:
    path = folder / name
    path.write_bytes(make_wheel("demo", "1.0", TAG, files).content)
    return path


def write_with(folder: Path, compression: int, content: bytes = CODE, extra: bytes = b"") -> Path:
    path = folder / NAME
    with zipfile.ZipFile(path, "w", compression) as archive:
        info = zipfile.ZipInfo("demo/_c.so")
        info.compress_type = compression
        info.extra = extra
        archive.writestr(info, content)
    return path


def test_native_files_are_found_by_content_whatever_their_name(tmp_path: Path) -> None:
    names = ["demo/_c.so", "demo/data.txt", "demo/plugin", "demo-1.0.data/purelib/x.dyld"]
    java = b"\xca\xfe\xba\xbe\x00\x00\x00\x3d" + b"\0" * 64

    facts = read_wheel(
        write(tmp_path, dict.fromkeys(names, CODE) | {"A.class": java, "b.so": b"text", "c": b""})
    )

    assert [b.path for b in facts.binaries] == names
    assert facts.problems == ()


def test_the_file_name_gives_the_claims(tmp_path: Path) -> None:
    facts = read_wheel(write(tmp_path, {"demo/x": elf()}))

    assert (facts.project, facts.release) == ("demo", "1.0")
    assert facts.platforms == {"macosx_11_0_arm64"}
    assert [b.format for b in facts.binaries] == [Format.ELF]


@pytest.mark.parametrize(
    "compression",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
    ids=["stored", "deflated", "bzip2", "lzma"],
)
def test_members_are_read_however_they_are_packed(compression: int, tmp_path: Path) -> None:
    facts = read_wheel(write_with(tmp_path, compression))

    assert [(b.path, b.problem) for b in facts.binaries] == [("demo/_c.so", None)]


def test_a_long_local_header_does_not_hide_a_member(tmp_path: Path) -> None:
    extra = b"\xfe\xca" + (2000).to_bytes(2, "little") + b"\0" * 2000

    facts = read_wheel(write_with(tmp_path, zipfile.ZIP_DEFLATED, extra=extra))

    assert len(facts.binaries) == 1


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_a_problem_and_no_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)

    facts = read_wheel(path)

    assert facts.binaries == ()
    assert len(facts.problems) == 1


def test_a_member_without_a_name_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo/_a.so", CODE)
        archive.writestr("x", b"")
    content = path.read_bytes()
    at, end = content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    nameless = content[at : at + 28] + bytes(2) + content[at + 30 : at + 46]
    size = int.from_bytes(content[end + 12 : end + 16], "little") - len("x")
    tail = content[end : end + 12] + size.to_bytes(4, "little") + content[end + 16 :]
    path.write_bytes(content[:at] + nameless + tail)

    facts = read_wheel(path)

    assert facts.binaries == ()
    assert [(p.path, p.fault) for p in facts.problems] == [(NAME, Fault.AMBIGUOUS)]


def test_another_file_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableWheelError, match=r"demo\.zip"):
        read_wheel(write(tmp_path, {}, name="demo.zip"))


def test_an_encrypted_member_is_a_problem_and_hides_no_other(tmp_path: Path) -> None:
    path = write(tmp_path, {"demo/_a.so": CODE, "demo/_b.so": CODE})
    content = bytearray(path.read_bytes())
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + flags] |= 1
    path.write_bytes(content)

    facts = read_wheel(path)

    assert [b.path for b in facts.binaries] == ["demo/_b.so"]
    assert [p.path for p in facts.problems] == ["demo/_a.so"]


def test_empty_blocks_in_front_do_not_hide_a_member(tmp_path: Path) -> None:
    """A deflate stream may begin with any number of empty stored blocks."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b"\x00\x00\x00\xff\xff" * 200 + deflate.compress(CODE) + deflate.flush()
    path = tmp_path / NAME
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("demo/_c.so", packed)
    content = bytearray(path.read_bytes())
    for magic, method, size, checksum in ((b"PK\x03\x04", 8, 22, 14), (b"PK\x01\x02", 10, 24, 16)):
        at = content.index(magic)
        content[at + method] = zipfile.ZIP_DEFLATED
        content[at + size : at + size + 4] = len(CODE).to_bytes(4, "little")
        content[at + checksum : at + checksum + 4] = zlib.crc32(CODE).to_bytes(4, "little")
    path.write_bytes(content)

    assert [b.path for b in read_wheel(path).binaries] == ["demo/_c.so"]


@pytest.mark.parametrize(
    ("source", "named"),
    [(b"load('lib-x86_64.dylib')", True), (b"load('lib-' + machine)", False)],
    ids=["spelled out", "put together"],
)
def test_source_that_spells_out_a_file_with_an_architecture_is_found(
    source: bytes, tmp_path: Path, *, named: bool
) -> None:
    files = {"demo/lib-x86_64.dylib": CODE, "demo/__init__.py": source, "demo/_c.so": CODE}

    facts = read_wheel(write(tmp_path, files))

    assert [b.named_in_source for b in facts.binaries] == [named, False]


def test_a_member_of_damaged_lzma_is_a_problem(tmp_path: Path) -> None:
    path = write_with(tmp_path, zipfile.ZIP_LZMA)
    content = bytearray(path.read_bytes())
    content[60:80] = b"\xff" * 20
    path.write_bytes(content)

    assert [p.path for p in read_wheel(path).problems] == ["demo/_c.so"]


def test_an_unknown_compression_is_a_problem(tmp_path: Path) -> None:
    path = write(tmp_path, {"demo/_a.so": CODE})
    content = bytearray(path.read_bytes())
    for magic, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(magic) + method] = 97
    path.write_bytes(content)

    assert len(read_wheel(path).problems) == 1


@pytest.mark.parametrize("length", range(0, 800, 7))
def test_a_wheel_cut_short_anywhere_is_no_crash(length: int, tmp_path: Path) -> None:
    path = write(tmp_path, {"demo/_a.so": CODE})
    path.write_bytes(path.read_bytes()[:length])

    facts = read_wheel(path)

    assert facts.problems


@pytest.mark.parametrize("seed", range(40))
def test_damage_in_the_data_is_a_problem_or_another_file_but_no_crash(
    seed: int, tmp_path: Path
) -> None:
    path = write(tmp_path, {"demo/_a.so": CODE * 3})
    content = bytearray(path.read_bytes())
    for step in range(8):
        content[(seed * 31 + step * 17) % len(content)] ^= 0x5A
    path.write_bytes(content)

    read_wheel(path)


IMPORTER = thin(
    dylibs=["@loader_path/liba.dylib"],
    linkedit=Linkedit(chained=chained([("_one", 1, False), ("_two", 1, False)])),
)
LIBRARY = thin(
    kind=Kind.DYLIB,
    linkedit=Linkedit(chained=chained([]), trie=trie(["_one", "_other"])),
)


def test_of_a_library_that_others_link_it_is_known_what_they_take(tmp_path: Path) -> None:
    files = {"demo/_c.so": IMPORTER, "demo/liba.dylib": LIBRARY, "demo/libb.dylib": LIBRARY}

    module, taken, alone = read_wheel(write(tmp_path, files)).binaries

    assert [i.symbol for i in module.slices[0].imports or ()] == ["_one", "_two"]
    assert taken.slices[0].exports == frozenset({"_one"})
    assert alone.slices[0].exports is None


def test_a_library_that_cannot_be_read_twice_keeps_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise UnreadableWheelError(REASON)

    monkeypatch.setattr("pip_archguard.wheels.native.read_exports", fail)

    facts = read_wheel(write(tmp_path, {"demo/_c.so": IMPORTER, "demo/liba.dylib": LIBRARY}))

    assert [b.slices[0].exports for b in facts.binaries] == [None, None]
    assert facts.problems == ()


def test_a_disk_that_fails_midway_is_a_problem_of_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or facts that lack the names of a library would pass for all there is to know."""

    def fail(*_: object) -> None:
        raise UnreadableWheelError(REASON) from OSError(5, REASON)

    monkeypatch.setattr("pip_archguard.wheels.native.read_exports", fail)
    files = {
        "demo/_c.so": thin(dylibs=["a.dylib"], undefined=[("_x", 1)]),
        "demo/a.dylib": thin(kind=Kind.DYLIB, install_name="a.dylib"),
    }

    facts = read_wheel(write(tmp_path, files))

    assert [problem.path for problem in facts.problems] == [NAME]
    assert facts.binaries == ()
