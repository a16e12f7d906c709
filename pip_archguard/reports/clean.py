"""The one line of a run in which all is well; it takes little to load."""

from __future__ import annotations

from pip_archguard.model.outcome import Clean
from pip_archguard.model.target import System, Target


def clean_text(clean: Clean) -> str:
    """Return the line, without a newline."""
    files = f"{clean.files} native file{'s' if clean.files > 1 else ''}"
    wheels = f"{clean.wheels} package{'s' if clean.wheels > 1 else ''}"
    machines = " and ".join(machine(t) for t in clean.targets)
    return f"pip-archguard: {files} in {wheels} judged, fit for {machines}"


def machine(target: Target) -> str:
    """Name a target as its owner would: `macOS 14 arm64 (cp312)`, `Linux glibc 2.36 …`."""
    name = "macOS" if target.system is System.MACOS else target.system.value.capitalize()
    version = ".".join(map(str, target.os_version)) if any(target.os_version) else ""
    if target.system is System.MACOS:
        version = version.removesuffix(".0")
    libc = "" if target.libc is None else str(target.libc)
    words = [name, libc, version, str(target.arch), f"({target.python})" if target.python else ""]
    return " ".join(word for word in words if word)
