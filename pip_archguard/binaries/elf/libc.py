"""Which C library a file was linked against, told by what it asks ld.so for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pip_archguard.binaries.elf.dynamic import Dynamic
from pip_archguard.model.libc import Libc

_GLIBC = r"GLIBC_(\d{1,3})\.(\d{1,3})(?:\.\d+)?"
_RELATIVE = ("GLIBC_ABI_DT_RELR", (2, 36))  # the first ld.so that knows such relocations
_OF_GLIBC = ("libc.so.6", "ld-linux", "ld64.so")  # the last one is that of ppc64le and s390x
_OF_MUSL = ("libc.musl-", "ld-musl-")
_OF_ANDROID = frozenset({"libandroid.so", "liblog.so", "libdl.so", "libm.so"})
# What `_FORTIFY_SOURCE` and C23 make of calls of glibc; musl has never had them.
_BEYOND_MUSL = re.compile(rb"\0(__[a-z_]+_chk|__isoc23_[a-z]+)(?=\0)")
_SAMPLE = 3
_NEW = re.compile(rb"\0GLIBC_2\.(?:29|[3-9]\d)\0")
"""The versions after 2.28, which nearly all Linux systems in use have at least."""


def libc_of(dynamic: Dynamic) -> Libc | None:
    """Return the C library; None where the file asks for none.

    musl's is called `libc.musl-x86_64.so.1` on Alpine, and plain `libc.so` elsewhere, as is
    Android's, whose symbols have the version `LIBC`.
    """
    if any(name.startswith(_OF_MUSL) for name in dynamic.needed):
        return Libc.MUSL
    if any(name.startswith(_OF_GLIBC) for name in dynamic.needed) or glibc_of(dynamic):
        return Libc.GLIBC
    if "libc.so" not in dynamic.needed:
        return None
    android = "LIBC" in dynamic.versions or not _OF_ANDROID.isdisjoint(dynamic.needed)
    return Libc.BIONIC if android else Libc.MUSL


def names_new_glibc(content: bytes) -> bool:
    """Whether a version of glibc is named that is not everywhere yet."""
    return _NEW.search(content) is not None


def glibc_of(dynamic: Dynamic) -> tuple[int, int] | None:
    """Return the newest version of glibc that is asked for."""
    return max(_versions(dynamic.versions), default=None)


def beyond_musl(names: bytes) -> tuple[str, ...]:
    """Return some of the names that only glibc has, of those between NULs."""
    found = sorted(_BEYOND_MUSL.findall(names))
    return tuple(name.decode("ascii") for name in found[:_SAMPLE])


def _versions(names: Iterable[str]) -> Iterable[tuple[int, int]]:
    for name in names:
        if name == _RELATIVE[0]:
            yield _RELATIVE[1]
        elif match := re.fullmatch(_GLIBC, name):
            yield int(match[1]), int(match[2])
