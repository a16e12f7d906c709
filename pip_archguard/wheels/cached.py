"""The wheels that pip built itself and keeps in its cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from packaging.tags import parse_tag, sys_tags

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.doctor import Cache, CachedWheel
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Verdict
from pip_archguard.wheels.disk import read_wheel
from pip_archguard.wheels.filename import WheelName, parse_wheel_name
from pip_archguard.wheels.judged import judge_wheel

_MOST_FILES = 20_000
"""Files looked at below the folder; a cache holds one wheel in five folders or so."""


def look_through(folder: Path, target: Target) -> Cache:
    """Judge those cached wheels that pip would take in this process."""
    paths = list(_wheels(folder))
    complete = len(paths) < _MOST_FILES
    if not target.judged:
        return Cache(folder=str(folder), wheels=len(paths), judged=False, complete=complete)
    supported = frozenset(sys_tags())
    poisoned = [
        CachedWheel(filename=path.name, pattern=path.name.removesuffix(".whl"), path=str(path))
        for path in paths
        if _fits(path.name, supported) and _is_broken(path, target)
    ]
    return Cache(folder=str(folder), wheels=len(paths), poisoned=tuple(poisoned), complete=complete)


def _wheels(folder: Path) -> Iterator[Path]:
    seen = 0
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            seen += 1
            if seen > _MOST_FILES:
                return
            if name.endswith(".whl"):
                yield Path(root) / name


def _fits(filename: str, supported: frozenset[object]) -> bool:
    try:
        return not supported.isdisjoint(parse_tag(_tag(parse_wheel_name(filename))))
    except (ArchGuardError, ValueError):  # `packaging` from 26 on refuses some tags
        return False


def _tag(name: WheelName) -> str:
    parts = (name.pythons, name.abis, tuple(name.platforms))
    return "-".join(".".join(part) for part in parts)


def _is_broken(path: Path, target: Target) -> bool:
    try:
        judgement = judge_wheel(path, read_wheel(path), (target,))
    except (ArchGuardError, OSError):
        return False
    return judgement.verdict is Verdict.BROKEN
