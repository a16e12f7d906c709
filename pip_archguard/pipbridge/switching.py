"""`--arch` of the other architecture: the run begins again, as that."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from pip_archguard import environment, hosts
from pip_archguard.errors import OtherSliceError
from pip_archguard.model.arch import Arch
from pip_archguard.model.event import Listener, Switching
from pip_archguard.model.target import System, Target
from pip_archguard.pipbridge.options import SWITCHED


def other_slice(targets: Sequence[Target]) -> Arch | None:
    """Return the one architecture that `--arch` wants on this Mac and that this process is not."""
    running = hosts.running_target()
    wanted = {target.arch for target in targets}
    here = running.system is System.MACOS and len(wanted) == 1
    return wanted.pop() if here and running.arch not in wanted else None


def begin_again(
    arch: Arch, arguments: Sequence[str], listener: Listener, *, quiet: bool, needed: bool
) -> None:
    """Run the command of this process anew, in the same interpreter as `arch`.

    pip chooses wheels for the architecture that it runs as, and builds for it. Does not
    return if the interpreter starts so. Raises OtherSliceError if it does not and that is
    `needed`, because what is installed is for this interpreter.
    """
    command = None if SWITCHED in os.environ else hosts.command_as(arch, sys.executable)
    if command is None or not set(arguments) <= set(sys.orig_argv):  # called by a program
        if needed:
            raise _cannot_run_as(arch, startable=command is not None)
        return
    if not quiet:
        listener.tell(Switching(arch=arch, python=sys.executable))
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os.execve(  # noqa: S606 - no shell is wanted
        command[0], [*command, *sys.orig_argv[1:]], os.environ | {SWITCHED: str(arch)}
    )


def _cannot_run_as(arch: Arch, *, startable: bool) -> OtherSliceError:
    parts = environment.interpreter_archs()
    python = f"`{sys.executable}`"
    if startable:
        msg = f"this run cannot begin again as {arch}, for a program called pip in its own process"
        return OtherSliceError(msg, hint=f"start that program by `arch -{arch}`")
    if parts and arch not in parts:
        found = " and ".join(sorted(map(str, parts)))
        return OtherSliceError(
            f"{python} is {found} only, so it cannot run as {arch}",
            hint="use a Python of python.org, which has both parts, or see "
            "`pip-archguard route rosetta`; for another Python, name a place: `--target DIR`",
        )
    if hosts.can_start_as(arch) is False:
        if arch is Arch.ARM64:
            return OtherSliceError(
                f"this Mac has an Intel processor, so {python} cannot run as {arch}",
                hint="for another Mac, name a place: `--target DIR`",
            )
        return OtherSliceError(
            f"Rosetta is not installed, so {python} cannot run as {arch}",
            hint="install it by `softwareupdate --install-rosetta`",
        )
    return OtherSliceError(f"{python} does not start as {arch} by `arch -{arch}`")
