"""What the `[project]` table of a `pyproject.toml` declares (PEP 621, PEP 735)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.requirements import InvalidRequirement, Requirement

from pip_archguard.locks.fields import Table
from pip_archguard.model.projects import normal_name

_MOST_GROUPS = 100
_DEPENDENCIES = "dependencies"
_OPTIONAL = "optional-dependencies"


def requirements_of(
    document: Table, *, extras: Sequence[str] = (), groups: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return what a project requires, with these extras and dependency groups.

    Raises UnreadableInputError where it is not said, or said wrongly.
    """
    project = document.table("project")
    found: list[str] = []
    if project.values:
        found += _declared(project, extras)
    elif not groups:
        document.fail("project", "is missing, so nothing says what is required")
    done: set[str] = set()
    for group in groups:
        found += _of_group(document.table("dependency-groups"), normal_name(group), (), done)
    own = normal_name(project.text("name", ""))
    return tuple(_without_itself(project, own, found))


def core_metadata(document: Table, release: str = "") -> bytes | None:
    """Return the metadata of a project in the form of METADATA, if its dependencies are static.

    A version that is not static is told as `release`, or as `0`.
    """
    project = document.table("project")
    dynamic = set(project.texts("dynamic"))
    if "name" not in project or dynamic & {_DEPENDENCIES, _OPTIONAL, "requires-python"}:
        return None
    lines = ["Metadata-Version: 2.1", f"Name: {project.text('name')}"]
    lines.append(f"Version: {project.text('version', release or '0')}")
    if python := project.text("requires-python", ""):
        lines.append(f"Requires-Python: {python}")
    lines += [f"Requires-Dist: {_checked(project, each)}" for each in _list(project)]
    optional = project.table(_OPTIONAL)
    for extra in optional.values:
        name = normal_name(extra)
        lines.append(f"Provides-Extra: {name}")
        for each in optional.texts(extra):
            requirement = _checked(optional, each)
            marker = f'extra == "{name}"'
            if requirement.marker is not None:
                marker = f"({requirement.marker}) and {marker}"
                requirement.marker = None
            lines.append(f"Requires-Dist: {requirement} ; {marker}")
    if any("\n" in line or "\r" in line for line in lines):
        document.fail("project", "holds a line break where none may be")
    return ("\n".join(lines) + "\n").encode()


def _declared(project: Table, extras: Sequence[str]) -> Iterator[str]:
    for key in (_DEPENDENCIES, *([_OPTIONAL] if extras else [])):
        if key in project.texts("dynamic"):
            project.fail(key, "is dynamic: only a build would tell it")
    yield from (str(_checked(project, each)) for each in _list(project))
    optional = project.table(_OPTIONAL)
    for extra in extras:
        yield from (str(_checked(optional, each)) for each in _extra(optional, extra))


def _extra(optional: Table, extra: str) -> tuple[str, ...]:
    name = next((each for each in optional.values if normal_name(each) == normal_name(extra)), None)
    if name is None:
        optional.fail(extra, "is missing")
    return optional.texts(name)


def _list(project: Table) -> tuple[str, ...]:
    return project.texts(_DEPENDENCIES)


def _checked(table: Table, text: str) -> Requirement:
    try:
        return Requirement(text)
    except (InvalidRequirement, RecursionError):  # parentheses a thousand deep
        table.fail(_DEPENDENCIES, f"holds `{text}`, which is no requirement")


def _of_group(groups: Table, name: str, within: tuple[str, ...], done: set[str]) -> Iterator[str]:
    """Yield what a group names, and the groups that it includes, each group once."""
    key = next((key for key in groups.values if normal_name(key) == name), None)
    if key is None:
        groups.fail(name, "is missing")
    if name in within or len(within) > _MOST_GROUPS:
        groups.fail(name, "includes itself")
    if name in done:
        return
    done.add(name)
    members = groups.values[key]
    if not isinstance(members, list):
        groups.fail(key, "is no list")
    for member in members:
        match member:
            case str():
                yield str(_checked(groups, member))
            case {"include-group": str(other), **rest} if not rest:
                yield from _of_group(groups, normal_name(other), (*within, name), done)
            case _:
                groups.fail(key, "holds what is neither a requirement nor a group")


def _without_itself(project: Table, own: str, found: Sequence[str]) -> Iterator[str]:
    """Yield the requirements with those on the project's own extras spelled out."""
    waiting, done = list(reversed(found)), set[str]()
    while waiting:
        requirement = Requirement(waiting.pop())
        if not own or normal_name(requirement.name) != own:
            yield str(requirement)
            continue
        for extra in sorted(requirement.extras - done):
            done.add(extra)
            waiting += reversed(_extra(project.table(_OPTIONAL), extra))
