"""Where in a wheel the bytes lie that judging it takes."""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import BinaryIO

from pip_archguard.binaries import BEGINNING, FIRST, UNREADABLE, identify, reach_of
from pip_archguard.binaries.bounds import LONE_SLICE
from pip_archguard.errors import BeyondBoundsError, UnreadableWheelError
from pip_archguard.model.binary import Binary
from pip_archguard.model.format import Format
from pip_archguard.model.naming import arch_named_tail
from pip_archguard.wheels.members import beginning_of, head_of
from pip_archguard.wheels.native import read_member
from pip_archguard.wheels.remote.names import is_passed_over, suffix_of
from pip_archguard.wheels.remote.spans import Span

_LIBRARY_NAMES = frozenset({".so", ".dylib", ".pyd", ".dll"})
_NUMBERED = re.compile(r".*\.so(?:\.\d+)+", re.DOTALL)
_LOCAL_HEADER = 30  # APPNOTE.TXT 4.3.7, without name and extra field
_EXTRA = 128
"""Bytes of an extra field that are counted on: real ones have 0 to 40."""

_TOLD = 512
"""Bytes that `head_of` reads of a member, its local header among them."""

_LONG_NAME = 256
"""Bytes of a name beyond which these may not be enough for it."""

_STEP = 4096
"""zipfile reads no less of a compressed member at once (`ZipExtFile.MIN_READ_SIZE`)."""

_LICENCE = 64 * 1024
"""Bytes beyond which what has no suffix, or a number, is rather a program than text."""

_HUGE = 64 * 1024 * 1024
"""Bytes beyond which a library may have load commands of more than one step."""

_AT_LEAST = 64 * 1024
_UNEVEN = 1.25
"""So many times its share of a file may its beginning take: code shrinks less than tables."""

_SOURCE = (".py", ".dist-info/METADATA")
_FAILURES: tuple[type[Exception], ...] = (
    *UNREADABLE,
    BeyondBoundsError,
    UnreadableWheelError,
)
_DIRECT = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """A native member: how far its load commands reach, and how far its symbols.

    It is of no `format` if its first bytes cannot be read; `binary` is what it declares,
    if that was read, with symbols if it is here as a `whole`.
    """

    info: zipfile.ZipInfo
    format: Format | None = None
    commands: int = 0
    needed: int = 0
    whole: bool = False
    binary: Binary | None = None

    @property
    def is_large(self) -> bool:
        """Whether it is so large a file of one slice that its symbols are never read."""
        small = self.info.file_size <= LONE_SLICE or self.format is not Format.MACH_O
        return not small and self.needed == self.commands < self.info.file_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The members of a wheel, those that may be native, and where one may end at the latest."""

    infos: tuple[zipfile.ZipInfo, ...]
    looked_at: tuple[zipfile.ZipInfo, ...]
    ends: tuple[int, ...]
    known: frozenset[int]
    """The `id` of each that may be native, for they are asked for by the thousand."""

    def first(self, spare: float) -> Iterator[Span]:
        """Yield what tells the natives from others, and with it what libraries need anyway.

        What is small and has the name of a library is taken whole, for so will be asked.
        Beside large ones it may do without (see `symbols_decide`), and is taken whole only
        if all the small ones are no more than `spare` bytes.
        """
        named = [i for i in self.looked_at if _has_library_name(i)]
        small = [i for i in named if i.file_size <= LONE_SLICE]
        whole = len(small) == len(named) or sum(i.compress_size for i in small) <= spare
        for info in self.looked_at:
            if not _has_library_name(info):
                told = _STEP if _may_be_program(info) else _told(info)
                yield self.span(info, None if _is_strange(info) else told)
            elif _is_strange(info) or (whole and info.file_size <= LONE_SLICE):
                yield self.span(info)
            else:
                yield self.span(info, 2 * _STEP if info.file_size > _HUGE else _STEP)

    def natives(
        self,
        archive: zipfile.ZipFile,
        stream: BinaryIO,
        is_here: Callable[[Span], bool],
        before: Iterable[Native] = (),
    ) -> Iterator[Native]:
        """Yield the native members, once the first bytes of all can be read.

        What they declare is read of those that are here far enough, unless that was so
        `before`, and no more of them is here by now.
        """
        read = {id(native.info): native for native in before if native.binary is not None}
        for info in self.looked_at:
            known = read.get(id(info))
            if known is not None and (known.whole or not is_here(self.span(info))):
                yield known
                continue
            try:
                first = head_of(archive, info, beginning_of(stream, info), FIRST)
                found = identify(first)
                if found is None:
                    continue
                if found is not Format.MACH_O and is_here(self.span(info, _STEP)):
                    first = head_of(archive, info, beginning_of(stream, info), BEGINNING)
                ends = reach_of(first, info.file_size, symbols=False)
                needed = reach_of(first, info.file_size)
                whole = is_here(self.span(info))
                binary = None
                at_hand = whole or is_here(self.needing(info, ends))
                if at_hand and found is Format.MACH_O:  # the others decide nothing for others
                    binary = read_member(archive, info, symbols=whole)
            except _FAILURES:
                yield Native(info=info)
                continue
            yield Native(
                info=info, format=found, commands=ends, needed=needed, whole=whole, binary=binary
            )

    def then(self, natives: Iterable[Native], *, symbols: Container[str] | None) -> Iterator[Span]:
        """Yield what the natives need, with the symbols of these or of all.

        Where one is called after an architecture, the Python source is among it (see
        `mark_named_in_source`).
        """
        named = False
        for native in natives:
            info = native.info
            if native.format is None:
                yield self.span(info)
                continue
            if native.format is Format.MACH_O and arch_named_tail(info.filename) is not None:
                named = True
            with_symbols = symbols is None or info.filename in symbols
            needed = native.needed if with_symbols else native.commands
            yield self.needing(info, needed)
        if named:
            yield from self.sources()

    def sources(self, most: float = inf) -> Iterator[Span]:
        """Yield the Python source, and what says what the wheel is installed with.

        There is nothing if that is more than so many bytes.
        """
        found = [info for info in self.infos if info.filename.endswith(_SOURCE)]
        if sum(info.compress_size for info in found) <= most:
            yield from map(self.span, found)

    def needing(self, info: zipfile.ZipInfo, inflated: int) -> Span:
        """Return where the bytes lie that reading the first ones of a member takes.

        Of many it is what they will take by their share of the file, and a bit more; where
        that is not enough, the rest is fetched once it is read.
        """
        if inflated >= info.file_size:
            return self.span(info)
        share = inflated / info.file_size * info.compress_size
        many = _AT_LEAST + int(_UNEVEN * share)
        return self.span(info, min(_compressed(inflated), many))

    def span(self, info: zipfile.ZipInfo, compressed: int | None = None) -> Span:
        """Return where a member lies, or as many of its compressed bytes."""
        start = info.header_offset
        size = info.compress_size if compressed is None else min(compressed, info.compress_size)
        # How long its own header is, only that tells.
        end = start + _LOCAL_HEADER + _name_length(info) + _EXTRA + size
        following = bisect_right(self.ends, start)
        if following < len(self.ends):
            end = min(end, self.ends[following])
        return Span(start=start, end=max(end, start + _TOLD))


def members_of(archive: zipfile.ZipFile) -> Members:
    """Return the members of an archive of which the directory is read."""
    infos = tuple(archive.infolist())
    looked_at = tuple(filter(is_looked_at, infos))
    return Members(
        infos=infos,
        looked_at=looked_at,
        known=frozenset(map(id, looked_at)),
        ends=tuple(sorted({*(i.header_offset for i in infos), archive.start_dir})),
    )


def is_looked_at(info: zipfile.ZipInfo) -> bool:
    """Whether a member may be a native file: it is not empty, and not text by its name."""
    # `ZipInfo.is_dir` of Python up to 3.11 raises IndexError for an empty name.
    name = info.filename
    return info.file_size > 0 and not name.endswith("/") and not is_passed_over(name)


def _has_library_name(info: zipfile.ZipInfo) -> bool:
    suffix = suffix_of(info.filename)
    return suffix in _LIBRARY_NAMES or (
        suffix[1:].isdigit() and _NUMBERED.fullmatch(info.filename) is not None
    )


def _may_be_program(info: zipfile.ZipInfo) -> bool:
    suffix = suffix_of(info.filename)
    return info.file_size > _LICENCE and (not suffix or suffix[1:].isdigit())


def _is_strange(info: zipfile.ZipInfo) -> bool:
    return info.compress_type not in _DIRECT


def _name_length(info: zipfile.ZipInfo) -> int:
    return len(info.orig_filename.encode(errors="surrogateescape"))


def _told(info: zipfile.ZipInfo) -> int:
    return 0 if _name_length(info) <= _LONG_NAME else _STEP


def _compressed(inflated: int) -> int:
    """Return how many compressed bytes zipfile reads at most for as many inflated ones."""
    return _STEP if inflated <= _STEP else _STEP + max(inflated - _STEP, _STEP)
