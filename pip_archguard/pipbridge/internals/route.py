"""The command `route`: how to get an x86_64 environment, where nothing native is left."""

from __future__ import annotations

import sys
from typing import Any

from pip._internal.cli.base_command import Command

from pip_archguard.errors import ArchGuardError, UnreadableInputError
from pip_archguard.model.event import Complaint
from pip_archguard.model.result import RouteShown
from pip_archguard.model.route import RouteKind
from pip_archguard.pipbridge.internals import registry
from pip_archguard.pipbridge.route_files import read_requirements, write_route
from pip_archguard.remedies import route_to
from pip_archguard.remedies.requirements import holds_secret

_HINT = "`conda`, `rosetta` or `docker` comes first, the requirements follow"


class RouteCommand(Command):  # type: ignore[misc]
    """
    Show how to get an environment for x86_64 wheels on Apple silicon.

    conda makes an environment of packages for Intel Macs, rosetta a virtual
    environment whose Python runs as x86_64, docker a container with x86_64
    Linux. What is shown are commands to paste and the files that they need,
    for this version of Python and these requirements. Nothing is installed;
    nothing is written but by --write, which never overwrites.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog conda [options] [requirement specifier | requirements file] ...
      %prog rosetta [options] [requirement specifier | requirements file] ...
      %prog docker [options] [requirement specifier | requirements file] ..."""

    ignore_require_venv = True

    def add_options(self) -> None:
        self.cmd_opts.add_option(
            "-r",
            "--requirement",
            dest="requirements",
            action="append",
            default=[],
            metavar="file",
            help="Take what this requirements file names. This option can be used multiple times.",
        )
        self.cmd_opts.add_option(
            "--python-version",
            dest="python_version",
            metavar="python_version",
            default="{}.{}".format(*sys.version_info),
            help="The Python of the environment, such as 3.10 [default: %default].",
        )
        self.cmd_opts.add_option(
            "--write",
            dest="write_to",
            metavar="dir",
            default=None,
            help="Write the files into this folder, which is made if need be.",
        )
        self.parser.insert_option_group(0, self.cmd_opts)

    def run(self, options: Any, args: Any) -> int:
        listener = registry.listener()
        try:
            kind = _kind(args)
            requirements = read_requirements(args[1:], options.requirements)
            folder = options.write_to
            route = route_to(kind, options.python_version, requirements, folder=folder)
            if folder is not None:
                write_route(route)
        except ArchGuardError as error:
            listener.tell(Complaint(code=error.code, message=str(error), hint=error.hint))
            return error.exit_code
        listener.tell(RouteShown(route=route, written=folder is not None))
        return 0


def _kind(args: list[str]) -> RouteKind:
    if not args:
        msg = "no kind of route is named"
        raise UnreadableInputError(msg, hint=_HINT)
    try:
        return RouteKind(args[0])
    except ValueError as error:
        word = "the first word" if holds_secret(args[0]) else f"`{args[0]}`"
        msg = f"{word} is no kind of route"
        raise UnreadableInputError(msg, hint=_HINT) from error
