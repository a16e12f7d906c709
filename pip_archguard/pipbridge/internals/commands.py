"""pip's commands with a guard, made on demand so that `pip-archguard list` costs nothing."""

from __future__ import annotations

import importlib
import os
import re
from typing import Any

import pip
from pip._internal.cli.base_command import Command
from pip._internal.cli.req_command import RequirementCommand

from pip_archguard import hosts
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.event import Complaint, Silent
from pip_archguard.model.policy import Mode
from pip_archguard.pipbridge import options as ours
from pip_archguard.pipbridge.internals import builds, refusal, registry, resolver, seams
from pip_archguard.pipbridge.preflight import check_place, check_translation
from pip_archguard.pipbridge.session import GuardSession


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

    def add_options(self) -> None:
        super().add_options()
        ours.add_options(self.parser)

    def main(self, args: Any) -> int:
        try:
            status = int(super().main(args))
        except refusal.GuardStop:  # pip lets errors through with `--debug`
            status = 1
        session = self._archguard_session
        return status if session is None else session.finish(status)

    def run(self, options: Any, args: Any) -> int:
        try:
            session = _begin(self.name, options)
            if session is not None:
                seams.check_seams()
                builds.guard_build_environments(session)
        except ArchGuardError as error:
            return _complain(error)
        if session is not None:
            self._archguard_session = options.archguard_session = session
            _insist_on_wheels(self.name, options)
        while True:
            try:
                return int(super().run(options, args))
            except refusal.ResolveAgain:
                continue

    @classmethod
    def make_resolver(cls, preparer: Any, finder: Any, options: Any, **kwargs: Any) -> Any:
        inner = super().make_resolver(preparer=preparer, finder=finder, options=options, **kwargs)
        session: GuardSession | None = getattr(options, "archguard_session", None)
        if session is None:
            return inner
        installs = session.command == "install"
        guarded = resolver.GuardedResolver(
            inner,
            preparer,
            finder,
            session,
            builds=session.command in ("install", "wheel"),
            judges_installed=installs and not ours.names_other_place(options),
        )
        if session.command == "wheel":
            _gate_wheel_builds(cls.pip_module, guarded)
        return guarded


def _begin(command: str, options: Any) -> GuardSession | None:
    """Check the place, and open a session; None where nothing is to be judged."""
    listener = registry.listener()
    in_build = ours.BUILD_MARK in os.environ
    changes = command == "install" and not ours.names_other_place(options)
    changes = changes and not options.dry_run
    if changes and not in_build and not ours.started_by_pip():
        check_place(listener)
    policy = ours.policy_of(options)
    if policy.mode is Mode.OFF:
        return None
    targets = ours.targets_of(options, os.environ)
    session = GuardSession(
        policy=policy,
        targets=targets,
        listener=listener,
        command=command,
        buildable=hosts.buildable_archs(os.environ),
        by_tag=bool(getattr(options, "platforms", None)) and not options.arch,
        quiet=in_build or options.quiet > 0,
    )
    if not session.active:
        if options.verbose > 0:
            listener.tell(Silent(system=targets[0].system.value if targets else "unknown"))
        return None
    if not in_build:
        check_translation(listener)
    return session


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
        guarded.begins_to_write()  # wheels that were downloaded are saved by now
        built, failed = original(reqs, *args, **kwargs)
        guarded.gate.judge(built)
        return built, failed

    build.unguarded = original  # type: ignore[attr-defined]
    module.build = build


def _complain(error: ArchGuardError) -> int:
    registry.listener().tell(Complaint(code=error.code, message=str(error), hint=error.hint))
    return error.exit_code
