"""The state of one guarded command: what was judged, refused and decided."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from pip_archguard import hosts
from pip_archguard.model.arch import Arch
from pip_archguard.model.outcome import Obstacle, Origin, Place
from pip_archguard.model.policy import Mode, Policy
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.pipbridge.guarded import GuardedCommand
from pip_archguard.pipbridge.judge import Judge
from pip_archguard.pipbridge.record import Record

if TYPE_CHECKING:
    from pip_archguard.model.choice import Choice
    from pip_archguard.model.event import Listener, Refused
    from pip_archguard.pipbridge.source_build import SourceBuild

# Most runs have nothing to tell: what they do not need is not imported.
# ruff: noqa: PLC0415

NOWHERE = Place()


class Decision(Enum):
    """What becomes of a judged distribution under the user's policy."""

    KEEP = "keep"
    REFUSE = "refuse"
    STOP = "stop"


class GuardSession:
    """Decides on what pip is about to use, remembers it, and tells a listener."""

    def __init__(
        self,
        *,
        policy: Policy,
        judge: Judge,
        listener: Listener,
        command: GuardedCommand,
        building: Callable[[], hosts.BuildSettings],
        parent: GuardSession | None = None,
    ) -> None:
        self.policy = policy
        self.judge = judge
        self.targets = judge.targets
        self.command = command
        self._building = building
        self.record = Record(judge.targets)
        self.refused_links: set[str] = set()
        self.judged_installed: set[str] = set()
        self.broken_installed: set[str] = set()
        self.writing = False
        self.build_dependency_refused = False
        self.cancelled = False
        self.under_way: SourceBuild | None = None
        """The build whose environment is being filled."""
        self.acting = self
        """The session of what is being installed now: this one, or that of a build environment."""
        self._parent = parent
        self.listener = listener
        self.build_refusals: list[Refused] = []
        """What was refused in the build environments of this run."""

    @cached_property
    def building(self) -> hosts.BuildSettings:
        """What a source build here yields; looked up when the first one is in question."""
        return self._building()

    def for_build_environment(self, running: Target) -> GuardSession:
        """Return a session for an isolated build environment of this run.

        It is judged for the interpreter that runs the build, whatever the target.
        """
        return GuardSession(
            policy=self.policy,
            judge=Judge([running]),
            listener=self.listener,
            command=GuardedCommand(nested=True),
            building=lambda: hosts.settings_on(running, [running.arch], os.environ),
            parent=self,
        )

    def decide(self, judgement: Judgement, origin: Origin, place: Place = NOWHERE) -> Decision:
        """Apply the policy to a verdict; refusals are remembered and told."""
        match judgement.verdict, self.policy.mode:
            case Verdict.BROKEN, Mode.FIX | Mode.FAIL:
                from pip_archguard.model.event import Refused

                refusal = Refused(judgement=judgement, origin=origin)
                self.record.refused.append(refusal)
                self.record.turn_down(refusal, place)
                self.listener.tell(refusal)
                if self._parent is not None:
                    self._parent.build_refusals.append(refusal)
                if self.policy.mode is Mode.FIX:
                    return Decision.REFUSE
                self.stop(Obstacle.POLICY, judgement.facts.filename)
                return Decision.STOP
            case Verdict.UNKNOWN, Mode.FAIL:
                self.record.keep(judgement, origin, place)
                self._notice(judgement, origin)
                self.stop(Obstacle.NOT_JUDGED, judgement.facts.filename)
                return Decision.STOP
            case _:
                return Decision.KEEP

    def keep(self, judgement: Judgement, origin: Origin, place: Place = NOWHERE) -> None:
        """Take note that a distribution will be used, and tell if all is not well with it."""
        new = self.record.keep(judgement, origin, place)
        if new and judgement.verdict is not Verdict.OK:
            self._notice(judgement, origin)
        if origin is Origin.BUILT:
            attempt = self.record.being_built(judgement.facts.project)
            if attempt is not None:
                self._replace(attempt.choice)

    def replace(self, choice: Choice, *, to_build: bool = False) -> None:
        """Tell what was chosen for a project of which something had been refused.

        What is yet `to_build` is a remedy only when it was built and judged.
        """
        if to_build and self.command.builds:
            from pip_archguard.model.event import Trying
            from pip_archguard.remedies import remedy_of

            attempt = Trying(choice=choice, remedy=remedy_of(self._refused(choice.project), choice))
            self.record.tries(attempt)
            self.listener.tell(attempt)
        else:
            self._replace(choice, judged=not to_build)

    def prefer(self, choice: Choice, degraded: Judgement, place: Place = NOWHERE) -> None:
        """Tell what was chosen in the place of a wheel that would have worked less well."""
        from pip_archguard.model.event import Refused

        refusal = Refused(judgement=degraded, origin=Origin.INDEX)
        self.record.turn_down(refusal, place)
        self.listener.tell(refusal)
        if not self.has_refused(choice.project):
            self._replace(choice, instead_of=[refusal])

    def has_refused(self, project: str) -> bool:
        """Whether a distribution of this project was refused."""
        return bool(self._refused(project))

    def stop(self, obstacle: Obstacle, *about: str) -> None:
        """Remember why the guard ends the run; `tell_end` tells it."""
        from pip_archguard.model.event import Stopped

        self.record.obstacles.append(Stopped(obstacle=obstacle, about=about))
        if self._parent is not None:
            self._parent.stop(obstacle, *about)

    def build_failed_with(self, build: SourceBuild, output: str) -> None:
        """Take note that a source build failed, with what it printed."""
        from pip_archguard.model.failure import FailedBuild
        from pip_archguard.remedies import diagnose

        self.record.builds[build.filename] = FailedBuild(
            project=build.project,
            filename=build.filename,
            lacking=diagnose(output),
            direct=build.direct,
        )

    def tried_too_often(self, project: str) -> bool:
        """Whether so many releases of a project were refused that it is time to stop."""
        from pip_archguard.remedies import MOST_VERSIONS

        return len({r.judgement.facts.release for r in self._refused(project)}) >= MOST_VERSIONS

    def cannot_build(self) -> tuple[str, ...]:
        """Return the wanted architectures that a source build here would not yield."""
        return tuple(str(arch) for arch in self._wanted() if arch not in self.building.archs)

    @property
    def failed(self) -> bool:
        """Whether a run that ends in an error failed for a reason of ours."""
        return (
            bool(self.record.refused or self.build_refusals or self.record.obstacles)
            or self.build_dependency_refused
        )

    @property
    def settled(self) -> bool:
        """Whether all that was refused had been replaced when pip began to write."""
        open_ = self.build_refusals or self.record.obstacles or self.build_dependency_refused
        refused = {refusal.judgement.facts.project for refusal in self.record.refused}
        return self.writing and not open_ and all(map(self.record.rescued, refused))

    def _notice(self, judgement: Judgement, origin: Origin) -> None:
        from pip_archguard.model.event import Noticed

        self.listener.tell(Noticed(judgement=judgement, origin=origin))

    def _wanted(self) -> list[Arch]:
        return [target.arch for target in self.targets if target.judged]

    def _refused(self, project: str) -> list[Refused]:
        return [r for r in self.record.refused if r.judgement.facts.project == project]

    def _replace(
        self, choice: Choice, *, instead_of: Sequence[Refused] = (), judged: bool = True
    ) -> None:
        from pip_archguard.remedies import replacement

        replaced = replacement(
            instead_of or self._refused(choice.project),
            choice,
            command=self.command.plain,
            options=self.command.repeated(),
            variables=self.building.variables,
            judged=judged,
        )
        self.record.tries(replaced)
        self.listener.tell(replaced)
