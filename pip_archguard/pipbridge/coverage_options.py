"""Our options of `coverage`, and which of its arguments are files that say what is needed."""

from __future__ import annotations

import optparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pip_archguard.errors import UnreadableInputError
from pip_archguard.hosts.matrix import DEFAULT_MACHINES, MACHINES, Place, places_of
from pip_archguard.locks.kinds import FileKind, kind_of
from pip_archguard.model.coverage import CoverForm
from pip_archguard.pipbridge.dask_options import add_dask
from pip_archguard.pipbridge.options import add_format

_TEXTS = (".txt", ".in")
_NAME_ONE = "name requirements, `-r requirements.txt`, `pyproject.toml` or a lock file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What was named: for pip to read, and what only we read."""

    arguments: tuple[str, ...]
    requirements: tuple[str, ...]
    projects: tuple[Path, ...] = ()
    lock: tuple[FileKind, Path] | None = None


def add_coverage_options(parser: optparse.OptionParser, *, group: bool) -> None:
    """Add our options, in a group of their own; `--group` only where pip has none."""
    ours = optparse.OptionGroup(parser, "Architecture Guard Options")
    _add_for_what(ours, group=group)
    _add_form(ours)
    add_dask(
        ours,
        "resolve, each target by itself",
        " and the same pip, reach the index, and have local files at the same paths. Your options "
        "travel there, passwords in addresses too",
    )
    parser.add_option_group(ours)


def _add_for_what(ours: optparse.OptionGroup, *, group: bool) -> None:
    ours.add_option(
        "--targets",
        dest="coverage_targets",
        action="append",
        metavar="names",
        default=[],
        help="For which machines, with commas between; repeatable. Known are "
        f"{', '.join(MACHINES)}; @ and a version of macOS, glibc or musl may follow, as in "
        f"macos-arm64@13 [default: {','.join(DEFAULT_MACHINES)}].",
    )
    ours.add_option(
        "--python-version",
        dest="coverage_pythons",
        action="append",
        metavar="versions",
        default=[],
        help="For which Pythons, such as 3.10,3.12; repeatable [default: this one's].",
    )
    ours.add_option(
        "--extra",
        dest="coverage_extras",
        action="append",
        metavar="name",
        default=[],
        help="Take this extra of a pyproject.toml or lock file, too; repeatable.",
    )
    if group:
        ours.add_option(
            "--group",
            dest="dependency_groups",
            action="append",
            metavar="name",
            default=[],
            help="Take this dependency group of a pyproject.toml or lock file, too; repeatable.",
        )


def _add_form(ours: optparse.OptionGroup) -> None:
    add_format(ours, "coverage_format", CoverForm, "How to write")
    ours.add_option(
        "--output",
        dest="coverage_output",
        metavar="file",
        default=None,
        help="Write the result into this file [default: standard output].",
    )


def places_asked(options: optparse.Values) -> tuple[Place, ...]:
    """Return the columns; raises UnreadableInputError for a name that is none."""
    return places_of(_words(options.coverage_targets), _words(options.coverage_pythons))


def inputs_of(options: optparse.Values, arguments: Sequence[str]) -> Inputs:
    """Sort what was named; raises UnreadableInputError where that does not go together."""
    plain, texts, projects = [], [], []
    locks: list[tuple[FileKind, Path]] = []
    for name in (*options.requirements, *arguments):
        path = Path(name)
        kind = kind_of(path) if "://" not in name else None
        match kind:
            case FileKind.PROJECT:
                projects.append(path)
            case FileKind():
                locks.append((kind, path))
            case None if name in options.requirements:
                texts.append(name)
            case None if path.suffix in _TEXTS and path.is_file():
                texts.append(name)
            case None:
                _refuse_file(name)
                plain.append(name)
    others = [*plain, *texts, *projects, *options.editables]
    if not (locks or others or options.dependency_groups):
        msg = "nothing is named of which to tell the coverage"
        raise UnreadableInputError(msg, hint=_NAME_ONE)
    if len(locks) > 1 or (locks and others):
        msg = f"`{locks[0][1]}` is a lock file, and something else is named beside it"
        raise UnreadableInputError(msg, hint="a lock is taken as it is: name it alone")
    return Inputs(
        arguments=tuple(plain),
        requirements=tuple(texts),
        projects=tuple(projects),
        lock=locks[0] if locks else None,
    )


def groups_of(options: optparse.Values) -> tuple[str, ...]:
    """Return the names of the dependency groups; pip gives each with the file it is in."""
    given = getattr(options, "dependency_groups", None) or ()
    return tuple(each if isinstance(each, str) else str(each[1]) for each in given)


def _refuse_file(name: str) -> None:
    """Raise UnreadableInputError for what looks like a file, and is none that can be read.

    Else pip would look for a project of that name.
    """
    path = Path(name)
    if "://" in name or path.suffix not in (*_TEXTS, ".toml", ".lock"):
        return
    msg = f"there is no file `{name}`"
    if path.exists():
        msg = f"`{name}` is no file that can be read here, by its name"
    raise UnreadableInputError(msg, hint=_NAME_ONE)


def _words(given: Sequence[str]) -> list[str]:
    return [word.strip() for words in given for word in words.split(",") if word.strip()]
