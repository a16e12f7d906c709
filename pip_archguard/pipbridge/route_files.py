"""The files of a route: those that it reads, and those that it writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from pip_archguard.errors import UnreadableInputError, UnwritableFileError
from pip_archguard.model.route import Requirements, Route, RouteFile
from pip_archguard.remedies.requirements import holds_secret, requirements_file, specifier
from pip_archguard.whole_file import create_file

_MOST_BYTES = 1 << 20
"""No requirements file is longer; a wheel that was named by mistake may be."""

_FILE_ENDINGS = (".txt", ".in", ".whl", ".zip", ".gz")


def read_requirements(arguments: Sequence[str], files: Sequence[str]) -> Requirements:
    """Read what was named: `arguments` are files or specifiers, `files` are files.

    Raises UnreadableInputError for what is neither.
    """
    named = [each for each in arguments if _is_file(each)]
    return Requirements(
        specifiers=tuple(specifier(each) for each in arguments if each not in named),
        files=tuple(
            requirements_file(each, _read(each)) for each in dict.fromkeys([*named, *files])
        ),
    )


def write_route(route: Route) -> None:
    """Write the files of a route into its folder.

    Raises UnwritableFileError where a file of other content is there already; then
    nothing is written.
    """
    folder = Path(route.folder)
    missing = [file for file in (*route.files, *route.copies) if not _is_there(folder, file)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in missing:
            create_file(folder / file.name, file.content.encode())
    except OSError as error:
        msg = f"`{error.filename or folder}` cannot be written: {error.strerror or error}"
        raise UnwritableFileError(msg) from error


def _is_file(argument: str) -> bool:
    """Whether an argument names a file: `requirements.txt` would do for a project, too."""
    path = PurePath(argument)
    has_ending = path.suffix.lower() in _FILE_ENDINGS and "://" not in argument
    try:
        return has_ending or Path(argument).is_file()
    except OSError:  # a URL may be too long for a name
        return False


def _read(path: str) -> str:
    if holds_secret(path):
        msg = "a requirements file is named by a URL with a password or token; only files are read"
        raise UnreadableInputError(msg)
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        msg = f"`{path}` cannot be read: {error.strerror or error}"
        raise UnreadableInputError(msg) from error
    try:
        if len(content) > _MOST_BYTES:
            msg = f"`{path}` is too long for a requirements file"
            raise UnreadableInputError(msg)
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"`{path}` is no requirements file in UTF-8"
        raise UnreadableInputError(msg) from error


def _is_there(folder: Path, file: RouteFile) -> bool:
    path = folder / file.name
    try:
        with path.open("rb") as stream:
            found = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        if not path.is_symlink():
            return False
        found = None
    except OSError as error:
        msg = f"`{path}` cannot be written: {error.strerror or error}"
        raise UnwritableFileError(msg) from error
    if found != file.content.encode():
        msg = f"`{path}` is there already, with other content; nothing was written"
        hint = "name another folder, or move that file away"
        raise UnwritableFileError(msg, hint=hint)
    return True
