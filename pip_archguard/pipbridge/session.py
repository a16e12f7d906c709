"""The state of one guarded command: what was judged, refused and decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pip_archguard import hosts
from pip_archguard.errors import EXIT_BROKEN, EXIT_UNKNOWN
from pip_archguard.model.arch import Arch
from pip_archguard.model.event import Listener, Noticed, Refused, Stopped, Trying
from pip_archguard.model.outcome import (
    Choice,
    FailedBuild,
    Obstacle,
    Origin,
    Place,
    Reports,
)
from pip_archguard.model.policy import Mode, Policy
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.pipbridge.judge import Judge
from pip_archguard.pipbridge.record import Record
from pip_archguard.remedies import MOST_VERSIONS, diagnose, remedy_of, replacement

NOWHERE = Place()


class Decision(Enum):
    """What becomes of a judged distribution under the user's policy."""

    KEEP = "keep"
    REFUSE = "refuse"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedCommand:
    """The command that is guarded, as far as it matters to what is told.

    `builds` tells whether it builds source; `asked` are the words that name what to
    install, and `repeated` the options that plain pip needs for the same result.
    """

    name: str = "install"
    builds: bool = True
    asked: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    reports: Reports = Reports()  # noqa: RUF009 - it is frozen
    quiet: bool = False
    nested: bool = False


class GuardSession:
    """Decides on what pip is about to use, remembers it, and tells a listener."""

    def __init__(
        self,
        *,
        policy: Policy,
        targets: Sequence[Target],
        listener: Listener,
        command: GuardedCommand,
        building: hosts.BuildSettings,
        parent: GuardSession | None = None,
        by_tag: bool = False,
    ) -> None:
        self.policy = policy
        self.targets = tuple(targets)
        self.command = command
        self.building = building
        self.judge = Judge(targets, by_tag=by_tag)
        self.record = Record(targets)
        self.refused_links: set[str] = set()
        self.judged_installed: set[str] = set()
        self.broken_installed: set[str] = set()
        self.writing = False
        self.build_failed = False
        self.under_way: tuple[str, str, tuple[str, ...]] | None = None
        """The source build of the ladder: its project, its file, what it needs to be built."""
        self._parent = parent
        self._listener = listener
        self._build_refusals: list[Refused] = []

    def for_build_environment(self, running: Target) -> GuardSession:
        """Return a session for an isolated build environment of this run.

        It is judged for the interpreter that runs the build, whatever the target.
        """
        return GuardSession(
            policy=self.policy,
            targets=(running,),
            listener=self._listener,
            command=GuardedCommand(nested=True),
            building=self.building,
            parent=self,
        )

    def decide(self, judgement: Judgement, origin: Origin, place: Place = NOWHERE) -> Decision:
        """Apply the policy to a verdict; refusals are remembered and told."""
        match judgement.verdict, self.policy.mode:
            case Verdict.BROKEN, Mode.FIX | Mode.FAIL:
                refusal = Refused(judgement=judgement, origin=origin)
                self.record.refused.append(refusal)
                self.record.turn_down(refusal, place)
                self._listener.tell(refusal)
                if self._parent is not None:
                    self._parent._build_refusals.append(refusal)
                if self.policy.mode is Mode.FIX:
                    return Decision.REFUSE
                self.stop(Obstacle.POLICY, judgement.facts.filename)
                return Decision.STOP
            case Verdict.UNKNOWN, Mode.FAIL:
                self.record.keep(judgement, origin, place)
                self._listener.tell(Noticed(judgement=judgement, origin=origin))
                self.stop(Obstacle.NOT_JUDGED, judgement.facts.filename)
                return Decision.STOP
            case _:
                return Decision.KEEP

    def keep(self, judgement: Judgement, origin: Origin, place: Place = NOWHERE) -> None:
        """Take note that a distribution will be used, and tell if all is not well with it."""
        new = self.record.keep(judgement, origin, place)
        if new and judgement.verdict is not Verdict.OK:
            self._listener.tell(Noticed(judgement=judgement, origin=origin))
        if origin is Origin.BUILT:
            attempt = self.record.being_built(judgement.facts.project)
            if attempt is not None:
                self._replace(attempt.choice)

    def replace(self, choice: Choice, *, to_build: bool = False) -> None:
        """Tell what was chosen for a project of which something had been refused.

        What is yet `to_build` is a remedy only when it was built and judged.
        """
        if to_build and self.command.builds:
            attempt = Trying(choice=choice, remedy=remedy_of(self._refused(choice.project), choice))
            self.record.tries(attempt)
            self._listener.tell(attempt)
        else:
            self._replace(choice, judged=not to_build)

    def prefer(self, choice: Choice, degraded: Judgement, place: Place = NOWHERE) -> None:
        """Tell what was chosen in the place of a wheel that would have worked less well."""
        refusal = Refused(judgement=degraded, origin=Origin.INDEX)
        self.record.turn_down(refusal, place)
        self._listener.tell(refusal)
        if not self.has_refused(choice.project):
            self._replace(choice, instead_of=[refusal])

    def has_refused(self, project: str) -> bool:
        """Whether a distribution of this project was refused."""
        return bool(self._refused(project))

    def stop(self, obstacle: Obstacle, *about: str) -> None:
        """Remember why the guard ends the run; `finish` tells it."""
        self.record.obstacles.append(Stopped(obstacle=obstacle, about=about))
        if self._parent is not None:
            self._parent.stop(obstacle, *about)

    def build_failed_with(self, output: str) -> None:
        """Take note that the source build under way failed, with what it printed."""
        if self.under_way is not None:
            project, filename, _ = self.under_way
            self.record.builds[project] = FailedBuild(
                project=project, filename=filename, lacking=diagnose(output)
            )

    def build_under_way(self, project: str) -> tuple[str, ...]:
        """Return what the source build under way needs, if it is one of this project."""
        known = self.under_way is not None and self.under_way[0] == project
        return self.under_way[2] if known and self.under_way else ()

    def tried_too_often(self, project: str) -> bool:
        """Whether so many releases of a project were refused that it is time to stop."""
        return len({r.judgement.facts.release for r in self._refused(project)}) >= MOST_VERSIONS

    def cannot_build(self) -> tuple[str, ...]:
        """Return the wanted architectures that a source build here would not yield."""
        return tuple(str(arch) for arch in self._wanted() if arch not in self.building.archs)

    @property
    def failed(self) -> bool:
        """Whether a run that ends in an error failed for a reason of ours."""
        return (
            bool(self.record.refused or self._build_refusals or self.record.obstacles)
            or self.build_failed
        )

    def finish(self, status: int) -> int:
        """Tell how the run ended, and return its exit code.

        pip's own code stands unless a refusal of ours came before a failure.
        """
        refused = (*self.record.refused, *self._build_refusals)
        failed = None
        if status == 0:
            clean = self.record.clean()
            if clean is not None and not self.command.quiet:
                self._listener.tell(clean)
        elif self.failed:
            failed = self.record.failed(
                refused, asked=self.command.asked, untouched=not self.writing
            )
            self._listener.tell(failed)
            status = EXIT_UNKNOWN if self.record.only_unknown() and not refused else EXIT_BROKEN
        elif self.record.builds:
            help_ = self.record.build_failed(self.command.asked)
            if help_ is not None:
                self._listener.tell(help_)
        if not self.command.nested:
            command = self.command
            self._listener.tell(self.record.finished(command.name, status, command.reports, failed))
        return status

    def _wanted(self) -> list[Arch]:
        return [target.arch for target in self.targets if target.judged]

    def _refused(self, project: str) -> list[Refused]:
        return [r for r in self.record.refused if r.judgement.facts.project == project]

    def _replace(
        self, choice: Choice, *, instead_of: Sequence[Refused] = (), judged: bool = True
    ) -> None:
        replaced = replacement(
            instead_of or self._refused(choice.project),
            choice,
            command=self.command.name,
            options=self.command.repeated,
            variables=self.building.variables,
            judged=judged,
        )
        self.record.tries(replaced)
        self._listener.tell(replaced)
