"""Making pip's resolver pass over what was refused.

Behaviour methods are replaced on the instances that pip made; none of its objects is
built here, for their constructors change often.
"""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path
from typing import Any

from pip._internal.exceptions import InstallationError
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet

from pip_archguard.model.projects import normal_name
from pip_archguard.pipbridge.session import GuardSession
from pip_archguard.wheels import normal_release


class GuardStop(InstallationError):  # type: ignore[misc]
    """Ends the run the way pip ends it; the reasons are told after pip's own error."""

    def __init__(self) -> None:
        super().__init__("Stopped by pip-archguard, for the reason below.")


class ResolveAgain(Exception):
    """Leaves the legacy resolver, so that the command runs again without what was refused."""


class FactoryFilter:
    """Puts the refusals of a session between pip's resolver and its candidate factory.

    While a project is in `confined`, it has no candidates but the wheels of that release:
    no metadata is prepared of an sdist that would not be taken.
    """

    def __init__(self, factory: Any, finder: Any, session: GuardSession) -> None:
        self._factory = factory
        self._finder = finder
        self._session = session
        self.confined: dict[str, str] = {}
        self.substitutes: dict[str, tuple[Any, str]] = {}
        """By the address of a refused wheel, the link of a local one in its place, and its hash."""
        self._to_uninstall: set[str] = set()
        self._make_from_link = factory._make_candidate_from_link
        self._make_from_dist = factory._make_candidate_from_dist
        self._get_dist_to_uninstall = factory.get_dist_to_uninstall
        factory._make_candidate_from_link = self._from_link
        factory._make_candidate_from_dist = self._from_dist
        factory.get_dist_to_uninstall = self._dist_to_uninstall

    def forget_cached(self, req: Any) -> None:
        """Remove a bad wheel from pip's cache of built wheels, and from pip's memory."""
        evict(req)
        cache = self._factory._link_candidate_cache
        for link, candidate in list(cache.items()):
            if candidate._ireq is req:
                del cache[link]

    def finish(self, req_set: Any) -> None:
        """Have what is broken and installed removed when its replacement is installed."""
        for name, req in req_set.requirements.items():
            if name in self._to_uninstall:
                req.should_reinstall = True

    def has_other_wheel(self, req: Any) -> bool:
        """Whether the release has a wheel that pip may take and that was not refused yet."""
        return _has_other_wheel(req, self._finder, self._session)

    def _from_link(self, link: Any, extras: Any, template: Any, name: Any, version: Any) -> Any:
        if link.url_without_fragment in self._session.refused_links:
            link, sha256 = self.substitutes.get(link.url_without_fragment, (link, ""))
            if link.url_without_fragment in self._session.refused_links:
                return None
            template = _allowing(template, sha256)
        release = None if version is None else self.confined.get(name)
        if release and not (link.is_wheel and normal_release(str(version)) == release):
            return None
        return self._make_from_link(link, extras, template, name, version)

    def _from_dist(self, dist: Any, extras: Any, template: Any) -> Any:
        """Offer the same version from the index in the place of a broken installed one."""
        if dist.canonical_name not in self._session.broken_installed:
            return self._make_from_dist(dist, extras, template)
        hashes = template.hashes(trust_internet=False)
        for ican in reversed(_of_release(self._finder, dist.canonical_name, dist.version, hashes)):
            candidate = self._from_link(
                ican.link, extras, template, dist.canonical_name, ican.version
            )
            if candidate is not None:
                return candidate
        return None

    def _dist_to_uninstall(self, candidate: Any) -> Any:
        dist = self._get_dist_to_uninstall(candidate)
        if dist is not None and dist.canonical_name in self._session.broken_installed:
            # Told of it, pip would leave the same version alone as already installed.
            self._to_uninstall.add(dist.canonical_name)
            return None
        return dist


class LegacyFilter:
    """The same for the legacy resolver, which cannot resolve twice on one object."""

    def __init__(self, inner: Any, finder: Any, session: GuardSession) -> None:
        find, get_dist = finder.find_all_candidates, inner._get_dist_for

        def find_all_candidates(project_name: str) -> Any:
            refused = session.refused_links
            return [c for c in find(project_name) if c.link.url_without_fragment not in refused]

        def get_dist_for(req: Any) -> Any:
            force, broken = inner.force_reinstall, session.broken_installed
            inner.force_reinstall = force or normal_name(req.name or "") in broken
            try:
                return get_dist(req)
            finally:
                inner.force_reinstall = force

        finder.find_all_candidates = find_all_candidates
        inner._get_dist_for = get_dist_for
        self._finder = finder
        self._session = session

    def has_other_wheel(self, req: Any) -> bool:
        """Whether the release has a wheel that pip may take and that was not refused yet."""
        return _has_other_wheel(req, self._finder, self._session)

    def forget_cached(self, req: Any) -> None:
        """Remove a bad wheel from pip's cache of built wheels."""
        evict(req)

    def finish(self, req_set: Any) -> None:
        """Nothing is left to do: the resolver itself marked what is to be reinstalled."""


def _has_other_wheel(req: Any, finder: Any, session: GuardSession) -> bool:
    """Tell it of either resolver; pip takes yanked files (PEP 592) only if all that fit are."""
    refused = {*session.refused_links, req.link.url_without_fragment}
    version = req.get_dist().version
    return any(
        c.link.is_wheel
        and str(c.version) == str(version)
        and (req.link.is_yanked or not c.link.is_yanked)
        and c.link.url_without_fragment not in refused
        for c in _of_release(finder, req.name, version, req.hashes(trust_internet=False))
    )


def _of_release(finder: Any, name: str, version: Any, hashes: Any) -> list[Any]:
    """Return what pip's finder has of one release, the best last."""
    with contextlib.suppress(InvalidSpecifier):
        return applicable(finder, name, SpecifierSet(f"=={version}"), hashes)
    return []


def _allowing(template: Any, sha256: str) -> Any:
    """Return a requirement whose hashes, if it has any, allow a file made of allowed ones."""
    if not template.hash_options:
        return template
    made = copy.copy(template)
    made.hash_options = {"sha256": [sha256]}
    return made


def applicable(finder: Any, name: str, specifier: Any, hashes: Any) -> list[Any]:
    """Return the candidates of a project that the finder would choose from, the best last."""
    found = finder.find_best_candidate(
        project_name=normal_name(name), specifier=specifier, hashes=hashes
    )
    # The candidates are an attribute from pip 25.1 on; before, a method gave them.
    fit = getattr(found, "applicable_candidates", None)
    return list(found.iter_applicable() if fit is None else fit)


def evict(req: Any) -> None:
    """Delete the locally built wheel that the requirement's link points at.

    The link of what was not built may be a file of the user's: that is never touched.
    """
    if req.link is not None and req.link.is_file and req.link.is_wheel:
        Path(req.link.file_path).unlink(missing_ok=True)
