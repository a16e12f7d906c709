"""Events on standard error; pip's own output stays on its own streams."""

from __future__ import annotations

import sys

from pip_archguard.model.event import Event
from pip_archguard.reports import render


class Console:
    """Prints each event as it is told."""

    def tell(self, event: Event) -> None:
        """Print the event after what pip has printed so far."""
        stream = sys.stderr
        if stream is None:  # started with standard error closed
            return
        if sys.stdout is not None:
            sys.stdout.flush()
        encoding = stream.encoding or "utf-8"
        stream.write(render(event).encode(encoding, "backslashreplace").decode(encoding) + "\n")
        stream.flush()
