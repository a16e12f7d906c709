"""pip's session, used by several threads at once and within a bound."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import BoundedSemaphore, Event, Lock
from typing import Any
from urllib.parse import urlsplit

from pip._internal.network.utils import HEADERS, response_chunks
from pip._vendor.requests import Request

from pip_archguard.errors import NoRangesError
from pip_archguard.pipbridge.internals.fetching import FAILURES
from pip_archguard.pipbridge.internals.several import Several
from pip_archguard.wheels.remote import MOST_AT_ONCE

CONNECTIONS = MOST_AT_ONCE
"""Requests on their way at once, whatever the number of wheels."""

_SOON = 3
"""Seconds after which an answer comes too late that only tells how to ask for the next."""

_NO_CACHE: tuple[type[Exception], ...] = (AttributeError, TypeError, *FAILURES)
"""What comes of asking for a cache where there is none, or where pip's is another by now."""


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
        self.several = Several(self._headers, self.pool)

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

    def _headers(self, url: str, headers: dict[str, str]) -> Any:
        """Return an answer without its body, if that comes soon."""
        with self._free, translated():
            return self._session.head(url, headers={**HEADERS, **headers}, timeout=_SOON)


@contextmanager
def translated() -> Iterator[None]:
    """Have what goes wrong on the way told as NoRangesError."""
    try:
        yield
    except FAILURES as error:
        raise NoRangesError(str(error) or type(error).__name__) from error
