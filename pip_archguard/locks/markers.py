"""Markers in lock files, evaluated for a target (PEP 508, PEP 751)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.specifiers import SpecifierSet

from pip_archguard.locks.fields import Table
from pip_archguard.model.projects import normal_name

_TRUE, _FALSE = "python_version >= '0'", "python_version < '0'"
_CONFLICT = re.compile(r"""extra (==|!=) (['"])((?:extra|group)-\d+-[^'"]*)\2""")
_MEMBER = re.compile(r"""(['"])([^'"]*)\1\s+(not\s+)?in\s+(extras|dependency_groups)\b""")
_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """For what a lock is read: the environment of the target, extras and dependency groups."""

    environment: tuple[tuple[str, str], ...]
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def holds(table: Table, key: str, text: str, wanted: Wanted, active: Sequence[str] = ()) -> bool:
    """Whether a marker holds; none always does.

    `active` are the names by which uv marks extras and groups that exclude each other. What
    asks for these, or for the sets of PEP 751, is settled first: `packaging` knows the sets
    from version 25 on, and one `extra` at a time.
    Raises UnreadableInputError for what is no marker.
    """
    if not text:
        return True
    if len(text) > _MOST:
        table.fail(key, "is too long")

    def conflict(match: re.Match[str]) -> str:
        return _TRUE if (match[3] in active) == (match[1] == "==") else _FALSE

    def member(match: re.Match[str]) -> str:
        names = wanted.extras if match[4] == "extras" else wanted.groups
        found = normal_name(match[2]) in map(normal_name, names)
        return _FALSE if found == bool(match[3]) else _TRUE

    try:
        marker = Marker(_MEMBER.sub(member, _CONFLICT.sub(conflict, text)))
        return any(_evaluate(marker, wanted, extra) for extra in ("", *wanted.extras))
    except (
        *(InvalidMarker, UndefinedComparison, UndefinedEnvironmentName),
        *(ValueError, RecursionError, KeyError),
    ):
        table.fail(key, f"holds `{text}`, which is no marker")


def fits_python(table: Table, key: str, wanted: Wanted) -> bool:
    """Whether the Python of a target is one that a key asks for; none asks for all."""
    text = table.text(key, "")
    version = dict(wanted.environment)["python_full_version"]
    try:
        return SpecifierSet(text).contains(version, prereleases=True)
    except ValueError:  # InvalidSpecifier is one, and so is what `int` raises for 5,000 digits
        table.fail(key, f"holds `{text}`, which names no versions")


def _evaluate(marker: Marker, wanted: Wanted, extra: str) -> bool:
    return bool(marker.evaluate({**dict(wanted.environment), "extra": extra}))
