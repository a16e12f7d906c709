"""The sources of one wheel, each searched and parsed only when it has to be, and once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from pip_archguard.sources import bounds
from pip_archguard.sources.imports import UNPARSEABLE, Import, imports_of
from pip_archguard.sources.modules import Module, counts, holder, module_at, top


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A module and its source; `imports` is None where that is not to be understood."""

    module: Module
    imports: tuple[Import, ...] | None


class Sources:
    """The Python sources that users import, by what they mention.

    Bounded: a wheel that asks for more than `bounds` allow gets no answer.
    """

    def __init__(
        self, texts: Mapping[str, bytes], extensions: Iterable[str], elsewhere: Collection[str]
    ) -> None:
        """Take the sources by their paths, and leave tests and build scripts out.

        `extensions` are modules without source, those of `elsewhere` are there as well.
        """
        # What users import first stands first, for there a failure ends the search.
        paths = sorted(filter(counts, texts), key=lambda path: path.count("/"))
        self._texts = {path: texts[path] for path in paths}
        self._mentioning: dict[str, tuple[str, ...]] = {}
        self._parsed: dict[str, Source] = {}
        self._left = bounds.PARSED
        self._pieces = bounds.PIECES
        self._steps = bounds.STEPS
        self.packages = frozenset(
            module_at(path).name for path in self._texts if path.endswith("/__init__.py")
        )
        # Where a file and a folder have one name, the folder is imported: it comes later.
        self._paths = {module_at(path).name: path for path in self._texts}
        self._modules = {*self._paths, *(module_at(path).name for path in extensions)}
        self.elsewhere = frozenset(elsewhere).difference(map(top, self._modules))

    def mentioning(self, word: str) -> Iterable[Source] | None:
        """Return the sources that hold the word as a whole; None if a bound is passed."""
        if word not in self._mentioning:
            if len(self._mentioning) >= bounds.SEARCHES:
                return None
            needle = word.encode(errors="replace")
            whole = re.compile(rb"(?<![0-9A-Za-z_])%s(?![0-9A-Za-z_])" % re.escape(needle))
            self._mentioning[word] = tuple(
                # The search for plain bytes is the faster one, and mostly enough.
                path
                for path, text in self._texts.items()
                if needle in text and whole.search(text)
            )
        return map(self._parse, self._mentioning[word])

    def module_of(self, name: str) -> str | None:
        """Return the module of the wheel that an import of the name asks for, if it is there.

        That is what holds the name where it is not a module itself. Of a package it has
        to be one: what else a package holds may be what its own guards put there.
        """
        if name in self._modules:
            return name
        module = holder(name)
        return module if module in self._modules and module not in self.packages else None

    def source_of(self, module: str) -> Source | None:
        """Return the source of a module, if it has one."""
        path = self._paths.get(module)
        return None if path is None else self._parse(path)

    def spend(self, steps: int) -> bool:
        """Take from what may be done for one wheel; False if that is used up."""
        self._steps -= steps
        return self._steps >= 0

    def _parse(self, path: str) -> Source:
        if path not in self._parsed:
            text, module = self._texts[path], module_at(path)
            imports: tuple[Import, ...] | None = None
            pieces = 3 * (text.count(b"\n") + text.count(b";")) + text.count(b",")
            short = len(text) <= min(bounds.PARSED_LENGTH, self._left)
            if short and pieces <= min(bounds.PIECES_AT_ONCE, self._pieces):
                self._left -= len(text)
                self._pieces -= pieces
                with suppress(*UNPARSEABLE):
                    imports = imports_of(text, module)
            self._parsed[path] = Source(module, imports)
        return self._parsed[path]
