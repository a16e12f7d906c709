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
        "Tell whether wheels can be loaded.",
    ),
    "coverage": (
        f"{__package__}.coverage",
        "CoverageCommand",
        "Tell what each of several targets gets.",
    ),
    "audit": (
        f"{__package__}.audit",
        "AuditCommand",
        "Tell whether what is installed can be loaded.",
    ),
    "route": (
        f"{__package__}.route",
        "RouteCommand",
        "Show ways to an x86_64 environment.",
    ),
    "explain": (
        f"{__package__}.explain",
        "ExplainCommand",
        "Say what an error of loading native code means.",
    ),
    "doctor": (
        f"{__package__}.doctor",
        "DoctorCommand",
        "Tell what is wrong with machine, tools and pip.",
    ),
    "fuse": (
        f"{__package__}.fuse",
        "FuseCommand",
        "Fuse wheels for arm64 and x86_64 into one.",
    ),
    "facts": (
        f"{__package__}.facts",
        "FactsCommand",
        "Look after the cache of what wheels hold.",
    ),
    "enable": (
        f"{__package__}.enabling",
        "EnableCommand",
        "Guard `pip` and `python -m pip` here, too.",
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
