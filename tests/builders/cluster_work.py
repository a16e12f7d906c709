"""Work for the workers of a cluster, which leaves behind who did it."""

from __future__ import annotations

import os
import time
from pathlib import Path

MEETING = "ARCHGUARD_TEST_MEETING"
"""The folder in which all that is begun leaves an empty file: the input, and the process."""

ON_A_WORKER = "ARCHGUARD_TEST_WORKER"


def slow(number: int) -> tuple[int, int]:
    """Tell that it began, take some time, and tell which process did it."""
    (Path(os.environ[MEETING]) / f"{number}-{os.getpid()}").touch()
    time.sleep(0.1)
    return number, os.getpid()


def fails_on_a_worker(number: int) -> int:
    """Work in the process that asked, and nowhere else."""
    if ON_A_WORKER in os.environ:
        raise MemoryError
    return number
