"""Whether the modules that are imported in place of another can be imported themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pip_archguard.sources.modules import holder, parents, top
from pip_archguard.sources.parsed import Source, Sources


def all_there(names: Collection[str], importer: Source, sources: Sources) -> bool:
    """Whether all of these are there once `importer` runs, and what they import in turn.

    What is lacking does not count where the importer and its packages import it in any
    case: then it is only not to be told where it comes from.
    """
    running = (importer.module.name, *parents(importer.module.name))
    lacking = _lacking(names, running, set(running), sources)
    return not lacking or lacking <= _lacking(running, running, set(), sources)


def _lacking(
    names: Iterable[str], running: Collection[str], seen: set[str], sources: Sources
) -> set[str]:
    """Return what importing the names asks for and is not there, or not to be understood."""
    lacking: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        module = sources.module_of(name)
        if module is None:
            if top(name) not in sources.elsewhere:
                lacking.add(name)
            continue
        for each in {module, *parents(module)} - seen:
            seen.add(each)
            source = sources.source_of(each)
            if source is None:
                continue
            if source.imports is None or not sources.spend(len(source.imports) + 1):
                lacking.add(each)
                continue
            needed = (i.name for i in source.imports if i.always)
            # What a package that runs holds besides modules is its own affair.
            waiting += (n for n in needed if sources.module_of(n) or holder(n) not in running)
    return lacking
