"""A server of files that can misbehave in each way that byte ranges allow, and keeps a log."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from builders.index_server import chosen_bytes
from builders.moods import Mood
from builders.several_ranges import Manner, answer_to

_POLL_SECONDS = 0.02
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One request, the bytes of the body that were sent, and when it came and was answered."""

    path: str
    range: str | None
    status: int
    start: int
    sent: int
    came: float
    done: float


class RangeServer(ThreadingHTTPServer):
    """Serves files from memory at `/files/NAME`; `/moved/NAME` leads there.

    `latency` is waited before each answer, and `bandwidth` shared by all that are on their
    way: bytes in a second. Both are for benchmarks. `manner` is how it answers a request for
    several ranges, and `probes` are those of them that asked for headers alone.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mood = Mood.HONEST
        self.manner = Manner.UNKNOWN
        self.probes: list[str] = []
        self.served_by = ""
        self.validators = True
        self.max_age = 0
        self.latency = 0.0
        self.bandwidth = 0.0
        self.files: dict[str, bytes] = {}
        self.log: list[Answer] = []
        self._lock = threading.Lock()
        self._busy_until = 0.0

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that has heard enough."""

    @property
    def url(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, name: str, content: bytes) -> str:
        """Serve a file; return its address."""
        self.files[name] = content
        return f"{self.url}/files/{name}"

    @property
    def sent(self) -> int:
        """Bytes of files that were sent so far."""
        return sum(answer.sent for answer in self.log)

    def trips(self) -> int:
        """Return the length of the longest sequence of requests, each after the one before."""
        trips, done = 0, 0.0
        for answer in sorted(self.log, key=lambda a: a.done):
            if answer.came >= done:
                trips, done = trips + 1, answer.done
        return trips

    def sent_twice(self) -> int:
        """Return how many bytes of files were sent more than once."""
        twice = 0
        for path in {answer.path for answer in self.log}:
            spans = sorted((a.start, a.start + a.sent) for a in self.log if a.path == path)
            end = 0
            for first, last in spans:
                twice += max(0, min(end, last) - first)
                end = max(end, last)
        return twice

    def pace(self, length: int) -> None:
        """Wait as long as so many bytes take, after all that others send."""
        if self.bandwidth:
            with self._lock:
                begin = max(self._busy_until, time.perf_counter())
                self._busy_until = begin + length / self.bandwidth
            time.sleep(max(0.0, self._busy_until - time.perf_counter()))


@dataclass(slots=True, kw_only=True)
class _Reply:
    status: HTTPStatus
    body: bytes
    headers: dict[str, str]
    start: int = 0
    told: int | None = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: RangeServer

    def do_HEAD(self) -> None:
        server = self.server
        time.sleep(server.latency)
        wanted = self.headers.get("Range", "")
        server.probes.append(wanted)
        content = server.files.get(self.path.rpartition("/")[2], b"")
        told = Manner.ALL if server.manner is Manner.ONLY_TOLD else server.manner
        several = answer_to(wanted, content, told) if "," in wanted else None
        self.send_response(several.status if several else HTTPStatus.OK)
        for name, value in (several.headers if several else {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(several.body if several else content)))
        self.end_headers()

    def _send_several(self, content: bytes, wanted: str, came: float) -> bool:
        """Answer a request for several ranges, unless it is to have the whole file."""
        several = answer_to(wanted, content, self.server.manner)
        if several is None:
            return False
        headers = {**self._validators(content), **several.headers}
        cut = self.server.manner is Manner.CUT
        told = 2 * len(several.body) if cut else None
        status = HTTPStatus(several.status)
        reply = _Reply(status=status, body=several.body, headers=headers, told=told)
        self._send(reply, wanted, came, several.spans)
        return True

    def do_GET(self) -> None:
        came = time.perf_counter()
        server = self.server
        if self.path.startswith("/moved/"):
            where = {"Location": self.path.replace("/moved/", "/files/")}
            self._send(_Reply(status=HTTPStatus.FOUND, body=b"", headers=where), None, came)
            return
        time.sleep(server.latency)
        wanted = self.headers.get("Range")
        content = server.files.get(self.path.rpartition("/")[2])
        if content is None:
            self._send(_Reply(status=HTTPStatus.NOT_FOUND, body=b"", headers={}), wanted, came)
            return
        first = not any(answer.range for answer in server.log)
        many = wanted is not None and "," in wanted
        if many and wanted and self._send_several(content, wanted, came):
            return
        if wanted is None or many or server.mood is Mood.IGNORES:
            self._send(self._whole(content), wanted, came)
            return
        if server.mood is Mood.DROPS or (server.mood is Mood.DROPS_LATER and not first):
            self.close_connection = True
            return
        changes = server.mood in (Mood.CHANGES, Mood.CHANGES_AT_ONCE) and not first
        if changes:
            content = bytes(content[:-1]) + b"!!"
        reply = self._part(content, wanted)
        if server.mood is Mood.CHANGES_AT_ONCE and self.headers.get("If-Range") not in (
            None,
            reply.headers.get("ETag"),
        ):
            reply = self._whole(content)
        self._send(self._spoilt(reply, len(content), first=first), wanted, came)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing; tests read the log."""

    def _whole(self, content: bytes) -> _Reply:
        return _Reply(status=HTTPStatus.OK, body=content, headers=self._validators(content))

    def _part(self, content: bytes, wanted: str) -> _Reply:
        start, end = chosen_bytes(wanted, len(content)) or (0, len(content))
        headers = {
            **self._validators(content),
            "Content-Range": f"bytes {start}-{end - 1}/{len(content)}",
        }
        status = HTTPStatus.PARTIAL_CONTENT
        return _Reply(status=status, body=content[start:end], headers=headers, start=start)

    def _validators(self, content: bytes) -> dict[str, str]:
        if not self.server.validators:
            return {}
        return {"ETag": _etag(content), "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}

    def _spoilt(self, reply: _Reply, size: int, *, first: bool) -> _Reply:
        end = reply.start + len(reply.body)
        match self.server.mood:
            case Mood.PART_AS_WHOLE:
                reply.status = HTTPStatus.OK
                del reply.headers["Content-Range"]
            case Mood.CANNOT:
                reply.status, reply.body = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b""
                reply.headers["Content-Range"] = f"bytes */{size}"
            case Mood.FORBIDS:
                reply.status, reply.body = HTTPStatus.FORBIDDEN, b""
            case Mood.OTHER_RANGE:
                reply.headers["Content-Range"] = f"bytes {reply.start + 1}-{end - 1}/{size}"
            case Mood.SHORT:
                reply.told, reply.body = len(reply.body), reply.body[: len(reply.body) // 2]
            case Mood.LONG:
                reply.body += b"more"
            case Mood.LENGTH_UNKNOWN:
                reply.headers["Content-Range"] = f"bytes {reply.start}-{end - 1}/*"
            case Mood.LENGTH_VARIES if not first:
                reply.headers["Content-Range"] = f"bytes {reply.start}-{end - 1}/{size + 7}"
            case Mood.ENDLESS:
                huge = 999_999_999_999_999
                place = f"bytes {huge - len(reply.body)}-{huge - 1}/{huge}"
                reply.headers["Content-Range"] = place
            case Mood.MULTIPART:
                reply.headers["Content-Type"] = "multipart/byteranges; boundary=x"
                del reply.headers["Content-Range"]
            case Mood.ENCODES:
                reply.headers["Content-Encoding"] = "gzip"
            case _:
                pass
        return reply

    def _send(
        self,
        reply: _Reply,
        wanted: str | None,
        came: float,
        spans: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        length = len(reply.body) if reply.told is None else reply.told
        if self.server.served_by:
            self.send_header("X-Served-By", self.server.served_by)
        self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", f"max-age={self.server.max_age}")
        self.end_headers()
        # The log is complete before the last byte is: whoever has that may look.
        body = reply.body
        for at in range(0, max(0, len(body) - 1), _PIECE):
            piece = body[at : min(at + _PIECE, len(body) - 1)]
            self.server.pace(len(piece))
            self.wfile.write(piece)
        done = time.perf_counter()
        self.server.log += [
            Answer(
                path=self.path,
                range=wanted,
                status=reply.status,
                start=start,
                sent=end - start,
                came=came,
                done=done,
            )
            for start, end in spans or [(reply.start, reply.start + len(body))]
        ]
        self.wfile.write(body[-1:])
        if reply.told is not None:
            self.close_connection = True


@lru_cache
def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


@contextmanager
def serving() -> Iterator[RangeServer]:
    """Serve nothing yet, until the end."""
    server = RangeServer()
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
