"""Wheels that are scanned together, and what each of them links in others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import library_names
from pip_archguard.wheels import Reading


class Companions:
    """Finds, for one wheel of many, those others on which its judgement may depend.

    To lay all of them out for each would take the square of their number.
    """

    def __init__(self, readings: Sequence[Reading | str]) -> None:
        self._holders: defaultdict[str, dict[int, Reading]] = defaultdict(dict)
        for number, each in enumerate(readings):
            if isinstance(each, Reading):
                for name in library_names(each.facts):
                    self._holders[name][number] = each

    def of(self, reading: Reading) -> tuple[WheelFacts, ...]:
        """Return the wheels with libraries that this one links, and what these link in turn.

        In the order of the scan, and without those of the same project.
        """
        found: dict[int, WheelFacts] = {}
        asked: set[str] = set()
        waiting = list(reading.linked)
        while waiting:
            name = waiting.pop()
            if name in asked:
                continue
            asked.add(name)
            for number, holder in self._holders.get(name, {}).items():
                if number not in found and holder.facts.project != reading.facts.project:
                    found[number] = holder.facts
                    waiting += holder.linked
        return tuple(found[number] for number in sorted(found))
