"""Distributions that pip finds installed already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pip_archguard.model.verdict import Judgement
from pip_archguard.pipbridge.session import GuardSession
from pip_archguard.wheels import normal_release


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfying:
    """An installed distribution that a resolution leaves in place.

    `named` is true where the user gave a path or URL for it whose version is installed
    already, so that there is something to install in its place.
    """

    dist: Any
    named: bool


def satisfying_distributions(inner: Any, req_set: Any, *, legacy: bool) -> Iterator[Satisfying]:
    """Yield what is installed of the projects that were resolved and will not be installed."""
    if legacy:
        for req in req_set.requirements.values():
            if req.satisfied_by is not None:
                yield Satisfying(dist=req.satisfied_by, named=req.original_link is not None)
        return
    for name, candidate in sorted(inner._result.mapping.items()):
        dist = inner.factory._installed_dists.get(name)
        if dist is not None and name not in req_set.requirements:
            req = candidate.get_install_requirement()
            named = req is not None and req.original_link is not None
            yield Satisfying(dist=dist, named=named)


def judge_distribution(dist: Any, session: GuardSession) -> Judgement | None:
    """Judge an installed distribution from its files; None where pip cannot list them."""
    entries = dist.iter_declared_entries()
    if entries is None or dist.location is None or dist.editable:
        return None
    return session.judge.installed(
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
