"""What is fuzzed: a parser, the bytes it begins with, and what it promises of any bytes."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from builders.delocate_check import llvm_tool


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzTarget:
    """One thing that is fuzzed.

    `check` raises for bytes for which the promise is broken: an AssertionError, or whatever
    the parser lets out. `seeds` are made in code, so that no file of a stranger is kept.
    `words` are what a fuzzer of bytes would be long in finding.
    `needs` is a module that the check takes, and `tool` one of LLVM's programs; neither is
    installed everywhere.
    """

    name: str
    promise: str
    check: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    longest: int = 4096
    words: tuple[str, ...] = ()
    needs: str = ""
    tool: str = ""

    @property
    def can_run(self) -> bool:
        """Whether what the check takes is here."""
        module = not self.needs or importlib.util.find_spec(self.needs) is not None
        return module and (not self.tool or llvm_tool(self.tool) is not None)
