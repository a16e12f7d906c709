"""Opening the session of a command, if there is anything to judge."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pip_archguard import hosts
from pip_archguard.model.outcome import NO_REPORTS
from pip_archguard.model.policy import Mode
from pip_archguard.pipbridge import options as ours
from pip_archguard.pipbridge.guarded import GuardedCommand
from pip_archguard.pipbridge.internals.facts_folder import facts_folder
from pip_archguard.pipbridge.judge import Judge
from pip_archguard.pipbridge.preflight import check_place, check_translation
from pip_archguard.pipbridge.session import GuardSession

if TYPE_CHECKING:
    from pip_archguard.model.event import Listener
    from pip_archguard.model.target import Target

# Most runs have nothing to tell: what they do not need is not imported.
# ruff: noqa: PLC0415


def open_session(
    run: GuardedCommand, options: Any, arguments: Sequence[str], listener: Listener
) -> GuardSession | None:
    """Check the place, and open a session; None where nothing is to be judged.

    Where `--arch` names what this process is not, the run begins again as that.
    """
    if run.reports != NO_REPORTS:
        from pip_archguard.model.event import Begun

        listener.tell(Begun(reports=run.reports))
    changes = _changes_environment(run, options)
    if changes and not (run.nested or ours.started_by_pip()):
        check_place(listener)
    policy = ours.policy_of(options)
    if policy.mode is Mode.OFF:
        return None
    targets = ours.targets_of(options, os.environ)
    wanted = [target.arch for target in targets if target.judged]
    if not wanted:
        _tell_silence(targets, options, listener)
        return None
    if not run.nested and options.arch:
        from pip_archguard.pipbridge import switching

        other = None if ours.names_machine(options) else switching.other_slice(targets)
        if other is not None:
            switching.begin_again(other, arguments, listener, quiet=run.quiet, needed=changes)
    elif not run.nested:
        check_translation(listener)
    by_tag = bool(getattr(options, "platforms", None)) and not options.arch
    # What fills a build environment does not see `--no-cache-dir`.
    kept = None if run.nested else facts_folder(options)
    return GuardSession(
        policy=policy,
        judge=Judge(targets, by_tag=by_tag, kept=kept),
        listener=listener,
        command=run,
        building=lambda: hosts.settings_on(hosts.running_target(), wanted, os.environ),
    )


def _changes_environment(run: GuardedCommand, options: Any) -> bool:
    into_it = run.name == "install" and not ours.names_other_place(options)
    return into_it and not options.dry_run


def _tell_silence(targets: Sequence[Target], options: Any, listener: Listener) -> None:
    if options.verbose > 0:
        from pip_archguard.model.event import Silent

        listener.tell(Silent(system=targets[0].system.value if targets else "this platform"))


def tell_unjudged(run: GuardedCommand, status: int, listener: Listener) -> None:
    """Tell the end of a run in which nothing was judged, if a report of it was asked for."""
    if run.reports.report is not None or run.reports.requirements is not None:
        from pip_archguard.model.event import Finished

        listener.tell(
            Finished(
                command=run.name,
                exit_code=status,
                targets=(),
                handled=(),
                replaced=(),
                reports=run.reports,
            )
        )
