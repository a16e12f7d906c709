"""The state of one guarded command: what was judged, refused and decided."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from pip_archguard.errors import EXIT_BROKEN, EXIT_UNKNOWN
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Format
from pip_archguard.model.event import (
    Clean,
    Failed,
    Listener,
    Noticed,
    Refused,
    Replaced,
    Stopped,
)
from pip_archguard.model.outcome import Choice, Hint, Obstacle, Origin
from pip_archguard.model.policy import Mode, Policy
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.pipbridge.judge import Judge
from pip_archguard.remedies import MOST_VERSIONS, replacement


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
        targets: Sequence[Target],
        listener: Listener,
        command: str = "install",
        buildable: frozenset[Arch] = frozenset(),
        parent: GuardSession | None = None,
        by_tag: bool = False,
        quiet: bool = False,
    ) -> None:
        self.policy = policy
        self.targets = tuple(targets)
        self.command = command
        self.buildable = buildable
        self.judge = Judge(targets, by_tag=by_tag)
        self.refused_links: set[str] = set()
        self.judged_installed: set[str] = set()
        self.broken_installed: set[str] = set()
        self.refused: list[Refused] = []
        self.hints: set[Hint] = set()
        self.writing = False
        self.build_failed = False
        self._quiet = quiet
        self._parent = parent
        self._listener = listener
        self._build_refusals: list[Refused] = []
        self._replaced: dict[str, Replaced] = {}
        self._obstacles: list[Stopped] = []
        self._kept: dict[str, Judgement] = {}
        self._noticed: set[str] = set()

    @property
    def active(self) -> bool:
        """Whether anything is judged at all: a policy other than `off`, and rules."""
        return self.policy.mode is not Mode.OFF and any(t.judged for t in self.targets)

    def for_build_environment(self, running: Target) -> GuardSession:
        """Return a session for an isolated build environment of this run.

        It is judged for the interpreter that runs the build, whatever the target.
        """
        return GuardSession(
            policy=self.policy,
            targets=(running,),
            listener=self._listener,
            buildable=self.buildable,
            parent=self,
        )

    def decide(self, judgement: Judgement, origin: Origin) -> Decision:
        """Apply the policy to a verdict; refusals are remembered and told."""
        match judgement.verdict, self.policy.mode:
            case Verdict.BROKEN, Mode.FIX | Mode.FAIL:
                refusal = Refused(judgement=judgement, origin=origin)
                self.refused.append(refusal)
                self._listener.tell(refusal)
                if self._parent is not None:
                    self._parent._build_refusals.append(refusal)
                if self.policy.mode is Mode.FIX:
                    return Decision.REFUSE
                self.stop(Obstacle.POLICY, judgement.facts.filename)
                return Decision.STOP
            case Verdict.UNKNOWN, Mode.FAIL:
                self._listener.tell(Noticed(judgement=judgement, origin=origin))
                self.stop(Obstacle.NOT_JUDGED, judgement.facts.filename)
                return Decision.STOP
            case _:
                return Decision.KEEP

    def keep(self, judgement: Judgement, origin: Origin) -> None:
        """Take note that a distribution will be used, and tell if all is not well with it."""
        facts = judgement.facts
        self._kept[facts.project] = judgement
        if judgement.verdict is not Verdict.OK and facts.filename not in self._noticed:
            self._noticed.add(facts.filename)
            self._listener.tell(Noticed(judgement=judgement, origin=origin))

    def replace(self, choice: Choice) -> None:
        """Tell what was chosen for a project of which something had been refused."""
        refused = [r for r in self.refused if r.judgement.facts.project == choice.project]
        replaced = replacement(refused, choice, self.command)
        self._replaced[choice.project] = replaced
        self._listener.tell(replaced)

    def prefer(self, choice: Choice, degraded: Judgement) -> None:
        """Tell what was chosen in the place of a wheel that would have worked less well."""
        refusal = Refused(judgement=degraded, origin=Origin.INDEX)
        self._listener.tell(refusal)
        if not self.has_refused(choice.project):
            self._listener.tell(replacement([refusal], choice, self.command))

    def has_refused(self, project: str) -> bool:
        """Whether a distribution of this project was refused."""
        return any(r.judgement.facts.project == project for r in self.refused)

    def stop(self, obstacle: Obstacle, *about: str) -> None:
        """Remember why the guard ends the run; `finish` tells it."""
        self._obstacles.append(Stopped(obstacle=obstacle, about=about))
        if self._parent is not None:
            self._parent.stop(obstacle, *about)

    def tried_too_often(self, project: str) -> bool:
        """Whether so many releases of a project were refused that it is time to stop."""
        facts = (r.judgement.facts for r in self.refused)
        return len({f.release for f in facts if f.project == project}) >= MOST_VERSIONS

    def cannot_build(self) -> tuple[str, ...]:
        """Return the wanted architectures that a source build here would not yield."""
        return tuple(str(t.arch) for t in self.targets if t.judged and t.arch not in self.buildable)

    def finish(self, status: int) -> int:
        """Tell how the run ended, and return its exit code.

        pip's own code stands unless a refusal of ours came before a failure.
        """
        if status == 0:
            self._tell_clean()
            return 0
        refused = (*self.refused, *self._build_refusals)
        if not (refused or self._obstacles or self.build_failed):
            return status
        self._listener.tell(
            Failed(
                refused=refused,
                replaced=tuple(self._replaced.values()),
                obstacles=tuple(self._obstacles),
                targets=self.targets,
                hints=frozenset(self.hints),
                untouched=not self.writing,
            )
        )
        only_unknown = {o.obstacle for o in self._obstacles} == {Obstacle.NOT_JUDGED}
        return EXIT_UNKNOWN if only_unknown and not refused else EXIT_BROKEN

    def _tell_clean(self) -> None:
        kept = self._kept.values()
        fit = all(j.verdict in (Verdict.OK, Verdict.WARNING) for j in kept)
        native = [sum(b.format is Format.MACH_O for b in j.facts.binaries) for j in kept]
        if fit and any(native) and not self._quiet:
            self._listener.tell(
                Clean(files=sum(native), wheels=sum(map(bool, native)), targets=self.targets)
            )
