"""The commands `enable` and `disable`: whether `pip` itself is guarded."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from pip._internal.cli.base_command import Command

from pip_archguard import environment
from pip_archguard.errors import (
    ArchGuardError,
    EnablingError,
    ToolEnvironmentError,
    UnreadableInputError,
)
from pip_archguard.model.enabling import Enabling
from pip_archguard.model.event import Complaint
from pip_archguard.model.result import EnablingShown
from pip_archguard.pipbridge.internals import registry, seams
from pip_archguard.pipbridge.preflight import check_place

_SECONDS = 60
_PYTHON = sys.version_info[:2]


class EnableCommand(Command):  # type: ignore[misc]
    """
    Guard `pip` and `python -m pip` of this environment, too.

    One file is written into its site-packages; pip's own files stay as they
    are.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog
      %prog --status"""

    def add_options(self) -> None:
        self.cmd_opts.add_option(
            "--status",
            dest="status",
            action="store_true",
            default=False,
            help="Change nothing; tell whether it is enabled, with exit code 1 if not.",
        )
        self.cmd_opts.add_option(
            "--break-system-packages",
            dest="break_system_packages",
            action="store_true",
            default=False,
            help="Enable it in an externally managed environment, too.",
        )
        self.parser.insert_option_group(0, self.cmd_opts)

    def run(self, options: Any, args: Any) -> int:
        try:
            _take_none(self.name, args)
            if not options.status:
                _enable(break_system_packages=options.break_system_packages)
        except ArchGuardError as error:
            return _complain(error)
        return 0 if _show() in (Enabling.ENABLED, Enabling.INHERITED) else 1


class DisableCommand(Command):  # type: ignore[misc]
    """Undo `enable`: `pip` and `python -m pip` are plain pip again."""

    usage = """
      %prog"""

    def run(self, _options: Any, args: Any) -> int:
        try:
            _take_none(self.name, args)
            environment.disable(environment.purelib())
        except ArchGuardError as error:
            return _complain(error)
        _show()
        return 0


def _take_none(command: str, args: Any) -> None:
    # The parser's `error` exits, which pip takes for a fault while a command runs.
    if args:
        msg = f"`{command}` takes no arguments"
        raise UnreadableInputError(msg, hint="`--python` before it names another environment")


def _enable(*, break_system_packages: bool) -> None:
    seams.check_seams()
    try:
        check_place(registry.listener())
    except ToolEnvironmentError as error:
        hint = "install pip-archguard into the environment whose pip you mean, and enable it there"
        raise ToolEnvironmentError(str(error), hint=hint) from error
    if environment.is_externally_managed() and not break_system_packages:
        msg = f"`{sys.prefix}` is externally managed"
        raise EnablingError(msg, hint="use a virtual environment, or `--break-system-packages`")
    environment.enable(environment.purelib(), _PYTHON)
    if not _pip_is_guarded():
        environment.disable(environment.purelib())
        msg = f"pip-archguard and pip are not both installed in `{sys.prefix}` itself"
        raise EnablingError(msg, hint="install pip-archguard there, and enable it there")


def _pip_is_guarded() -> bool:
    """Start pip as others do, and see: we may run from elsewhere, as with `--python`."""
    command = [sys.executable, "-I", "-m", "pip", "--version"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, capture_output=True, encoding="utf-8", timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "\npip-archguard " in done.stdout


def _show() -> Enabling:
    enabling, folder = environment.enabling_of(environment.purelib(), _PYTHON)
    registry.listener().tell(EnablingShown(enabling=enabling, folder=str(folder)))
    return enabling


def _complain(error: ArchGuardError) -> int:
    registry.listener().tell(Complaint(code=error.code, message=str(error), hint=error.hint))
    return error.exit_code
