"""Several parts of a file in one answer, however it is cut into pieces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.several_ranges import BOUNDARY, Manner, Several, answer_to
from pip_archguard.errors import NoRangesError
from pip_archguard.wheels.remote import Span, boundary_of, parts_of, span_of

FILE = f"ab\r\n--{BOUNDARY}\r\nContent-Range: bytes 0-1/9\r\n\r\n--{BOUNDARY}--".encode() * 9
RANGES = "bytes=0-0,3-80,90-200,300-400"


def answer(manner: Manner, wanted: str = RANGES) -> Several:
    made = answer_to(wanted, FILE, manner)
    assert made is not None
    return made


def pieces(content: bytes, length: int) -> Iterator[bytes]:
    for at in range(0, len(content), length):
        yield content[at : at + length]


@given(length=st.integers(1, 700), manner=st.sampled_from([Manner.ALL, Manner.QUOTED]))
def test_parts_that_hold_the_boundary_come_whole(length: int, manner: Manner) -> None:
    made = answer(manner)
    boundary = boundary_of(made.headers["Content-Type"])
    assert boundary is not None

    found = [
        (part.span.start, part.span.end, b"".join(part.chunks))
        for part in parts_of(pieces(made.body, length), boundary, 4)
    ]

    assert found == [(start, end, FILE[start:end]) for start, end in made.spans]


@pytest.mark.parametrize("length", [1, 5000])
@pytest.mark.parametrize("cut", range(1, 400, 7))
def test_an_answer_that_is_cut_short_is_an_error(cut: int, length: int) -> None:
    body = answer(Manner.ALL).body[:-cut]

    def read() -> None:
        for part in parts_of(pieces(body, length), BOUNDARY.encode(), 4):
            b"".join(part.chunks)

    if cut <= len("\r\n"):  # what ends the last line
        read()
    else:
        with pytest.raises(NoRangesError):
            read()


@given(content=st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    try:
        for part in parts_of([b"--x\r\n" + content], b"x", 3):
            b"".join(part.chunks)
    except NoRangesError:
        pass


def test_more_parts_than_were_asked_for_are_refused() -> None:
    parts = parts_of([answer(Manner.ALL).body], BOUNDARY.encode(), 3)
    for _ in range(3):
        b"".join(next(parts).chunks)

    with pytest.raises(NoRangesError):
        next(parts)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("multipart/byteranges; boundary=abc", b"abc"),
        ('Multipart/ByteRanges;boundary="a b"', b"a b"),
        ("multipart/byteranges; x=y; boundary=abc; z", b"abc"),
        ("multipart/byteranges", None),
        ("multipart/byteranges; boundary=", None),
        ("multipart/byteranges; boundary=" + "a" * 400, None),
        ("multipart/mixed; boundary=abc", None),
        ("application/octet-stream", None),
    ],
)
def test_the_boundary_is_what_the_type_says(told: str, found: bytes | None) -> None:
    assert boundary_of(told) == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("bytes 0-9/10", (Span(start=0, end=10), 10)),
        ("bytes 0-10/10", None),
        ("bytes 5-4/10", None),
        ("bytes */10", None),
        ("bytes 0-9/*", None),
        ("", None),
    ],
)
def test_a_place_makes_sense_or_is_none(told: str, found: tuple[Span, int] | None) -> None:
    assert span_of(told) == found
