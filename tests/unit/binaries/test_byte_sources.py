from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

import pytest

from pip_archguard.binaries import ByteSource, FileSource, StreamSource
from pip_archguard.binaries.bounds import CHUNK, PULLED_AT_MOST, REOPENINGS, WINDOW, pull_budget
from pip_archguard.errors import BeyondBoundsError, UnreadableWheelError

CONTENT = bytes(range(256)) * 2048  # 512 KiB
FAR = len(CONTENT) - 10


class Forward(io.RawIOBase):
    """A stream that counts what is read and does not seek."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)
        self.largest = 0
        self.total = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        self.largest = max(self.largest, size)
        data = self._content.read(size)
        self.total += len(data)
        return data


class Opener:
    """Opens the same content again and again and remembers the streams."""

    def __init__(self, content: bytes = CONTENT) -> None:
        self.content = content
        self.streams: list[Forward] = []

    def __call__(self) -> IO[bytes]:
        self.streams.append(Forward(self.content))
        return self.streams[-1]  # type: ignore[return-value]


class Broken(io.RawIOBase):
    """A stream that cannot be read, nor sought in."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, _size: int = -1, /) -> bytes:
        raise self._error

    def seek(self, _offset: int, _whence: int = 0, /) -> int:
        raise self._error


def file_source() -> ByteSource:
    return FileSource(io.BytesIO(CONTENT))


def stream_source() -> ByteSource:
    return StreamSource(Opener(), len(CONTENT))


@pytest.mark.parametrize("make", [file_source, stream_source], ids=["file", "stream"])
@pytest.mark.parametrize(
    ("offset", "length"),
    [(0, 16), (5, 0), (100_000, 200_000), (FAR, 10), (0, len(CONTENT))],
    ids=["start", "nothing", "middle", "end", "all"],
)
def test_a_source_gives_the_bytes_at_an_offset(
    make: Callable[[], ByteSource], offset: int, length: int
) -> None:
    content = make().read_at(offset, length)

    assert content == CONTENT[offset : offset + length]


@pytest.mark.parametrize("make", [file_source, stream_source], ids=["file", "stream"])
def test_a_source_gives_less_only_at_its_end(make: Callable[[], ByteSource]) -> None:
    content = make().read_at(FAR, 100)

    assert content == CONTENT[FAR:]


@pytest.mark.parametrize("make", [file_source, stream_source], ids=["file", "stream"])
@pytest.mark.parametrize("past", [7, 1 << 64], ids=["by a little", "where no system can seek"])
def test_a_source_gives_nothing_past_its_end(make: Callable[[], ByteSource], past: int) -> None:
    content = make().read_at(len(CONTENT) + past, 100)

    assert content == b""


@pytest.mark.parametrize("make", [file_source, stream_source], ids=["file", "stream"])
def test_a_source_knows_its_size(make: Callable[[], ByteSource]) -> None:
    size = make().size

    assert size == len(CONTENT)


def test_reading_forward_opens_a_stream_once() -> None:
    opener = Opener()
    source = StreamSource(opener, len(CONTENT))

    for offset in range(0, len(CONTENT), 50_000):
        source.read_at(offset, 1000)

    assert len(opener.streams) == 1


def test_a_stream_is_opened_only_when_it_is_read() -> None:
    opener = Opener()

    StreamSource(opener, len(CONTENT))

    assert opener.streams == []


def test_skipping_pulls_chunks_of_bounded_size() -> None:
    opener = Opener()

    StreamSource(opener, len(CONTENT)).read_at(FAR, 5)

    assert opener.streams[0].largest == CHUNK


def test_a_small_step_back_does_not_reopen_a_stream() -> None:
    opener = Opener()
    source = StreamSource(opener, len(CONTENT))
    source.read_at(300_000, 10)

    content = source.read_at(300_000 - WINDOW // 2, 10)

    assert content == CONTENT[300_000 - WINDOW // 2 :][:10]
    assert len(opener.streams) == 1


def test_a_step_back_into_a_large_read_does_not_reopen_a_stream() -> None:
    opener = Opener()
    source = StreamSource(opener, len(CONTENT))
    source.read_at(0, 200_000)

    content = source.read_at(1, 5)

    assert content == CONTENT[1:6]
    assert len(opener.streams) == 1


def test_a_large_step_back_reopens_a_stream_and_closes_the_old_one() -> None:
    opener = Opener()
    source = StreamSource(opener, len(CONTENT))
    source.read_at(FAR, 5)

    content = source.read_at(3, 5)

    assert content == CONTENT[3:8]
    assert [stream.closed for stream in opener.streams] == [True, False]


def test_going_back_too_often_is_refused() -> None:
    opener = Opener(bytes(200_000))
    source = StreamSource(opener, 10_000_000)
    for _ in range(REOPENINGS):
        source.read_at(199_999, 1)
        source.read_at(0, 1)

    source.read_at(199_999, 1)

    with pytest.raises(BeyondBoundsError, match=f"{REOPENINGS} times"):
        source.read_at(0, 1)


def test_pulling_more_than_the_budget_is_refused() -> None:
    opener = Opener()
    source = StreamSource(opener, len(CONTENT))

    def go_to_and_fro() -> None:
        for _ in range(REOPENINGS):
            source.read_at(FAR, 1)
            source.read_at(0, 1)

    with pytest.raises(BeyondBoundsError, match=f"more than {pull_budget(len(CONTENT))} bytes"):
        go_to_and_fro()
    assert sum(stream.total for stream in opener.streams) <= pull_budget(len(CONTENT))


def test_the_budget_does_not_grow_with_any_size() -> None:
    budget = pull_budget(1 << 60)

    assert budget == PULLED_AT_MOST


def test_a_stream_that_ends_before_its_size_gives_what_there_is() -> None:
    source = StreamSource(Opener(b"short"), 1000)

    contents = (source.read_at(1, 100), source.read_at(500, 10), source.read_at(2, 2))

    assert contents == (b"hort", b"", b"or")


ERRORS = [
    zipfile.BadZipFile("bad CRC-32"),
    zlib.error("invalid block type"),
    OSError("input/output error"),
    EOFError(),
    RuntimeError("encrypted"),
    NotImplementedError("compression type 99"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_an_error_while_opening_is_translated(error: Exception) -> None:
    def fail() -> IO[bytes]:
        raise error

    with pytest.raises(UnreadableWheelError) as caught:
        StreamSource(fail, 10).read_at(0, 1)
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_an_error_while_reading_a_stream_is_translated(error: Exception) -> None:
    source = StreamSource(lambda: Broken(error), 10)  # type: ignore[arg-type, return-value]

    with pytest.raises(UnreadableWheelError) as caught:
        source.read_at(0, 1)
    assert caught.value.__cause__ is error


def test_an_error_in_a_file_is_translated() -> None:
    with pytest.raises(UnreadableWheelError, match="gone"):
        FileSource(Broken(OSError("gone")))  # type: ignore[arg-type]


def test_an_error_without_words_is_named_by_its_type() -> None:
    source = StreamSource(lambda: Broken(EOFError()), 10)  # type: ignore[arg-type, return-value]

    with pytest.raises(UnreadableWheelError, match="EOFError"):
        source.read_at(0, 1)


def test_a_member_with_a_wrong_checksum_is_unreadable() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("m.so", b"content")
    damaged = io.BytesIO(stored.getvalue().replace(b"content", b"CONTENT"))

    with zipfile.ZipFile(damaged) as archive:
        source = StreamSource(lambda: archive.open("m.so"), 7)
        with pytest.raises(UnreadableWheelError, match="CRC"):
            source.read_at(0, 7)


def test_a_member_with_damaged_lzma_data_is_unreadable() -> None:
    pytest.importorskip("lzma", reason="this Python has no lzma")
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("m.so", bytes(range(256)) * 40)
        start = len("m.so") + 30
    content = bytearray(stored.getvalue())
    content[start + 9 : start + 60] = b"\xff" * 51

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        source = StreamSource(lambda: archive.open("m.so"), 256 * 40)
        with pytest.raises(UnreadableWheelError):
            source.read_at(0, 5000)
