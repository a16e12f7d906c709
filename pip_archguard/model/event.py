"""What happens in a guarded run, told to whoever reports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pip_archguard.model.outcome import (
    Choice,
    Handled,
    Hint,
    Obstacle,
    Origin,
    Remedy,
    Reports,
)
from pip_archguard.model.scan import Form, Scanned
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
class Replaced:
    """Something else was taken in the place of what was refused."""

    choice: Choice
    remedy: Remedy
    plain_command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The guard ended the run; `about` names the distributions or architectures at fault."""

    obstacle: Obstacle
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The run ended with an error after `refused`; `untouched` if nothing was written.

    `replaced` is what had been taken instead before the run failed.
    """

    refused: tuple[Refused, ...]
    replaced: tuple[Replaced, ...]
    obstacles: tuple[Stopped, ...]
    targets: tuple[Target, ...]
    hints: frozenset[Hint] = frozenset()
    untouched: bool = True


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
    failed: Failed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The run ended well; so many native files in so many wheels were judged."""

    files: int
    wheels: int
    targets: tuple[Target, ...]


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
class Progressed:
    """So many of the wheels of a scan have been read."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """The result of a scan, in the order of its arguments; `verbose` tells information too."""

    wheels: tuple[Scanned, ...]
    form: Form = Form.TABLE
    verbose: bool = False


Event = (
    Refused
    | Noticed
    | Replaced
    | Stopped
    | Failed
    | Finished
    | Clean
    | Complaint
    | Silent
    | OtherEnvironment
    | Translated
    | Progressed
    | ScanReport
)


class Listener(Protocol):
    """Someone who is told of events as they happen."""

    def tell(self, event: Event) -> None:
        """Take one event; must not raise."""
