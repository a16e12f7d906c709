"""The wheels of a resolution: on disk, or judged where they lie on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pip._internal.exceptions import PipError

from pip_archguard.model.verdict import Judgement
from pip_archguard.pipbridge.internals.requirements import project_of, verified_sha256, wheels_of
from pip_archguard.pipbridge.session import GuardSession

if TYPE_CHECKING:  # few runs need it
    from pip_archguard.pipbridge.internals.afar import Afar

_SERVERS = ("http", "https")

Judged = tuple[Any, Judgement]
"""A requirement and the judgement on its wheel."""


class WheelsAtHand:
    """Brings what pip resolved to within reach, and judges it."""

    def __init__(self, preparer: Any, finder: Any, session: GuardSession) -> None:
        self._preparer = preparer
        self._finder = finder
        self._session = session
        self._afar: Afar | None = None

    def bring(self, req_set: Any) -> None:
        """Have pip download now what it would download three lines later.

        From pip 25.3 on (and with fast-deps) only metadata is there after `resolve`.
        The flag is cleared on all, or pip and our next round would download again.
        """
        reqs = list(req_set.requirements.values())
        waiting = [r for r in reqs if r.needs_more_preparation and not r.local_file_path]
        waiting = self._sifted(waiting)
        if waiting:
            try:
                self._preparer.prepare_linked_requirements_more(waiting)
            except (PipError, OSError):
                # Some may be there with their hashes unchecked: pip has to begin anew.
                for req in waiting:
                    req.local_file_path = None
                raise
        for req in reqs:
            req.needs_more_preparation = False

    def judged(self, req_set: Any) -> list[Judged]:
        """Judge each requirement whose wheel is at hand and looked at."""
        judge, afar = self._session.judge, self._afar
        reqs = req_set.requirements.values()
        wheels: list[tuple[Any, Any]] = list(wheels_of(reqs))
        if afar is not None:
            wheels = [(req, path) for req in reqs if (path := afar.wheel_of(req)) is not None]
        beside = [
            judge.read(path, req.link.filename, sha256=verified_sha256(req)) for req, path in wheels
        ]
        return [
            (
                req,
                judge.wheel(path, req.link.filename, beside=beside)
                if afar is None
                else afar.judged(req, beside),
            )
            for req, path in wheels
            if self._session.policy.looks_at(project_of(req))
        ]

    def close(self) -> None:
        """Leave nothing behind."""
        if self._afar is not None:
            self._afar.close()

    def _sifted(self, waiting: list[Any]) -> list[Any]:
        """Return what pip has to fetch now; some wheels are judged where they lie instead.

        All are, if the run fetches nothing. Else those of a project of which a wheel was
        refused: the next one may be no better. To look at any other would cost a good run.
        A lock needs a hash of each file: one that the index does not give takes the file.
        """
        needed = self._session.command.fetches
        asked = [r for r in waiting if not needed or self._session.has_refused(project_of(r))]
        asked = [r for r in asked if r.link.is_wheel and r.link.scheme in _SERVERS and r.link.hash]
        if not asked:
            return waiting
        if self._afar is None:
            from pip_archguard.pipbridge.internals.afar import Afar  # noqa: PLC0415 - few runs

            self._afar = Afar(self._session.judge, self._finder, self._preparer)
        return [r for r in waiting if r not in asked] + self._afar.sift(asked, needed=needed)
