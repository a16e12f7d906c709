"""The command `explain`: what an error of loading means, and what to do."""

from __future__ import annotations

import os
import sys
from typing import Any

from pip._internal.cli.base_command import Command

from pip_archguard.errors import ArchGuardError, UnreadableInputError
from pip_archguard.model.event import Complaint, Remarked
from pip_archguard.model.result import Answered
from pip_archguard.model.shown import PasteAwaited
from pip_archguard.pipbridge.explaining import explain, read_named, read_text
from pip_archguard.pipbridge.internals import registry

_STANDARD_INPUT = "-"


class ExplainCommand(Command):  # type: ignore[misc]
    """
    Say what an error of loading native code means, and what to do about it.

    Paste or pipe the message of a failed import or `dlopen`, alone or within a
    traceback or a log. Files that it names are read where they are on this
    machine; nothing is changed.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog
      %prog -
      %prog <file>
      %prog '<message>'"""

    ignore_require_venv = True

    def run(self, _options: Any, args: Any) -> int:
        listener = registry.listener()
        try:
            explained = explain(_text(args))
        except ArchGuardError as error:
            listener.tell(Complaint(code=error.code, message=str(error), hint=error.hint))
            return error.exit_code
        listener.tell(Answered(answer=explained))
        return 0


def _text(args: list[str]) -> str:
    if len(args) > 1:
        msg = "`explain` takes one file or message, or none"
        raise UnreadableInputError(msg, hint="paste or pipe the message itself")
    if args and args[0] != _STANDARD_INPUT:
        # A message has spaces, and is no file that is there.
        is_message = " " in args[0].strip() and not os.path.exists(args[0])  # noqa: PTH110
        return args[0] if is_message else read_named(args[0])
    if sys.stdin is None:
        msg = "there is no standard input to read"
        raise UnreadableInputError(msg, hint="name a file")
    if sys.stdin.isatty():
        registry.listener().tell(Remarked(remark=PasteAwaited()))
    try:
        return read_text(sys.stdin.buffer)
    except OSError as error:
        msg = f"standard input cannot be read: {error.strerror or error}"
        raise UnreadableInputError(msg) from error
