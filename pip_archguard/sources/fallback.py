"""Whether a package works on without a native module that cannot be imported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pip_archguard.sources.imports import Import
from pip_archguard.sources.modules import is_private, last_part, module_at, parents
from pip_archguard.sources.parsed import Source, Sources
from pip_archguard.sources.presence import all_there

_RARE = 5
"""How many libraries load for each module at fault, where that is of no weight to the rest."""


def optional_modules(
    sources: Mapping[str, bytes],
    extensions: Collection[str],
    elsewhere: Collection[str] = frozenset(),
    loading: int = 0,
) -> frozenset[str]:
    """Return the extensions without which every module that users import still imports.

    `sources` are by their path in site-packages, `extensions` are such paths without
    their suffix, `elsewhere` other top-level modules that are there, such as Python's own.
    A wheel's own Python source tells: each import of an optional extension is caught where
    it raises ImportError, and so is each import of what fails with it; what is imported
    instead is there. What cannot be told makes nothing optional.

    Where many more libraries are `loading`, so are extensions that nothing asks for, or only
    a handler of an exception: torch 1.10 to 1.12 for arm64 has `torch._dl` for x86_64, for
    systems whose `os` lacks constants; panda3d a `panda3d.rocket` that it never imports.
    """
    # A limit: `demo._c.f()` in another module than the one that has `_c = None` is not seen.
    understood = Sources(sources, extensions, elsewhere)
    # In order, for what one takes of the bounds the next does not have.
    rare = loading >= _RARE * len(extensions)
    alone = len(extensions) == 1
    return frozenset(
        path
        for path in sorted(extensions)
        if _is_optional(name := module_at(path).name, understood)
        or (rare and "." in name and _is_hardly_asked_for(name, understood, alone=alone))
    )


def _is_optional(extension: str, sources: Sources) -> bool:
    if "." not in extension and not is_private(extension):
        return False  # a user imports it
    failure = _Failure(extension, sources)
    return failure.spread() and failure.stays_inside()


def _is_hardly_asked_for(extension: str, sources: Sources, *, alone: bool) -> bool:
    """Whether no source names an extension; or, if it fails `alone`, only handlers import it.

    Where others fail, too, one of them may be what the handler answers to. A source that
    names it and imports it nowhere may do so at run time.
    """
    mentioning = sources.mentioning(last_part(extension))
    if mentioning is None:
        return False
    asked = [[i for i in s.imports or () if _asks_for(i, extension)] for s in mentioning]
    return not asked or (alone and all(each and all(i.answering for i in each) for each in asked))


class _Failure:
    """What cannot be imported once one extension cannot, and by whom it is asked for."""

    def __init__(self, extension: str, sources: Sources) -> None:
        self._sources = sources
        self._broken = {extension}
        self._importers: dict[str, dict[Source, None]] = {}

    def spread(self) -> bool:
        """Find every module that fails in turn; False where that is one of a user's."""
        waiting = list(self._broken)
        while waiting:
            name = waiting.pop()
            sources = self._sources.mentioning(last_part(name))
            if sources is None:
                return False
            for source in sources:
                if source.imports is None or not self._sources.spend(len(source.imports) + 1):
                    return False
                importer = source.module.name
                self._importers.setdefault(importer, {})[source] = None
                if importer in self._broken:
                    continue
                if any(each.fails_its_module and _asks_for(each, name) for each in source.imports):
                    if self._is_top(importer):
                        return False
                    self._broken.add(importer)
                    waiting.append(importer)
        return True

    def stays_inside(self) -> bool:
        """Whether what fails is only ever asked for by modules that can do without it."""
        asked: set[str] = set()
        for importer, sources in self._importers.items():
            if self._fails_before(importer) or importer in self._broken:
                continue
            for source in sources:
                for each in source.imports or ():
                    if hit := self._broken_in(each):
                        if not self._does_without(each, source):
                            return False
                        asked |= hit
        waiting = list(asked)
        while waiting:
            for each in _imports(self._importers.get(waiting.pop(), ())):
                new = self._broken_in(each) - asked
                asked |= new
                waiting += new
        return all(name in asked or self._fails_before(name) for name in self._broken)

    def _does_without(self, asked: Import, importer: Source) -> bool:
        if not asked.guarded or asked.lossy:
            return False
        return all_there(asked.instead, importer, self._sources)

    def _is_top(self, module: str) -> bool:
        return not any(parent in self._sources.packages for parent in parents(module))

    def _fails_before(self, module: str) -> bool:
        """Whether a package of the module fails, so that nobody gets as far as to it."""
        return any(parent in self._broken for parent in parents(module))

    def _broken_in(self, asked: Import) -> set[str]:
        return self._broken.intersection([asked.name, *parents(asked.name)])


def _imports(sources: Iterable[Source]) -> list[Import]:
    return [each for source in sources for each in source.imports or ()]


def _asks_for(asked: Import, module: str) -> bool:
    return asked.name == module or asked.name.startswith(f"{module}.")
