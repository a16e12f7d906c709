"""Texts that differ between two wheels and may be joined by what they are for."""

from __future__ import annotations

from pathlib import PurePosixPath

MOST_TEXT = 4 << 20
"""Bytes of a text that is read whole; longer ones are data."""

_C_HEADERS = frozenset({".h", ".hh", ".hpp", ".hxx"})
_LICENCES = ("license", "licence", "copying", "notice", "authors")

_C = """\
/* Fused by pip-archguard: this file differs by processor, and each has its own below. */
#if defined(__arm64__) || defined(__aarch64__)
{}
#else
{}
#endif
"""
_LICENCE = """\
The code for arm64 comes with this text:

{}
The code for x86_64 comes with this text:

{}"""


def same_text(one: bytes, other: bytes) -> bool:
    """Whether two texts differ in the ends of their lines at most; data is no text."""
    return is_text(one) and is_text(other) and _unix(one) == _unix(other)


def is_text(content: bytes) -> bool:
    """Whether it is UTF-8 without null bytes."""
    try:
        return "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def is_c_header(path: str) -> bool:
    """Whether compilers include it."""
    return PurePosixPath(path).suffix in _C_HEADERS


def is_licence(inside: str) -> bool:
    """Whether a file of `.dist-info` is legal text: by PEP 639, or by its name before that."""
    name = PurePosixPath(inside).name.lower()
    return inside.startswith("licenses/") or ("/" not in inside and name.startswith(_LICENCES))


def is_bill_of_materials(inside: str) -> bool:
    """Whether a file of `.dist-info` lists what the build was made of (PEP 770)."""
    return inside.startswith("sboms/")


def join_c_headers(arm64: bytes, x86_64: bytes) -> bytes | None:
    """Return a header that is the one for arm64 compilers and the other for all else."""
    return _filled(_C, arm64, x86_64)


def join_licences(arm64: bytes, x86_64: bytes) -> bytes | None:
    """Return both texts, as the file then holds the work that each is about."""
    return _filled(_LICENCE, arm64, x86_64)


def _filled(form: str, arm64: bytes, x86_64: bytes) -> bytes | None:
    if not (is_text(arm64) and is_text(x86_64)):
        return None
    texts = (_unix(text).decode("utf-8").removesuffix("\n") + "\n" for text in (arm64, x86_64))
    return form.replace("{}\n", "{}").format(*texts).encode()


def _unix(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n")
