"""Several ranges in one request, of servers that are known to send them so.

Where a wheel has a hundred native files, a request for each costs ten round trips over ten
connections, and ten requests for a dozen each cost one. RFC 9110 (14.2) leaves it to servers:
nginx and Apache send several, most package indexes and CDNs do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from itertools import pairwise
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from pip_archguard.errors import NoRangesError
from pip_archguard.wheels.remote import Held, Span, boundary_of, parts_of, span_of

MOST_RANGES = 100
"""Ranges in one request: Apache takes 200 (`MaxRanges`), and 100 are 3 KB of 8 KB of headers."""

BESIDE = 16 * 1024
"""Bytes that no one asked for and that an answer may hold: what lies between near ranges,
which a server may send as one (RFC 9110, 15.3.7.2)."""

PROBED = 2 << 20
"""Size of a file from which on it may be worth knowing; smaller ones have few parts."""

_PARTIAL = 206
_PATIENCE = 0.1
_ANSWERS = 2
"""So many times as long as the first answer took, and a bit, the one to a probe is waited for."""

_NEVER = ("X-Served-By",)
"""Varnish's, and so Fastly's, who cache a file whole before they decline to send parts of it."""


class Several:
    """Which hosts send several ranges in one answer; each is asked once in a run.

    It is asked for the headers of such an answer (HEAD), which has no body: a server that
    does not know of several ranges would send all of the file. Many of those that do know
    tell it so (nginx, Apache); one that leaves ranges out of account there, as it may, is
    taken for one that does not.
    """

    def __init__(
        self, headers: Callable[[str, dict[str, str]], Any], pool: ThreadPoolExecutor
    ) -> None:
        self._headers = headers
        self._pool = pool
        self._lock = Lock()
        self._hosts: dict[str, tuple[Future[bool], float]] = {}
        self._given_up: set[str] = set()

    def learn(self, answer: Any, size: int, seconds: float) -> None:
        """Begin to find out of the host of this answer, which took so long, unless it is known."""
        host = urlsplit(answer.url).netloc
        if size < PROBED or any(name in answer.headers for name in _NEVER):
            return
        with self._lock:
            if host not in self._hosts:
                probe = self._pool.submit(self._probe, answer.url, size)
                self._hosts[host] = probe, _ANSWERS * seconds + _PATIENCE

    def works(self, url: str) -> bool:
        """Whether a host sends several; if it takes long to say so, it is as if it did not."""
        host = urlsplit(url).netloc
        if host not in self._hosts or host in self._given_up:
            return False
        probe, patience = self._hosts[host]
        try:
            return probe.result(timeout=patience)
        except (TooLate, CancelledError):
            return False

    def give_up(self, url: str) -> None:
        """Take note that a host does not do what it promised."""
        self._given_up.add(urlsplit(url).netloc)

    def _probe(self, url: str, size: int) -> bool:
        try:
            answer = self._headers(url, {"Range": f"bytes=0-0,{size - 1}-{size - 1}"})
        except NoRangesError:
            return False
        kind = str(answer.headers.get("Content-Type", ""))
        return answer.status_code == _PARTIAL and boundary_of(kind) is not None


def batches_of(spans: Sequence[Span], few: int) -> Iterator[Sequence[Span]]:
    """Yield these spans by the requests that they are asked for with: as few as can be at once."""
    count = max(few, -(-len(spans) // MOST_RANGES))
    ends = [len(spans) * number // count for number in range(count + 1)]
    for start, end in pairwise(ends):
        if start < end:
            yield spans[start:end]


def take_parts(
    answer: Any, chunks: Iterator[bytes], spans: Sequence[Span], held: Held, number: int
) -> bool:
    """Take what an answer holds of these spans; return whether that is all.

    The parts may come in any order, and near ones as one. Raises NoRangesError as soon as
    the answer is not what was asked for; what is wrong then is not taken.
    """
    taken: list[Span] = []
    for span, size, content in _parts(answer, chunks, len(spans)):
        twice = _within(span, taken) > 0
        if size != held.size or twice or len(span) - _within(span, spans) > BESIDE:
            msg = "the server sends other ranges than it was asked for"
            raise NoRangesError(msg)
        taken.append(span)
        at = span.start
        for chunk in content:
            held.put(number, at, chunk)
            at += len(chunk)
    return not held.missing(spans)


def _parts(
    answer: Any, chunks: Iterator[bytes], most: int
) -> Iterator[tuple[Span, int, Iterator[bytes]]]:
    """Yield where each part lies, and its bytes; several that became one come without form."""
    boundary = boundary_of(str(answer.headers.get("Content-Type", "")))
    if boundary is not None:
        for part in parts_of(chunks, boundary, most):
            yield part.span, part.size, part.chunks
        return
    found = span_of(answer.headers.get("Content-Range", ""))
    if found is not None:
        yield *found, _no_more(chunks, len(found[0]))


def _no_more(chunks: Iterator[bytes], length: int) -> Iterator[bytes]:
    for chunk in chunks:
        length -= len(chunk)
        if length < 0:
            msg = "the server sends more than it says"
            raise NoRangesError(msg)
        yield chunk


def _within(span: Span, others: Iterable[Span]) -> int:
    """Return how many bytes of a span are among these others, none of which overlap."""
    shared = (min(span.end, other.end) - max(span.start, other.start) for other in others)
    return sum(max(0, length) for length in shared)
