"""What `audit --fix` reinstalls, and by which runs of pip."""

from __future__ import annotations

import os
import re
import site
import subprocess
import sys
from collections.abc import Sequence

from pip_archguard import environment, hosts
from pip_archguard.errors import CannotMendError
from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import Audited, MendingPlanned
from pip_archguard.model.target import System
from pip_archguard.model.verdict import Verdict
from pip_archguard.pipbridge.auditing import Audit
from pip_archguard.pipbridge.processes import own_flags
from pip_archguard.pipbridge.runner import runner_environment, runner_path

_UNIVERSAL2 = "universal2"

_PIN = re.compile(r"[a-z0-9][a-z0-9-]*==[A-Za-z0-9][A-Za-z0-9.!+_-]*")
"""What its metadata say is never an option of pip's, nor an address (`-r…`, `NAME @ …`)."""


def check_mendable(found: Audit) -> None:
    """Raise CannotMendError if a folder was audited that this environment is not made of."""
    for folder in found.folders:
        if not folder.running:
            msg = f"`{folder.path}` is not this environment, so nothing in it can be reinstalled"
            hint = (
                "use the Python of that environment: `pip-archguard --python PYTHON audit --fix`; "
                "an app is built again"
            )
            raise CannotMendError(msg, hint=hint)


def mended_for(archs: Sequence[str]) -> tuple[str, ...]:
    """Return what to reinstall for: what was asked for, and what this Python runs as.

    An install for the other architecture alone would begin again as that, and leave behind
    packages that this process, for which they load now, can load no more.
    """
    return (_UNIVERSAL2,) if _kept_for(archs) else tuple(archs)


def _kept_for(archs: Sequence[str]) -> Arch | None:
    here = hosts.running_target()
    foreign = bool(archs) and not {str(here.arch), _UNIVERSAL2}.intersection(archs)
    return here.arch if foreign and here.system is System.MACOS else None


def plan_of(found: Audit, archs: Sequence[str], *, dry: bool) -> MendingPlanned:
    """Return what to reinstall: what came from an index, in one run, the same versions.

    `archs` are what the audit was asked for.
    What lies in the user's site-packages takes a run of its own, for `--user` says where.
    """
    broken = [p for p in found.packages if p.judgement.verdict is Verdict.BROKEN]
    mendable = [p for p in broken if p.can_be_reinstalled and _PIN.fullmatch(_pin(p))]
    own = [p for p in mendable if not _is_users(p)]
    users = [p for p in mendable if _is_users(p)]
    wanted = mended_for(archs)
    runs = [_words(group, wanted, user=group is users) for group in (own, users) if group]
    return MendingPlanned(
        runs=tuple(runs),
        packages=tuple(p.judgement.facts.filename for p in mendable),
        others=tuple(p.judgement.facts.filename for p in broken if p not in mendable),
        dry=dry,
        kept_for=_kept_for(archs),
    )


def run_plan(plan: MendingPlanned, general: Sequence[str], *, to_stdout: bool) -> int:
    """Run it, and return the exit code of the first run that fails, or 0.

    Each is a process of its own, since pip 26.3 lets nothing be imported once it has begun
    to install, and the result is still to be told. Where standard output is kept for a
    document, what pip prints goes to standard error.
    """
    for words in plan.runs:
        command = [sys.executable, *own_flags(), runner_path(), *words, *general]
        if plan.dry:
            command.append("--dry-run")
        stdout = None if to_stdout or sys.stderr is None else sys.stderr.fileno()
        env = os.environ | runner_environment()
        # Without a time-out, for a build takes as long as it takes.
        done = subprocess.run(command, env=env, stdout=stdout, check=False)  # noqa: S603 - ours
        if done.returncode:
            return done.returncode
    return 0


def _words(packages: Sequence[Audited], archs: Sequence[str], *, user: bool) -> tuple[str, ...]:
    return (
        *("install", "--force-reinstall", "--no-deps"),
        *(("--user",) if user else ()),
        *(word for arch in archs for word in ("--arch", arch)),
        *map(_pin, packages),
    )


def _pin(package: Audited) -> str:
    facts = package.judgement.facts
    return f"{facts.project}=={facts.release}"


def _is_users(package: Audited) -> bool:
    users = os.path.realpath(site.getusersitepackages())
    return os.path.realpath(package.location) == users and users not in _main_folders()


def _main_folders() -> frozenset[str]:
    return frozenset({os.path.realpath(environment.purelib())})
