"""Where a process that is pip begins to be guarded, after `pip-archguard enable`.

Called from the start-up file in site-packages, before anything of pip is imported.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

_MAIN = "pip._internal.cli.main"
"""What pip's script and `python -m pip` import; one of its functions is the whole of pip."""

_ENTRIES = ("main", "cli")
"""Its functions that they call: `main`, and `cli` from pip 26.3 on."""


def start() -> None:
    """Guard pip as soon as it is imported; may be called again, as site does in some cases."""
    if _Hook not in sys.meta_path:
        sys.meta_path.insert(0, _Hook)


class _Hook:
    """Sees to one module when it is imported, and then is gone."""

    @classmethod
    def find_spec(
        cls, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Have the other finders find pip's main module, and guard it (MetaPathFinder)."""
        if name != _MAIN:
            return None
        sys.meta_path.remove(cls)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            loader = spec.loader

            def exec_module(module: ModuleType) -> None:
                del vars(loader)["exec_module"]  # one loader may serve a whole folder
                loader.exec_module(module)
                _guard(module)

            vars(loader)["exec_module"] = exec_module
        return spec


def _guard(module: ModuleType) -> None:
    if "pip_archguard.cli.main" in sys.modules:
        return  # `pip-archguard` itself, under another name
    try:
        from pip_archguard.cli.main import guarded  # noqa: PLC0415 - not before pip is there
    except ImportError:  # pip-archguard was removed in part: plain pip goes on
        return
    for name in _ENTRIES:
        if hasattr(module, name):
            setattr(module, name, guarded(getattr(module, name)))
