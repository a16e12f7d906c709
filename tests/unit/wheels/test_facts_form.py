"""Facts as bytes and back, and bytes that are no facts."""

from __future__ import annotations

import copy
import json
import random
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.facts import mac, macho, piece
from builders.made_facts import BINARIES, facts_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Import
from pip_archguard.rules import judge
from pip_archguard.wheels.facts_entry import (
    MOST_STORED,
    MOST_TEXT,
    entry_of,
    packed,
    text_of,
    unpacked,
)

SHA = "5e" * 32
NAME = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
SOME = macho(
    "demo/_c.so",
    piece(
        Arch.ARM64,
        links=("@rpath/a.dylib",),
        flat=("_x",),
        min_os=(11, 0, 0),
        imports=(Import(symbol="_s", library="a"),),
        exports=frozenset({"_e", "_d"}),
    ),
)
SEED = settings(derandomize=True, deadline=None, max_examples=100)

DENSE = random.Random(1).randbytes(200_000).hex()  # noqa: S311 - to be the same each time

Form = dict[str, Any]


def stored(binaries: tuple[Binary, ...]) -> bytes:
    entry = packed(SHA, binaries)
    assert entry is not None
    return entry


def changed(change: Callable[[Form], object]) -> bytes:
    form: Form = json.loads(text_of(SHA, (copy.copy(SOME),)))
    change(form)
    return zlib.compress(json.dumps(form).encode())


@SEED
@given(BINARIES)
def test_facts_come_back_as_they_were(binaries: tuple[Binary, ...]) -> None:
    assert unpacked(stored(binaries), SHA) == binaries


@SEED
@given(BINARIES)
def test_the_same_facts_give_the_same_bytes(binaries: tuple[Binary, ...]) -> None:
    assert text_of(SHA, unpacked(stored(binaries), SHA)) == text_of(SHA, binaries)


@SEED
@given(BINARIES)
def test_whatever_an_entry_says_can_be_judged(binaries: tuple[Binary, ...]) -> None:
    """A shared cache may lie, but never make a run fall over."""
    judge(facts_of(NAME, *unpacked(stored(binaries), SHA)), (mac(),))


@SEED
@given(st.data())
def test_damaged_bytes_are_never_taken(data: st.DataObject) -> None:
    whole = stored((SOME,))
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = whole[:at]
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]

    for damaged in (cut, flipped, whole + b"x"):
        try:
            found = unpacked(damaged, SHA)
        except ValueError:
            continue
        # A few bits of zlib's header carry no meaning.
        assert found == (SOME,)


def _slice(form: Form) -> Form:
    return form["binaries"][0]["slices"][0]  # type: ignore[no-any-return]


HOSTILE: dict[str, Callable[[Form], object]] = {
    "another version": lambda f: f.update(parser=99),
    "a version that equals ours": lambda f: f.update(parser=True),
    "another wheel": lambda f: f.update(sha256="0" * 64),
    "a hash that is none": lambda f: f.update(sha256=["0"]),
    "a verdict": lambda f: f.update(verdict="ok"),
    "no facts": lambda f: f.pop("binaries"),
    "facts of the wrong type": lambda f: f.update(binaries={"path": "a"}),
    "empty facts of the wrong type": lambda f: f.update(binaries={}),
    "a file that is none": lambda f: f["binaries"].append(7),
    "an unknown field": lambda f: f["binaries"][0].update(optional=True),
    "a field that is missing": lambda f: f["binaries"][0].pop("path"),
    "a field of the wrong type": lambda f: f["binaries"][0].update(path=None),
    "an unknown format": lambda f: f["binaries"][0].update(format="a.out"),
    "a format of the wrong type": lambda f: f["binaries"][0].update(format=[]),
    "a flag that is a number": lambda f: f["binaries"][0].update(malformed=1),
    "half a surrogate": lambda f: f["binaries"][0].update(path="\ud800"),
    "an unknown processor": lambda f: _slice(f).update(arch="z80"),
    "a number that is a flag": lambda f: _slice(f).update(cpu_type=True),
    "a negative number": lambda f: _slice(f).update(cpu_type=-1),
    "a number of 33 bits": lambda f: _slice(f).update(cpu_type=1 << 32),
    "a very long number": lambda f: _slice(f).update(cpu_type=10**4000),
    "a broken number": lambda f: _slice(f).update(cpu_type=1.5),
    "no number": lambda f: _slice(f).update(cpu_type=float("nan")),
    "a version of two parts": lambda f: _slice(f).update(min_os=[11, 0]),
    "a version of text": lambda f: _slice(f).update(min_os="110"),
    "a library of two parts": lambda f: _slice(f).update(dependencies=[["a", True]]),
    "a library of text": lambda f: _slice(f).update(dependencies=["abc"]),
    "an import of three parts": lambda f: _slice(f).update(imports=[["a", "b", "c"]]),
    "names twice": lambda f: _slice(f).update(exports=["_e", "_e"]),
    "text for names": lambda f: _slice(f).update(flat_lookups="_e"),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_entry_is_not_taken(change: Callable[[Form], object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
        unpacked(changed(change), SHA)


def test_an_entry_that_nobody_changed_is_taken() -> None:
    assert unpacked(changed(lambda _: None), SHA) == (SOME,)


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"7", b'"x"', b"[" * 100_000, b"{" * 9, "{\u00e4}".encode(), b"\xff"],
    ids=["nothing", "a list", "a number", "text", "deep", "no JSON", "UTF-8", "bytes"],
)
def test_other_text_is_no_entry(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        entry_of(text)


def test_what_inflates_without_end_is_not_taken() -> None:
    with pytest.raises(ValueError, match="cut short, or too long"):
        unpacked(zlib.compress(b" " * (MOST_TEXT + 2)), SHA)
    with pytest.raises(ValueError, match="too long"):
        entry_of(b" " * (MOST_TEXT + 1))


@pytest.mark.parametrize("text", ["x" * MOST_TEXT, DENSE], ids=["long", "dense"])
def test_more_facts_than_an_entry_may_hold_are_not_kept(text: str) -> None:
    assert packed(SHA, (macho(text),)) is None


def test_more_bytes_than_an_entry_may_take_are_not_read() -> None:
    whole = stored(())

    with pytest.raises(ValueError, match="too long"):
        unpacked(whole.ljust(MOST_STORED + 1, b"\0"), SHA)
