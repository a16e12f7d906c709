"""Distributions that pip finds installed already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pip_archguard.model.verdict import Judgement
from pip_archguard.pipbridge.session import GuardSession
from pip_archguard.wheels import normal_release


def satisfying_distributions(inner: Any, req_set: Any) -> Iterator[Any]:
    """Yield the installed distributions that a finished resolution relies on."""
    result = getattr(inner, "_result", None)
    if result is None:  # the legacy resolver
        for req in req_set.requirements.values():
            if req.satisfied_by is not None:
                yield req.satisfied_by
        return
    seen = set()
    for candidate in result.mapping.values():
        if getattr(candidate, "is_installed", False):
            dist = getattr(candidate, "base", candidate).dist
            if dist.canonical_name not in seen:
                seen.add(dist.canonical_name)
                yield dist


def judge_distribution(dist: Any, session: GuardSession) -> Judgement | None:
    """Judge an installed distribution from its files; None where pip cannot list them."""
    entries = dist.iter_declared_entries()
    if entries is None or dist.location is None or dist.editable:
        return None
    return session.judge_files(
        project=dist.canonical_name,
        release=normal_release(str(dist.version)),
        root=Path(dist.location),
        files=tuple(entries),
        tags=_wheel_tags(dist),
    )


def _wheel_tags(dist: Any) -> tuple[str, ...]:
    try:
        text = str(dist.read_text("WHEEL"))
    except (OSError, ValueError):
        return ()
    lines = (line.partition(":") for line in text.splitlines())
    return tuple(value.strip() for key, _, value in lines if key.strip().lower() == "tag")
