"""Where a rescue failed: what else would load, and which of the user's rules forbade it."""

from __future__ import annotations

import copy
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions
from pip._vendor.packaging.specifiers import SpecifierSet

from pip_archguard.errors import redacted
from pip_archguard.model.arch import Arch
from pip_archguard.model.failure import Held, Loading, Rule
from pip_archguard.model.outcome import Origin
from pip_archguard.model.policy import Mode
from pip_archguard.model.projects import normal_name
from pip_archguard.model.verdict import Verdict
from pip_archguard.pipbridge.internals.fetching import FAILURES, Fetcher
from pip_archguard.pipbridge.internals.refusal import applicable
from pip_archguard.pipbridge.session import GuardSession
from pip_archguard.wheels import normal_release

_MOST_PROJECTS = 3
_MOST_WHEELS = 3
"""Wheels to fetch of one project, to find one that loads."""

_SECONDS = 10


class Alternatives:
    """Looks at all that the user's indexes have of a project, whatever rules forbid it.

    Nothing that is found here is installed: it is told, and the user decides.
    """

    def __init__(self, command: Any, options: Any, resolver: Any, arguments: Sequence[str]) -> None:
        self._options = options
        self._arguments = arguments
        self._session: GuardSession = options.archguard_session
        self._roots = resolver.root_reqs
        self._preparer = resolver.preparer
        self._finder = resolver.finder
        self._command = command
        self._network = command.get_default_session(options)
        self._names_python = hasattr(options, "platforms")  # `wheel` and `lock` do not
        self._wider = self._new_finder()

    def look(self) -> None:
        """Put what is found into the record of the session; a failure here is no news."""
        with tempfile.TemporaryDirectory(prefix="pip-archguard-") as folder:
            fetcher = Fetcher(finder=self._wider, session=self._network, folder=Path(folder))
            for project in list(self._projects())[:_MOST_PROJECTS]:
                with suppress(*FAILURES):
                    self._look_at(project, fetcher)

    def _projects(self) -> Iterator[str]:
        """Yield what lacks a remedy; a name that goes with a path or URL is not looked up."""
        record = self._session.record
        refused = [r.judgement.facts.project for r in record.refused]
        built = [build.project for build in record.builds.values() if not build.direct]
        direct = {r.judgement.facts.project for r in record.refused if r.origin is Origin.DIRECT}
        direct |= {normal_name(r.name or "") for r in self._roots if r.original_link}
        for project in dict.fromkeys([*refused, *built]):
            if project and project not in direct and not record.rescued(project):
                yield project

    def _look_at(self, project: str, fetcher: Fetcher) -> None:
        record = self._session.record
        found = applicable(self._wider, project, SpecifierSet(), None)
        if self._session.has_refused(project):
            record.held += self._held(project, found)
        elif self._has_wheel_for_x86_64(project):
            record.on_x86_64.append(project)
        record.loading += self._loading(project, found, fetcher)

    def _new_finder(self, platforms: Sequence[str] = ()) -> Any:
        """Have pip make a finder of what there is for this Python, or for other platforms."""
        options = copy.copy(self._options)
        options.format_control = copy.deepcopy(options.format_control)
        options.format_control.no_binary.clear()
        options.format_control.only_binary.clear()
        names_python = self._names_python
        if platforms:
            options.platforms = list(platforms)
        finder = self._command._build_package_finder(
            options=options,
            session=self._network,
            target_python=cmdoptions.make_target_python(options) if names_python else None,
            ignore_requires_python=options.ignore_requires_python,
        )
        finder.search_scope = self._finder.search_scope  # requirements files add to it
        return finder

    def _has_wheel_for_x86_64(self, project: str) -> bool:
        """Whether a Mac's x86_64 Python would have been given a wheel."""
        target = self._session.targets[0]
        if target.arch is not Arch.ARM64 or not self._names_python:
            return False
        major = target.os_version[0]
        finder = self._new_finder([f"macosx_{major}_0_{Arch.X86_64}"])
        found = applicable(finder, project, SpecifierSet(), None)
        return any(c.link.is_wheel and not self._against(project, str(c.version)) for c in found)

    def _held(self, project: str, found: Sequence[Any]) -> Iterator[Held]:
        """Yield the first rule that keeps the source of a refused release from being built."""
        releases = self._refused_releases(project)
        sources = [c for c in found if not c.link.is_wheel and _release(c) in releases]
        if not sources:
            if self._options.no_index:
                yield self._holds(Rule.NO_INDEX, project, f"{project}=={releases[0]}")
            return
        source = sources[-1].link
        if "source" not in self._finder.format_control.get_allowed_formats(project):
            yield self._holds(Rule.ONLY_BINARY, project, source.filename)
        elif self._preparer.require_hashes and not self._has_hash(project, source):
            known = source.hash if source.hash_name == "sha256" else None
            line = (f"--hash=sha256:{known}",) if known else ()
            yield self._holds(Rule.REQUIRE_HASHES, project, source.filename, *line)
        elif not self._options.build_isolation:
            build = self._session.under_way
            if build is not None and build.project == project and build.needs:
                yield self._holds(Rule.NO_BUILD_ISOLATION, project, *build.needs)

    def _loading(self, project: str, found: Sequence[Any], fetcher: Fetcher) -> Iterator[Loading]:
        """Yield the newest other release that has a wheel which loads."""
        refused = self._session.refused_links
        wheels = [c for c in reversed(found) if c.link.is_wheel and not c.link.is_yanked]
        others = [c for c in wheels if c.link.url_without_fragment not in refused]
        for number, candidate in enumerate(others[:_MOST_WHEELS]):
            with suppress(*FAILURES):
                path = fetcher.download(candidate.link, number)
                judgement = self._session.judge.wheel(path, candidate.link.filename)
                if judgement.verdict in (Verdict.OK, Verdict.WARNING):
                    yield from self._offered(project, candidate)
                    return

    def _offered(self, project: str, candidate: Any) -> Iterator[Loading]:
        version = str(candidate.version)
        against = self._against(project, version)
        if not against and self._preparer.require_hashes:
            against = ("--require-hashes",)
        wheels_only = "source" not in self._finder.format_control.get_allowed_formats(project)
        yield Loading(
            project=project,
            release=_release(candidate),
            against=against,
            by_option=not (wheels_only or self._session.tried_too_often(project)),
        )

    def _refused_releases(self, project: str) -> list[str]:
        facts = (r.judgement.facts for r in self._session.record.refused)
        return [f.release for f in facts if f.project == project]

    def _of(self, project: str) -> list[Any]:
        """Return what the user asked for, and constrained, of a project."""
        return [r for r in self._roots if r.name and normal_name(r.name) == project]

    def _has_hash(self, project: str, link: Any) -> bool:
        allowed = [req.hashes(trust_internet=False) for req in self._of(project)]
        return any(each.is_hash_allowed(link.hash_name, link.hash or "") for each in allowed)

    def _against(self, project: str, version: str) -> tuple[str, ...]:
        """Return what the user asked for, and where, that excludes a version."""
        return tuple(
            redacted(f"{req.req} ({req.comes_from})" if req.comes_from else str(req.req))
            for req in self._of(project)
            if req.req and not req.req.specifier.contains(version, prereleases=True)
        )

    def _holds(self, rule: Rule, project: str, *needed: str) -> Held:
        return Held(rule=rule, project=project, said_in=self._said_in(rule), needed=needed)

    def _said_in(self, rule: Rule) -> str:
        """Return the option or variable that says so; nothing if it is said in a file."""
        option = f"--{rule.value}"
        variable = f"PIP_{rule.value.upper().replace('-', '_')}"
        if any(word == option or word.startswith(f"{option}=") for word in self._arguments):
            return option
        return variable if variable in os.environ else ""


def look_for_alternatives(
    command: Any, options: Any, resolver: Any, arguments: Sequence[str]
) -> None:
    """Find out what may help after a run that failed; it may fail itself, silently."""
    session: GuardSession = options.archguard_session
    if session.policy.mode is not Mode.FIX or session.cancelled:
        return
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # pip has said its last word
    try:
        _be_brief(command.get_default_session(options))
        with suppress(*FAILURES):
            Alternatives(command, options, resolver, arguments).look()
    except KeyboardInterrupt:  # whoever is in a hurry has the message at once
        return
    finally:
        logging.disable(before)


def _be_brief(network: Any) -> None:
    """Have pip's network session try once, and not for long: it is used for nothing else now."""
    network.timeout = _SECONDS
    for adapter in network.adapters.values():
        if hasattr(adapter, "max_retries"):
            adapter.max_retries = adapter.max_retries.new(total=0)


def _release(candidate: Any) -> str:
    return normal_release(str(candidate.version))
