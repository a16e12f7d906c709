"""What systems are called."""

from __future__ import annotations

from pip_archguard.model.target import System

_NAMES = {System.MACOS: "macOS", System.LINUX: "Linux", System.WINDOWS: "Windows"}


def system_name(system: System, otherwise: str) -> str:
    """Return what its users call a system, or something for those without a name here."""
    return _NAMES.get(system, otherwise)
