"""Isolated build environments: the pip that fills them is guarded too."""

from __future__ import annotations

import importlib
from typing import Any

from pip_archguard import errors, hosts
from pip_archguard.model.outcome import Obstacle
from pip_archguard.pipbridge.internals.backends import output_of_failures
from pip_archguard.pipbridge.internals.resolver import GuardedResolver
from pip_archguard.pipbridge.options import environment_for_children
from pip_archguard.pipbridge.runner import runner_environment, runner_path
from pip_archguard.pipbridge.session import GuardSession

# The module whose global `call_subprocess` starts that pip: from 26.2 on, and before.
_MODULES = ("pip._internal.build_env.installer", "pip._internal.build_env")


def guard_build_environments(session: GuardSession) -> None:
    """Put the guard into whatever fills the build environments of this run.

    pip starts itself as a subprocess; from 26.0 on it can also do so in this process.
    """
    module = _installer_module()
    _guard_subprocess(module, session)
    inprocess = getattr(module, "InprocessBuildEnvironmentInstaller", None)
    if inprocess is not None:
        _guard_inprocess(inprocess, session)


def _installer_module() -> Any:
    for name in _MODULES:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        if hasattr(module, "call_subprocess"):
            return module
    msg = "this pip cannot be guarded: nothing in it that fills build environments is known"
    raise errors.UnsupportedPipError(msg)


def _guard_subprocess(module: Any, session: GuardSession) -> None:
    original = getattr(module.call_subprocess, "unguarded", module.call_subprocess)

    def call_subprocess(cmd: Any, *args: Any, **kwargs: Any) -> Any:
        command = list(cmd)
        if "install" in command:
            # [python, pip's runner, "install", …], or with options before the command.
            at = next(i for i, word in enumerate(command) if str(word).endswith(".py"))
            command[at] = runner_path()
            kwargs["extra_environ"] = {
                **(kwargs.get("extra_environ") or {}),
                **environment_for_children(session.policy),
                **runner_environment(),
            }
        try:
            with output_of_failures(session.acting, session.acting.under_way):
                return original(command, *args, **kwargs)
        except Exception as error:
            match getattr(error, "exit_code", None):
                case errors.EXIT_BROKEN:
                    session.build_dependency_refused = True
                case errors.EXIT_UNKNOWN:
                    session.stop(Obstacle.NOT_JUDGED, "a build dependency")
            raise

    call_subprocess.unguarded = original  # type: ignore[attr-defined]
    module.call_subprocess = call_subprocess


def _guard_inprocess(installer: Any, session: GuardSession) -> None:
    original = getattr(installer._make_resolver, "unguarded", installer._make_resolver)
    original_install = getattr(installer.install, "unguarded", installer.install)
    build_session = session.for_build_environment(hosts.running_target())

    def make_resolver(self: Any) -> Any:
        return GuardedResolver(
            original(self),
            self._preparer,
            self._finder,
            build_session,
            judges_installed=False,
        )

    def install(self: Any, *args: Any, **kwargs: Any) -> Any:
        before, session.acting = session.acting, build_session
        try:
            return original_install(self, *args, **kwargs)
        finally:
            session.acting = before

    make_resolver.unguarded = original  # type: ignore[attr-defined]
    install.unguarded = original_install  # type: ignore[attr-defined]
    installer.install = install
    installer._make_resolver = make_resolver
