"""A process in which atheris guides one target; it ends with the process."""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path
from typing import Any

_INSTRUMENTED = ["pip_archguard", "fuzz.dyld_reference"]


def run(name: str, arguments: list[str], slowest: Path) -> None:
    """Fuzz a target with libFuzzer's arguments, and leave its slowest input in a file."""
    atheris: Any = importlib.import_module("atheris")
    # Much is imported only when it is needed: what is imported later is instrumented, too.
    with atheris.instrument_imports(include=_INSTRUMENTED, enable_loader_override=False):
        target = importlib.import_module("fuzz.targets").TARGETS[name]
        worst = 0.005

        def check(data: bytes) -> None:
            nonlocal worst
            begun = time.process_time()
            try:
                target.check(data)
            finally:
                took = time.process_time() - begun
                if took > worst:
                    worst = took
                    slowest.write_bytes(data)

        atheris.Setup([sys.argv[0], *arguments], check)
        atheris.Fuzz()
