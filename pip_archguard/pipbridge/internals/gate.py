"""The gate for what was built: judged after the build, before anything is written."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pip_archguard.model.outcome import Obstacle, Origin
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.internals.refusal import GuardStop, evict
from pip_archguard.pipbridge.internals.requirements import place_of, project_of, wheel_of, wheels_of
from pip_archguard.pipbridge.session import Decision, GuardSession

_LEFT_NO_WHEEL = "pip installs it with `setup.py install`, which leaves no wheel to look at"


class BuildGate:
    """Knows what a resolution left to be built, and judges the wheels that came of it."""

    def __init__(self, session: GuardSession) -> None:
        self._session = session
        self._opened = time.time()
        self._unbuilt: set[str] = set()

    def expect(self, req: Any) -> None:
        """Take note of a requirement that pip has yet to build."""
        self._unbuilt.add(project_of(req))

    def check_buildable(self) -> None:
        """Stop before a build that cannot yield what a refused wheel lacked."""
        if not any(map(self._session.has_refused, self._unbuilt)):
            return
        if lacking := self._session.cannot_build():
            self._session.stop(Obstacle.CANNOT_BUILD_FOR, *lacking)
            raise GuardStop

    def judge(self, reqs: Iterable[Any]) -> None:
        """Judge freshly built wheels; those that cannot load never stay in pip's cache.

        Raises GuardStop if there is one, for nothing better is left to try.
        """
        stopped = False
        order = list(reqs)
        beside = [self._session.judge.read(p, r.link.filename) for r, p in wheels_of(order)]
        for req in order:
            judgement = self._judgement(req, beside)
            if judgement is None:
                continue
            place = place_of(req, hashed=self._session.command.reports.report is not None)
            if self._session.decide(judgement, Origin.BUILT, place) is Decision.KEEP:
                self._session.keep(judgement, Origin.BUILT, place)
                continue
            stopped = True
            if judgement.verdict is Verdict.BROKEN:
                if not req.editable:
                    evict(req)
                self._session.stop(Obstacle.BUILT, judgement.facts.filename)
        if stopped:
            raise GuardStop

    def _judgement(self, req: Any, beside: list[WheelFacts]) -> Judgement | None:
        if not self._session.policy.looks_at(project_of(req)):
            return None
        path = wheel_of(req)
        if project_of(req) not in self._unbuilt and not req.editable:
            return None
        if path is None:
            return self._session.judge.unreadable(project_of(req), _LEFT_NO_WHEEL)
        judgement = self._session.judge.wheel(path, req.link.filename, built=True, beside=beside)
        if req.editable and judgement.verdict is not Verdict.BROKEN:
            # Its wheel may hold no more than a pointer to the source tree.
            return self._editable(req) or judgement
        return judgement

    def _editable(self, req: Any) -> Judgement | None:
        """An editable install imports from the source tree: judge what was built there."""
        if not req.source_dir:
            return None
        from pip_archguard.environment import files_built_since  # noqa: PLC0415 - seldom

        root = Path(req.source_dir)
        suffixes = self._session.targets[0].suffixes
        files = tuple(files_built_since(root, self._opened, suffixes))
        if not files:
            return None
        return self._session.judge.installed(
            project=project_of(req), release="(editable)", root=root, files=files, tags=()
        )
