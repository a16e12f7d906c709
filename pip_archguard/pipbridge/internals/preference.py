"""Of one release, a wheel that works fully comes before one that works without its extension."""

from __future__ import annotations

from typing import Any

from pip_archguard.model.event import Choice, Origin
from pip_archguard.model.policy import Mode
from pip_archguard.model.verdict import Judgement, Reason
from pip_archguard.pipbridge.internals.refusal import FactoryFilter, LegacyFilter
from pip_archguard.pipbridge.internals.requirements import project_of
from pip_archguard.pipbridge.session import GuardSession

_Release = tuple[str, str]


class Preference:
    """Passes over degraded wheels while their release has wheels not looked at yet.

    If none of these loads, the degraded one is taken after all, with a warning: it
    comes before a build and before another release.
    """

    def __init__(self, session: GuardSession, filter_: FactoryFilter | LegacyFilter) -> None:
        self._session = session
        self._filter = filter_
        self._passed_over: dict[_Release, tuple[str, Judgement]] = {}
        self._settled: set[str] = set()

    def passes_over(self, req: Any, judgement: Judgement, origin: Origin) -> bool:
        """Whether pip shall look for another wheel first; it is then to resolve again."""
        url = req.link.url_without_fragment
        degraded = any(f.reason is Reason.DEGRADED for f in judgement.findings)
        if not degraded or url in self._settled or origin is not Origin.INDEX:
            return False
        release = (project_of(req), judgement.facts.release)
        if self._session.policy.mode is not Mode.FIX or release in self._passed_over:
            return False
        if not self._filter.has_other_wheel(req):
            return False
        self._session.refused_links.add(url)
        self._passed_over[release] = (url, judgement)
        return True

    def fell(self, req: Any, judgement: Judgement) -> None:
        """Take back what was passed over, if the wheel refused now was the last of its release."""
        release = (project_of(req), judgement.facts.release)
        if release in self._passed_over and not self._filter.has_other_wheel(req):
            url, _ = self._passed_over.pop(release)
            self._session.refused_links.discard(url)
            self._settled.add(url)

    def tell(self, choice: Choice) -> None:
        """Tell what was taken in the place of a wheel that was passed over."""
        passed = self._passed_over.pop((choice.project, choice.release), None)
        if passed is not None:
            self._session.prefer(choice, passed[1])
