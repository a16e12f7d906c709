"""Answers to a request for several ranges, as servers give them, good and bad."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

BOUNDARY = "00000000000000000042"
NEAR = 12_000


class Manner(Enum):
    """How a server answers a request for several ranges; it answers one as it should."""

    UNKNOWN = "with the whole file, and 200"
    ALL = "as it should"
    BACKWARDS = "with the last part first"
    NEAR_AS_ONE = "with near parts as one"
    ALL_AS_ONE = "with one part around all"
    QUOTED = "with its boundary in quotes, and more around it"
    ONLY_TOLD = "with the whole file, though it tells that it knows of parts"
    REFUSED = "with 416"
    NOT_MADE = "with 501"
    FORBIDDEN = "with 403"
    FIRST_ONLY = "with the first part alone"
    LAST_MISSING = "without the last part"
    TWICE = "with each part twice"
    CUT = "with less than it says"
    NO_END = "without an end"
    OTHER_PLACE = "with a part that no one asked for"
    OTHER_SIZE = "with parts of a longer file"
    LYING_LENGTH = "with parts that are shorter than they say"
    NO_PLACE = "with parts that do not say where they lie"
    TWO_PLACES = "with parts that say so twice"
    LONG_HEADERS = "with headers that do not end"
    OTHER_BOUNDARY = "with another boundary than it says"
    NO_BOUNDARY = "without saying its boundary"
    LONG_BOUNDARY = "with a boundary of impossible length"
    OTHER_FILE = "with parts of another file"
    ENCODED = "compressed"
    NEVER_ENDS = "with more and more behind the end"


GOOD = (Manner.ALL, Manner.BACKWARDS, Manner.NEAR_AS_ONE, Manner.QUOTED)
"""What the RFC allows, and what gives no cause to ask in another way."""

BAD = tuple(m for m in Manner if m not in (*GOOD, Manner.ALL_AS_ONE, Manner.UNKNOWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """The body of an answer, its type, and which bytes of the file it holds."""

    status: int
    headers: dict[str, str]
    body: bytes
    spans: tuple[tuple[int, int], ...]


def spans_of(header: str) -> list[tuple[int, int]]:
    """Return first byte and end of each range."""
    pairs = (each.split("-") for each in header.removeprefix("bytes=").split(","))
    return [(int(first), int(last) + 1) for first, last in pairs]


def answer_to(header: str, content: bytes, manner: Manner) -> Several | None:
    """Return what a server in this manner says; None stands for the whole file."""
    spans = spans_of(header)
    statuses = {Manner.REFUSED: 416, Manner.NOT_MADE: 501, Manner.FORBIDDEN: 403}
    match manner:
        case Manner.UNKNOWN | Manner.ONLY_TOLD:
            return None
        case Manner.REFUSED | Manner.NOT_MADE | Manner.FORBIDDEN:
            return Several(status=statuses[manner], headers={}, body=b"", spans=())
        case Manner.ALL_AS_ONE | Manner.FIRST_ONLY:
            start, end = spans[0][0], spans[-1 if manner is Manner.ALL_AS_ONE else 0][1]
            place = {"Content-Range": f"bytes {start}-{end - 1}/{len(content)}"}
            body = content[start:end]
            return Several(status=206, headers=place, body=body, spans=((start, end),))
        case _:
            chosen = tuple(_chosen(spans, manner))
            body = b"".join(_parts(chosen, content, manner))
            headers = {"Content-Type": _type(manner)}
            if manner is Manner.ENCODED:
                headers["Content-Encoding"] = "gzip"
            if manner is Manner.OTHER_FILE:
                headers["ETag"] = '"another"'
            body = body[: len(body) // 2] if manner is Manner.CUT else body
            return Several(status=206, headers=headers, body=body, spans=chosen)


def _type(manner: Manner) -> str:
    told = {
        Manner.QUOTED: f'Multipart/ByteRanges; x=y; boundary="{BOUNDARY}"',
        Manner.NO_BOUNDARY: "multipart/byteranges",
        Manner.LONG_BOUNDARY: f"multipart/byteranges; boundary={'-' * 9000}",
    }
    return told.get(manner, f"multipart/byteranges; boundary={BOUNDARY}")


def _chosen(spans: Sequence[tuple[int, int]], manner: Manner) -> Iterator[tuple[int, int]]:
    match manner:
        case Manner.BACKWARDS:
            yield from reversed(spans)
        case Manner.LAST_MISSING:
            yield from spans[:-1]
        case Manner.TWICE:
            yield from (span for span in spans for _ in range(2))
        case Manner.OTHER_PLACE:
            yield (max(0, spans[0][0] - 50_000), spans[0][1])
        case Manner.NEAR_AS_ONE:
            yield from _joined(spans)
        case _:
            yield from spans


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the first two of those that lie near one another."""
    for number, (span, following) in enumerate(pairwise(spans)):
        if following[0] - span[1] <= NEAR:
            yield from spans[:number]
            yield span[0], following[1]
            yield from spans[number + 2 :]
            return
    yield from spans


def _parts(spans: Sequence[tuple[int, int]], content: bytes, manner: Manner) -> Iterator[bytes]:
    boundary = "other" if manner is Manner.OTHER_BOUNDARY else BOUNDARY
    if manner is Manner.QUOTED:
        yield b"This is a message of several parts."
    size = len(content) + 7 * (manner is Manner.OTHER_SIZE)
    for start, end in spans:
        place = f"Content-Range: bytes {start}-{end - 1}/{size}\r\n"
        place *= {Manner.NO_PLACE: 0, Manner.TWO_PLACES: 2}.get(manner, 1)
        more = "X-More: more\r\n" * (9000 if manner is Manner.LONG_HEADERS else 1)
        yield f"\r\n--{boundary}\r\n{more}{place}\r\n".encode()
        yield content[start : end - 9 * (manner is Manner.LYING_LENGTH)]
    if manner is not Manner.NO_END:
        yield f"\r\n--{boundary}--\r\n".encode()
    if manner is Manner.NEVER_ENDS:
        yield b"more" * 100_000
