"""The first bytes of a file of which the rest is not at hand."""

from __future__ import annotations

from pip_archguard.errors import BeyondBoundsError


class Beginning:
    """A file of this size, of which these bytes can be read; beyond them BeyondBoundsError."""

    def __init__(self, content: bytes, size: int) -> None:
        self.size = size
        self._content = content

    def read_at(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`, fewer only where the file ends."""
        if min(offset + length, self.size) > len(self._content):
            msg = "lies behind what is at hand"
            raise BeyondBoundsError(msg)
        return self._content[offset : offset + length]

    def spend(self, steps: int) -> None:
        """Count nothing: of headers alone there is little to understand."""
