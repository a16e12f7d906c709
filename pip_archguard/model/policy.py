"""What the user wants done with a wheel that cannot load."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mode(Enum):
    """The value of `--arch-policy`."""

    FIX = "fix"
    FAIL = "fail"
    WARN = "warn"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`--arch-policy` and `--arch-ignore`; names are normalised as PEP 503 says."""

    mode: Mode = Mode.FIX
    ignored: frozenset[str] = frozenset()

    def looks_at(self, project: str) -> bool:
        """Whether wheels of this (normalised) project are judged at all."""
        return self.mode is not Mode.OFF and project not in self.ignored
