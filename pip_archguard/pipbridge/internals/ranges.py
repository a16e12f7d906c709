"""Byte ranges by pip's own session: proxies, credentials, certificates and retries are pip's."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from threading import Lock
from typing import Any

from pip_archguard.errors import ArchGuardError, NoRangesError
from pip_archguard.pipbridge.internals.connections import CONNECTIONS, Connections, translated
from pip_archguard.pipbridge.internals.several import MOST_RANGES, batches_of, take_parts
from pip_archguard.wheels.remote import Held, Span, span_of

_LOG = logging.getLogger(__name__)
_OK, _PARTIAL = 200, 206
_ZIP = b"PK\x03\x04"  # APPNOTE.TXT 4.3.7, with which each wheel begins
_VALIDATORS = ("ETag", "Last-Modified")

_OTHER_RANGE = "the server sends another range than it was asked for"
_OTHER_FILE = "the file on the server is not the same any more"
_CUT = "the server sends less than it says"
_ENCODED = "the server sends the file in another encoding"


class SessionRanges:
    """The parts of the file at one address (see `wheels.remote.Ranges`).

    They belong together if the file is as long, and has the same validators, each time.
    Later requests go where the first one was sent on to.
    """

    def __init__(self, connections: Connections, url: str) -> None:
        self._connections = connections
        self._url = url
        self._validators: tuple[str | None, ...] = ()
        self._whole = Lock()  # held by the one answer that is taken for the whole file

    def tail(self, length: int, held: Held) -> None:
        """Have the last bytes of the file, all of it if it is shorter; tell how long it is."""
        begun = time.monotonic()
        with translated(), self._connections.get(self._url, _asking(f"-{length}")) as response:
            if response.status_code == _OK:
                _take_whole(response, self._connections.chunks(response), held)
                return
            start, end, size = _place(response)
            if end != size or start != max(0, size - length):
                raise NoRangesError(_OTHER_RANGE)
            self._url = response.url
            self._validators = _validators(response)
            self._connections.several.learn(response, size, time.monotonic() - begun)
            chunks = self._connections.chunks(response)
            _take(chunks, Span(start=start, end=end), held, held.begin(size))

    def fetch(self, spans: Sequence[Span], held: Held) -> None:
        """Have these bytes, all requests on their way at the same time.

        If they are more than that, and the server is known to send several in one answer, so
        they are asked for. What does not come so is asked for once more, by itself.
        """
        number = held.number
        left = tuple(spans)
        if self.at_once(len(left)) > CONNECTIONS:
            batches = batches_of(left, CONNECTIONS)
            self._run([partial(self._fetch_several, batch, held, number) for batch in batches])
            left = held.missing(left)
        self._run([partial(self._fetch, span, held, number) for span in left])

    def at_once(self, wanted: int) -> int:
        """Return how many of so many spans come without one waiting for another."""
        many = wanted > CONNECTIONS and self._connections.several.works(self._url)
        return CONNECTIONS * MOST_RANGES if many else CONNECTIONS

    def _run(self, work: Sequence[Callable[[], None]]) -> None:
        others = [self._connections.pool.submit(each) for each in work[1:]]
        errors = [*map(_error_of, work[:1]), *(_error_of(each.result) for each in others)]
        for error in errors:
            if error is not None:
                raise error

    def _fetch_several(self, spans: Sequence[Span], held: Held, number: int) -> None:
        """Have what comes of these bytes in one answer; if it is not all, do not ask so again."""
        headers = self._asking_for(spans)
        try:
            with translated(), self._connections.get(self._url, headers) as response:
                if response.status_code == _PARTIAL and not _is_encoded(response):
                    same = _validators(response) == self._validators
                    chunks = self._connections.chunks(response)
                    if same and take_parts(response, chunks, spans, held, number):
                        return
        except NoRangesError as error:
            _LOG.debug("several ranges of %s cannot be had at once: %s", self._url, error)
        self._connections.several.give_up(self._url)

    def _asking_for(self, spans: Sequence[Span]) -> dict[str, str]:
        headers = _asking(",".join(f"{span.start}-{span.end - 1}" for span in spans))
        etag = self._validators[0]
        if etag and not etag.startswith("W/"):  # RFC 9110, 13.1.5: a strong one only
            headers["If-Range"] = etag
        return headers

    def _fetch(self, span: Span, held: Held, number: int) -> None:
        headers = self._asking_for([span])
        with translated(), self._connections.get(self._url, headers) as response:
            if response.status_code == _OK:
                if self._whole.acquire(blocking=False):
                    _take_whole(response, self._connections.chunks(response), held)
                raise NoRangesError(_OTHER_FILE)
            if _place(response) != (span.start, span.end, held.size):
                raise NoRangesError(_OTHER_RANGE)
            if _validators(response) != self._validators:
                raise NoRangesError(_OTHER_FILE)
            _take(self._connections.chunks(response), span, held, number)


def _error_of(work: Callable[[], None]) -> ArchGuardError | None:
    try:
        work()
    except ArchGuardError as error:
        return error
    return None


def _asking(bytes_: str) -> dict[str, str]:
    return {"Range": f"bytes={bytes_}"}


def _place(response: Any) -> tuple[int, int, int]:
    """Return where the bytes of an answer lie, and how long the file is."""
    found = span_of(response.headers.get("Content-Range", ""))
    if response.status_code != _PARTIAL or found is None or _is_encoded(response):
        msg = f"the server answers {response.status_code} to a request for a range"
        raise NoRangesError(msg)
    span, size = found
    return span.start, span.end, size


def _take(chunks: Iterable[bytes], span: Span, held: Held, number: int) -> None:
    at = span.start
    for chunk in chunks:
        if at + len(chunk) > span.end:
            raise NoRangesError(_OTHER_RANGE)
        held.put(number, at, chunk)
        at += len(chunk)
    if at != span.end:
        raise NoRangesError(_CUT)


def _take_whole(response: Any, chunks: Iterable[bytes], held: Held) -> None:
    """Take the file itself, which came in place of a part of it; nothing is thrown away."""
    said = response.headers.get("Content-Length", "")
    size = int(said) if said.isdecimal() else 0
    if _is_encoded(response):
        raise NoRangesError(_ENCODED)
    held.check(size)
    number = held.begin(size)
    at = 0
    for chunk in chunks:
        held.put(number, at, chunk)
        at += len(chunk)
    if size and at != size:
        held.begin(0)
        raise NoRangesError(_CUT)
    held.end(at)
    if held.read(0, len(_ZIP)) != _ZIP:  # it is a part, whatever the server calls it
        held.begin(0)
        raise NoRangesError(_OTHER_RANGE)


def _is_encoded(response: Any) -> bool:
    return str(response.headers.get("Content-Encoding", "identity")).lower() != "identity"


def _validators(response: Any) -> tuple[str | None, ...]:
    return tuple(response.headers.get(name) for name in _VALIDATORS)
