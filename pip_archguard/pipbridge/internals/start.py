"""Starting pip as `python -m pip` would, with guarded commands in the place of its own."""

from __future__ import annotations

import importlib
import importlib.util
import os
import runpy
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pip._internal.cli import main_parser
from pip._internal.commands import commands_dict

from pip_archguard.errors import UnsupportedPipError
from pip_archguard.pipbridge.internals import registry
from pip_archguard.pipbridge.runner import runner_environment, runner_path

if TYPE_CHECKING:
    from pip_archguard.model.event import Listener

GUARDED = ("install", "download", "wheel", "lock", "uninstall")
"""The commands that take wheels or change an environment; `lock` is there from pip 25.1 on."""

NEEDED = ("macholib", "packaging", "rich")
"""What we require besides pip; a guarded command imports it only when it comes to use it."""


def start_pip(arguments: Sequence[str], make_listener: Callable[[], Listener]) -> None:
    """Run pip with these arguments; it ends in SystemExit, as pip does.

    Raises UnsupportedPipError if `--python` would start a pip without a guard, and
    ImportError if something is missing that a guarded command needs.
    """
    _check_needed()
    guard_commands(make_listener)
    sys.argv[1:] = arguments
    runpy.run_module("pip", run_name="__main__")


def guard_pip(arguments: Sequence[str], make_listener: Callable[[], Listener]) -> None:
    """Guard the pip of this process, which is about to run with these arguments.

    Raises UnsupportedPipError or ImportError if that cannot be; nothing has changed then.
    """
    _check_needed()
    if not set(GUARDED).isdisjoint(arguments):
        # All that a guarded command would only find out when it has begun.
        importlib.import_module(registry.COMMANDS)
        importlib.import_module(f"{__package__}.seams").check_seams(wheel="wheel" in arguments)
    guard_commands(make_listener)


def guard_commands(make_listener: Callable[[], Listener]) -> None:
    """Put the guard into pip's table of commands, and our own commands beside its own.

    Raises UnsupportedPipError if `--python` would start a pip without a guard.
    """
    if not hasattr(main_parser, "get_runnable_pip"):
        msg = "this pip cannot be guarded: how it starts itself for `--python` is not known"
        raise UnsupportedPipError(msg)
    registry.tell_events_to(make_listener)
    for name in GUARDED:
        info = commands_dict.get(name)
        if info is not None:
            module_path, class_name = registry.register(info.module_path, info.class_name)
            commands_dict[name] = info._replace(module_path=module_path, class_name=class_name)
    # In the form of pip's own entries, whatever fields these come to have.
    form = next(iter(commands_dict.values()))
    for name, (module_path, class_name, summary) in registry.OWN.items():
        commands_dict[name] = form._replace(
            module_path=module_path, class_name=class_name, summary=summary
        )
    # For `--python`, wherever it is set: pip then starts itself in that interpreter.
    main_parser.get_runnable_pip = _guarded_pip


def _check_needed() -> None:
    """Raise ImportError for a package that is missing, without importing the others."""
    for name in NEEDED:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:  # or a folder that was left behind
            msg = (
                f"`{name}`, which pip-archguard needs, is missing (`pip install {name}` brings it)"
            )
            raise ModuleNotFoundError(msg, name=name)


def _guarded_pip() -> str:
    os.environ.update(runner_environment())
    return runner_path()
