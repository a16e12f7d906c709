"""What is wrong with a wheel as an archive: where programs may take other files from it."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from pip_archguard.binaries import UNREADABLE
from pip_archguard.errors import BeyondBoundsError, UnreadableWheelError
from pip_archguard.wheels.bounds import COMPARED, KIB, MIB
from pip_archguard.wheels.end_record import Listed, other_count
from pip_archguard.wheels.layout import Doubt
from pip_archguard.wheels.members import LOCAL_HEADER
from pip_archguard.wheels.paths import doubtful_names
from pip_archguard.wheels.unpacked import open_member

_CHUNK = 64 * KIB
_FAILURES: tuple[type[Exception], ...] = (*UNREADABLE, BeyondBoundsError, UnreadableWheelError)


def doubts_of_list(archive: zipfile.ZipFile, listed: Listed, size: int) -> Iterator[Doubt]:
    """Yield what the list of an archive of this size alone tells; no member is read.

    What is left is no more work than its files are long.
    """
    infos = archive.infolist()
    if doubt := listed.doubt or other_count(listed, len(infos)):
        yield "", doubt
    yield from doubtful_names(infos)
    if sum(info.compress_size for info in infos) > size:
        yield "", "its files lie in the place of one another"


def overlaps(archive: zipfile.ZipFile) -> Iterator[Doubt]:
    """Yield a member that begins before another one ends, as far as the list tells."""
    places = sorted((i.header_offset, i.compress_size, i.filename) for i in archive.infolist())
    for (at, size, _), (following, _, name) in pairwise(places):
        if at + LOCAL_HEADER.size + size > following:
            yield name, "it lies in the place of another file"
            return


def doubtful_twins(archive: zipfile.ZipFile, *, compare: bool) -> Iterator[Doubt]:
    """Yield names that are listed more than once, for different content.

    pip takes the last one each time. Sizes and checksums may be made to agree, so contents
    are compared where they do, if they can be.
    """
    infos = archive.infolist()
    if len(archive.NameToInfo) == len(infos):
        return
    twins: defaultdict[str, list[zipfile.ZipInfo]] = defaultdict(list)
    for info in infos:
        twins[info.filename].append(info)
    left = COMPARED
    for name, same in twins.items():
        for one, other in pairwise(same):
            if (one.CRC, one.file_size) != (other.CRC, other.file_size):
                yield name, "it is there twice, with different content"
                break
            left -= one.file_size
            if left < 0:
                msg = f"more than {COMPARED // MIB} MiB of it are there twice"
                raise BeyondBoundsError(msg)
            if compare and not _alike(archive, one, other):
                yield name, "it is there twice, with different content"
                break


def _alike(archive: zipfile.ZipFile, one: zipfile.ZipInfo, other: zipfile.ZipInfo) -> bool:
    try:
        with open_member(archive, one) as left, open_member(archive, other) as right:
            while chunk := left.read(_CHUNK):
                if chunk != right.read(_CHUNK):
                    return False
            return not right.read(1)
    except _FAILURES:
        return False
