"""What `facts` does, and what it says where that cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pip_archguard.errors import UnreadableInputError, UnwritableFileError
from pip_archguard.model.facts import FactsExported, FactsImported, FactsInfo, FactsPurged
from pip_archguard.wheels.facts_entry import PARSER_VERSION
from pip_archguard.wheels.facts_export import export_facts, import_facts
from pip_archguard.wheels.facts_upkeep import MOST_BYTES, entries_of, purge
from pip_archguard.wheels.installed_facts import SUFFIX, environments_of, purge_installed

_STREAM = "-"


def look_at(folder: Path) -> FactsInfo:
    """Return what is in the cache; raises UnreadableInputError if that cannot be seen."""
    with _listing(folder):
        entries = list(entries_of(folder))
        environments = environments_of(folder)
    current = [entry for entry in entries if entry.current]
    whole = [path for path, _ in environments if path.suffix == SUFFIX]
    return FactsInfo(
        folder=str(folder),
        entries=len(current),
        size=sum(entry.size for entry in entries),
        bound=MOST_BYTES,
        parser=PARSER_VERSION,
        stale=sum(not entry.current and not entry.half_written for entry in entries),
        environments=len(whole),
        installed_size=sum(size for _, size in environments),
    )


def purge_all(folder: Path) -> FactsPurged:
    """Empty the cache; raises UnwritableFileError for a file that stays."""
    try:
        environments, taken = purge_installed(folder)
        count, size = purge(folder)
    except OSError as error:
        msg = f"`{error.filename or folder}` cannot be removed: {error.strerror or error}"
        raise UnwritableFileError(msg) from error
    return FactsPurged(
        folder=str(folder), entries=count, size=size + taken, environments=environments
    )


def export_to(file: str, folder: Path) -> FactsExported:
    """Write the cache to a file; raises UnwritableFileError if that is not to be."""
    with _listing(folder):
        return FactsExported(file=file, entries=export_facts(folder, _named(file)))


def import_from(file: str, folder: Path) -> FactsImported:
    """Fill the cache from a file; raises UnreadableInputError or UnwritableFileError."""
    done = import_facts(_named(file), folder)
    return FactsImported(file=file, taken=done.taken, known=done.known, dropped=done.dropped)


def _named(file: str) -> Path:
    if file in {"", _STREAM}:
        msg = "`facts` takes the name of a file, not a stream"
        raise UnreadableInputError(msg, hint="name one, such as `facts.gz`")
    try:
        return Path(file).expanduser()
    except RuntimeError as error:  # `~name` of nobody
        msg = f"`{file}` names no file: {error}"
        raise UnreadableInputError(msg) from error


@contextmanager
def _listing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"the facts cache, `{error.filename or folder}`, cannot be read: {error.strerror}"
        raise UnreadableInputError(msg) from error
