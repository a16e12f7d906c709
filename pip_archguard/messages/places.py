"""What the path of a file tells: in which kind of environment it lies, and for which Python."""

from __future__ import annotations

import re

from pip_archguard.messages.known import project_of_file
from pip_archguard.model.owner import Place, PlaceKind

_SITE = re.compile(
    r"(?P<prefix>.{0,1024}?)[/\\]lib(?:64)?[/\\](?:python(?P<python>\d\.\d{1,2})?t?[/\\])?(?:site|dist)-packages[/\\](?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
# `python -m site --user-site` of a framework build of macOS.
_USER = re.compile(r".{0,200}/Library/Python/(?P<python>\d\.\d{1,2})$")
_EGG = re.compile(
    r"(?P<project>[\w.]{1,200}?)-(?P<release>\d[\w.!+]{0,60})-py\d[^/\\]{0,100}\.egg[/\\]"
)

_BUNDLE = re.compile(r"[/\\]_MEI\w{1,20}[/\\]|\.app/Contents/|[/\\]_internal[/\\]|\.dist[/\\]")
_PIPX = re.compile(r"[/\\]pipx[/\\]venvs[/\\](?P<tool>[^/\\]{1,200})")
_UV_TOOL = re.compile(r"[/\\]uv[/\\]tools[/\\](?P<tool>[^/\\]{1,200})")
_CONDA = re.compile(
    r"[/\\](?:opt[/\\])?(?:ana|mini)conda\d?[/\\]|[/\\](?:mini|mamba)forge\d?[/\\]|[/\\]micromamba[/\\]"
    r"|[/\\](?:mini)?mamba\d?[/\\]|[/\\]\.?conda[/\\]",
    re.IGNORECASE,
)
_BUILD = re.compile(r"[/\\]pip-build-env-|[/\\]pip-install-|[/\\]build-env-")
_HOMEBREW = re.compile(r"/(?:opt/homebrew|usr/local)/(?:opt|Cellar)/(?P<formula>[^/]{1,100})/")


def place_of(path: str) -> Place:
    """Return what a path tells of the place it names; nothing is looked up."""
    site = _SITE.match(path)
    prefix = site["prefix"] if site else ""
    rest = site["rest"] if site else ""
    user = _USER.match(prefix)
    egg = _EGG.match(rest)
    project, release = (egg["project"], egg["release"]) if egg else (project_of_file(rest), "")
    kind, name = _kind(path, user=user is not None, in_site=site is not None)
    return Place(
        kind=kind,
        name=name,
        prefix="" if user else prefix,
        python=(user["python"] if user else (site["python"] if site else "")) or "",
        project=project,
        release=release,
    )


def _kind(path: str, *, user: bool, in_site: bool) -> tuple[PlaceKind, str]:
    for kind, pattern in (
        (PlaceKind.BUILD, _BUILD),
        (PlaceKind.PIPX, _PIPX),
        (PlaceKind.UV_TOOL, _UV_TOOL),
        (PlaceKind.CONDA, _CONDA),
        (PlaceKind.HOMEBREW, _HOMEBREW),
    ):
        match = pattern.search(path)
        if match and (kind is not PlaceKind.HOMEBREW or not in_site):
            return kind, match[1] if pattern.groups else ""
    if _BUNDLE.search(path) and not (in_site and ".app/Contents/" not in path):
        return PlaceKind.BUNDLE, ""
    if user:
        return PlaceKind.USER, ""
    return (PlaceKind.ENVIRONMENT if in_site else PlaceKind.ELSEWHERE), ""
