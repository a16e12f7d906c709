"""What could not be looked at."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Fault(Enum):
    """What kind of problem it is."""

    UNREADABLE = "unreadable"
    BEYOND_BOUND = "beyond-bound"
    """To look at it takes more than a bound of ours allows."""

    AMBIGUOUS = "ambiguous"
    """Programs that unpack the wheel may differ in what they get from it."""


class Problem(NamedTuple):
    """A file that could not be looked at; `reason` is a clause that follows a colon.

    `path` is the wheel's own name where it is about the wheel as a whole.
    """

    path: str
    reason: str
    fault: Fault = Fault.UNREADABLE
