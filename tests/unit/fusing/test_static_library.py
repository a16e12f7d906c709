"""The processor of a static library."""

from __future__ import annotations

from io import BytesIO

import pytest

from builders.elf_bytes import elf
from builders.macho_bytes import archive, thin
from pip_archguard.binaries import FileSource, Record
from pip_archguard.errors import UnfusableError
from pip_archguard.fusing.static_library import library_place
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

OBJECT = thin(Arch.ARM64, Kind.OBJECT)
ENTRY = b"%-16s%-32s%-10d`\n%s"


def place(content: bytes) -> Record:
    return library_place(FileSource(BytesIO(content)))


def member(name: bytes, content: bytes) -> bytes:
    return ENTRY % (name, b"0", len(content), content) + b"\n" * (len(content) % 2)


def test_a_library_is_one_slice_for_the_processor_of_its_objects() -> None:
    content = archive(OBJECT, OBJECT)

    found = place(content)

    assert (found.arch, found.offset, found.size) == (Arch.ARM64, 0, len(content))


@pytest.mark.parametrize("name", [b"__.SYMDEF SORTED", b"/", b"//", b"/SYM64/"], ids=bytes.decode)
def test_an_index_is_no_object(name: bytes) -> None:
    content = b"!<arch>\n" + member(name, b"index") + member(b"a.o", OBJECT)

    assert place(content).arch is Arch.ARM64


@pytest.mark.parametrize("length", [b"-8", b"9999"])
def test_a_name_is_no_longer_than_what_it_names(length: bytes) -> None:
    with pytest.raises(UnfusableError, match="something else in it"):
        place(b"!<arch>\n" + member(b"#1/" + length, OBJECT))


def test_a_long_name_stands_before_its_object() -> None:
    index = member(b"#1/12", b"__.SYMDEF\0\0\0index")
    content = b"!<arch>\n" + index + member(b"#1/20", b"a_long_name.o".ljust(20, b"\0") + OBJECT)

    assert place(content).arch is Arch.ARM64


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (archive(OBJECT, thin(Arch.X86_64, Kind.OBJECT)), "just one processor"),
        (archive(), "just one processor"),
        (archive(elf()), "something else"),
        (archive(OBJECT).replace(b"%d" % len(OBJECT), b"x"), "something else"),
        (archive(OBJECT).replace(b"%d  " % len(OBJECT), b"-1   "), "something else"),
        (b"!<arch>\n" + member(b"#1/x", OBJECT), "something else"),
    ],
    ids=["two", "none", "elf", "size", "negative", "name"],
)
def test_what_is_not_for_one_processor_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnfusableError, match=words):
        place(content)
