"""The files of a project that an index has, those too that do not fit a target."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pip._vendor.packaging.specifiers import SpecifierSet
from pip._vendor.packaging.version import InvalidVersion, Version

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.covering import Why
from pip_archguard.model.projects import normal_name
from pip_archguard.wheels import parse_wheel_name

_ENDS = (".tar.gz", ".zip", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
_OUTCOMES = {
    "platform_mismatch": Why.OTHER_PLATFORMS,
    "requires_python_mismatch": Why.OTHER_PYTHON,
    "format_unsupported": Why.NOT_ALLOWED,
    "upload_too_late": Why.NOT_ALLOWED,
}
"""By the names of pip's `LinkType`."""


class SeenLinks:
    """Remembers each link that pip's finder looks at, and what pip said of it."""

    def __init__(self, finder: Any) -> None:
        self._seen: defaultdict[str, dict[str, tuple[Any, str]]] = defaultdict(dict)
        make = finder.make_link_evaluator

        def make_link_evaluator(project_name: str) -> Any:
            evaluator = make(project_name)
            evaluate = evaluator.evaluate_link
            seen = self._seen[normal_name(project_name)]

            def evaluate_link(link: Any) -> Any:
                result = evaluate(link)
                seen[link.url_without_fragment] = (link, getattr(result[0], "name", ""))
                return result

            evaluator.evaluate_link = evaluate_link
            return evaluator

        finder.make_link_evaluator = make_link_evaluator

    def wheels_of(self, project: str, release: str) -> list[Any]:
        """Return the links of all wheels of a release, for whatever platform."""
        found = [link for link, _ in self._of(project)]
        return [k for k in found if k.is_wheel and _same(release_of(k.filename), release)]

    def address_of(self, project: str, filename: str) -> str:
        """Return the address of a file of a project, or nothing."""
        for address, (link, _) in self._seen[normal_name(project)].items():
            if link.filename == filename:
                return address
        return ""

    def why_none(self, project: str, specifier: SpecifierSet) -> tuple[Why, str]:
        """Return why nothing of a project fits, and the newest version that it has."""
        links = self._of(project)
        if not links:
            return Why.NO_PROJECT, ""
        wanted: list[tuple[Version, str]] = []
        for link, outcome in links:
            version = _version(release_of(link.filename))
            if version is not None and specifier.contains(version, prereleases=True):
                wanted.append((version, outcome))
        if not wanted:
            return Why.NO_VERSION, ""
        newest = max(version for version, _ in wanted)
        outcomes = {outcome for version, outcome in wanted if version == newest}
        for name, why in _OUTCOMES.items():
            if name in outcomes:
                return why, str(newest)
        return Why.ALL_REFUSED, str(newest)

    def _of(self, project: str) -> list[tuple[Any, str]]:
        """Return its links without those of others, which a page of `--find-links` may hold."""
        name = normal_name(project)
        seen = self._seen[name].values()
        return [(link, outcome) for link, outcome in seen if _project_of(link.filename) == name]


def _project_of(filename: str) -> str:
    wheel = filename.endswith(".whl")
    return normal_name(filename.partition("-")[0] if wheel else filename.rpartition("-")[0])


def release_of(filename: str) -> str:
    """Return the version that a file name tells, or nothing."""
    if filename.endswith(".whl"):
        try:
            return parse_wheel_name(filename).release
        except ArchGuardError:
            return ""
    for end in _ENDS:
        if filename.endswith(end):
            return filename.removesuffix(end).rpartition("-")[2]
    return ""


def _same(one: str, other: str) -> bool:
    version = _version(one)
    return version is not None and version == _version(other)


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
