"""Source builds that the ladder asks for: under a true name, and with what they print kept."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pip._internal.exceptions import InstallationSubprocessError
from pip._internal.req.req_install import InstallRequirement
from pip._internal.utils.logging import subprocess_logger

from pip_archguard.model.projects import normal_name
from pip_archguard.pipbridge.session import GuardSession

if TYPE_CHECKING:
    from pip_archguard.pipbridge.source_build import SourceBuild

_LAST_LINES = 5000

# Whichever of them there is makes the backend; the second from pip 26.2 on.
_MAKERS = ("load_pyproject_toml", "configure_backend")


def guard_backends(session: GuardSession) -> None:
    """Have the backends of what the ladder builds run with the variables that it takes.

    They are given to the processes of these backends alone. Packages that pip would have
    built without us are built as without us; what they print when they fail is kept too.
    """
    for name in _MAKERS:
        made = getattr(InstallRequirement, name, None)
        if made is not None:
            setattr(InstallRequirement, name, _then_guarded(made, session))


def _then_guarded(method: Any, session: GuardSession) -> Any:
    original = getattr(method, "unguarded", method)

    def make_backend(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if self.link is not None:
            # Most runs build nothing.
            from pip_archguard.pipbridge.source_build import SourceBuild  # noqa: PLC0415

            acting = session.acting
            build = SourceBuild(
                project=normal_name(self.name or ""),
                filename=self.link.filename,
                needs=tuple(self.pyproject_requires or ()),
                direct=self.original_link is not None,
            )
            acting.under_way = build
            _guard(self.pep517_backend, acting, build)
        return result

    make_backend.unguarded = original  # type: ignore[attr-defined]
    return make_backend


def _guard(backend: Any, session: GuardSession, build: SourceBuild) -> None:
    if backend is None or "subprocess_runner" in vars(backend):
        return
    original = backend.subprocess_runner
    variables = dict(session.building.variables) if session.has_refused(build.project) else {}

    @contextmanager
    def subprocess_runner(runner: Any) -> Iterator[None]:
        def run(cmd: Any, cwd: Any = None, extra_environ: Any = None) -> Any:
            environ = {**variables, **(extra_environ or {})}
            with output_of_failures(session, build):
                return runner(cmd, cwd=cwd, extra_environ=environ)

        with original(run):
            yield

    backend.subprocess_runner = subprocess_runner


@contextmanager
def output_of_failures(session: GuardSession, build: SourceBuild | None) -> Iterator[None]:
    """Tell the session what a process of a build printed that fails in this block.

    pip hands the output on with its error, or writes it to the log as it comes.
    """
    lines: deque[str] = deque(maxlen=_LAST_LINES)
    handler = _Keeper(lines)
    subprocess_logger.addHandler(handler)
    try:
        yield
    except InstallationSubprocessError as error:
        if build is not None:
            said = getattr(error.context, "plain", error.context)
            session.build_failed_with(build, "\n".join([*lines, str(said or "")]))
        raise
    finally:
        subprocess_logger.removeHandler(handler)


class _Keeper(logging.Handler):
    def __init__(self, lines: deque[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())
