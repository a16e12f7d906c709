"""The command line: `pip-archguard` is pip, with a guard."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pip_archguard import __version__
from pip_archguard.errors import ArchGuardError, UnsupportedPipError

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

        start_pip(arguments, _console)
    except ImportError as error:
        return _complain(UnsupportedPipError(f"this pip cannot be used: {error}"))
    except ArchGuardError as error:
        return _complain(error)
    except SystemExit as end:
        if arguments and arguments[0] in _VERSION_FLAGS and not end.code:
            print(f"pip-archguard {__version__}")  # noqa: T201 - the answer itself
        raise
    return 0


def _complain(error: ArchGuardError) -> int:
    from pip_archguard.model.event import Complaint  # noqa: PLC0415 - not for `pip list`

    _console().tell(Complaint(code=error.code, message=str(error), hint=error.hint))
    return error.exit_code


def _console() -> Listener:
    from pip_archguard.cli.console import Console  # noqa: PLC0415 - not for `pip list`

    return Console()
