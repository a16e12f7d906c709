"""pip's commands with a guard, made on demand so that `pip-archguard list` costs nothing."""

from __future__ import annotations

import gc
import importlib
import os
import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pip
from pip._internal.cli.base_command import Command
from pip._internal.cli.req_command import RequirementCommand

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.arch import Arch
from pip_archguard.model.outcome import NO_REPORTS, Reports
from pip_archguard.model.policy import Mode
from pip_archguard.model.target import System
from pip_archguard.pipbridge import options as ours
from pip_archguard.pipbridge.ending import tell_end
from pip_archguard.pipbridge.guarded import GuardedCommand
from pip_archguard.pipbridge.internals import (
    backends,
    builds,
    opening,
    refusal,
    registry,
    resolver,
    seams,
)
from pip_archguard.pipbridge.preflight import check_place
from pip_archguard.pipbridge.session import GuardSession

if TYPE_CHECKING:
    from pip_archguard.pipbridge.internals.fusion import Fusion


def __getattr__(name: str) -> Any:
    """Make a guarded class when pip asks for it (PEP 562)."""
    try:
        module_path, class_name = registry.original(name)
    except KeyError:
        raise AttributeError(name) from None
    base = getattr(importlib.import_module(module_path), class_name)
    guard = _Placed if class_name == "UninstallCommand" else _Guarded
    return type(name, (guard, base), {"__doc__": base.__doc__, "pip_module": module_path})


class _Placed(Command):  # type: ignore[misc]
    """Mixed into a command that changes the environment, but takes no wheels."""

    def run(self, options: Any, args: Any) -> int:
        try:
            if not ours.started_by_pip():
                check_place(registry.listener())
        except ArchGuardError as error:
            return _complain(error)
        return int(super().run(options, args))


class _Guarded(RequirementCommand):  # type: ignore[misc]
    """Mixed into a command that takes wheels."""

    pip_module: str
    _archguard_session: GuardSession | None = None
    _archguard_arguments: tuple[str, ...] = ()
    _archguard_options: Any = None
    _archguard_unjudged: GuardedCommand | None = None

    def add_options(self) -> None:
        super().add_options()
        ours.add_options(self.parser)

    def main(self, args: Any) -> int:
        self._archguard_arguments = tuple(args)
        try:
            status = int(super().main(args))
        except refusal.GuardStop:  # pip lets errors through with `--debug`
            status = 1
        session = self._archguard_session
        if session is None:
            if self._archguard_unjudged is not None:
                opening.tell_unjudged(self._archguard_unjudged, status, registry.listener())
            return status
        guarded = getattr(self._archguard_options, "archguard_resolver", None)
        if status and guarded is not None and (session.failed or session.record.builds):
            options = self._archguard_options
            from pip_archguard.pipbridge.internals import alternatives  # noqa: PLC0415 - seldom

            alternatives.look_for_alternatives(self, options, guarded, self._archguard_arguments)
        return tell_end(session, status)

    def run(self, options: Any, args: Any) -> int:
        _keep_what_is_loaded()
        try:
            run = self._archguard_run(options, args)
            self._archguard_unjudged = run
            session = opening.open_session(
                run, options, self._archguard_arguments, registry.listener()
            )
            if session is not None:
                seams.check_seams(
                    legacy="legacy-resolver" in options.deprecated_features_enabled,
                    wheel=self.name == "wheel",
                )
                builds.guard_build_environments(session)
                backends.guard_backends(session)
        except ArchGuardError as error:
            return _complain(error)
        if session is not None:
            self._archguard_session = options.archguard_session = session
            self._archguard_options = options
            _insist_on_wheels(self.name, options)
            options.archguard_command = self
        while True:
            try:
                return int(super().run(options, args))
            except refusal.ResolveAgain:
                continue
            except KeyboardInterrupt:
                if session is not None:
                    session.cancelled = True
                raise
            finally:
                for name in ("archguard_fusion", "archguard_resolver"):
                    part = getattr(options, name, None)
                    if part is not None:
                        part.close()

    def _archguard_run(self, options: Any, args: Any) -> GuardedCommand:
        in_build = ours.BUILD_MARK in os.environ
        dry = getattr(options, "dry_run", False)
        return GuardedCommand(
            name=self.name,
            pip=ours.words_for_pip(os.environ),
            builds=self.name in ("install", "wheel") and not dry,
            fetches=self.name != "lock" and not dry,
            asked=partial(ours.words_for_route, options, tuple(args)),
            repeated=self._archguard_repeated,
            reports=_reports(options),
            quiet=in_build or options.quiet > 0,
            nested=in_build,
        )

    def _archguard_repeated(self) -> tuple[str, ...]:
        from pip_archguard.pipbridge.internals.repeated import repeated_options  # noqa: PLC0415

        return repeated_options(self.parser, self._archguard_arguments)

    @classmethod
    def make_resolver(cls, preparer: Any, finder: Any, options: Any, **kwargs: Any) -> Any:
        inner = super().make_resolver(preparer=preparer, finder=finder, options=options, **kwargs)
        session: GuardSession | None = getattr(options, "archguard_session", None)
        if session is None:
            return inner
        installs = session.command.name == "install"
        guarded = resolver.GuardedResolver(
            inner,
            preparer,
            finder,
            session,
            judges_installed=installs and not ours.names_other_place(options),
            fusion=_fusion(options, finder, session),
        )
        options.archguard_resolver = guarded
        if session.command.name == "wheel":
            _gate_wheel_builds(cls.pip_module, guarded)
        return guarded


def _keep_what_is_loaded() -> None:
    """Have the garbage collector pass over pip's modules and ours, which stay until the end.

    They make up most of what there is. With ours beside pip's, even a small install came to
    a collection of everything, which takes 20 ms.
    """
    if sys.implementation.name == "cpython":  # others have no `freeze`
        gc.freeze()


def _reports(options: Any) -> Reports:
    if not (
        options.arch_report or options.arch_write_requirements or "GITHUB_ACTIONS" in os.environ
    ):
        return NO_REPORTS
    from pip_archguard.pipbridge.report_files import reports_of  # noqa: PLC0415 - few runs

    return reports_of(options, os.environ)


def _fusion(options: Any, finder: Any, session: GuardSession) -> Fusion | None:
    """Return what fuses wheels, if this run needs them for both architectures.

    `pip lock` has none fused, and is told so. `--platform` alone may name both machines,
    too, for a folder with wheels for either.
    """
    archs = {t.arch for t in session.targets if t.system is System.MACOS}
    both = bool(options.arch) and archs == {Arch.ARM64, Arch.X86_64}
    if not both or session.policy.mode is not Mode.FIX:
        return None
    from pip_archguard.pipbridge.internals.fusion import Fusion  # noqa: PLC0415 - few runs fuse

    options.archguard_fusion = fusion = Fusion(options.archguard_command, options, finder, session)
    return fusion


def _insist_on_wheels(command: str, options: Any) -> None:
    """Have pip up to 23.0 build a wheel even where it would run `setup.py install`.

    That takes setuptools and wheel from an index, in a build environment; where those
    are not to be had, the gate says that there is nothing to look at.
    """
    old = tuple(map(int, re.findall(r"\d+", pip.__version__)[:2])) < (23, 1)
    isolated = command == "install" and options.build_isolation and not options.no_index
    if old and isolated and options.use_pep517 is None:
        options.use_pep517 = True


def _gate_wheel_builds(module_path: str, guarded: Any) -> None:
    """`pip wheel` never asks for an installation order: judge what its `build` returns."""
    module: Any = importlib.import_module(module_path)
    original = getattr(module.build, "unguarded", module.build)

    def build(reqs: Any, *args: Any, **kwargs: Any) -> Any:
        if guarded.saves_wheels:  # those that were downloaded are saved by now
            guarded.begins_to_write()
        built, failed = original(reqs, *args, **kwargs)
        guarded.gate.judge(built)
        return built, failed

    build.unguarded = original  # type: ignore[attr-defined]
    module.build = build


def _complain(error: ArchGuardError) -> int:
    from pip_archguard.model.event import Complaint  # noqa: PLC0415 - seldom told

    registry.listener().tell(Complaint(code=error.code, message=str(error), hint=error.hint))
    return error.exit_code
