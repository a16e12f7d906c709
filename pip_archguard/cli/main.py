"""The command line: `pip-archguard` is pip, with a guard."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pip_archguard import __version__
from pip_archguard.errors import EXIT_NOT_STARTED

if TYPE_CHECKING:
    from pip_archguard.model.event import Listener

_VERSION_FLAGS = ("--version", "-V")


def main() -> int:
    """Run `pip-archguard` with the arguments of this process; return the exit code.

    pip ends by SystemExit, whose code is passed on unless the guard has one of its own.
    """
    arguments = sys.argv[1:]
    try:
        from pip_archguard.pipbridge import start_pip  # noqa: PLC0415 - may fail, see below
    except ImportError as error:
        from pip_archguard.model.event import Complaint  # noqa: PLC0415 - not for `pip list`

        complaint = Complaint(code="unsupported-pip", message=f"this pip cannot be used: {error}")
        _console().tell(complaint)
        return EXIT_NOT_STARTED
    try:
        start_pip(arguments, _console)
    except SystemExit as end:
        if arguments and arguments[0] in _VERSION_FLAGS and not end.code:
            print(f"pip-archguard {__version__}")  # noqa: T201 - the answer itself
        raise
    return 0


def _console() -> Listener:
    from pip_archguard.cli.console import Console  # noqa: PLC0415 - not for `pip list`

    return Console()
