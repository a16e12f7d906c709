"""How much of a hostile wheel is read at most: each bound once, with its reason.

Those on one native file are in `binaries.bounds`, those on Python source in `sources.bounds`.
"""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB

MEMBERS = 65_535
"""Files listed in a wheel: what a ZIP without zip64 can list; of 800 wheels, ziglang has 19,525.

zipfile keeps some 600 bytes of each, so this is counted before it reads the list.
"""

DIRECTORY = 8 * MIB
"""Bytes of the list of files, which zipfile reads whole; the longest of 800 wheels takes 1.9 MB."""

NATIVES = 4096
"""Native files read of a wheel; the most of 800 wheels is some 400."""

UNPACKED = 64 * MIB
"""Bytes unpacked of all native files of a wheel, however small it is: a quarter of a second."""

UNPACKED_TIMES = 16
"""How many times its own size a larger wheel may unpack to; usual is 3, at most 8."""

STEPS = 3_000_000
"""Steps to understand the native files of a wheel, and one more for each byte that it is long.

That is some two seconds; of real wheels pyqt6 takes the most, two steps for three bytes.
"""

DEFLATED_TIMES = 1032
"""How many times larger the content of a deflated member can be: a bit for 258 bytes (RFC 1951)."""

BETWEEN = 16 * MIB
"""Bytes that belong to no member which are searched for hidden ones; no real wheel has any."""

COMPARED = 16 * MIB
"""Bytes of members of the same name that are compared; no real wheel has two."""

LZMA_DICTIONARY = 16 * MIB
"""Bytes that a member packed by LZMA may ask to be kept at hand; zipfile writes 8 MiB."""

TOLD = 16
"""Faults of the archive that are told of a wheel: one is enough to refuse it."""


def unpacked_at_most(size: int) -> int:
    """Return how many bytes the native files of a wheel of this size may unpack to."""
    return max(UNPACKED, UNPACKED_TIMES * size)
