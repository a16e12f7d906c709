"""The command `fuse`: one wheel for both architectures, of two."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pip._internal.cli.base_command import Command

from pip_archguard.errors import EXIT_BROKEN, EXIT_UNKNOWN, ArchGuardError, UnreadableInputError
from pip_archguard.fusing import fuse
from pip_archguard.model.arch import Arch
from pip_archguard.model.event import Complaint, NotFused
from pip_archguard.model.fusing import Unfit
from pip_archguard.model.result import FusedShown
from pip_archguard.model.verdict import Verdict
from pip_archguard.pipbridge.internals import registry

_TWO = 2


class FuseCommand(Command):  # type: ignore[misc]
    """
    Fuse a wheel for arm64 and one for x86_64 into one for both (universal2).

    The native code of each is copied whole, so that signatures stay valid; all
    other files have to be the same, or to differ in a way that both can be
    kept. The result is judged for both architectures before it is written.
    Needs no Mac, and no lipo.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog [options] <arm64 wheel> <x86_64 wheel>"""

    ignore_require_venv = True

    def add_options(self) -> None:
        self.cmd_opts.add_option(
            "-w",
            "--wheel-dir",
            dest="wheel_dir",
            metavar="dir",
            default=os.curdir,
            help="Put the fused wheel into <dir>, where the default is the current folder.",
        )
        self.cmd_opts.add_option(
            "--take-from",
            dest="take_from",
            type="choice",
            choices=[Arch.ARM64.value, Arch.X86_64.value],
            metavar="arch",
            default=None,
            help=(
                "Where the wheels differ in a file that is not native and that cannot be "
                "joined, take it from the wheel for this architecture: arm64 or x86_64."
            ),
        )
        self.parser.insert_option_group(0, self.cmd_opts)

    def run(self, options: Any, args: Any) -> int:
        listener = registry.listener()
        try:
            if len(args) != _TWO:
                msg = f"two wheels are fused, and {len(args)} named"
                hint = "name the `macosx_…_arm64` wheel and the `macosx_…_x86_64` wheel"
                raise UnreadableInputError(msg, hint=hint)
            arch = None if options.take_from is None else Arch(options.take_from)
            paths = (Path(args[0]), Path(args[1]))
            result = fuse(*paths, Path(options.wheel_dir), take_from=arch)
        except ArchGuardError as error:
            listener.tell(Complaint(code=error.code, message=str(error), hint=error.hint))
            return error.exit_code
        if isinstance(result, Unfit):
            listener.tell(NotFused(why=result))
            broken = result.judgement.verdict is Verdict.BROKEN
            return EXIT_BROKEN if broken else EXIT_UNKNOWN
        listener.tell(FusedShown(wheel=result))
        return 0
