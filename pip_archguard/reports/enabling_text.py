"""Whether `pip` itself is guarded, as text."""

from __future__ import annotations

from pip_archguard.model.enabling import Enabling
from pip_archguard.model.result import EnablingShown
from pip_archguard.reports.wording import tick


def enabling_text(event: EnablingShown) -> str:
    """Say whether `pip` is guarded, where that is laid down, and what changes it."""
    where = tick(event.folder)
    match event.enabling:
        case Enabling.ENABLED:
            return f"enabled: `pip` and `python -m pip` are guarded, by a file in {where}"
        case Enabling.INHERITED:
            return (
                "enabled: `pip` and `python -m pip` are guarded, by a file of the environment "
                f"below this one, in {where}; only there can it be disabled"
            )
        case Enabling.STALE:
            return (
                f"stale: another version of pip-archguard wrote what is in {where}; "
                "`pip-archguard enable` renews it"
            )
        case Enabling.NOT_ENABLED:
            return f"not enabled: `pip` and `python -m pip` are plain pip in {where}"
