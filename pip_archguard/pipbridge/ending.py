"""How a guarded run ended: told to whoever listens, and the exit code that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pip_archguard.errors import EXIT_BROKEN, EXIT_UNKNOWN
from pip_archguard.model.outcome import NO_REPORTS, Origin
from pip_archguard.pipbridge.session import GuardSession

if TYPE_CHECKING:
    from pip_archguard.model.event import Failed

# Most runs have nothing to tell: what they do not need is not imported.
# ruff: noqa: PLC0415


def tell_end(session: GuardSession, status: int) -> int:
    """Tell how the run of a session ended, and return its exit code.

    pip's own code stands unless a refusal of ours, for which there was nothing else to take,
    came before a failure.
    """
    record, command = session.record, session.command
    failed = None
    commands: tuple[str, ...] = ()
    if status == 0:
        commands = _tell_success(session)
    elif session.failed and not (session.settled or session.cancelled):
        failed = _tell_failure(session)
        only_unknown = record.only_unknown() and not failed.refused
        status = EXIT_UNKNOWN if only_unknown else EXIT_BROKEN
    elif not session.cancelled:
        help_ = record.build_failed(command.asked())
        if help_ is not None:
            session.listener.tell(help_)
    if command.reports != NO_REPORTS:  # a build environment never has any
        session.listener.tell(
            record.finished(command.name, status, command.reports, commands, failed)
        )
    return status


def _tell_success(session: GuardSession) -> tuple[str, ...]:
    """Tell that the run ended well, and return how plain pip comes to the same."""
    record, command = session.record, session.command
    commands: tuple[str, ...] = ()
    replaced = record.replaced()
    if replaced and not command.nested:
        from pip_archguard.model.event import Equivalent
        from pip_archguard.remedies import equivalents

        installed = [r for r in record.refused if r.origin is Origin.INSTALLED]
        commands = equivalents(
            replaced,
            {r.judgement.facts.project for r in installed},
            command=command.plain,
            options=command.repeated(),
        )
        session.listener.tell(Equivalent(commands=commands))
    clean = record.clean()
    if clean is not None and not command.quiet:
        session.listener.tell(clean)
    return commands


def _tell_failure(session: GuardSession) -> Failed:
    record, command = session.record, session.command
    of_ours = [each.judgement.facts for each in record.refused]
    pins = dict.fromkeys(f"{facts.project}=={facts.release}" for facts in of_ours)
    failed = record.failed(
        (*record.refused, *session.build_refusals),
        asked=() if command.nested else command.asked() or tuple(pins),
        untouched=not session.writing,
        build_dependency=session.build_dependency_refused or bool(session.build_refusals),
    )
    session.listener.tell(failed)
    return failed
