from __future__ import annotations

from io import BytesIO

import pytest

from builders.elf_bytes import elf
from builders.macho_bytes import facts_of, pe
from pip_archguard.binaries import FileSource, StreamSource, read_binary
from pip_archguard.binaries.bounds import CHUNK, INIT_SEARCH
from pip_archguard.errors import BeyondBoundsError
from pip_archguard.model.binary import Binary, Format


class Untouched(FileSource):
    """A source of which only the first bytes may be read."""

    def read_at(self, offset: int, length: int) -> bytes:
        assert (offset, length) == (0, 16)
        return super().read_at(offset, length)


class Costly(FileSource):
    """A source that gives its first bytes and then refuses."""

    def read_at(self, offset: int, length: int) -> bytes:
        if length > 16:
            msg = "takes too long"
            raise BeyondBoundsError(msg)
        return super().read_at(offset, length)


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        pytest.param("a/_m.cpython-312-x86_64-linux-gnu.so", elf(b"PyInit__m\0"), True, id="elf"),
        pytest.param("a/_m.cp312-win_amd64.pyd", pe(b"PyInit__m\0"), True, id="pe"),
        pytest.param("a/_m.pyd", elf(b"PyInit__n\0"), False, id="the init of another module"),
        pytest.param("a/_m.so", elf(b"PyInit__mm\0"), False, id="a longer name"),
        pytest.param("a/_m.so", pe(b"PyInit__m"), False, id="no end of the name"),
        pytest.param("a/né.so", elf(b"PyInitU_n_bga\0"), True, id="a name that is not ASCII"),
        pytest.param("a/_m.dll", pe(b"PyInit__m\0"), False, id="a plain library"),
        pytest.param("a/_m", elf(b"PyInit__m\0"), False, id="no suffix"),
        pytest.param("a/lib-m.so", elf(b"PyInit_lib-m\0"), False, id="no identifier"),
    ],
)
def test_an_extension_module_holds_the_name_of_its_init_function(
    path: str, content: bytes, *, found: bool
) -> None:
    binary = facts_of(content, path)

    assert binary.python_init is found


def test_a_foreign_file_has_a_format_and_no_slices() -> None:
    binaries = [facts_of(pe(), "a.pyd")]

    assert binaries == [Binary(path="a.pyd", format=Format.PE)]


@pytest.mark.parametrize("before", range(CHUNK - 12, CHUNK + 2))
def test_the_name_is_found_across_the_border_of_two_chunks(before: int) -> None:
    content = pe()
    content += bytes(before - len(content)) + b"PyInit__m\0"

    binary = facts_of(content, "_m.so")

    assert binary.python_init


def test_only_the_beginning_of_a_huge_file_is_searched() -> None:
    content = pe() + bytes(INIT_SEARCH) + b"PyInit__m\0"

    binary = facts_of(content, "_m.so")

    assert not binary.python_init


@pytest.mark.parametrize("path", ["m.dll", "m", "1.so"])
def test_a_file_that_is_no_extension_module_is_not_searched(path: str) -> None:
    source = Untouched(BytesIO(pe(b"PyInit_m\0")))

    binary = read_binary(path, source)

    assert binary == Binary(path=path, format=Format.PE)


def test_a_search_that_breaks_a_bound_is_a_problem_of_the_file() -> None:
    binary = read_binary("m.so", Costly(BytesIO(pe())))

    assert binary == Binary(path="m.so", format=Format.PE, problem="it takes too long")


def test_a_stream_is_searched_in_one_pass() -> None:
    content = pe() + bytes(5 * CHUNK) + b"PyInit_m\0"
    opened: list[BytesIO] = []

    def reopen() -> BytesIO:
        opened.append(BytesIO(content))
        return opened[-1]

    binary = read_binary("m.so", StreamSource(reopen, len(content)))

    assert binary == Binary(path="m.so", format=Format.PE, python_init=True)
    assert len(opened) == 1
