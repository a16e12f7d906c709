"""What happens in a guarded run, told to whoever reports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

# Not for types alone: pip 26.3 lets nothing be imported when a run is over.
from pip_archguard.model.handled import Handled
from pip_archguard.model.outcome import Clean
from pip_archguard.model.result import AuditEvent, Progressed, Result

if TYPE_CHECKING:
    from pip_archguard.model.arch import Arch
    from pip_archguard.model.choice import Choice, Remedy
    from pip_archguard.model.failure import FailedBuild, Held, Loading
    from pip_archguard.model.fusing import FusedWheel, Unfit
    from pip_archguard.model.outcome import Obstacle, Origin, Reports
    from pip_archguard.model.shown import Remark
    from pip_archguard.model.target import Target
    from pip_archguard.model.verdict import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A distribution will not be used, for the reasons in `judgement`."""

    judgement: Judgement
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A distribution is used although its verdict is not `ok`."""

    judgement: Judgement
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """Something is about to be built in the place of what was refused."""

    choice: Choice
    remedy: Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Something else was taken in the place of what was refused.

    It was judged, unless it is source that the command does not build: `judged`.
    `variables` are those that its build needs, as a shell takes them in front of a command;
    `before` are the commands that make a fused wheel, to be run before the plain one.
    """

    choice: Choice
    remedy: Remedy
    plain_command: str
    variables: tuple[str, ...] = ()
    judged: bool = True
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """The run ended well; plain pip comes to the same by these commands, in their order."""

    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The guard ended the run; `about` names the distributions or architectures at fault."""

    obstacle: Obstacle
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The run ended with an error after `refused`; `untouched` if nothing was written.

    `tried` is what was to take the place of something refused, `builds` those of its
    source builds that failed; `held` are the user's own rules that kept a rescue from
    working, and `loading` is what else would load. `asked` are words for `route` that name
    what to install; there are none in a build environment. `build_dependency` tells that
    something was refused in one.
    """

    refused: tuple[Refused, ...]
    tried: tuple[Trying | Replaced, ...]
    obstacles: tuple[Stopped, ...]
    targets: tuple[Target, ...]
    builds: tuple[FailedBuild, ...] = ()
    held: tuple[Held, ...] = ()
    loading: tuple[Loading, ...] = ()
    asked: tuple[str, ...] = ()
    untouched: bool = True
    build_dependency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A guarded run begins; at its end, these files are asked for."""

    reports: Reports


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFailed:
    """A source build that pip itself had chosen failed, and something may help.

    `on_x86_64` are the projects among them that have wheels for x86_64.
    """

    builds: tuple[FailedBuild, ...]
    targets: tuple[Target, ...]
    loading: tuple[Loading, ...] = ()
    on_x86_64: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A guarded run is over: all that it judged, refused and took instead.

    `failed` is there if the run failed for a reason of ours; `exit_code` is that of the
    whole command.
    """

    command: str
    exit_code: int
    targets: tuple[Target, ...]
    handled: tuple[Handled, ...]
    replaced: tuple[Replaced, ...]
    reports: Reports
    commands: tuple[str, ...] = ()
    failed: Failed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """The run was not begun, for the reason that an error of ours gives."""

    code: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Nothing is judged, for no rules exist yet for the target's system."""

    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEnvironment:
    """An activated environment is not the one that pip-archguard works on."""

    variable: str
    activated: str
    ours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """This process is x86_64 under Rosetta although its Python has an arm64 slice."""

    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """The run begins again in the same Python, as another architecture."""

    python: str
    arch: Arch


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarked:
    """Something that few runs have to say."""

    remark: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFused:
    """Two wheels were not fused, for one of them, or what came of them, does not load."""

    why: Unfit


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedForInstall:
    """Two wheels of a release were fused, as none of it loads on both architectures."""

    wheel: FusedWheel


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFusedForInstall:
    """These wheels of a release were not fused: for a reason, or because of what is `unfit`."""

    halves: tuple[str, ...]
    why: str = ""
    unfit: Unfit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unguarded:
    """`pip` is to be guarded and cannot be, for the reason given; it runs without a guard."""

    message: str
    hint: str | None = None


Told = (
    Refused
    | Noticed
    | Trying
    | Replaced
    | Equivalent
    | Stopped
    | Failed
    | BuildFailed
    | Clean
    | Complaint
    | Silent
    | OtherEnvironment
    | Translated
    | Switching
    | Unguarded
    | Remarked
    | NotFused
    | FusedForInstall
    | NotFusedForInstall
)
"""What is told in words, beside what pip prints."""

Event = Told | Result | AuditEvent | Progressed | Begun | Finished


class Listener(Protocol):
    """Someone who is told of events as they happen."""

    def tell(self, event: Event) -> None:
        """Take one event; must not raise."""
