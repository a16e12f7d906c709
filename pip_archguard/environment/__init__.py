"""Installed distributions and the interpreter, read from disk."""

from pip_archguard.environment.fallbacks import optional_installed
from pip_archguard.environment.installed import read_installed
from pip_archguard.environment.interpreter import (
    interpreter_archs,
    other_environment,
    tool_environment,
)
from pip_archguard.environment.source_tree import files_built_since

__all__ = [
    "files_built_since",
    "interpreter_archs",
    "optional_installed",
    "other_environment",
    "read_installed",
    "tool_environment",
]
