"""An x86_64 environment by conda, Rosetta or Docker, made to measure."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Sequence
from pathlib import PurePath

from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.route import Requirements, Route, RouteFile, RouteKind
from pip_archguard.model.target import ROSETTA_ENDS_WITH
from pip_archguard.remedies.requirements import local_references

_Made = tuple[tuple[RouteFile, ...], tuple[str, ...]]  # files, and commands
_SPECIFIERS = "requirements-x86_64.txt"
_SCRIPT = "make-rosetta-venv.sh"
_VENV = ".venv-x86_64"
# Needs no quotes in a shell, in YAML, in a Dockerfile or in a requirements file.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SHOW_MACHINE = "python -I -c 'import platform; print(platform.machine())'"


def route_to(
    kind: RouteKind, python: str, requirements: Requirements, *, folder: str | None = None
) -> Route:
    """Return the route of a kind, for Python `X.Y` and these requirements.

    `folder` is where its files will be written; without one the user saves them in the
    current folder. Raises UnreadableInputError for another form of version, for two files
    of the same name, and for a file to copy whose name would need quotes.
    """
    if not re.fullmatch(r"3\.[0-9]{1,2}", python):
        msg = f"`{python}` is no version of Python such as `3.10`"
        raise UnreadableInputError(msg)
    files, commands = _files_and_commands(kind, python, requirements, folder)
    copies = _copies(requirements)
    in_place = folder is None and kind is RouteKind.ROSETTA
    if not in_place:
        _check_plain(copies)
        _check_names(files + copies)
    if folder is None and not in_place:
        elsewhere = (f.path for f in requirements.files if PurePath(f.path).name != f.path)
        commands = tuple(shlex.join(["cp", path, "."]) for path in elsewhere) + commands
    return Route(
        kind=kind,
        python=python,
        commands=commands,
        files=files,
        copies=copies,
        left_out=() if in_place else local_references(requirements),
        folder=folder or "",
    )


def _files_and_commands(
    kind: RouteKind, python: str, requirements: Requirements, folder: str | None
) -> _Made:
    match kind:
        case RouteKind.CONDA:
            return _conda(python, requirements, folder or "")
        case RouteKind.ROSETTA:
            return _rosetta(python, requirements, folder)
        case RouteKind.DOCKER:
            return _docker(python, requirements, folder or "")


def _conda(python: str, requirements: Requirements, folder: str) -> _Made:
    name = _environment(python)
    wanted = [*requirements.specifiers, *(f"-r {file.name}" for file in _copies(requirements))]
    lines = [
        f"# For osx-64, which Rosetta runs on Apple silicon, up to macOS {ROSETTA_ENDS_WITH}.",
        f"name: {name}",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python={python}",
        "  - pip",
        *(["  - pip:"] if wanted else []),
        *(f"      - {_yaml(each)}" for each in wanted),
    ]
    file = _file("environment.yml", lines)
    commands = (
        f"CONDA_SUBDIR=osx-64 conda env create --file {_at(folder, file.name)}",
        f"conda activate {name}",
        "conda config --env --set subdir osx-64",
        _SHOW_MACHINE,
    )
    return (file,), commands


def _rosetta(python: str, requirements: Requirements, folder: str | None) -> _Made:
    if folder is not None:
        files = _specifiers_file(requirements)
        script = _file(_SCRIPT, _script(python, (*files, *_copies(requirements))))
        return (script, *files), (f"sh {_at(folder, script.name)}",)
    wanted = [*requirements.specifiers, *(w for f in requirements.files for w in ("-r", f.path))]
    install = f"arch -x86_64 {_VENV}/bin/python -m pip install {shlex.join(wanted)}"
    return (), (
        f"arch -x86_64 python{python} -m venv {_VENV}",
        *([install] if wanted else []),
        f"arch -x86_64 {_VENV}/bin/{_SHOW_MACHINE}",
    )


def _script(python: str, wanted: Sequence[RouteFile]) -> list[str]:
    return [
        "#!/bin/sh",
        f"# Makes {_VENV} in the current folder: Python {python} as x86_64 on Apple silicon.",
        f"# Rosetta runs it; Apple keeps that for general use up to macOS {ROSETTA_ENDS_WITH}.",
        "set -eu",
        "",
        "if ! arch -x86_64 /usr/bin/true; then",
        "    echo 'error: Rosetta is missing: softwareupdate --install-rosetta' >&2",
        "    exit 1",
        "fi",
        "",
        *_search_for(python),
        "",
        f'arch -x86_64 "$python" -m venv {_VENV}',
        *(_install(wanted) if wanted else []),
        "",
        f'if {_VENV}/bin/python -I -c "$check"; then',
        f"    echo 'start it by: {_VENV}/bin/python'",
        "else",
        f"    echo 'start it, each time, by: arch -x86_64 {_VENV}/bin/python'",
        "fi",
    ]


def _search_for(python: str) -> list[str]:
    """Return the lines of the script that find a Python of this version with an x86_64 part."""
    framework = f"/Library/Frameworks/Python.framework/Versions/{python}/bin/python{python}"
    version = python.replace(".", ", ")
    return [
        "check='import platform, sys",
        f'sys.exit(platform.machine() != "x86_64" or sys.version_info[:2] != ({version}))\'',
        "python=",
        "for candidate in \\",
        f"    python{python}-intel64 \\",
        f"    python{python} \\",
        f"    {framework}-intel64 \\",
        f"    {framework} \\",
        f"    /usr/local/bin/python{python}; do",
        '    if arch -x86_64 "$candidate" -I -c "$check" 2>/dev/null; then',
        "        python=$candidate",
        "        break",
        "    fi",
        "done",
        'if [ -z "$python" ]; then',
        f"    echo 'error: no Python {python} here has an x86_64 part' >&2",
        "    echo 'install that of python.org, or that of Homebrew for Intel' >&2",
        "    exit 1",
        "fi",
    ]


def _install(wanted: Sequence[RouteFile]) -> list[str]:
    """Return the lines of the script that install from the files beside it."""
    arguments = " ".join(f'-r "$files"/{file.name}' for file in wanted)
    return [
        'files=$(dirname "$0")',
        f"arch -x86_64 {_VENV}/bin/python -m pip install {arguments}",
    ]


def _docker(python: str, requirements: Requirements, folder: str) -> _Made:
    files = _specifiers_file(requirements)
    names = [file.name for file in (*files, *_copies(requirements))]
    lines = [
        "# check=skip=FromPlatformFlagConstDisallowed",
        "# x86_64 on any machine. It is Linux: pip takes wheels for Linux here.",
        "# hadolint ignore=DL3029",
        f"FROM --platform=linux/amd64 python:{python}-slim",
        "WORKDIR /work",
    ]
    if names:
        arguments = " ".join(f"-r /requirements/{name}" for name in names)
        lines += [
            f"COPY {' '.join(names)} /requirements/",
            f"RUN python -m pip install --no-cache-dir --root-user-action=ignore {arguments}",
        ]
    image = _environment(python)
    commands = (
        f"docker build --platform linux/amd64 --tag {image} {_at(folder, '.')}",
        f'docker run --rm -it --platform linux/amd64 --volume "$PWD":/work {image} bash',
    )
    return (_file("Dockerfile", lines), *files), commands


def _check_plain(copies: Sequence[RouteFile]) -> None:
    """Refuse names that a file of ours could not hold as they are."""
    for file in copies:
        if not _PLAIN_NAME.fullmatch(file.name):
            msg = f"the name of `{file.name}` would need quotes in some of the files"
            hint = "copy it to a name of letters, digits, `.`, `_` and `-`"
            raise UnreadableInputError(msg, hint=hint)


def _check_names(files: Sequence[RouteFile]) -> None:
    """Refuse two files that a Mac, whose names are of either case, would take for one."""
    seen: set[str] = set()
    for file in files:
        if file.name.lower() in seen:
            msg = f"two files of this route would have the name `{file.name}`"
            raise UnreadableInputError(msg)
        seen.add(file.name.lower())


def _environment(python: str) -> str:
    return f"x86_64-py{python.replace('.', '')}"


def _file(name: str, lines: Sequence[str]) -> RouteFile:
    return RouteFile(name=name, content="\n".join(lines) + "\n")


def _specifiers_file(requirements: Requirements) -> tuple[RouteFile, ...]:
    """Return a file for the specifiers, if any: nothing in it needs quotes."""
    return (_file(_SPECIFIERS, requirements.specifiers),) if requirements.specifiers else ()


def _copies(requirements: Requirements) -> tuple[RouteFile, ...]:
    return tuple(
        RouteFile(name=PurePath(file.path).name, content=file.content)
        for file in requirements.files
    )


def _at(folder: str, name: str) -> str:
    path = posixpath.normpath(posixpath.join(folder, name))
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def _yaml(text: str) -> str:
    """Write text as a YAML string between single quotes, in which nothing else is special."""
    return "'" + text.replace("'", "''") + "'"
