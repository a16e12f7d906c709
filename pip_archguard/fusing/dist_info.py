"""The `.dist-info` of a fused wheel: what is compared, and what is written anew."""

from __future__ import annotations

import base64
import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from pip_archguard import __version__
from pip_archguard.errors import UnfusableError

WHEEL, METADATA, RECORD = "WHEEL", "METADATA", "RECORD"

LEFT_OUT = frozenset(
    {RECORD, "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json"}
)
"""What is true of one file only, or is for an installer to write (PEP 376, 427 and 610)."""

# What decides about an installation; core metadata 2.4, in lower case.
_DECIDING = frozenset(
    {
        *("name", "version", "requires-python", "requires-dist", "provides-extra"),
        *("requires-external", "provides-dist", "obsoletes-dist", "provides", "obsoletes"),
        "requires",
    }
)
_BODY = "description"


def differing_fields(arm64: bytes, x86_64: bytes) -> tuple[str, ...]:
    """Return the fields of METADATA that differ and decide nothing, in lower case.

    Raises UnfusableError where one differs that decides what is installed, and where.
    """
    one, other = _fields(arm64), _fields(x86_64)
    differing = sorted(k for k in {*one, *other} if one.get(k) != other.get(k))
    deciding = [name for name in differing if name in _DECIDING]
    if deciding:
        msg = f"`METADATA` of the two differs in {', '.join(f'`{name}`' for name in deciding)}"
        raise UnfusableError(msg)
    return tuple(differing)


def wheel_file(arm64: bytes, x86_64: bytes, *, tags: Iterable[str]) -> bytes:
    """Return the file WHEEL (PEP 427) for these tags; raises UnfusableError."""
    one, other = _message(arm64), _message(x86_64)
    version = one.get("Wheel-Version", "")
    if version != other.get("Wheel-Version", ""):
        msg = "the two wheels follow different versions of the wheel format"
        raise UnfusableError(msg)
    pure = all(str(m.get("Root-Is-Purelib", "")).lower() == "true" for m in (one, other))
    build = one.get("Build")
    lines = [
        f"Wheel-Version: {version or '1.0'}",
        f"Generator: pip-archguard {__version__}",
        f"Root-Is-Purelib: {str(pure).lower()}",
        *(f"Tag: {tag}" for tag in tags),
        *([f"Build: {build}"] if build else []),
    ]
    return ("\n".join(lines) + "\n").encode()


def record(rows: Iterable[tuple[str, bytes, int]], own_path: str) -> bytes:
    """Return the file RECORD: path, SHA-256 and size of each file (PEP 376 and 427)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")  # quotes as RFC 4180 and pip do
    for path, digest, size in rows:
        encoded = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        writer.writerow((path, f"sha256={encoded}", size))
    writer.writerow((own_path, "", ""))
    return text.getvalue().encode()


def _fields(content: bytes) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in _pairs(_message(content)):
        found[name.lower()].append("\n".join(value.split("\r\n")))
    return {name: tuple(sorted(values)) for name, values in found.items()}


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    for name, value in message.items():
        yield name, str(value).strip()
    yield _BODY, str(message.get_payload()).strip()


def _message(content: bytes) -> Message:
    return BytesParser(policy=compat32).parsebytes(content.replace(b"\r\n", b"\n"))
