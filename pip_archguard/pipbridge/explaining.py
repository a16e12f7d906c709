"""From a text to its explanation: recognise, look the files up, say what to do."""

from __future__ import annotations

import codecs
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import IO

from pip_archguard import environment, hosts, messages
from pip_archguard.errors import NothingRecognisedError, UnreadableInputError
from pip_archguard.model.explanation import Explained, Explanation, Process
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.owner import Owner, Place, PlaceKind
from pip_archguard.model.target import System
from pip_archguard.remedies.explaining import ran_as, seen_through, steps_for

MOST_BYTES = 4 * 1024 * 1024
"""Bytes kept of the text, from its end."""

_MOST_STREAMED = 1024 * 1024 * 1024
_CHUNK = 1024 * 1024


def read_text(stream: IO[bytes]) -> str:
    """Return the end of a text; it is taken for UTF-8 unless its first bytes say otherwise."""
    head = chunk = tail = stream.read(_CHUNK)
    for _ in range(_MOST_STREAMED // _CHUNK):
        if len(chunk) < _CHUNK:  # it ended; a terminal would begin again if it were read on
            break
        chunk = stream.read(_CHUNK)
        tail = (tail + chunk)[-MOST_BYTES:]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # as PowerShell writes files
        odd = len(tail) % 2
        encoding = "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
        return tail[odd:].decode(encoding, "replace")
    return tail.decode("utf-8", "replace")


def read_named(name: str) -> str:
    """Return the text of a file; raises UnreadableInputError."""
    path = Path(name)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            msg = f"`{name}` is not a file"
            raise UnreadableInputError(msg, hint="name a text file, or `-` for standard input")
        with path.open("rb") as stream:
            return read_text(stream)
    except (OSError, ValueError) as error:
        msg = f"`{name}` cannot be read: {getattr(error, 'strerror', None) or error}"
        raise UnreadableInputError(msg) from error


def explain(text: str) -> Explained:
    """Explain each error in a text; raises NothingRecognisedError where there is none."""
    errors = messages.recognise(text)
    if not text.strip():
        msg = "there is no text to explain"
        raise NothingRecognisedError(msg, hint=NothingRecognisedError.KINDS)
    if not errors:
        msg = "nothing in the text is an error of loading native code that is known here"
        raise NothingRecognisedError(msg, hint=NothingRecognisedError.KINDS)
    roots = tuple(error for error in errors if not error.cause.follows)
    process = this_process()
    return Explained(
        explanations=tuple(_explained(error, process) for error in roots or errors),
        follow=tuple(error for error in errors if error.cause.follows) if roots else (),
        more=len(errors) >= messages.MOST_ERRORS,
    )


def this_process() -> Process:
    """Return what explains, and the machine under it."""
    return Process(
        target=hosts.running_target(),
        python=sys.executable,
        hardware=hosts.hardware_arch(),
        translated=hosts.is_translated(),
    )


def _explained(error: LoadError, process: Process) -> Explanation:
    path = _path_of(error, process)
    here = environment.is_here(path)
    native = here and not error.cause.follows
    looked = environment.look_at(path, error, process.target) if native else None
    error = seen_through(error, looked)
    place = _place(path) or _place(error.asked_by)
    known = Explanation(
        error=error,
        process=process,
        place=place,
        owner=(environment.owner_of(path) if here else _asking(error)) or _guessed(error, place),
        looked=looked,
        ran=ran_as(error, looked, process),
    )
    return replace(known, steps=steps_for(known))


def _asking(error: LoadError) -> Owner | None:
    """Return whose Python file asked for what failed, where that file is here."""
    known = error.asked_by and not error.broken_file and not error.cause.follows
    return (
        environment.owner_of(error.asked_by)
        if known and environment.is_here(error.asked_by)
        else None
    )


def _path_of(error: LoadError, process: Process) -> str:
    """Return the path of the file at fault, as it may lie on this machine."""
    path = error.broken_file
    here = error.system in (process.target.system, System.OTHER)
    if not path and here and not error.cause.follows:
        path = _unnamed(error)
    if path.startswith("~/"):  # those who ask for help hide their name so
        home = str(Path(path).expanduser())
        return home if environment.is_here(home) else path
    return path


def _unnamed(error: LoadError) -> str:
    """Return the path of a file that the message tells of without naming it."""
    if error.module:
        return environment.file_of_module(error.module, error.asked_by)
    return environment.file_that_links(error.library, error.asked_by) if error.library else ""


def _place(path: str) -> Place | None:
    if not path or path.endswith(".whl"):
        return None
    place = messages.place_of(path)
    return place if place.kind is not PlaceKind.ELSEWHERE or not path.endswith(".py") else None


def _guessed(error: LoadError, place: Place | None) -> Owner | None:
    """Return which distribution a path or a module probably belongs to."""
    if error.cause is Cause.UNSUPPORTED_WHEEL:
        project, _, rest = error.file.partition("-")
        return Owner(project=project, release=rest.partition("-")[0], known=True)
    project = place.project if place is not None else ""
    if not project and error.module and error.cause is not Cause.PYTHON_LACKS:
        project = messages.project_of_module(error.module)
    if not project:
        return None
    elsewhere = place is not None and place.kind is not PlaceKind.ELSEWHERE
    release = place.release if place is not None else ""
    if not elsewhere:
        release = environment.installed_release(project)
        if not release and not messages.has_known_project(error.module):
            return None  # an index may have a stranger's project of that name
    return Owner(project=project, release=release, here=bool(release) and not elsewhere)
