"""The command `audit`: what is installed is looked at, and whether it loads."""

from __future__ import annotations

from typing import Any

from pip._internal.cli.base_command import Command

from pip_archguard.errors import ArchGuardError, UnreadableInputError
from pip_archguard.model.audit import AuditForm, AuditReport
from pip_archguard.model.event import Complaint
from pip_archguard.pipbridge.audit_options import add_audit_options
from pip_archguard.pipbridge.auditing import Audit, audit
from pip_archguard.pipbridge.internals import registry
from pip_archguard.pipbridge.internals.scan import keep_standard_output_free


class AuditCommand(Command):  # type: ignore[misc]
    """
    Tell whether what is installed can be loaded, and what to do about what cannot.

    All distributions of this environment are looked at, or those of folders that --path
    names, each native file with the libraries that it links in other distributions.
    """  # noqa: D212 - as pip shows it

    usage = """
      %prog [options]
      %prog [options] --path <folder> ..."""

    ignore_require_venv = True

    def add_options(self) -> None:
        self.parser.insert_option_group(0, self.cmd_opts)
        add_audit_options(self.parser)

    def run(self, options: Any, args: Any) -> int:
        keep_standard_output_free()
        try:
            if args:
                msg = f"`audit` takes no arguments such as `{args[0]}`"
                raise UnreadableInputError(msg, hint="name a folder with `--path`")
            found = audit(options.paths, options.arch)
        except ArchGuardError as error:
            complaint = Complaint(code=error.code, message=str(error), hint=error.hint)
            registry.listener().tell(complaint)
            return error.exit_code
        registry.listener().tell(_report(found, options))
        return found.exit_code


def _report(found: Audit, options: Any, *, mended: bool = False) -> AuditReport:
    return AuditReport(
        packages=found.packages,
        skipped=found.skipped,
        folders=found.folders,
        exit_code=found.exit_code,
        form=AuditForm(options.audit_format),
        verbose=options.verbose > 0,
        archs=tuple(options.arch),
        mended=mended,
    )
