"""A file whose beginning is kept, for its dynamic section leads back from its end to there."""

from __future__ import annotations

from pip_archguard.binaries.reader import ByteSource


class HeldSource:
    """A source of which the first bytes are read once; a stream need not begin again for them."""

    def __init__(self, source: ByteSource, length: int) -> None:
        self.size = source.size
        self.beginning = source.read_at(0, length)
        self._source = source
        self.spend = source.spend

    def read_at(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`, fewer only where the file ends."""
        end = min(offset + length, self.size)
        if end <= len(self.beginning):
            return self.beginning[offset:end]
        return self._source.read_at(offset, length)
