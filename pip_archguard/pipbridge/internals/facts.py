"""The command `facts`: the upkeep of what earlier runs have read of wheels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pip._internal.cli.base_command import Command

from pip_archguard.errors import ArchGuardError, UnreadableInputError
from pip_archguard.model.event import Complaint
from pip_archguard.model.facts import FactsTold
from pip_archguard.model.result import Answered
from pip_archguard.pipbridge.facts_upkeep import export_to, import_from, look_at, purge_all
from pip_archguard.pipbridge.internals import registry
from pip_archguard.pipbridge.internals.facts_folder import facts_folder

_HINT = "say `facts info`, `facts purge`, `facts export FILE` or `facts import FILE`"


class FactsCommand(Command):  # type: ignore[misc]
    """
    Look after the facts cache: what earlier runs have read of wheels.

    info tells where it is and what is in it, and purge empties it. export
    writes it to one file, by which import fills that of another machine. pip's
    --cache-dir says where it lies, and with --no-cache-dir there is none.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog info
      %prog purge
      %prog export <file>
      %prog import <file>"""

    ignore_require_venv = True

    def run(self, options: Any, args: Any) -> int:
        listener = registry.listener()
        try:
            told = _done(args, _folder(options))
        except ArchGuardError as error:
            listener.tell(Complaint(code=error.code, message=str(error), hint=error.hint))
            return error.exit_code
        listener.tell(Answered(answer=told))
        return 0


def _done(args: list[str], folder: Path) -> FactsTold:
    match args:
        case ["info"]:
            return look_at(folder)
        case ["purge"]:
            return purge_all(folder)
        case ["export", file]:
            return export_to(file, folder)
        case ["import", file]:
            return import_from(file, folder)
        case ["export" | "import" as verb, *_]:
            msg = f"`facts {verb}` takes the name of one file"
        case ["info" | "purge" as verb, *_]:
            msg = f"`facts {verb}` takes no arguments"
        case [word, *_]:
            msg = f"`{word}` is nothing that `facts` does"
        case _:
            msg = "it is not said what `facts` shall do"
    raise UnreadableInputError(msg, hint=_HINT)


def _folder(options: Any) -> Path:
    folder = facts_folder(options)
    if folder is None:
        msg = "there is no facts cache: pip's cache is off, or its folder is not yours to write"
        hint = "leave `--no-cache-dir` out, or name a folder with `--cache-dir`"
        raise UnreadableInputError(msg, hint=hint)
    return folder
