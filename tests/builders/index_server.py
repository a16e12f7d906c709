"""The HTTP side of the index: HEAD, GET, single byte ranges, validators."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

_MODIFIED = "Mon, 01 Jan 2024 00:00:00 GMT"
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked, as tests look at it."""

    method: str
    path: str
    range: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What lies at one path."""

    content: bytes
    kind: str = "application/octet-stream"
    max_age: int = 0

    @property
    def etag(self) -> str:
        """A validator that follows the content."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


class Site(Protocol):
    """Where pages come from and where requests are noted."""

    ranges: bool
    requests: list[Request]

    def page(self, path: str) -> Page | None:
        """Return what lies at a path."""


def chosen_bytes(header: str, size: int) -> tuple[int, int] | None:
    """Return first byte and end of a single range; (0, 0) if it lies outside; None if several."""
    match = _ONE_RANGE.fullmatch(header)
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end) if start < end else (0, 0)


class IndexServer(ThreadingHTTPServer):
    """Serves one site on a free port of the loopback interface."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: IndexServer

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing; tests read `requests`."""

    def _answer(self) -> None:
        site = self.server.site
        path = self.path.partition("?")[0]
        wanted = self.headers.get("Range")
        site.requests.append(Request(method=self.command, path=path, range=wanted))
        page = site.page(path)
        if page is None:
            self._send(HTTPStatus.NOT_FOUND, Page(content=b"not found\n"), b"not found\n")
        elif self.headers.get("If-None-Match") == page.etag:
            self._send(HTTPStatus.NOT_MODIFIED, page, b"")
        elif wanted and site.ranges and self.headers.get("If-Range") in (None, page.etag):
            self._send_range(page, wanted)
        else:
            self._send(HTTPStatus.OK, page, page.content)

    def _send_range(self, page: Page, wanted: str) -> None:
        size = len(page.content)
        chosen = chosen_bytes(wanted, size)
        if chosen is None:  # several ranges: a server may answer with all
            self._send(HTTPStatus.OK, page, page.content)
        elif chosen == (0, 0):
            status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            self._send(status, page, b"", f"bytes */{size}")
        else:
            start, end = chosen
            piece = page.content[start:end]
            where = f"bytes {start}-{end - 1}/{size}"
            self._send(HTTPStatus.PARTIAL_CONTENT, page, piece, where)

    def _send(
        self, status: HTTPStatus, page: Page, content: bytes, where: str | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("ETag", page.etag)
        self.send_header("Last-Modified", _MODIFIED)
        self.send_header("Cache-Control", f"max-age={page.max_age}")
        self.send_header("Content-Type", page.kind)
        self.send_header("Content-Length", str(len(content)))
        if self.server.site.ranges:
            self.send_header("Accept-Ranges", "bytes")
        if where:
            self.send_header("Content-Range", where)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
