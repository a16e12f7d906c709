"""Wheels on a server: as much of them as judging takes, by byte ranges."""

from pip_archguard.wheels.remote.held import Held
from pip_archguard.wheels.remote.kept import FactsStore, Kept
from pip_archguard.wheels.remote.multipart import boundary_of, parts_of, span_of
from pip_archguard.wheels.remote.ranges import Ranges
from pip_archguard.wheels.remote.reading import read_remote
from pip_archguard.wheels.remote.spans import Span
from pip_archguard.wheels.remote.wheel import MOST_AT_ONCE, RemoteWheel

__all__ = [
    "MOST_AT_ONCE",
    "FactsStore",
    "Held",
    "Kept",
    "Ranges",
    "RemoteWheel",
    "Span",
    "boundary_of",
    "parts_of",
    "read_remote",
    "span_of",
]
