"""What could not be looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A file that could not be looked at; `reason` is a clause that follows a colon."""

    path: str
    reason: str
