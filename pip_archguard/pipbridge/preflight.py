"""Which environment a command is about to change, and whether that can be meant."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pip_archguard import environment, hosts
from pip_archguard.errors import ToolEnvironmentError
from pip_archguard.model.arch import Arch

if TYPE_CHECKING:
    from pip_archguard.model.event import Listener


def check_place(listener: Listener) -> None:
    """Tell if another environment is activated; refuse to fill a tool's own one.

    Raises ToolEnvironmentError inside an environment that pipx or `uv tool` made for
    pip-archguard alone.
    """
    prefix = Path(sys.prefix)
    other = environment.other_environment(prefix, os.environ)
    if other is not None:
        variable, activated = other
        from pip_archguard.model.event import OtherEnvironment  # noqa: PLC0415 - seldom told

        listener.tell(OtherEnvironment(variable=variable, activated=activated, ours=sys.prefix))
    tool = environment.tool_environment(prefix)
    if tool is not None:
        place = other[1] if other else "ENVIRONMENT"
        msg = f"`{prefix}` is the environment that {tool} made for pip-archguard alone"
        hint = f"name the one to change: `pip-archguard --python {place} …`"
        raise ToolEnvironmentError(msg, hint=hint)


def check_translation(listener: Listener) -> None:
    """Tell if this is an x86_64 process under Rosetta although its Python could be arm64."""
    if hosts.is_translated() and Arch.ARM64 in environment.interpreter_archs():
        from pip_archguard.model.event import Translated  # noqa: PLC0415 - as above

        listener.tell(Translated(python=sys.executable))
