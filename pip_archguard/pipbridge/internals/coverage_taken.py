"""What a finished resolution takes for a target, project by project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pip_archguard.hosts.matrix import Place, thin_places
from pip_archguard.model.coverage import Cover
from pip_archguard.model.covering import Taken, Why
from pip_archguard.model.projects import normal_name
from pip_archguard.pipbridge.internals.coverage_links import SeenLinks, release_of
from pip_archguard.wheels import normal_release


def taken_of(
    result: Any, seen: SeenLinks, told: Mapping[str, tuple[Why, ...]], place: Place
) -> Iterator[Taken]:
    """Yield what pip settled on; `told` is what source says of itself, by its address."""
    for name, candidate in result.mapping.items():
        req = candidate.get_install_requirement()
        if name != candidate.project_name or req is None or req.link is None:
            continue  # an extra of another candidate, or Python itself
        link, project = req.link, normal_name(candidate.project_name)
        release = normal_release(str(candidate.version))
        why = told.get(link.url_without_fragment, ())
        tree = Why.SOURCE_TREE in why
        if not link.is_wheel and (fused := fusable(seen, project, release, place)):
            why = (*why, fused)
        yield Taken(
            project=project,
            cover=None if link.is_wheel else Cover.BUILD,
            release="" if tree and release == "0" else release,
            filename="" if tree else link.filename,
            url=link.url_without_fragment,
            sha256=(link.hash or "") if link.hash_name == "sha256" else "",
            direct=req.original_link is not None,
            dependencies_known=Why.NOT_DECLARED not in why,
            required_by=parents(result, name),
            why=tuple(each for each in why if not (tree and each is Why.FROM_PROJECT)),
        )


def parents(result: Any, name: str) -> tuple[str, ...]:
    """Return the projects that ask for one, or for an extra of it."""
    nodes = [key for key in result.mapping if key.partition("[")[0] == name]
    found = {parent for node in nodes for parent in result.graph.iter_parents(node)}
    names = {normal_name(each.partition("[")[0]) for each in found if each is not None}
    return tuple(sorted(names - {name}))


def fusable(seen: SeenLinks, project: str, release: str, place: Place) -> Why | None:
    """Tell of a release that has a thin wheel for each architecture that is asked for."""
    thin = thin_places(place)
    if not thin or not release:
        return None
    wheels = [link.filename for link in seen.wheels_of(project, release)]
    fit = all(any(_fits(name, each) for name in wheels) for each in thin)
    return Why.FUSABLE if fit else None


def _fits(filename: str, place: Place) -> bool:
    from packaging.tags import parse_tag  # noqa: PLC0415 - for a matrix of both architectures

    tag = "-".join(filename.removesuffix(".whl").rsplit("-", 3)[1:])
    try:
        return bool(release_of(filename)) and not parse_tag(tag).isdisjoint(place.tags())
    except ValueError:  # `packaging` from 26 on refuses some tags
        return False
