"""Runs pip or the guard, and tells what of the CPU time of the process is not plain pip's.

    python own_time.py RESULT KNOWN MODULE ARGUMENTS...

A timer looks at the stack every half millisecond. The CPU time since it looked before, which
is exact however late it came, goes to whoever the stack names first, from the inside out:

- code of `pip_archguard`, `macholib` or `packaging`: the guard;
- code of pip: pip, also where the guard called it;
- the body of a module, or the search for one: pip, if plain pip imports it, too. KNOWN is the
  RESULT of a run of plain pip, which tells. Else it is whoever asked for it.

What the standard library does is thus done for the one who called it. RESULT is JSON. The
file runs in sandboxes, so it imports the standard library only.
"""

from __future__ import annotations

import json
import runpy
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

PIP = "pip"
"""The owner of what is not the guard's; all others name a module of it, or an import."""

_EVERY = 0.0005
_OURS = frozenset({"pip_archguard", "macholib", "altgraph", "packaging"})
_IMPORT_SYSTEM = ("importlib._bootstrap", "_frozen_importlib")


class Sampler:
    """Adds up the CPU time of this process by who spends it."""

    def __init__(self, known: frozenset[str]) -> None:
        self.spent: Counter[str] = Counter()
        self._known = known
        self._since = time.process_time_ns()

    def look(self, _signal: int, frame: FrameType | None) -> None:
        """Give the time since the last look to the owner of this stack."""
        passed = time.process_time_ns() - self._since
        self.spent[self._owner(frame)] += passed
        self._since = time.process_time_ns()  # what it takes to look is nobody's

    def _owner(self, frame: FrameType | None) -> str:
        importing = ""
        while frame is not None:
            module = str(frame.f_globals.get("__name__", ""))
            imported = None
            if frame.f_code.co_name == "<module>":
                imported = module
            elif module in _IMPORT_SYSTEM and frame.f_code.co_name == "_find_and_load":
                imported = str(frame.f_locals.get("name"))
            top = module.partition(".")[0]
            if imported is not None:
                if imported in self._known:
                    return PIP
                importing = importing or f"import {imported}"
                if imported.partition(".")[0] in _OURS:
                    return importing
            elif top in _OURS:
                return importing or module
            elif top == PIP:
                return PIP
            frame = frame.f_back
        return PIP


def main() -> None:
    """Run a module as `python -m` would, under the timer."""
    result, known, module, *arguments = sys.argv[1:]
    modules = json.loads(Path(known).read_text())["modules"] if Path(known).is_file() else ()
    sampler = Sampler(frozenset(modules))
    sys.argv[1:] = arguments
    sys.path.pop(0)  # the folder of this file
    signal.signal(signal.SIGALRM, sampler.look)
    signal.setitimer(signal.ITIMER_REAL, _EVERY, _EVERY)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        spent = {owner: time_ / 1e9 for owner, time_ in sampler.spent.items()}
        Path(result).write_text(json.dumps({"spent": spent, "modules": sorted(sys.modules)}))


if __name__ == "__main__":
    main()
