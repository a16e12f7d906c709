"""The options of `audit`."""

from __future__ import annotations

import optparse

from pip_archguard.model.audit import AuditForm
from pip_archguard.pipbridge.options import add_arch, add_format, add_ignore


def add_audit_options(parser: optparse.OptionParser) -> None:
    """Add them, in a group of their own."""
    group = optparse.OptionGroup(parser, "Architecture Guard Options")
    group.add_option(
        "--path",
        dest="paths",
        action="append",
        metavar="folder",
        default=[],
        help="Audit this folder in the place of the running environment: a site-packages, a "
        "--target folder, an app bundle, a folder of PyInstaller or Nuitka, a prefix of conda. "
        "Repeatable.",
    )
    add_format(group, "audit_format", AuditForm)
    group.add_option(
        "--fix",
        dest="audit_fix",
        action="store_true",
        default=False,
        help="Reinstall what is broken, the same versions, as `install` would, and audit again.",
    )
    group.add_option(
        "--dry-run",
        dest="audit_dry_run",
        action="store_true",
        default=False,
        help="With --fix: show what would be reinstalled, and change nothing.",
    )
    add_ignore(group)
    add_arch(group, "what this Mac runs, else what the folder is made for")
    parser.add_option_group(group)
