"""Where events are told: the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pip_archguard.cli.streams import say
from pip_archguard.model.outcome import Clean
from pip_archguard.reports.clean import clean_text

if TYPE_CHECKING:
    from pip_archguard.cli.telling import Teller
    from pip_archguard.model.event import Event


class Console:
    """Prints each event as it is told; what a clean run does not tell is loaded when it is."""

    def __init__(self) -> None:
        self._teller: Teller | None = None

    @property
    def lost(self) -> bool:
        """Whether a file that was asked for could not be written."""
        return self._teller is not None and self._teller.lost

    def tell(self, event: Event) -> None:
        """Print the event after what pip has printed so far."""
        if isinstance(event, Clean):
            say(clean_text(event))
            return
        if self._teller is None:
            from pip_archguard.cli.telling import Teller  # noqa: PLC0415 - see above

            self._teller = Teller()
        self._teller.tell(event)
