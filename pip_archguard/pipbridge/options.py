"""Our options, and what pip's parsed options mean for the guard.

They are options of pip's own parser, so `pip.conf` and `PIP_ARCH_POLICY` set them too;
plain pip ignores keys it does not know.
"""

from __future__ import annotations

import optparse
import os
import re
from collections.abc import Mapping, Sequence
from enum import Enum

from pip_archguard import hosts
from pip_archguard.model.outcome import ReportForm
from pip_archguard.model.policy import Mode, Policy
from pip_archguard.model.projects import normal_name
from pip_archguard.model.target import Target

_FILE = r"(?!\w+:)[\w./][\w./+-]*"
_SPECIFIER = r"[A-Za-z0-9][\w.-]*(\[[\w.,\s-]*\])?(\s*[<>=!~][\w\s.,<>=!~*+]*)?"
_ARCHIVES = (".whl", ".zip", ".gz", ".bz2", ".xz")

BUILD_MARK = "_PIP_ARCHGUARD_BUILD"
"""Set for the pip that fills a build environment: `--arch` is not meant for that one."""

SWITCHED = "_PIP_ARCHGUARD_SWITCHED"
"""Set for a run that begins again as another architecture, to what that is."""


def add_options(parser: optparse.OptionParser) -> None:
    """Add our options, in a group of their own, to the parser of a guarded command."""
    group = optparse.OptionGroup(parser, "Architecture Guard Options")
    group.add_option(
        "--arch-policy",
        dest="arch_policy",
        metavar="policy",
        choices=[mode.value for mode in Mode],
        default=Mode.FIX.value,
        help="What to do with a wheel that cannot load: fix (take another wheel, or build "
        "from source), fail (stop), warn (install it all the same), off [default: %default].",
    )
    add_arch(group, "what this Python runs as, or --platform")
    add_ignore(group)
    _add_reports(group)
    parser.add_option_group(group)


def add_ignore(group: optparse.OptionGroup) -> None:
    """Add `--arch-ignore`."""
    group.add_option(
        "--arch-ignore",
        dest="arch_ignore",
        action="append",
        metavar="name",
        default=[],
        help="Leave this package alone; repeatable, or names with commas between.",
    )


def _add_reports(group: optparse.OptionGroup) -> None:
    group.add_option(
        "--arch-report",
        dest="arch_report",
        metavar="file",
        default=None,
        help="Write what was found and done to this file.",
    )
    group.add_option(
        "--arch-report-format",
        dest="arch_report_format",
        metavar="format",
        choices=[form.value for form in ReportForm],
        default=ReportForm.JSON.value,
        help=f"The form of the report: {one_of(ReportForm)} [default: %default].",
    )
    group.add_option(
        "--arch-write-requirements",
        dest="arch_write_requirements",
        metavar="file",
        default=None,
        help="Write a requirements file, by which plain pip takes what was taken here in the "
        "place of something refused.",
    )


def add_format(
    group: optparse.OptionGroup, dest: str, forms: type[Enum], does: str = "How to print"
) -> None:
    """Add `--format`, with the first of some forms of the result as the default."""
    group.add_option(
        "--format",
        dest=dest,
        metavar="format",
        choices=[form.value for form in forms],
        default=next(iter(forms)).value,
        help=f"{does} the result: {one_of(forms)} [default: %default].",
    )


def one_of(forms: type[Enum]) -> str:
    """Return the names of the forms, as a sentence has them."""
    *others, last = (str(form.value) for form in forms)
    return f"{', '.join(others)} or {last}"


def add_arch(group: optparse.OptionGroup, default: str) -> None:
    """Add `--arch`, with what stands in its place where it is not given."""
    group.add_option(
        "--arch",
        dest="arch",
        action="append",
        metavar="arch",
        choices=list(hosts.ARCH_CHOICES),
        default=[],
        help="What must be loadable: arm64, x86_64 or universal2 (both); repeatable "
        f"[default: {default}].",
    )


def policy_of(options: optparse.Values) -> Policy:
    """Return the policy that the options, environment and configuration ask for."""
    return Policy(mode=Mode(options.arch_policy), ignored=ignored_by(options))


def ignored_by(options: optparse.Values) -> frozenset[str]:
    """Return the projects that `--arch-ignore` names, as PEP 503 normalises them."""
    names = (name for words in options.arch_ignore for name in words.split(","))
    return frozenset(normal_name(name.strip()) for name in names if name.strip())


def targets_of(options: optparse.Values, environ: Mapping[str, str]) -> tuple[Target, ...]:
    """Return where the wheels of this command must load."""
    targets = hosts.named_targets(
        hosts.running_target(),
        platforms=_words(options, "platforms"),
        python_version=getattr(options, "python_version", None),
        implementation=getattr(options, "implementation", None),
        abis=_words(options, "abis"),
    )
    if environ.get(BUILD_MARK):
        return targets
    return hosts.for_archs(targets, options.arch)


def words_for_route(options: optparse.Values, arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the words by which `route` can be asked for the same; none if it cannot be.

    It takes requirement specifiers and the names of requirements files.
    """
    files = tuple(options.requirements)
    others = ("editables", "dependency_groups", "requirements_from_scripts")
    if any(getattr(options, name, None) for name in others):
        return ()
    plain = all(re.fullmatch(_FILE, file) for file in files)
    if not (plain and all(re.fullmatch(_SPECIFIER, argument) for argument in arguments)):
        return ()
    if any(word.endswith(_ARCHIVES) for word in arguments):
        return ()
    return (*(word for file in files for word in ("-r", file)), *arguments)


def words_for_pip(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words that start plain pip in this environment, as what this process runs as."""
    if arch := environ.get(SWITCHED):
        return ("arch", f"-{arch}", "python", "-m", "pip")
    return ("pip",)


def environment_for_children(policy: Policy) -> dict[str, str]:
    """Return the variables by which the policy reaches pips that pip itself starts."""
    return {
        "PIP_ARCH_POLICY": policy.mode.value,
        "PIP_ARCH_IGNORE": ",".join(sorted(policy.ignored)),
        BUILD_MARK: "1",
    }


def names_machine(options: optparse.Values) -> bool:
    """Whether the command is for another machine or Python than those at hand."""
    names = ("platforms", "python_version", "implementation", "abis")
    return any(getattr(options, name, None) for name in names)


def names_other_place(options: optparse.Values) -> bool:
    """Whether the command writes elsewhere than into the environment we run in."""
    return any(getattr(options, name, None) for name in ("target_dir", "prefix_path", "root_path"))


def started_by_pip() -> bool:
    """Whether this pip was started by pip for `--python`, so that the user chose the place."""
    return "_PIP_RUNNING_IN_SUBPROCESS" in os.environ


def _words(options: optparse.Values, name: str) -> Sequence[str]:
    return tuple(getattr(options, name, None) or ())
