"""The command `scan`: wheels are looked at, and nothing is installed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions
from pip._internal.cli.req_command import RequirementCommand

from pip_archguard.errors import ArchGuardError, UnreadableInputError
from pip_archguard.model.event import Complaint, Event
from pip_archguard.model.result import ScanReport
from pip_archguard.model.scan import Form, Scanned
from pip_archguard.pipbridge import scan_options as ours
from pip_archguard.pipbridge.dask_options import named_executor
from pip_archguard.pipbridge.executors import Executor
from pip_archguard.pipbridge.internals import registry, seams
from pip_archguard.pipbridge.internals.facts_folder import facts_folder
from pip_archguard.pipbridge.internals.inputs import Inputs, sources_of
from pip_archguard.pipbridge.internals.standard_output import keep_standard_output_free
from pip_archguard.pipbridge.scanning import exit_code, scan
from pip_archguard.wheels import FactsCache, WheelFile

# pip's makers of options that a scan takes; which of them there are depends on its version.
_PIP_OPTIONS = (
    *("constraints", "build_constraints", "requirements", "requirements_from_scripts"),
    *("editable", "no_deps", "only_binary", "prefer_binary"),
    *("pre", "all_releases", "only_final"),
    *("require_hashes", "no_require_hashes", "ignore_requires_python"),
)


class ScanCommand(RequirementCommand):  # type: ignore[misc]
    """
    Tell what wheels hold, what their names claim, and whether they load.

    Wheels are named as files, as folders that hold them, as URLs, or by
    requirements for which the wheel is found and fetched as `pip download
    --only-binary :all: --no-deps` would. Their dependencies are not looked at.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog [options] <wheel file> ...
      %prog [options] <folder of wheels> ...
      %prog [options] <wheel url> ...
      %prog [options] <requirement specifier> [package-index-options] ...
      %prog [options] -r <requirements file> [package-index-options] ..."""

    ignore_require_venv = True

    def add_options(self) -> None:
        for name in _PIP_OPTIONS:
            maker = getattr(cmdoptions, name, None)
            if maker is not None:
                self.cmd_opts.add_option(maker())
        cmdoptions.add_target_python_options(self.cmd_opts)
        index_opts = cmdoptions.make_option_group(cmdoptions.index_group, self.parser)
        self.parser.insert_option_group(0, index_opts)
        self.parser.insert_option_group(0, self.cmd_opts)
        ours.add_scan_options(self.parser)

    def run(self, options: Any, args: Any) -> int:
        keep_standard_output_free()
        listener = registry.listener()
        try:
            seams.check_scan_seams()
            if not (args or any(sources_of(options))):
                msg = "nothing to scan is named"
                hint = "name a wheel, a folder of wheels, a URL or a requirement"
                raise UnreadableInputError(msg, hint=hint)
            with (
                named_executor(options.dask) as executor,
                tempfile.TemporaryDirectory(prefix="pip-archguard-") as folder,
            ):
                return self._scan(options, args, Path(folder), executor)
        except ArchGuardError as error:
            listener.tell(Complaint(code=error.code, message=str(error), hint=error.hint))
            return error.exit_code

    def _scan(self, options: Any, args: Any, folder: Path, executor: Executor | None) -> int:
        place = facts_folder(options)
        known = FactsCache(place) if place is not None else None
        with closing(Inputs(self, options, folder, known)) as inputs:
            found = partial(scan, executor=executor, known=known)
            return self._report(options, inputs.of(args), found)

    def _report(
        self,
        options: Any,
        named: Iterable[WheelFile | ArchGuardError],
        scanned_of: Callable[..., Iterator[Scanned | UnreadableInputError]],
    ) -> int:
        listener = registry.listener()
        inputs: list[WheelFile] = []
        failed = False
        scanned: list[Scanned] = []
        for each in named:
            if isinstance(each, WheelFile):
                inputs.append(each)
            else:
                failed = True
                listener.tell(_complaint(each))
        quiet = Quiet() if options.quiet else listener
        for result in scanned_of(inputs, listener=quiet):
            if isinstance(result, Scanned):
                scanned.append(result)
            else:
                failed = True
                listener.tell(_complaint(result))
        form = Form(options.scan_format)
        if scanned or not failed or form is Form.JSON:  # else the complaint is the answer
            verbose = options.verbose > 0
            listener.tell(ScanReport(wheels=tuple(scanned), form=form, verbose=verbose))
        return exit_code(scanned, failed=failed)


class Quiet:
    """Hears nothing."""

    def tell(self, event: Event) -> None:
        """Pass over the event."""


def _complaint(error: ArchGuardError) -> Complaint:
    return Complaint(code=error.code, message=str(error), hint=error.hint)
