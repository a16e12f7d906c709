"""What systems are called, and the forms of their native files."""

from __future__ import annotations

from pip_archguard.model.format import Format
from pip_archguard.model.target import System

FORMATS = {
    Format.MACH_O: "Mach-O (macOS)",
    Format.ELF: "ELF (Linux)",
    Format.PE: "PE (Windows)",
}
_NAMES = {System.MACOS: "macOS", System.LINUX: "Linux", System.WINDOWS: "Windows"}


def system_name(system: System, otherwise: str = "this system") -> str:
    """Return what its users call a system, or something for those without a name here."""
    return _NAMES.get(system, otherwise)
