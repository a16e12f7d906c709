"""What `facts` tells, as text."""

from __future__ import annotations

from pip_archguard.model.facts import (
    FactsExported,
    FactsImported,
    FactsInfo,
    FactsPurged,
    FactsTold,
)
from pip_archguard.reports.wording import tick, visible

_KIB = 1024
_MIB = 1024 * _KIB


def facts_text(told: FactsTold) -> str:
    """Return the result of `facts`, without a final newline."""
    match told:
        case FactsInfo():
            return _info(told)
        case FactsPurged():
            what = _entries(told.entries)
            if told.environments:
                what += f" and {_environments(told.environments)}"
            return f"removed {what}, {_size(told.size)}, from {tick(told.folder)}"
        case FactsExported():
            return f"{_entries(told.entries)} written to {tick(told.file)}"
        case FactsImported():
            return _imported(told)


def _info(told: FactsInfo) -> str:
    lines = [
        f"folder:  {visible(told.folder)}",
        f"entries: {told.entries}",
        f"size:    {_size(told.size)}, of {_size(told.bound)} at most",
        f"parser:  version {told.parser}",
    ]
    if told.stale:
        lines.append(f"unused:  {told.stale} of other versions, which go when room is needed")
    if told.environments:
        lines.append(f"audits:  {_environments(told.environments)}, {_size(told.installed_size)}")
    return "\n".join(lines)


def _imported(told: FactsImported) -> str:
    text = f"{_entries(told.taken)} taken from {tick(told.file)}"
    if told.known:
        text += f", {told.known} known already"
    if told.dropped:
        text += f", {told.dropped} dropped: damaged, or of another version of pip-archguard"
    return text


def _entries(count: int) -> str:
    """Return how many files that are; of one wheel there may be several."""
    return f"{count} entr{'y' if count == 1 else 'ies'}"


def _environments(count: int) -> str:
    return f"{count} environment{'' if count == 1 else 's'}"


def _size(size: int) -> str:
    return f"{size / _MIB:.1f} MiB" if size >= _MIB else f"{size / _KIB:.1f} KiB"
