"""Commands that put a package back in the place where it lies, ready to paste."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from pip_archguard.model.arch import Arch
from pip_archguard.model.explanation import Process, Step, StepKind
from pip_archguard.model.load_error import LoadError
from pip_archguard.model.owner import Owner, Place, PlaceKind
from pip_archguard.model.projects import normal_name
from pip_archguard.model.target import System

_OLDEST_GUARDED = (3, 10)
"""The oldest Python that runs pip-archguard; older ones are left to their plain pip."""

# PEP 508 and PEP 440: what comes from a stranger's text goes into no command otherwise.
_PROJECT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?", re.ASCII)
_RELEASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]{0,60}", re.ASCII)
_FORMULA = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._+-]{0,60}", re.ASCII)

_HOMEBREW = re.compile(r"/(?:opt/homebrew|usr/local)/(?:opt|Cellar)/(?P<formula>[^/]{1,60})/")
_BREWED = {"libffi": "libffi", "libomp": "libomp", "libportaudio": "portaudio"}
"""Libraries that wheels often leave to Homebrew, by the names that `@rpath` is asked for."""


def brew(library: str) -> str:
    """Return the formula of Homebrew that holds a library; empty if that is not known."""
    match = _HOMEBREW.match(library)
    formula = match["formula"] if match else ""
    if not formula and library.endswith(".dylib"):
        formula = _BREWED.get(library.rpartition("/")[2].partition(".")[0], "")
    return formula if _FORMULA.fullmatch(formula) else ""


def native(process: Process, *, known: bool = True) -> Iterator[Step]:
    """Yield how to start Python as native code on Apple silicon: this one, if it is `known`."""
    mac = process.target.system is System.MACOS
    if mac and process.hardware is not Arch.ARM64:
        yield Step(kind=StepKind.START_NATIVELY)
    else:
        python = shlex.quote(process.python) if mac and known else "python3"
        yield Step(kind=StepKind.START_NATIVELY, commands=(f"arch -arm64 {python} …",))


def own_steps(owner: Owner | None, place: Place | None, kind: StepKind) -> Iterator[Step]:
    """Yield one step with the command that lets the guard choose another release."""
    name = _name(owner, place)
    if name:
        yield Step(kind=kind, commands=(f"{_installer(owner, place)} --upgrade {name}",))


def reinstall(
    owner: Owner | None,
    place: Place | None,
    error: LoadError,
    *,
    build: bool = False,
    fresh: bool = False,
) -> Iterator[Step]:
    """Yield how to put the package of a file back, by the tool that its environment has.

    With `fresh` a wheel that was built earlier is not used again, and building is the
    second step; with `build` it is the only one.
    """
    name = _name(owner, place)
    kind = place.kind if place is not None else PlaceKind.ENVIRONMENT
    tool = place.name if place is not None and _PROJECT.fullmatch(place.name) else ""
    by_conda = owner is not None and owner.installer == "conda"
    if not name or kind is PlaceKind.BUILD:
        return
    if by_conda or (kind is PlaceKind.CONDA and (owner is None or not owner.installer)):
        command = f"conda install --force-reinstall {_conda_prefix(place)}{normal_name(name)}"
        yield Step(kind=StepKind.REINSTALL_IN_CONDA, commands=(command,))
        if by_conda:
            return
    if tool and kind in (PlaceKind.PIPX, PlaceKind.UV_TOOL):
        command = f"pipx reinstall {tool}"
        if kind is PlaceKind.UV_TOOL:
            command = f"uv tool install --reinstall {tool}"
        yield Step(kind=StepKind.REINSTALL_TOOL, commands=(command,))
        return
    yield from _by_pip(name, owner, place, error, build=build, fresh=fresh)


def _by_pip(
    name: str,
    owner: Owner | None,
    place: Place | None,
    error: LoadError,
    *,
    build: bool,
    fresh: bool,
) -> Iterator[Step]:
    pin = name + (f"=={release}" if (release := _release(owner, place)) else "")
    install = f"{_installer(owner, place)} --force-reinstall --no-deps"
    source = f"{install} --no-cache-dir --no-binary {name} {pin}"
    # Plain pip would take the same wheel again.
    if build or not _is_guarded(place):
        yield Step(kind=StepKind.BUILD, commands=(source,))
        return
    cache = " --no-cache-dir" if fresh else ""
    yield Step(kind=StepKind.REINSTALL, commands=(f"{install}{cache} {pin}",))
    if fresh and error.symbol:
        yield Step(kind=StepKind.BUILD, commands=(source,))


def _installer(owner: Owner | None, place: Place | None) -> str:
    """Return the beginning of a command that installs where the file lies."""
    python = _python(owner, place)
    if not python:
        return "pip-archguard install"
    if _is_guarded(place):
        return f"pip-archguard --python {python} install"
    return f"{python} -m pip install"


def _python(owner: Owner | None, place: Place | None) -> str:
    """Return the interpreter of another environment, as a word of a shell."""
    if place is None or not place.python or (owner is not None and owner.here):
        return ""
    if place.kind is PlaceKind.USER:
        return f'"$(command -v python{place.python})"'
    if not place.prefix.startswith(("/", "~/")) or not place.prefix.isprintable():
        return ""
    return _word(f"{place.prefix}/bin/python{place.python}")


def _word(path: str) -> str:
    """Quote a path for a shell, which is to put the home folder in the place of `~`."""
    if path.startswith("~/"):
        return f"~/{shlex.quote(path[2:])}"
    return shlex.quote(path)


def _is_guarded(place: Place | None) -> bool:
    if place is None or not place.python:
        return True
    major, _, minor = place.python.partition(".")
    return (int(major), int(minor)) >= _OLDEST_GUARDED


def _conda_prefix(place: Place | None) -> str:
    prefix = place.prefix if place is not None else ""
    usable = prefix.startswith(("/", "~/")) and prefix.isprintable()
    return f"--prefix {_word(prefix)} " if usable else ""


def _name(owner: Owner | None, place: Place | None) -> str:
    name = owner.project if owner is not None else (place.project if place is not None else "")
    return name if _PROJECT.fullmatch(name) else ""


def _release(owner: Owner | None, place: Place | None) -> str:
    release = owner.release if owner is not None else (place.release if place is not None else "")
    return release if _RELEASE.fullmatch(release) else ""
