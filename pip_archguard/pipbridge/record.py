"""What happened in one guarded command, from its first refusal to its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pip_archguard.model.outcome import Clean, Obstacle, Origin, Place
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from pip_archguard.model.event import (
        BuildFailed,
        Failed,
        Finished,
        Refused,
        Replaced,
        Stopped,
        Trying,
    )
    from pip_archguard.model.failure import FailedBuild, Held, Loading
    from pip_archguard.model.handled import Handled
    from pip_archguard.model.outcome import Reports

# Most runs have nothing to tell: what they do not need is not imported.
# ruff: noqa: PLC0415

_Kept = tuple[Judgement, Origin, Place]


class Record:
    """Remembers what was refused, kept and tried, and puts it into the events of the end."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = tuple(targets)
        self.refused: list[Refused] = []
        self.obstacles: list[Stopped] = []
        self.builds: dict[str, FailedBuild] = {}
        self.held: list[Held] = []
        self.loading: list[Loading] = []
        self.on_x86_64: list[str] = []
        self._turned_down: list[Handled] = []
        self._kept: dict[str, _Kept] = {}
        self._tried: dict[str, Trying | Replaced] = {}

    def turn_down(self, refusal: Refused, place: Place) -> None:
        """Take note of a distribution that will not be used."""
        from pip_archguard.model.handled import Handled

        self._turned_down.append(
            Handled(
                judgement=refusal.judgement,
                origin=refusal.origin,
                targets=self._targets,
                place=place,
                refused=True,
            )
        )

    def keep(self, judgement: Judgement, origin: Origin, place: Place) -> bool:
        """Take note of a distribution that will be used; return whether it is a new one."""
        facts = judgement.facts
        before = self._kept.get(facts.project)
        self._kept[facts.project] = (judgement, origin, place)
        return before is None or before[0].facts.filename != facts.filename

    def tries(self, attempt: Trying | Replaced) -> None:
        """Take note of what is there in the place of something refused."""
        self._tried[attempt.choice.project] = attempt

    def rescued(self, project: str) -> bool:
        """Whether something that was judged, or will not be built, took a refused one's place."""
        return any(r.choice.project == project for r in self.replaced())

    def replaced(self) -> tuple[Replaced, ...]:
        """Return all that took the place of something refused."""
        if not self._tried:
            return ()
        from pip_archguard.model.event import Replaced

        return tuple(r for r in self._tried.values() if isinstance(r, Replaced))

    def being_built(self, project: str) -> Trying | None:
        """Return what is to be built of a project in the place of something refused."""
        attempt = self._tried.get(project)
        if attempt is None:
            return None
        from pip_archguard.model.event import Trying

        return attempt if isinstance(attempt, Trying) else None

    def clean(self) -> Clean | None:
        """Return the end of a run in which all is well, if any native file was judged."""
        kept = [judgement for judgement, _, _ in self._kept.values()]
        fit = all(j.verdict in (Verdict.OK, Verdict.WARNING) for j in kept)
        formats = {target.system.format for target in self._targets}
        native = [sum(b.format in formats for b in j.facts.binaries) for j in kept]
        if not (fit and any(native)):
            return None
        return Clean(files=sum(native), wheels=sum(map(bool, native)), targets=self._targets)

    def failed(
        self,
        refused: Sequence[Refused],
        *,
        asked: Sequence[str],
        untouched: bool,
        build_dependency: bool,
    ) -> Failed:
        """Return the end of a run that failed; `refused` counts build environments in."""
        from pip_archguard.model.event import Failed

        return Failed(
            refused=tuple(refused),
            tried=tuple(self._tried.values()),
            obstacles=tuple(self.obstacles),
            targets=self._targets,
            builds=tuple(self.builds.values()),
            held=tuple(self.held),
            loading=tuple(self.loading),
            asked=tuple(asked),
            untouched=untouched,
            build_dependency=build_dependency,
        )

    def build_failed(self, asked: Sequence[str]) -> BuildFailed | None:
        """Return what may help after a build failed that pip itself had chosen."""
        builds = tuple(self.builds.values())
        if not (any(b.lacking for b in builds) or self.loading or self.on_x86_64):
            return None
        from pip_archguard.model.event import BuildFailed

        return BuildFailed(
            builds=builds,
            targets=self._targets,
            loading=tuple(self.loading),
            on_x86_64=tuple(self.on_x86_64),
            asked=tuple(asked),
        )

    def finished(
        self,
        command: str,
        exit_code: int,
        reports: Reports,
        commands: tuple[str, ...],
        failed: Failed | None,
    ) -> Finished:
        """Return all that was judged, and what became of it."""
        from pip_archguard.model.event import Finished
        from pip_archguard.model.handled import Handled

        taken = {r.choice.project: r for r in self.replaced()}
        kept = [
            Handled(
                judgement=judgement,
                origin=origin,
                targets=self._targets,
                place=place,
                remedy=taken[project].remedy if project in taken else None,
            )
            for project, (judgement, origin, place) in self._kept.items()
        ]
        return Finished(
            command=command,
            exit_code=exit_code,
            targets=self._targets,
            handled=(*self._turned_down, *kept),
            replaced=tuple(taken.values()),
            reports=reports,
            commands=commands,
            failed=failed,
        )

    def only_unknown(self) -> bool:
        """Whether nothing stopped the run but what could not be judged."""
        return {o.obstacle for o in self.obstacles} == {Obstacle.NOT_JUDGED}
