"""Choices taken from bytes, so that what a fuzzer changes is a structure and not only bytes.

Whatever the bytes are they stand for something, and at their end all is 0: a fuzzer need
not know the form, and the inputs that are kept are read without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Taken:
    """Bytes that are taken one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes were not taken yet."""
        return len(self._data) - self._at

    def number(self, size: int = 1) -> int:
        """Return a number of so many bytes."""
        return int.from_bytes(self.raw(size).ljust(size, b"\0"), "little")

    def below(self, bound: int) -> int:
        """Return a number below a bound, which is at most 256."""
        return self.number() % bound

    def flag(self) -> bool:
        """Return true or false."""
        return bool(self.number() & 1)

    def pick(self, choices: Sequence[_T]) -> _T:
        """Return one of the choices, of which there are at most 256."""
        return choices[self.below(len(choices))]

    def raw(self, size: int) -> bytes:
        """Return so many bytes, fewer at the end."""
        found = self._data[self._at : self._at + size]
        self._at += len(found)
        return found

    def some(self) -> bytes:
        """Return bytes after two that say how many there are."""
        return self.raw(self.number(2))

    def word(self) -> str:
        """Return a short text after one byte that says how long it is."""
        return self.raw(self.number()).decode("utf-8", "replace")

    def rest(self) -> bytes:
        """Return all that is left."""
        return self.raw(self.left)

    def patched(self, content: bytes, most: int = 6) -> bytes:
        """Return the content with a few bytes overwritten, or cut off."""
        changed = bytearray(content)
        for _ in range(self.below(most + 1)):
            at, value = self.number(2), self.raw(1 << self.below(4))
            if changed:
                at %= len(changed)
                changed[at : at + len(value)] = value[: len(changed) - at]
        if self.number() == 0xFF:
            del changed[self.number(2) :]
        return bytes(changed)


def choices(*numbers: int) -> bytes:
    """Return bytes from which these numbers, of one byte each, are taken again."""
    return bytes(numbers)


def counted(content: bytes) -> bytes:
    """Return bytes that `Taken.some` takes as this content."""
    return len(content).to_bytes(2, "little") + content


def worded(text: str) -> bytes:
    """Return bytes that `Taken.word` takes as this text."""
    content = text.encode()
    return bytes([len(content)]) + content
