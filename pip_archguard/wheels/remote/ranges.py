"""Parts of a file that lies on a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pip_archguard.wheels.remote.held import Held
from pip_archguard.wheels.remote.spans import Span


class Ranges(Protocol):
    """One file on a server, of which parts can be had.

    Both methods put what they get into `held`. If the server sends the whole file, that is
    there in the end, `held.complete` is true, and what came before is gone. Both raise
    NoRangesError if the parts cannot be had, or do not belong to one another; then too
    `held.complete` tells whether the whole file came in their place.
    """

    def tail(self, length: int, held: Held) -> None:
        """Have the last bytes of the file, all of it if it is shorter; tell how long it is."""

    def fetch(self, spans: Sequence[Span], held: Held) -> None:
        """Have these bytes, all requests on their way at the same time."""

    def at_once(self, wanted: int) -> int:
        """Return how many of so many spans come without one waiting for another."""
