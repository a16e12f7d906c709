"""Resolving for one target of the matrix, in a process that does nothing else.

pip's own resolver does it, with the tags and the markers of the target; source is not built.
"""

from __future__ import annotations

import inspect
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import MessageError
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions
from pip._internal.cli.req_command import RequirementCommand
from pip._internal.exceptions import NetworkConnectionError, PipError
from pip._internal.operations.build.build_tracker import get_build_tracker
from pip._internal.utils.temp_dir import TempDirectory, global_tempdir_manager, tempdir_registry
from pip._vendor.packaging import markers
from pip._vendor.resolvelib import ResolutionTooDeep

from pip_archguard.errors import UnreadableInputError
from pip_archguard.hosts.matrix import Place
from pip_archguard.model.covering import Resolved
from pip_archguard.pipbridge.internals.coverage_links import SeenLinks
from pip_archguard.pipbridge.internals.coverage_misses import Misses, failure_of
from pip_archguard.pipbridge.internals.coverage_sources import StaticPreparer
from pip_archguard.pipbridge.internals.coverage_taken import taken_of
from pip_archguard.pipbridge.internals.fetching import FAILURES, reason_of

_MOST_ROUNDS = 50
"""So many projects may have nothing for a target; each costs another resolution."""


_ODD = (
    *(ResolutionTooDeep, MessageError),
    *(AttributeError, TypeError, ValueError, LookupError, RuntimeError, AssertionError),
)
"""What pip raises, besides its own errors, on what an index should not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to resolve: pip's options and arguments as parsed, and for which target.

    `refused` are the addresses of files that are not to be taken.
    """

    options: Any
    arguments: tuple[str, ...]
    place: Place
    refused: frozenset[str] = frozenset()


def resolve(job: Job) -> Resolved | UnreadableInputError:
    """Return what pip would take; an error if what was asked for cannot be read at all."""
    logging.getLogger("pip").addHandler(logging.NullHandler())
    logging.getLogger("pip").propagate = False
    command: Any = RequirementCommand("coverage", "")
    with (
        command.main_context(),
        tempdir_registry() as registry,
        global_tempdir_manager(),
        _markers_of(job.place),
        tempfile.TemporaryDirectory(prefix="pip-archguard-") as folder,
    ):
        command.tempdir_registry = registry
        try:
            return _resolve(command, job, Path(folder))
        except UnreadableInputError as error:
            return error
        except (*FAILURES, *_ODD) as error:
            if isinstance(error, (PipError, ResolutionTooDeep)) and not _is_of_network(error):
                return Resolved(failure=reason_of(error))
            msg = f"what `{job.place.column.id}` takes cannot be had: {reason_of(error)}"
            return UnreadableInputError(msg)


def _is_of_network(error: Exception) -> bool:
    return isinstance(error, NetworkConnectionError) or isinstance(
        error.__context__, NetworkConnectionError
    )


@contextmanager
def _markers_of(place: Place) -> Iterator[None]:
    """Have markers evaluated as on the target; pip asks this one function for all of them."""
    before = markers.default_environment
    markers.default_environment = lambda: dict(place.markers)
    try:
        yield
    finally:
        markers.default_environment = before


def _resolve(command: Any, job: Job, folder: Path) -> Resolved:
    options = _for_target(job.options, job.place, folder)
    session = command.get_default_session(options)
    finder = command._build_package_finder(
        options=options,
        session=session,
        target_python=cmdoptions.make_target_python(options),
        ignore_requires_python=options.ignore_requires_python,
    )
    seen = SeenLinks(finder)
    misses = Misses(finder, seen, session, job.refused)
    try:
        reqs = list(command.get_requirements(list(job.arguments), options, finder, session))
    except (PipError, OSError) as error:
        msg = f"the requirements cannot be read: {reason_of(error)}"
        raise UnreadableInputError(msg) from error
    with get_build_tracker() as tracker:
        preparer = _preparer(command, options, tracker, session, finder)
        static = StaticPreparer(preparer, seen)
        resolver = command.make_resolver(
            preparer=preparer,
            finder=finder,
            options=options,
            ignore_requires_python=options.ignore_requires_python,
            py_version_info=options.python_version,
        )
        misses.watch(resolver.factory)
        for _ in range(_MOST_ROUNDS):
            try:
                resolver.resolve(misses.without(reqs), check_supported_wheels=True)
            except PipError as error:
                if misses.learn(error):
                    continue
                if error.__cause__ is None:
                    raise
                return Resolved(failure=failure_of(error))
            taken = taken_of(resolver._result, seen, static.told, job.place)
            return Resolved(taken=(*taken, *misses.taken(resolver._result)))
    return Resolved(failure=f"more than {_MOST_ROUNDS} projects have nothing for it")


def _for_target(given: Any, place: Place, folder: Path) -> Any:
    """Return the options with those that name the target, and what pip's parts ask for."""
    options = given
    options.platforms = list(place.options)
    options.python_version = place.python
    options.implementation, options.abis = "cp", [place.abi]
    options.no_input = True
    options.src_dir = str(folder)
    options.deprecated_features_enabled = []
    defaults: dict[str, Any] = {
        "use_pep517": None,
        "build_isolation": True,
        "check_build_deps": False,
        "config_settings": None,
        "progress_bar": "off",
        "only_dependencies": False,
        "build_constraints": [],
        "dependency_groups": [],
        "requirements_from_scripts": [],
    }
    for name, value in defaults.items():
        if not hasattr(options, name):
            setattr(options, name, value)
    return options


def _preparer(command: Any, options: Any, tracker: Any, session: Any, finder: Any) -> Any:
    make = command.make_requirement_preparer
    newer = {"allow_editables": True}  # asked for by pip 26.3
    asked = inspect.signature(make).parameters
    return make(
        temp_build_dir=TempDirectory(kind="coverage", globally_managed=True),
        options=options,
        build_tracker=tracker,
        session=session,
        finder=finder,
        use_user_site=False,
        **{name: value for name, value in newer.items() if name in asked},
    )
