"""The command `coverage`: what a matrix of targets gets of some requirements."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions
from pip._internal.cli.req_command import RequirementCommand

from pip_archguard.errors import ArchGuardError, UnreadableInputError, redacted
from pip_archguard.hosts.matrix import Place
from pip_archguard.locks.project import requirements_of
from pip_archguard.model.coverage import BEGINNINGS, Coverage, CoverForm
from pip_archguard.model.covering import Resolved
from pip_archguard.model.event import Complaint, Listener
from pip_archguard.model.result import Covered
from pip_archguard.pipbridge import coverage_options as ours
from pip_archguard.pipbridge.covering import Again, Columns, Matrix, exit_code
from pip_archguard.pipbridge.dask_options import named_executor
from pip_archguard.pipbridge.executors import Executor
from pip_archguard.pipbridge.internals import registry, seams
from pip_archguard.pipbridge.internals.coverage_fetching import WheelReader
from pip_archguard.pipbridge.internals.coverage_locks import locked
from pip_archguard.pipbridge.internals.coverage_resolving import Job
from pip_archguard.pipbridge.internals.coverage_workers import resolve_all
from pip_archguard.pipbridge.internals.scan import Quiet
from pip_archguard.pipbridge.internals.standard_output import keep_standard_output_free
from pip_archguard.pipbridge.internals.toml import read_toml
from pip_archguard.pipbridge.report_files import file_to_write

# pip's makers of options that this takes; which of them there are depends on its version.
_PIP_OPTIONS = (
    *("constraints", "requirements", "requirements_from_scripts", "editable", "no_deps"),
    *("no_binary", "only_binary", "prefer_binary", "pre", "all_releases", "only_final"),
    *("require_hashes", "no_require_hashes", "ignore_requires_python"),
)


class CoverageCommand(RequirementCommand):  # type: ignore[misc]
    """
    Tell what each of several targets gets of some requirements.

    Targets are Macs, Linux and Windows. For each of them requirements are
    resolved as pip would there, and each wheel is looked into. Nothing is
    installed, and no source is built or run: what it needs is told by what it
    declares.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog [options] -r <requirements file> [package-index-options] ...
      %prog [options] <requirement specifier> [package-index-options] ...
      %prog [options] <pyproject.toml> [package-index-options] ...
      %prog [options] <pylock.toml | uv.lock | poetry.lock>"""

    ignore_require_venv = True

    def add_options(self) -> None:
        for name in _PIP_OPTIONS:
            maker = getattr(cmdoptions, name, None)
            if maker is not None:
                self.cmd_opts.add_option(maker())
        index_opts = cmdoptions.make_option_group(cmdoptions.index_group, self.parser)
        self.parser.insert_option_group(0, index_opts)
        self.parser.insert_option_group(0, self.cmd_opts)
        # pip adds it to all such commands from 25.1 on.
        ours.add_coverage_options(self.parser, group=not hasattr(cmdoptions, "dependency_groups"))

    def run(self, options: Any, args: Any) -> int:
        keep_standard_output_free()
        listener = registry.listener()
        try:
            seams.check_coverage_seams()
            places = ours.places_asked(options)
            form = CoverForm(options.coverage_format)
            file = file_to_write(options.coverage_output, "--output", BEGINNINGS[form])
            inputs = ours.inputs_of(options, args)
            hears = Quiet() if options.quiet else listener
            with (
                named_executor(None if inputs.lock else options.dask) as executor,
                tempfile.TemporaryDirectory(prefix="pip-archguard-") as folder,
                closing(WheelReader(self, copy.copy(options), Path(folder))) as reader,
            ):
                resolve = self._resolver(options, inputs, reader, executor, hears)
                resolved = resolve([(place, frozenset()) for place in places])
                columns = Columns(places=places, resolved=tuple(resolved))
                matrix = Matrix(reader.facts_of, hears).columns(columns, resolve)
        except ArchGuardError as error:
            listener.tell(Complaint(code=error.code, message=str(error), hint=error.hint))
            return error.exit_code
        named = (*options.requirements, *options.editables, *args)
        coverage = Coverage(sources=tuple(redacted(str(each)) for each in named), columns=matrix)
        listener.tell(Covered(coverage=coverage, form=form, file=file))
        return exit_code(coverage)

    def _resolver(
        self,
        options: Any,
        inputs: ours.Inputs,
        reader: WheelReader,
        executor: Executor | None,
        listener: Listener,
    ) -> Again:
        """Return how to find out what is taken for some targets, each without some files."""
        extras, groups = options.coverage_extras, ours.groups_of(options)
        if inputs.lock is not None:
            kind, path = inputs.lock
            return partial(locked, kind, read_toml(path), extras, groups, reader.address_of)
        given = self._for_pip(options, inputs, extras, groups)
        return partial(_by_pip, given, executor, listener)

    def _for_pip(
        self, options: Any, inputs: ours.Inputs, extras: Sequence[str], groups: Sequence[str]
    ) -> tuple[Any, tuple[str, ...]]:
        """Return pip's options and arguments, with what projects require among the latter."""
        made = copy.copy(options)
        made.requirements = list(inputs.requirements)
        arguments = list(inputs.arguments)
        for path in inputs.projects:
            document = read_toml(path)
            arguments += requirements_of(document, extras=extras, groups=groups)
        if inputs.projects:
            made.dependency_groups = []
        elif extras:
            msg = "`--extra` is for a `pyproject.toml` or a lock file, and none is named"
            hint = "say an extra of a requirement as NAME[EXTRA]"
            raise UnreadableInputError(msg, hint=hint)
        return made, tuple(arguments)


def _by_pip(
    given: tuple[Any, tuple[str, ...]],
    executor: Executor | None,
    listener: Listener,
    asked: Sequence[tuple[Place, frozenset[str]]],
) -> list[Resolved]:
    """Have pip resolve for each target, without the files of these addresses."""
    options, arguments = given
    jobs = [
        Job(options=options, arguments=arguments, place=place, refused=refused)
        for place, refused in asked
    ]
    return resolve_all(jobs, executor, listener)
