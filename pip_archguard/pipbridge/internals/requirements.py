"""Reading pip's requirements: where the wheel is, where it came from, what it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pip._internal.utils.misc import remove_auth_from_url

from pip_archguard.errors import redacted
from pip_archguard.model.outcome import Origin, Place
from pip_archguard.model.projects import normal_name
from pip_archguard.wheels import normal_release, sha256_of

if TYPE_CHECKING:
    from pip_archguard.model.choice import Choice


def project_of(req: Any) -> str:
    """Return the normalised name of the requirement's project."""
    return normal_name(req.name)


def wheel_of(req: Any) -> Path | None:
    """Return the wheel on disk that the requirement stands for, or None."""
    link = req.link
    if link is None or not link.is_wheel:
        return None
    path = req.local_file_path or (link.file_path if link.is_file else None)
    return Path(path) if path and Path(path).is_file() else None


def wheels_of(reqs: Iterable[Any]) -> list[tuple[Any, Path]]:
    """Return those requirements that stand for a wheel on disk, each with its path."""
    return [(req, path) for req in reqs if (path := wheel_of(req)) is not None]


def is_from_cache(req: Any) -> bool:
    """Whether pip took the wheel from its cache of locally built ones.

    The property is called so from pip 23.1 on; before, an attribute told it.
    """
    newer = getattr(req, "is_wheel_from_cache", None)
    return bool(req.original_link_is_in_wheel_cache if newer is None else newer)


def origin_of(req: Any) -> Origin:
    """Return where the wheel came from; a cached one may have been asked for by URL."""
    if is_from_cache(req):
        return Origin.CACHE
    return Origin.DIRECT if req.original_link is not None else Origin.INDEX


def place_of(req: Any, *, hashed: bool) -> Place:
    """Return where the requirement's wheel is from; the hash of its file only if asked for."""
    link = req.link
    known = link.hash if link.hash_name == "sha256" else None
    path = wheel_of(req)
    if hashed and known is None and path is not None:
        known = sha256_of(path)
    return Place(location=redacted(link.url_without_fragment), sha256=known or "")


def verified_sha256(req: Any) -> str:
    """Return the hash of the requirement's file, where pip has held the file against it.

    pip checks what it downloads against the hash of the link together with those of the
    requirement (`InstallRequirement.hashes`), of which one has to match: so that of the link
    holds where there is no other. `hashes` itself is not called, for up to pip 26.2 it adds
    the link's to the user's. A file of the user's may change, and the wheels that pip built
    are not what the link names.
    """
    link = req.link
    if link.is_file or link.hash_name != "sha256" or is_from_cache(req):
        return ""
    told = {(name, digest) for name, several in req.hash_options.items() for digest in several}
    return str(link.hash).lower() if told <= {("sha256", link.hash)} else ""


def choice_of(req: Any) -> Choice:
    """Describe what pip settled on; a wheel from the cache stands for its source.

    Its address is without a password, for it is shown and written down. pip itself finds
    that of the index for each file of the same host.
    """
    from pip_archguard.model.choice import Choice  # noqa: PLC0415 - most runs take pip's own

    cached = is_from_cache(req)
    link = (getattr(req, "cached_wheel_source_link", None) if cached else None) or req.link
    return Choice(
        project=project_of(req),
        release=normal_release(str(req.get_dist().version)),
        filename=link.filename,
        url=remove_auth_from_url(link.url_without_fragment),
        sha256=(link.hash or "") if link.hash_name == "sha256" else "",
        is_wheel=bool(link.is_wheel) and not cached,
        hashed=bool(req.hash_options),
        extras=tuple(sorted(req.extras)),
    )
