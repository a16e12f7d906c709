"""One entry of the facts cache, as bytes: JSON, compressed, and taken for hostile when read.

Nothing but this is loaded for a wheel of Python alone, of which there is little to say.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pip_archguard.model.binary import Binary

PARSER_VERSION = 3
"""Raised whenever the same bytes of a wheel give other facts, or facts have another form."""

MOST_STORED = 128 * 1024
"""Bytes of one entry; the largest of 152 real wheels (opencv, 100 native files) takes 19 KB."""

MOST_TEXT = 2 * 1024 * 1024
"""Bytes of an entry inflated: that one has 192 KB."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MOST_DIGITS = 10  # cputype and cpusubtype have 32 bits


def is_sha256(text: str) -> bool:
    """Whether this is a hash as indexes and `hashlib` write it."""
    return _SHA256.fullmatch(text) is not None


def packed(sha256: str, binaries: tuple[Binary, ...]) -> bytes | None:
    """Return an entry as it is stored, None if it takes more than the bounds allow."""
    text = text_of(sha256, binaries)
    stored = zlib.compress(text) if len(text) <= MOST_TEXT else None
    return stored if stored is not None and len(stored) <= MOST_STORED else None


def text_of(sha256: str, binaries: tuple[Binary, ...]) -> bytes:
    """Return an entry as JSON in ASCII: always the same for the same facts."""
    form: list[object] = []
    if binaries:
        from pip_archguard.wheels.facts_form import form_of  # noqa: PLC0415 - most have none

        form = form_of(binaries)
    entry = {"parser": PARSER_VERSION, "sha256": sha256, "binaries": form}
    return json.dumps(entry, separators=(",", ":")).encode("ascii")


def unpacked(stored: bytes, sha256: str) -> tuple[Binary, ...]:
    """Return the facts in an entry as it was stored; raises ValueError if it is not sound.

    The checksum of zlib tells what was cut short or damaged.
    """
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(stored, MOST_TEXT + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(stored) > MOST_STORED or not inflater.eof or inflater.unused_data:
        msg = "it is cut short, or too long"
        raise ValueError(msg)
    found, binaries = entry_of(text)
    if found != sha256:
        msg = "it is that of another wheel"
        raise ValueError(msg)
    return binaries


def entry_of(text: bytes) -> tuple[str, tuple[Binary, ...]]:
    """Return hash and facts in the JSON of an entry; raises ValueError if it is not sound."""
    if len(text) > MOST_TEXT:
        msg = "it is too long"
        raise ValueError(msg)
    try:
        entry = _DECODER.decode(text.decode("ascii"))
    except RecursionError as error:
        raise ValueError(str(error)) from error
    if type(entry) is not dict or entry.keys() != {"parser", "sha256", "binaries"}:
        msg = "it is no entry"
        raise ValueError(msg)
    sha256, form = entry["sha256"], entry["binaries"]
    own_version = type(entry["parser"]) is int and entry["parser"] == PARSER_VERSION
    if not own_version or type(sha256) is not str or not _SHA256.fullmatch(sha256):
        msg = "it is of another version, or for nothing"
        raise ValueError(msg)
    if form == []:
        return sha256, ()
    from pip_archguard.wheels.facts_form import binaries_of  # noqa: PLC0415 - most have none

    return sha256, binaries_of(form)


def _number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:  # many take long to convert
        msg = "a number is too long"
        raise ValueError(msg)
    return int(digits)


def _no_number(text: str) -> float:
    msg = f"{text[:_MOST_DIGITS]} is no number of ours"
    raise ValueError(msg)


_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_no_number, parse_constant=_no_number)
