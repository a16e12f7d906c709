"""The command line: `pip-archguard` is pip, with a guard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from pip_archguard import __version__
from pip_archguard.errors import EXIT_INPUT, ArchGuardError, UnsupportedPipError

if TYPE_CHECKING:
    from pip_archguard.cli.console import Console

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
        return _complain(_unusable(error))
    except ArchGuardError as error:
        return _complain(error)
    except SystemExit as end:
        _add_version(arguments, end)
        if not end.code and _lost_a_report():
            return EXIT_INPUT
        raise
    return 0


def guarded(pip_main: Callable[..., int]) -> Callable[..., int]:
    """Return pip's own main function, with a guard, for `pip-archguard enable`.

    A pip that cannot be guarded runs all the same, and that is told: it may be wanted to
    install a newer pip-archguard.
    """

    def run(args: list[str] | None = None) -> int:
        arguments = sys.argv[1:] if args is None else args
        try:
            from pip_archguard.pipbridge import guard_pip  # noqa: PLC0415 - may fail

            guard_pip(arguments, _console)
        except ImportError as error:
            if not str(error.name).startswith("pip_archguard"):  # or we were half removed
                _warn(_unusable(error))
            return pip_main(args)
        except UnsupportedPipError as error:
            _warn(error)
            return pip_main(args)
        try:
            code = pip_main(args)
        except SystemExit as end:
            _add_version(arguments, end)
            raise
        return EXIT_INPUT if not code and _lost_a_report() else code

    return run


def _add_version(arguments: Sequence[str], end: SystemExit) -> None:
    if arguments and arguments[0] in _VERSION_FLAGS and not end.code:
        print(f"pip-archguard {__version__}")  # noqa: T201 - the answer itself


def _unusable(error: ImportError) -> UnsupportedPipError:
    return UnsupportedPipError(f"this pip cannot be used: {error}")


def _complain(error: ArchGuardError) -> int:
    from pip_archguard.model.event import Complaint  # noqa: PLC0415 - not for `pip list`

    _console().tell(Complaint(code=error.code, message=str(error), hint=error.hint))
    return error.exit_code


def _warn(error: ArchGuardError) -> None:
    from pip_archguard.model.event import Unguarded  # noqa: PLC0415 - as above

    _console().tell(Unguarded(message=str(error), hint=error.hint))


def _lost_a_report() -> bool:
    return bool(_console.cache_info().currsize) and _console().lost


@cache
def _console() -> Console:
    from pip_archguard.cli.console import Console  # noqa: PLC0415 - not for `pip list`

    return Console()
