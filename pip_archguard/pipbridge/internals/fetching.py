"""Having the wheel that a requirement stands for, by pip's own finder and session."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from pip._internal.exceptions import DiagnosticPipError, HashMismatch, PipError
from pip._internal.network.utils import HEADERS, raise_for_status, response_chunks
from pip._internal.utils.misc import redact_auth_from_url
from pip._vendor.requests.exceptions import RequestException
from pip._vendor.rich.text import Text
from pip._vendor.urllib3.exceptions import HTTPError

from pip_archguard.errors import UnreadableInputError, redacted
from pip_archguard.model.projects import normal_name

FAILURES: tuple[type[Exception], ...] = (PipError, RequestException, HTTPError, OSError)
"""A connection that breaks off in the middle of a file is urllib3's `HTTPError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The link of a requirement's wheel, and what pip checks it by.

    `whole` if it was asked for that all of it be checked: by a hash that the user gives, or
    by an option. What an index says of its own files is no such wish.
    """

    link: Any
    hashes: Any
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches wheels into a folder; `constraints` are pip's requirements of that kind.

    `is_cut_off` tells whether an index could not be asked, which may have what is missing.
    Once `stop` is set nothing goes on.
    """

    finder: Any
    session: Any
    folder: Path
    constraints: tuple[Any, ...] = ()
    is_cut_off: Callable[[], bool] = bool
    stop: Event = field(default_factory=Event)

    def choose(self, req: Any, *, require_hashes: bool = False) -> Chosen:
        """Return what wheel the requirement stands for; it is not fetched.

        Raises UnreadableInputError if there is no wheel for it.
        """
        with complaining(req):
            req.link = self._link(req)
            hashes = req.hashes(trust_internet=not require_hashes)
            if require_hashes and not hashes:
                msg = f"`{said_as(req)}` has no hash, and hashes are required"
                raise UnreadableInputError(msg, hint="give its `--hash`, as `pip install` needs it")
            given = req.hashes(trust_internet=req.original_link is not None)
            return Chosen(link=req.link, hashes=hashes, whole=require_hashes or bool(given))

    def _link(self, req: Any) -> Any:
        """Return the link of the wheel, having had pip choose one if none is given."""
        if req.link is None:
            return self._found(req)
        if req.editable or req.link.is_existing_dir() or req.link.is_vcs:
            msg = f"`{said_as(req)}` is source, not a wheel"
            raise UnreadableInputError(msg, hint=_build_it(said_as(req, editable=False)))
        if not req.link.is_wheel:
            msg = f"`{said_as(req)}` is not a wheel"
            raise UnreadableInputError(msg, hint=_build_it(said_as(req)))
        return req.link

    def _found(self, req: Any) -> Any:
        name = normal_name(req.name)
        specifier, hashes = req.specifier, req.hashes(trust_internet=False)
        for other in self.constraints:
            if normal_name(other.name) == name and other.match_markers():
                if other.link is not None:
                    return other.link
                specifier &= other.specifier
                hashes &= other.hashes(trust_internet=False)
        best = self.finder.find_best_candidate(name, specifier, hashes).best_candidate
        if best is None and self.is_cut_off():
            msg = f"no wheel for `{req.name}{specifier}` was found, and an index could not be asked"
            raise UnreadableInputError(msg, hint="see whether its address and the network are fine")
        if best is None:
            msg = f"no wheel for `{req.name}{specifier}` fits the Python and the platform"
            hint = (
                "choose others with `--python-version` and `--platform`, or build one: "
                f"`pip-archguard wheel '{req.name}{specifier}'`"
            )
            if os.path.isfile(req.name):  # noqa: PTH113 - `Path` raises for some names
                hint = f"`{req.name}` is a file: with `-r` before it, what it lists is scanned"
            raise UnreadableInputError(msg, hint=hint)
        return best.link

    def download(self, link: Any, number: int) -> Path:
        """Return where the file of a link lies now; raises one of FAILURES."""
        if link.is_file:
            return Path(link.file_path)
        # The name is the server's, so the file does not bear it.
        path = self.folder / f"{number}.whl"
        response = self.session.get(link.url_without_fragment, headers=HEADERS, stream=True)
        raise_for_status(response)
        with path.open("wb") as stream:
            for chunk in response_chunks(response):
                if self.stop.is_set():
                    raise InterruptedError
                stream.write(chunk)
        return path


@contextmanager
def complaining(req: Any) -> Iterator[None]:
    """Say of a requirement what went wrong, as an UnreadableInputError."""
    try:
        yield
    except HashMismatch as error:
        msg = f"`{said_as(req)}` has another hash than it must have"
        raise UnreadableInputError(msg, hint="do not trust it before you know why") from error
    except FAILURES as error:
        msg = f"`{said_as(req)}` cannot be had: {reason_of(error)}"
        raise UnreadableInputError(msg) from error


def said_as(req: Any, *, editable: bool = True) -> str:
    """Return the requirement as the user gave it, more or less, without a password."""
    link = req.original_link
    text = redacted(str(req.req)) if link is None else redact_auth_from_url(link.url)
    return f"-e {text}" if req.editable and editable else text


def reason_of(error: Exception) -> str:
    """Return the words of an error of pip's, in one line."""
    text = str(error)
    if isinstance(error, DiagnosticPipError):  # whose `str` is a mere code
        said = error.message
        text = Text.from_markup(said).plain if isinstance(said, str) else said.plain
    return redacted(" ".join(text.split())) or type(error).__name__


def _build_it(what: str) -> str:
    return f"build it first, `pip-archguard wheel --no-deps -w wheels {what}`, and scan the result"
