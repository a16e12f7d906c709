"""The command `audit`: what is installed is looked at, and whether it loads."""

from __future__ import annotations

from typing import Any

from pip._internal.cli.base_command import Command

from pip_archguard import hosts
from pip_archguard.errors import ArchGuardError, UnreadableInputError
from pip_archguard.model.audit import AuditForm, AuditReport
from pip_archguard.model.event import Complaint
from pip_archguard.model.mixed import MixedUse
from pip_archguard.pipbridge.audit_options import add_audit_options
from pip_archguard.pipbridge.auditing import Audit, audit
from pip_archguard.pipbridge.internals import registry
from pip_archguard.pipbridge.internals.facts_folder import facts_folder
from pip_archguard.pipbridge.internals.repeated import general_options
from pip_archguard.pipbridge.internals.standard_output import keep_standard_output_free
from pip_archguard.pipbridge.mending import check_mendable, mended_for, plan_of, run_plan
from pip_archguard.pipbridge.options import ignored_by
from pip_archguard.rules.mixed import mixed_use


class AuditCommand(Command):  # type: ignore[misc]
    """
    Tell whether what is installed can be loaded, and what to do if not.

    All distributions of this environment are looked at, or those of folders
    that --path names, each native file with the libraries that it links in
    other distributions. With --fix, those that are broken are reinstalled, the
    same versions.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog [options]
      %prog [options] --fix [--dry-run]
      %prog [options] --path <folder> ..."""

    ignore_require_venv = True
    _archguard_arguments: tuple[str, ...] = ()

    def add_options(self) -> None:
        self.parser.insert_option_group(0, self.cmd_opts)
        add_audit_options(self.parser)

    def main(self, args: Any) -> int:
        self._archguard_arguments = tuple(args)
        return int(super().main(args))

    def run(self, options: Any, args: Any) -> int:
        keep_standard_output_free()
        listener = registry.listener()
        try:
            _check_usage(options, args)
            found = _audit(options)
            if options.audit_fix:
                check_mendable(found)
        except ArchGuardError as error:
            listener.tell(Complaint(code=error.code, message=str(error), hint=error.hint))
            return error.exit_code
        code = 0
        if options.audit_fix:
            found, code = self._fix(found, options)
        listener.tell(_report(found, options))
        return code or found.exit_code

    def _fix(self, found: Audit, options: Any) -> tuple[Audit, int]:
        """Reinstall what is broken, and return how things are then, with pip's exit code."""
        plan = plan_of(found, options.arch, dry=options.audit_dry_run)
        registry.listener().tell(plan)
        if not plan.runs:
            return found, 0
        general = general_options(self.parser, self._archguard_arguments)
        to_stdout = AuditForm(options.audit_format) is AuditForm.TEXT
        code = run_plan(plan, general, to_stdout=to_stdout)
        if plan.dry:
            return found, code
        return _audit(options), code


def _audit(options: Any) -> Audit:
    return audit(
        options.paths, options.arch, ignored=ignored_by(options), known=facts_folder(options)
    )


def _check_usage(options: Any, args: Any) -> None:
    if args:
        msg = f"`audit` takes no arguments such as `{args[0]}`"
        raise UnreadableInputError(msg, hint="name a folder with `--path`")
    if options.audit_dry_run and not options.audit_fix:
        msg = "`--dry-run` without `--fix`: an audit changes nothing"
        raise UnreadableInputError(msg, hint="leave it out, or add `--fix`")


def _report(found: Audit, options: Any) -> AuditReport:
    return AuditReport(
        packages=found.packages,
        skipped=found.skipped,
        folders=found.folders,
        exit_code=found.exit_code,
        form=AuditForm(options.audit_format),
        verbose=options.verbose > 0,
        archs=tuple(options.arch),
        fix_archs=mended_for(options.arch),
        mended=options.audit_fix and not options.audit_dry_run,
        mixed=_mixed(found),
        translated=hosts.is_translated(),
    )


def _mixed(found: Audit) -> MixedUse | None:
    """Tell whether this environment was filled as another architecture than it runs as."""
    here = hosts.running_target()
    own = [p.judgement for p in found.packages if p.folder.running and here in p.targets]
    return mixed_use(own, here)
