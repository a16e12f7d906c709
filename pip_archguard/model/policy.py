"""What the user wants done with a wheel that cannot load."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Mode(Enum):
    """The value of `--arch-policy`."""

    FIX = "fix"
    FAIL = "fail"
    WARN = "warn"
    OFF = "off"


class Policy(NamedTuple):
    """`--arch-policy` and `--arch-ignore`; names are normalised as PEP 503 says."""

    mode: Mode = Mode.FIX
    ignored: frozenset[str] = frozenset()

    def looks_at(self, project: str) -> bool:
        """Whether wheels of this (normalised) project are judged at all."""
        return self.mode is not Mode.OFF and project not in self.ignored
