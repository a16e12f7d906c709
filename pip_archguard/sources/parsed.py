"""The sources of one wheel, each searched and parsed only when it has to be, and once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from pip_archguard.sources import bounds
from pip_archguard.sources.imports import UNPARSEABLE, Import, imports_of
from pip_archguard.sources.modules import Module, counts, module_at


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A module and its source; `imports` is None where that is not to be understood."""

    module: Module
    imports: tuple[Import, ...] | None


class Sources:
    """The Python sources that users import, by what they mention.

    Bounded: a wheel that asks for more than `bounds` allow gets no answer.
    """

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        """Take the sources by their paths, and leave tests and build scripts out."""
        # What users import first stands first, for there a failure ends the search.
        paths = sorted(filter(counts, texts), key=lambda path: path.count("/"))
        self._texts = {path: texts[path] for path in paths}
        self._mentioning: dict[str, tuple[str, ...]] = {}
        self._parsed: dict[str, Source] = {}
        self._left = bounds.PARSED
        self._steps = bounds.STEPS
        self.packages = frozenset(
            module_at(path).name for path in self._texts if path.endswith("/__init__.py")
        )

    def mentioning(self, word: str) -> Iterable[Source] | None:
        """Return the sources whose bytes hold the word; None if a bound is passed."""
        if word not in self._mentioning:
            if len(self._mentioning) >= bounds.SEARCHES:
                return None
            needle = word.encode(errors="replace")
            paths = (path for path, text in self._texts.items() if needle in text)
            self._mentioning[word] = tuple(paths)
        return map(self._parse, self._mentioning[word])

    def spend(self, steps: int) -> bool:
        """Take from what may be done for one wheel; False if that is used up."""
        self._steps -= steps
        return self._steps >= 0

    def _parse(self, path: str) -> Source:
        if path not in self._parsed:
            text, module = self._texts[path], module_at(path)
            imports: tuple[Import, ...] | None = None
            if len(text) <= min(bounds.PARSED_LENGTH, self._left):
                self._left -= len(text)
                with suppress(*UNPARSEABLE):
                    imports = imports_of(text, module)
            self._parsed[path] = Source(module, imports)
        return self._parsed[path]
