"""Installed distributions and the interpreter, read from disk."""

from pip_archguard.environment.installed import files_built_since, read_installed
from pip_archguard.environment.interpreter import (
    interpreter_archs,
    other_environment,
    tool_environment,
)

__all__ = [
    "files_built_since",
    "interpreter_archs",
    "other_environment",
    "read_installed",
    "tool_environment",
]
