"""What turns out to be wrong while a wheel is read; no more of it than anybody reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pip_archguard.wheels.bounds import TOLD

if TYPE_CHECKING:
    from pip_archguard.errors import BeyondBoundsError
    from pip_archguard.model.problem import Fault, Problem
    from pip_archguard.wheels.layout import Doubt

# Nearly all wheels are sound: what only others need is imported where it is needed.
# ruff: noqa: PLC0415


class Problems:
    """The problems of one wheel, each file told once; `filename` stands for the wheel itself."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self._found: dict[tuple[Fault, str], Problem] = {}

    def unreadable(self, path: str, done: str, error: Exception) -> None:
        """Note a member, or the wheel, that cannot be read or opened."""
        from pip_archguard.model.problem import Fault

        self._add(path, f"it cannot be {done} ({error})", Fault.UNREADABLE)

    def beyond(self, error: BeyondBoundsError) -> None:
        """Note that the wheel takes more to read than a bound allows."""
        from pip_archguard.model.problem import Fault

        self._add(self._filename, str(error), Fault.BEYOND_BOUND)

    def doubtful(self, doubts: Iterable[Doubt]) -> bool:
        """Note in what programs may differ that unpack the wheel; return if there is any."""
        any_found = False
        for path, reason in doubts:
            from pip_archguard.model.problem import Fault

            self._add(path or self._filename, reason, Fault.AMBIGUOUS)
            any_found = True
        return any_found

    def told(self) -> tuple[Problem, ...]:
        """Return the problems in the order in which they were found."""
        return tuple(self._found.values())

    def _add(self, path: str, reason: str, fault: Fault) -> None:
        from pip_archguard.model.problem import Problem

        if sum(kind is fault for kind, _ in self._found) < TOLD:
            self._found.setdefault((fault, path), Problem(path=path, reason=reason, fault=fault))
