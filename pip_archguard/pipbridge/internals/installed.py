"""Distributions that pip finds installed already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pip_archguard.model.outcome import Obstacle, Origin, Place
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.pipbridge.internals import registry
from pip_archguard.pipbridge.internals.requirements import project_of
from pip_archguard.pipbridge.session import Decision, GuardSession
from pip_archguard.wheels import normal_release


class _Satisfying(NamedTuple):
    """An installed distribution that a resolution leaves in place.

    `named` is true where the user gave a path or URL for it whose version is installed
    already, so that there is something to install in its place.
    """

    dist: Any
    named: bool


class Installed:
    """Decides on what is installed and stays: each distribution but once in a run."""

    def __init__(self, session: GuardSession, *, judges: bool, legacy: bool) -> None:
        self._session = session
        self._judges = judges
        self._legacy = legacy
        self._told_mixed_use = False

    def decide(self, inner: Any, req_set: Any) -> set[Decision]:
        """Apply the policy to what a resolution leaves in place, and have the judge know it."""
        session = self._session
        judged = [
            (found, judgement)
            for found in self._unjudged(inner, req_set)
            if (judgement := _judge(found.dist, session)) is not None
            and session.policy.looks_at(found.dist.canonical_name)
        ]
        if judged and not self._told_mixed_use:  # once, and before each of them is told of
            from pip_archguard.pipbridge.mixed import tell_mixed_use  # noqa: PLC0415 - seldom

            judgements = [judgement for _, judgement in judged]
            told = tell_mixed_use(judgements, session.targets, registry.listener())
            self._told_mixed_use = told
        decisions = {self._decide_on(*each) for each in judged}
        reqs = req_set.requirements.values()
        replaced = {project_of(req) for req in reqs if req.satisfied_by is None}
        session.judge.replaces(replaced | session.broken_installed)
        return decisions

    def _unjudged(self, inner: Any, req_set: Any) -> Iterator[_Satisfying]:
        if not self._judges:
            return
        seen = self._session.judged_installed
        for found in _satisfying(inner, req_set, legacy=self._legacy):
            name = found.dist.canonical_name
            if name not in seen:
                seen.add(name)
                yield found

    def _decide_on(self, found: _Satisfying, judgement: Judgement) -> Decision:
        place = Place(location=str(found.dist.location))
        decision = self._session.decide(judgement, Origin.INSTALLED, place)
        if decision is Decision.REFUSE:
            if found.dist.direct_url is not None and not found.named:
                # It came from a path or URL: a project of that name on an index is another one.
                self._session.stop(Obstacle.DIRECT, judgement.facts.filename)
                return Decision.STOP
            self._session.broken_installed.add(found.dist.canonical_name)
        elif decision is Decision.KEEP and judgement.verdict in (Verdict.BROKEN, Verdict.UNKNOWN):
            self._session.keep(judgement, Origin.INSTALLED, place)
        return decision


def _satisfying(inner: Any, req_set: Any, *, legacy: bool) -> Iterator[_Satisfying]:
    """Yield what is installed of the projects that were resolved and will not be installed."""
    if legacy:
        for req in req_set.requirements.values():
            if req.satisfied_by is not None:
                yield _Satisfying(dist=req.satisfied_by, named=req.original_link is not None)
        return
    for name, candidate in sorted(inner._result.mapping.items()):
        dist = inner.factory._installed_dists.get(name)
        if dist is not None and name not in req_set.requirements:
            req = candidate.get_install_requirement()
            named = req is not None and req.original_link is not None
            yield _Satisfying(dist=dist, named=named)


def _judge(dist: Any, session: GuardSession) -> Judgement | None:
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
