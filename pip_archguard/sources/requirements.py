"""The distributions that are installed together with another one."""

from __future__ import annotations

import re

from packaging.utils import canonicalize_name

# PEP 376: only the folder at the root is the distribution's own, others are vendored.
_METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
_NAME = re.compile(r"\s*([\w.-]+)", re.ASCII)


def is_metadata(path: str) -> bool:
    """Whether a path inside site-packages is where a distribution says what it requires."""
    return _METADATA.fullmatch(path) is not None


def required_modules(metadata: bytes) -> frozenset[str]:
    """Return the modules that come with what METADATA requires without a condition.

    A distribution may bring modules of other names than its own: those cannot be told.
    """
    found: set[str] = set()
    for line in metadata.decode(errors="replace").splitlines():
        if not line:
            break  # the description follows
        field, _, value = line.partition(":")
        name = _NAME.match(value)
        if field.lower() == "requires-dist" and ";" not in value and name:
            found.add(canonicalize_name(name[1]).replace("-", "_"))
    return frozenset(found)
