"""What a command of our own was asked for, told when it is there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pip_archguard.model.scan import Form

if TYPE_CHECKING:
    from pathlib import Path

    from pip_archguard.model.coverage import Coverage, CoverForm
    from pip_archguard.model.enabling import Enabling
    from pip_archguard.model.fusing import FusedWheel
    from pip_archguard.model.route import Route
    from pip_archguard.model.scan import Scanned
    from pip_archguard.model.shown import Answer


class Counted(Enum):
    """What the progress of a command is told in."""

    WHEELS = "wheels"
    TARGETS = "targets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """So many of the wheels have been read, or so many targets been resolved for."""

    done: int
    total: int
    of: Counted = Counted.WHEELS


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """The result of a scan, in the order of its arguments; `verbose` tells information too."""

    wheels: tuple[Scanned, ...]
    form: Form = Form.TABLE
    verbose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteShown:
    """The result of `route`; `written` if its files are in its folder now."""

    route: Route
    written: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnablingShown:
    """The result of `enable` and `disable`: whether `pip` is guarded, by files in `folder`."""

    enabling: Enabling
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The result of `explain` or `doctor`."""

    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedShown:
    """The result of `fuse`."""

    wheel: FusedWheel


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """The result of `coverage`, for standard output where no file is named."""

    coverage: Coverage
    form: CoverForm
    file: Path | None = None


class AuditEvent:
    """What only an audit tells; `model.audit` has these, so that no other run loads them."""

    __slots__ = ()


Result = ScanReport | RouteShown | EnablingShown | FusedShown | Answered | Covered
"""What a command of our own was asked for."""
