"""The real wheels that an install takes, on a simulated Mac or here, kept from run to run."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

from builders.sandbox import Sandbox
from builders.wheels import PYTHON

_SECONDS = 1800


def fetch_for(folder: Path, wanted: Sequence[str], sandbox: Sandbox) -> Path:
    """Return a folder with the wheels that pip takes for these requirements in a sandbox.

    pip finds them as it is configured here, not in the sandbox. They are fetched once:
    what is kept below `folder` for this Python and host stays as it is.
    """
    host = sandbox.host
    machine = f"macosx_{host.macver}_{host.machine}" if host.machine else sysconfig.get_platform()
    kept = folder / "-".join([*wanted, PYTHON, machine])
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            place = Path(aside) / "wheels"
            options = ("-qq", "--only-binary=:all:", "--no-cache-dir", "-d", str(place))
            subprocess.run(
                [str(sandbox.python), "-m", "pip", "download", *options, *wanted],
                env={**os.environ, **host.environment(), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
                cwd=sandbox.work,
                timeout=_SECONDS,
                check=True,
            )
            place.rename(kept)
    return kept
