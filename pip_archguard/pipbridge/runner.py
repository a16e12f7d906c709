"""How the guard is started inside another interpreter, which has neither us nor pip."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

PATHS = "_PIP_ARCHGUARD_PATHS"
"""JSON of package name to the folder it is imported from."""

_NEEDED = ("pip", "pip_archguard", "packaging", "macholib", "rich")


def runner_path() -> str:
    """Return the script to run in place of pip's own `__pip-runner__.py`."""
    return str(Path(__file__).with_name("__archguard_runner__.py"))


def runner_environment() -> dict[str, str]:
    """Return the variable that tells the runner where our packages lie."""
    return {PATHS: json.dumps({name: _root_of(name) for name in _NEEDED})}


def _root_of(package: str) -> str:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return str(Path(spec.origin).parent.parent)
