"""The command `doctor`: what machine, Python and tools are like, and what is wrong with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pip
from pip._internal.cli.base_command import Command

from pip_archguard import environment
from pip_archguard.errors import ArchGuardError, UnreadableInputError, UnsupportedPipError
from pip_archguard.model.doctor import DoctorForm, PipSetup
from pip_archguard.model.event import Complaint
from pip_archguard.model.result import Answered
from pip_archguard.model.shown import Diagnosis
from pip_archguard.pipbridge.checkup import check_up
from pip_archguard.pipbridge.internals import registry, seams
from pip_archguard.pipbridge.options import add_format
from pip_archguard.rules.checkup import is_ill, troubles_of

_EXIT_ILL = 1
"""As of `pip check` and `brew doctor`."""

# What a configuration of a pip that is not known yet may raise.
_ODD = (AttributeError, TypeError, ValueError, LookupError, RuntimeError, AssertionError)

_MATTERING = frozenset(
    {
        *("arch", "arch-policy", "arch-ignore", "arch-report", "arch-write-requirements"),
        *("no-binary", "only-binary", "prefer-binary", "platform", "python-version", "abi"),
        *("cache-dir", "no-cache-dir", "index-url", "extra-index-url", "find-links", "no-index"),
        *("constraint", "requirement", "require-hashes", "no-deps", "config-settings"),
        *("target", "prefix", "user", "root", "python", "require-virtualenv"),
        *("no-build-isolation", "use-deprecated", "use-feature", "use-pep517"),
    }
)
"""Options that decide what is installed, from where, and where to."""


class DoctorCommand(Command):  # type: ignore[misc]
    """
    Tell what is wrong with this machine, its Python and its tools.

    Prints hardware and Rosetta, the running Python, pip and its settings,
    build tools, variables and conda environments, and the wheels in pip's
    cache that cannot load here. Nothing is changed.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog [options]"""

    ignore_require_venv = True

    def add_options(self) -> None:
        add_format(self.cmd_opts, "doctor_format", DoctorForm)
        self.parser.insert_option_group(0, self.cmd_opts)

    def run(self, options: Any, args: Any) -> int:
        listener = registry.listener()
        try:
            if args:
                msg = "`doctor` takes no arguments"
                hint = "`--python` before it names another environment"
                raise UnreadableInputError(msg, hint=hint)
        except ArchGuardError as error:
            listener.tell(Complaint(code=error.code, message=str(error), hint=error.hint))
            return error.exit_code
        checkup = check_up(
            lambda: _pip(getattr(self.parser, "config", None)),
            lambda: str(options.cache_dir or ""),
        )
        troubles = troubles_of(checkup)
        form = DoctorForm(options.doctor_format)
        diagnosis = Diagnosis(checkup=checkup, troubles=troubles, form=form)
        listener.tell(Answered(answer=diagnosis))
        return _EXIT_ILL if is_ill(troubles) else 0


def _pip(config: Any) -> PipSetup:
    on_path, is_ours = environment.pip_on_path()
    return PipSetup(
        version=str(pip.__version__),
        unguardable=_why_unguardable(),
        on_path=on_path,
        is_ours=is_ours,
        enabling=environment.enabling_of(environment.purelib(), sys.version_info[:2])[0],
        settings=tuple(sorted({*_of_files(config), *_of_variables()})),
    )


def _why_unguardable() -> str:
    try:
        seams.check_seams()
    except UnsupportedPipError as error:
        return str(error)
    return ""


def _of_files(config: Any) -> Iterator[str]:
    """Yield the names that configuration files set, such as `install.no-binary`."""
    try:
        entries = list(config.items())
    except _ODD:
        return
    for key, value in entries:
        # From pip 25.3 on, names are kept by the file that sets them.
        for name in value if isinstance(value, dict) else (key,):
            section, _, option = str(name).rpartition(".")
            if option in _MATTERING and not section.startswith(":env:"):
                yield f"{section}.{option}"


def _of_variables() -> Iterator[str]:
    for name in os.environ:
        option = name.removeprefix("PIP_").lower().replace("_", "-")
        if name.startswith("PIP_") and option in _MATTERING:
            yield name
