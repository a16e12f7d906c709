"""Of one release, a wheel that works fully comes before one that works without its extension."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pip._internal.utils.misc import redact_auth_from_url

from pip_archguard.model.outcome import Origin, Place
from pip_archguard.model.policy import Mode
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.verdict import Judgement
from pip_archguard.pipbridge.internals.refusal import FactoryFilter
from pip_archguard.pipbridge.internals.requirements import origin_of, project_of
from pip_archguard.pipbridge.session import GuardSession

if TYPE_CHECKING:  # few runs choose anew, or fuse
    from pip_archguard.model.choice import Choice
    from pip_archguard.pipbridge.internals.fusion import Fusion

_PIPS_WORDS = "pip._internal.resolution.resolvelib.factory"
"""The logger by which pip says why nothing can be resolved."""


class Preference:
    """Passes over degraded wheels as long as that costs nothing.

    Another wheel of the release is tried in a resolution of its own. It is taken if it
    works fully and all else stays as pip resolved it before; in any other case what was
    passed over is taken back, and never passed over again. The legacy resolver has no
    filter: it would have to begin anew for each try.
    """

    def __init__(
        self,
        session: GuardSession,
        inner: Any,
        filter_: FactoryFilter | None,
        fusion: Fusion | None = None,
    ) -> None:
        self._session = session
        self._inner = inner
        self._filter = filter_
        self._fusion = fusion
        self._resolved: dict[str, str] = {}
        self._passed_over: dict[str, tuple[tuple[str, Judgement], ...]] = {}
        self._settled: set[str] = set()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Keep back what pip says of a resolution that fails, if another one follows."""
        logger = logging.getLogger(_PIPS_WORDS)
        before, logger.disabled = logger.disabled, bool(self._passed_over) or logger.disabled
        try:
            yield
        finally:
            logger.disabled = before

    def wants_another(self, judged: Iterable[tuple[Any, Judgement]]) -> bool:
        """Whether pip shall resolve again; `judged` is a resolution of loadable wheels."""
        if self._filter is None:
            return False
        wheels, resolved = list(judged), self._releases()
        if not self._passed_over:
            self._resolved = resolved
        from_index = {project_of(req) for req, _ in wheels if origin_of(req) is Origin.INDEX}
        if resolved != self._resolved or not from_index.issuperset(self._passed_over):
            return self.take_back()
        tried = [self._tries_another(req, judgement) for req, judgement in wheels]
        return any(tried)

    def fell(self, req: Any) -> None:
        """Take back what was passed over, if the wheel refused now was the last of its release."""
        project = project_of(req)
        if project in self._passed_over and not self._has_other_wheel(req):
            self._restore(project)

    def take_back(self) -> bool:
        """Let pip have all that was passed over; return whether there was anything."""
        restored = [self._restore(project) for project in tuple(self._passed_over)]
        return any(restored)

    def passed_over(self, project: str) -> bool:
        """Whether a loadable wheel of this project was passed over for a better one."""
        return project in self._passed_over

    def tell(self, choice: Choice) -> None:
        """Tell what was taken in the place of a wheel that was passed over."""
        for url, first in self._passed_over.pop(choice.project, ())[:1]:
            self._session.prefer(choice, first, Place(location=redact_auth_from_url(url)))

    def _tries_another(self, req: Any, judgement: Judgement) -> bool:
        project = project_of(req)
        passed = self._passed_over.get(project, ())
        faults = _faults(judgement)
        if faults <= (_faults(passed[0][1]) if passed else faults) - {Reason.DEGRADED}:
            return False
        url = req.link.url_without_fragment
        fix = self._session.policy.mode is Mode.FIX and origin_of(req) is Origin.INDEX
        if not fix or url in self._settled or not self._has_better(req, judgement):
            return self._restore(project)
        self._session.refused_links.add(url)
        self._passed_over[project] = (*passed, (url, judgement))
        if self._filter is not None:
            self._filter.confined[project] = judgement.facts.release
        return True

    def _restore(self, project: str) -> bool:
        passed = self._passed_over.pop(project, ())
        for url, _ in passed:
            self._session.refused_links.discard(url)
            self._settled.add(url)
        if self._filter is not None:
            self._filter.confined.pop(project, None)
        return bool(passed)

    def _has_better(self, req: Any, judgement: Judgement) -> bool:
        if self._has_other_wheel(req):
            return True
        if self._fusion is None or self._filter is None:
            return False
        return self._fusion.betters(req, judgement, self._filter)

    def _has_other_wheel(self, req: Any) -> bool:
        return self._filter is not None and self._filter.has_other_wheel(req)

    def _releases(self) -> dict[str, str]:
        """Return what pip resolved to, with what is installed already and stays."""
        return {name: str(c.version) for name, c in self._inner._result.mapping.items()}


def _faults(judgement: Judgement) -> frozenset[Reason]:
    return frozenset(f.reason for f in judgement.findings if f.severity is not Severity.INFO)
