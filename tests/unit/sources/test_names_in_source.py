from __future__ import annotations

from io import BytesIO

import pytest

from builders.facts import elf, thin
from pip_archguard.model.arch import Arch
from pip_archguard.sources import bounds, mark_named_in_source
from pip_archguard.sources import named as naming

LIBRARY = thin("mip/libraries/cbc-x86-64.dylib", Arch.X86_64)
PLAIN = thin("mip/_c.so", Arch.X86_64)


def named(*texts: bytes) -> list[bool]:
    marked = mark_named_in_source((LIBRARY, PLAIN), map(BytesIO, texts))
    return [binary.named_in_source for binary in marked]


def test_a_file_is_named_by_its_literal_name_in_any_source() -> None:
    assert named(b"import os", b"load('cbc-x86-64.dylib')") == [True, False]


def test_a_name_put_together_is_not_found() -> None:
    assert named(b"load(f'cbc-{machine}.dylib')") == [False, False]


def test_sources_are_not_even_opened_where_no_path_names_an_architecture() -> None:
    def sources() -> object:
        raise AssertionError
        yield

    unmarked = mark_named_in_source((PLAIN, elf("x86_64/lib.so")), sources())  # type: ignore[arg-type]

    assert unmarked == (PLAIN, elf("x86_64/lib.so"))


def test_no_more_is_read_than_the_bound_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "SOURCES", 10)

    assert bounds.SOURCES > 10
    assert named(b"0123456789", b"cbc-x86-64.dylib") == [False, False]
