"""The resolver that pip is given: its own, with a judge at the two seams.

`resolve` and `get_installation_order` are public and unchanged from pip 20.3 to 26.3.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pip._internal.exceptions import PipError
from pip._internal.resolution.base import BaseResolver

from pip_archguard.model.outcome import Obstacle, Origin, Place
from pip_archguard.model.verdict import Judgement
from pip_archguard.pipbridge.internals.at_hand import Judged, WheelsAtHand
from pip_archguard.pipbridge.internals.gate import BuildGate
from pip_archguard.pipbridge.internals.installed import Installed
from pip_archguard.pipbridge.internals.preference import Preference
from pip_archguard.pipbridge.internals.refusal import (
    FactoryFilter,
    GuardStop,
    LegacyFilter,
    ResolveAgain,
)
from pip_archguard.pipbridge.internals.requirements import (
    choice_of,
    origin_of,
    place_of,
    project_of,
)
from pip_archguard.pipbridge.session import Decision, GuardSession

if TYPE_CHECKING:  # few runs fuse
    from pip_archguard.pipbridge.internals.fusion import Fusion


class GuardedResolver(BaseResolver):  # type: ignore[misc]
    """pip's resolver, asked again until it settles on wheels that load."""

    def __init__(
        self,
        inner: Any,
        preparer: Any,
        finder: Any,
        session: GuardSession,
        *,
        judges_installed: bool,
        fusion: Fusion | None = None,
    ) -> None:
        super().__init__()
        self._inner = inner
        self.preparer = preparer
        self.finder = finder
        self.root_reqs: list[Any] = []
        self.saves_wheels = False
        """Whether `pip wheel` saves some before it builds others."""
        self._session = session
        self._fusion = fusion
        self.gate = BuildGate(session)
        factory = getattr(inner, "factory", None)
        self._legacy = factory is None
        self._at_hand = WheelsAtHand(preparer, finder, session)
        self._installed = Installed(session, judges=judges_installed, legacy=self._legacy)
        self._filter: FactoryFilter | LegacyFilter
        if factory is None:
            self._filter = LegacyFilter(inner, finder, session)
            self._preference = Preference(session, inner, None)
        else:
            self._filter = FactoryFilter(factory, finder, session)
            self._preference = Preference(session, inner, self._filter, fusion)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def resolve(self, root_reqs: Any, check_supported_wheels: bool) -> Any:  # noqa: FBT001 - pip's
        """Resolve, judge, refuse and resolve again, until nothing is refused.

        Raises pip's own errors, GuardStop where the policy or a requirement by path
        leaves no choice, and ResolveAgain under the legacy resolver.
        """
        self.root_reqs = list(root_reqs)
        while True:
            req_set = self._attempt(root_reqs, check_supported_wheels)
            if req_set is None:
                continue
            # What is installed and stays is read first: wheels may link its libraries.
            decisions = self._installed.decide(self._inner, req_set)
            judged = self._at_hand.judged(req_set)
            decisions |= {self._decide(req, judgement) for req, judgement in judged}
            if not self._goes_on(decisions, judged):
                break
            if self._legacy:
                raise ResolveAgain
        self._filter.finish(req_set)
        self._settle(req_set, judged)
        return req_set

    def get_installation_order(self, req_set: Any) -> Any:
        """Judge what was built, which pip does not write before it asks for this order."""
        order = self._inner.get_installation_order(req_set)
        self.gate.judge(order)
        self.begins_to_write()
        return order

    def begins_to_write(self) -> None:
        """Take note that from now on a failure may leave something behind.

        pip 26.3 lets nothing be imported from then on: what a failure takes is loaded now.
        """
        self._session.writing = True
        if self._session.failed or self._session.record.builds:
            importlib.import_module(f"{__package__}.alternatives")

    def _attempt(self, root_reqs: Any, check_supported_wheels: bool) -> Any:  # noqa: FBT001 - pip's
        """Resolve and fetch; return None if that failed only because of what was passed over."""
        try:
            with self._preference.quiet():
                req_set = self._inner.resolve(root_reqs, check_supported_wheels)
            self._at_hand.bring(req_set)
        except (PipError, OSError):
            if self._preference.take_back():
                return None
            raise
        return req_set

    def close(self) -> None:
        """Leave nothing behind; the resolver may still be asked what was resolved."""
        self._at_hand.close()

    def _goes_on(self, decisions: set[Decision], judged: list[Judged]) -> bool:
        """Whether to resolve again; raise GuardStop if there is no way on."""
        if Decision.STOP in decisions and not self._preference.take_back():
            raise GuardStop
        return bool(decisions - {Decision.KEEP}) or self._preference.wants_another(judged)

    def _decide(self, req: Any, judgement: Judgement) -> Decision:
        """Apply the policy to a wheel of a finished resolution."""
        origin = origin_of(req)
        decision = self._session.decide(judgement, origin, self._place(req))
        if decision is Decision.REFUSE:
            stopped = self._pass_over(req, origin)
            if self._fusion is not None and origin is Origin.INDEX and not stopped:
                self._fusion.refused(req, judgement, self._filter)
            self._preference.fell(req)
            return Decision.STOP if stopped else Decision.REFUSE
        return decision

    def _pass_over(self, req: Any, origin: Origin) -> bool:
        """Keep pip from taking this wheel again; return whether that leaves no way on."""
        match origin:
            case Origin.CACHE:
                self._filter.forget_cached(req)
            case Origin.DIRECT:
                self._session.stop(Obstacle.DIRECT, req.link.filename)
                return True
            case _:
                self._session.refused_links.add(req.link.url_without_fragment)
        if self._session.tried_too_often(project_of(req)):
            self._session.stop(Obstacle.TOO_MANY_VERSIONS, project_of(req))
            return True
        return False

    def _place(self, req: Any) -> Place:
        place = place_of(req, hashed=self._session.command.reports.report is not None)
        return place if self._fusion is None else self._fusion.placed(place, req)

    def _settle(self, req_set: Any, judged: list[Judged]) -> None:
        """Tell what was taken, and stop before a build that cannot yield what is wanted."""
        for req, judgement in judged:
            self._session.keep(judgement, origin_of(req), self._place(req))
        for req in req_set.requirements.values():
            if req.link is None or req.satisfied_by is not None:
                continue
            if req.link.is_wheel:
                self.saves_wheels = True
            else:
                self.gate.expect(req)
            project = project_of(req)
            if self._preference.passed_over(project) or self._session.has_refused(project):
                self._tell_choice(req)
        if self._session.command.builds:
            self.gate.check_buildable()

    def _tell_choice(self, req: Any) -> None:
        """Tell what is there in the place of what was passed over, or refused."""
        choice = choice_of(req) if self._fusion is None else self._fusion.choice_of(req)
        self._preference.tell(choice)
        if self._session.has_refused(choice.project):
            self._session.replace(choice, to_build=not req.link.is_wheel)
