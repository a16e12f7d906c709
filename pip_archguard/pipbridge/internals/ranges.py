"""Byte ranges by pip's own session: proxies, credentials, certificates and retries are pip's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import BoundedSemaphore, Event, Lock
from typing import Any
from urllib.parse import urlsplit

from pip._internal.network.utils import HEADERS, response_chunks
from pip._vendor.requests import Request

from pip_archguard.errors import NoRangesError
from pip_archguard.pipbridge.internals.fetching import FAILURES
from pip_archguard.wheels.remote import MOST_AT_ONCE, Held, Span

CONNECTIONS = MOST_AT_ONCE
"""Requests on their way at once, whatever the number of wheels."""

_OK, _PARTIAL = 200, 206
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", re.ASCII)
_ZIP = b"PK\x03\x04"  # APPNOTE.TXT 4.3.7, with which each wheel begins
_VALIDATORS = ("ETag", "Last-Modified")

_NO_CACHE: tuple[type[Exception], ...] = (AttributeError, TypeError, *FAILURES)
"""What comes of asking for a cache where there is none, or where pip's is another by now."""

_OTHER_RANGE = "the server sends another range than it was asked for"
_OTHER_FILE = "the file on the server is not the same any more"
_CUT = "the server sends less than it says"
_ENCODED = "the server sends the file in another encoding"


class Connections:
    """pip's session, used by several threads at once and within a bound.

    The first request to each host is on its way alone: it may ask the user for a password,
    and pip knows it afterwards.
    """

    def __init__(self, session: Any, stop: Event) -> None:
        self._session = session
        self._stop = stop
        self._free = BoundedSemaphore(CONNECTIONS)
        self._lock = Lock()
        self._hosts: dict[str, Lock] = {}
        self._known: set[str] = set()
        self.pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="archguard-range")

    @contextmanager
    def get(self, url: str, headers: dict[str, str]) -> Iterator[Any]:
        """Have the answer to one request, and its connection until it is read."""
        host = urlsplit(url).netloc
        with self._free:
            if host in self._known:
                response = self._ask(url, headers)
            else:
                with self._lock:
                    first = self._hosts.setdefault(host, Lock())
                with first:
                    response = self._ask(url, headers)
                    self._known.add(host)
            try:
                yield response
            finally:
                response.close()

    def chunks(self, response: Any) -> Iterator[bytes]:
        """Yield the bytes of an answer as they lie on the server, until the work is stopped."""
        for chunk in response_chunks(response):
            if self._stop.is_set():
                msg = "it was stopped"
                raise NoRangesError(msg)
            yield chunk

    def is_cached(self, url: str) -> bool:
        """Whether pip's cache has the whole file, so that nothing has to be asked for.

        pip 26 looks for no answer there to a request for a range, and older ones do.
        """
        try:
            controller = self._session.get_adapter(url).controller
            request = self._session.prepare_request(Request("GET", url, headers=HEADERS))
            cached = controller.cached_request(request)
            if cached:
                cached.close()
            return bool(cached)
        except _NO_CACHE:
            return False  # no cache, or that of another pip

    def close(self) -> None:
        """Begin nothing any more; what is on its way comes to its end."""
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self, url: str, headers: dict[str, str]) -> Any:
        return self._session.get(url, headers={**HEADERS, **headers}, stream=True)


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
        with _translated(), self._connections.get(self._url, _asking(f"-{length}")) as response:
            if response.status_code == _OK:
                _take_whole(response, self._connections.chunks(response), held)
                return
            start, end, size = _place(response)
            if end != size or start != max(0, size - length):
                raise NoRangesError(_OTHER_RANGE)
            self._url = response.url
            self._validators = _validators(response)
            chunks = self._connections.chunks(response)
            _take(chunks, Span(start=start, end=end), held, held.begin(size))

    def fetch(self, spans: Sequence[Span], held: Held) -> None:
        """Have these bytes, all requests on their way at the same time."""
        number = held.number
        work = [partial(self._fetch, span, held, number) for span in spans]
        others = [self._connections.pool.submit(each) for each in work[1:]]
        errors = [_error_of(work[0]), *(_error_of(each.result) for each in others)]
        for error in errors:
            if error is not None:
                raise error

    def _fetch(self, span: Span, held: Held, number: int) -> None:
        headers = _asking(f"{span.start}-{span.end - 1}")
        etag = self._validators[0]
        if etag and not etag.startswith("W/"):  # RFC 9110, 13.1.5: a strong one only
            headers["If-Range"] = etag
        with _translated(), self._connections.get(self._url, headers) as response:
            if response.status_code == _OK:
                if self._whole.acquire(blocking=False):
                    _take_whole(response, self._connections.chunks(response), held)
                raise NoRangesError(_OTHER_FILE)
            if _place(response) != (span.start, span.end, held.size):
                raise NoRangesError(_OTHER_RANGE)
            if _validators(response) != self._validators:
                raise NoRangesError(_OTHER_FILE)
            _take(self._connections.chunks(response), span, held, number)


def _error_of(work: Callable[[], None]) -> NoRangesError | None:
    try:
        work()
    except NoRangesError as error:
        return error
    return None


def _asking(bytes_: str) -> dict[str, str]:
    return {"Range": f"bytes={bytes_}"}


def _place(response: Any) -> tuple[int, int, int]:
    """Return where the bytes of an answer lie, and how long the file is."""
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if response.status_code != _PARTIAL or found is None or _is_encoded(response):
        msg = f"the server answers {response.status_code} to a request for a range"
        raise NoRangesError(msg)
    first, last, size = map(int, found.groups())
    if not first <= last < size:
        raise NoRangesError(_OTHER_RANGE)
    return first, last + 1, size


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


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except FAILURES as error:
        raise NoRangesError(str(error) or type(error).__name__) from error
