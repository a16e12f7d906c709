"""Which commands of pip's are guarded, known before any of them is imported."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # to load them costs `pip list` more than all the rest of ours
    from pip_archguard.model.event import Listener

PREFIX = "Guarded"

OWN = {
    "scan": (
        f"{__package__}.scan",
        "ScanCommand",
        "Tell whether wheels can be loaded, before they are installed.",
    ),
    "coverage": (
        f"{__package__}.coverage",
        "CoverageCommand",
        "Tell what a matrix of targets gets of some requirements.",
    ),
    "audit": (
        f"{__package__}.audit",
        "AuditCommand",
        "Tell whether what is installed can be loaded.",
    ),
    "route": (
        f"{__package__}.route",
        "RouteCommand",
        "Show how to get an x86_64 environment by conda, Rosetta or Docker.",
    ),
    "explain": (
        f"{__package__}.explain",
        "ExplainCommand",
        "Say what an error of loading native code means, and what to do.",
    ),
    "doctor": (
        f"{__package__}.doctor",
        "DoctorCommand",
        "Tell what is wrong with this machine and its tools for native packages.",
    ),
    "fuse": (
        f"{__package__}.fuse",
        "FuseCommand",
        "Fuse a wheel for arm64 and one for x86_64 into one for both.",
    ),
    "facts": (
        f"{__package__}.facts",
        "FactsCommand",
        "Look after the cache of what wheels hold: info, purge, export, import.",
    ),
    "enable": (
        f"{__package__}.enabling",
        "EnableCommand",
        "Guard `pip` and `python -m pip` of this environment, too.",
    ),
    "disable": (
        f"{__package__}.enabling",
        "DisableCommand",
        "Undo `enable`.",
    ),
}
"""Our own commands: the module, the class, and what `pip-archguard help` says of it."""

COMMANDS = f"{__package__}.commands"
"""The module in which pip finds its commands, guarded."""

_originals: dict[str, tuple[str, str]] = {}
_make_listener: list[Callable[[], Listener]] = []


def register(module_path: str, class_name: str) -> tuple[str, str]:
    """Take pip's command; return the module and class that pip shall look up instead."""
    _originals[PREFIX + class_name] = (module_path, class_name)
    return COMMANDS, PREFIX + class_name


def original(guarded_name: str) -> tuple[str, str]:
    """Return pip's own module and class behind a guarded name; raises KeyError."""
    return _originals[guarded_name]


def tell_events_to(make_listener: Callable[[], Listener]) -> None:
    """Set who is told of events; made when the first guarded command needs it."""
    listener.cache_clear()
    _make_listener[:] = [make_listener]


@cache
def listener() -> Listener:
    """Return the one listener of this process."""
    return _make_listener[0]()
