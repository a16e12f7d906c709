"""Going on where a target has nothing for a project, so that the others are told all the same.

pip gives up at the first such project. Here its failure says which one that was; the project
is then left out of what is asked for, with all that it would need, and pip asked again. So
pip has first tried whatever else it would, such as older versions of what asks for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pip._internal.exceptions import PipError
from pip._vendor.packaging.specifiers import SpecifierSet

from pip_archguard.model.coverage import Cover
from pip_archguard.model.covering import Taken, Why
from pip_archguard.model.projects import normal_name
from pip_archguard.pipbridge.internals.coverage_links import SeenLinks
from pip_archguard.pipbridge.internals.fetching import reason_of
from pip_archguard.pipbridge.internals.index_pages import IndexPages
from pip_archguard.pipbridge.internals.refusal import applicable

_PYTHON = "<python"


class Misses:
    """Knows for which projects there is nothing, and leaves them out."""

    def __init__(self, finder: Any, seen: SeenLinks, session: Any, refused: frozenset[str]) -> None:
        self._finder = finder
        self._seen = seen
        self._refused = refused
        self._none: dict[str, Taken] = {}
        self._asked_by: defaultdict[str, set[str]] = defaultdict(set)
        self._constraints: dict[str, SpecifierSet] = {}
        self._pages = IndexPages(session)

    def watch(self, factory: Any) -> None:
        """Have pip's factory pass over refused files, and over what is known to be missing."""
        make = factory._make_candidate_from_link

        def from_link(link: Any, *args: Any, **kwargs: Any) -> Any:
            if link.url_without_fragment in self._refused:
                return None
            return make(link, *args, **kwargs)

        factory._make_candidate_from_link = from_link
        # From pip 23.3 on, one requirement may come to be several.
        several = hasattr(factory, "_make_requirements_from_install_req")
        name = f"_make_requirement{'s' if several else ''}_from_install_req"
        convert = getattr(factory, name)

        def from_install_req(ireq: Any, requested_extras: Any = ()) -> Any:
            if ireq.name and normal_name(ireq.name) in self._none and not ireq.constraint:
                if ireq.match_markers(requested_extras):
                    self._remember(ireq)
                return iter(()) if several else None
            return convert(ireq, requested_extras)

        setattr(factory, name, from_install_req)

    def without(self, reqs: list[Any]) -> list[Any]:
        """Return the requirements without those on wheels by address that do not fit."""
        self._asked_by.clear()
        kept = []
        for req in reqs:
            if req.constraint and req.name and not req.link and req.match_markers():
                name = normal_name(req.name)
                said = self._constraints.get(name, SpecifierSet())
                self._constraints[name] = said & req.specifier
            unfit = req.link is not None and req.link.is_wheel and not self._fits(req.link)
            if unfit and not req.constraint:
                if req.match_markers():
                    project = req.link.filename.partition("-")[0]
                    self._miss(project, Why.OTHER_PLATFORMS, "")
                    self._asked_by[normal_name(project)].add("")
            else:
                kept.append(req)
        return kept

    def learn(self, error: PipError) -> bool:
        """Take note of what made pip give up; return whether something can be left out."""
        before = len(self._none)
        for requirement, parent in getattr(error.__cause__, "causes", ()):
            project = normal_name(requirement.project_name)
            if project.startswith(_PYTHON):
                if parent is not None:
                    self._miss(parent.project_name, Why.OTHER_PYTHON, str(parent.version))
                continue
            _, ireq = requirement.get_candidate_lookup()
            if ireq is None or ireq.req is None:
                continue
            specifier = ireq.req.specifier & self._constraints.get(project, SpecifierSet())
            if not self._has_any(project, specifier, ireq):
                why, release = self._seen.why_none(project, specifier)
                self._miss(project, why, release)
        return len(self._none) > before

    def taken(self, result: Any) -> Iterator[Taken]:
        """Yield what is missing and was asked for by what was taken in the end."""
        chosen = {normal_name(name.partition("[")[0]) for name in result.mapping}
        for name, none in self._none.items():
            asked_by = self._asked_by[name]
            by = tuple(sorted((asked_by & chosen) - {""}))
            if "" in asked_by or by:
                yield Taken(
                    project=none.project,
                    cover=none.cover,
                    release=none.release,
                    required_by=by,
                    why=none.why,
                )

    def _miss(self, project: str, why: Why, release: str) -> None:
        name = normal_name(project)
        unknown = self._pages.unreachable and not self._refused
        self._none.setdefault(
            name,
            Taken(
                project=name,
                cover=Cover.UNKNOWN if unknown else Cover.NOTHING,
                release=release,
                why=(Why.UNREACHABLE if unknown else why,),
            ),
        )

    def _has_any(self, project: str, specifier: Any, ireq: Any) -> bool:
        hashes = ireq.hashes(trust_internet=False)
        found = applicable(self._finder, project, specifier, hashes)
        return any(c.link.url_without_fragment not in self._refused for c in found)

    def _fits(self, link: Any) -> bool:
        if link.url_without_fragment in self._refused:
            return False
        evaluator = self._finder.make_link_evaluator(link.filename.partition("-")[0])
        return getattr(evaluator.evaluate_link(link)[0], "name", "") != "platform_mismatch"

    def _remember(self, ireq: Any) -> None:
        """Remember who asks for what is missing; the user is the empty name."""
        by = getattr(ireq.comes_from, "name", None)
        self._asked_by[normal_name(ireq.name)].add(normal_name(by) if by else "")


def failure_of(error: PipError) -> str:
    """Return why pip did not resolve, in one line."""
    causes = list(getattr(error.__cause__, "causes", ()))
    if len(causes) < 2:  # noqa: PLR2004 - one alone pip words well
        return reason_of(error)
    said = []
    for requirement, parent in causes:
        by = "the requirements ask" if parent is None else f"{parent.name} {parent.version} asks"
        said.append(f"{by} for {requirement.format_for_error()}")
    return ", but ".join(dict.fromkeys(said))
