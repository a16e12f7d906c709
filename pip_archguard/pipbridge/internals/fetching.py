"""Having the wheel that a requirement stands for, by pip's own finder and session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pip._internal.exceptions import DiagnosticPipError, HashMismatch, PipError
from pip._internal.network.utils import HEADERS, raise_for_status, response_chunks
from pip._internal.utils.misc import redact_auth_from_url
from pip._vendor.requests.exceptions import RequestException
from pip._vendor.rich.text import Text
from pip._vendor.urllib3.exceptions import HTTPError

from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.projects import normal_name

FAILURES: tuple[type[Exception], ...] = (PipError, RequestException, HTTPError, OSError)
"""A connection that breaks off in the middle of a file is urllib3's `HTTPError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches wheels into a folder; `constraints` are pip's requirements of that kind."""

    finder: Any
    session: Any
    folder: Path
    constraints: tuple[Any, ...] = ()

    def fetch(
        self, req: Any, number: int, *, require_hashes: bool = False
    ) -> tuple[Path, str, str]:
        """Return where the requirement's wheel lies, its file name and its address.

        Nothing else is fetched. Raises UnreadableInputError if there is no wheel for it.
        """
        try:
            req.link = self._link(req)
            hashes = req.hashes(trust_internet=not require_hashes)
            if require_hashes and not hashes:
                msg = f"`{said_as(req)}` has no hash, and hashes are required"
                raise UnreadableInputError(msg, hint="give its `--hash`, as `pip install` needs it")
            path = self.download(req.link, number)
            if hashes:
                hashes.check_against_path(str(path))
        except HashMismatch as error:
            msg = f"`{said_as(req)}` has another hash than it must have"
            raise UnreadableInputError(msg, hint="do not trust it before you know why") from error
        except FAILURES as error:
            msg = f"`{said_as(req)}` cannot be had: {reason_of(error)}"
            raise UnreadableInputError(msg) from error
        return path, Path(req.link.filename).name, req.link.url_without_fragment

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
        if best is None:
            msg = f"no wheel for `{req.name}{specifier}` fits the Python and the platform"
            hint = (
                "choose others with `--python-version` and `--platform`, or build one: "
                f"`pip-archguard wheel '{req.name}{specifier}'`"
            )
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
                stream.write(chunk)
        return path


def said_as(req: Any, *, editable: bool = True) -> str:
    """Return the requirement as the user gave it, more or less, without a password."""
    link = req.original_link
    text = str(req.req) if link is None else redact_auth_from_url(link.url)
    return f"-e {text}" if req.editable and editable else text


def reason_of(error: Exception) -> str:
    """Return the words of an error of pip's, in one line."""
    text = str(error)
    if isinstance(error, DiagnosticPipError):  # whose `str` is a mere code
        said = error.message
        text = Text.from_markup(said).plain if isinstance(said, str) else said.plain
    return " ".join(text.split()) or type(error).__name__


def _build_it(what: str) -> str:
    return f"build it first, `pip-archguard wheel --no-deps -w wheels {what}`, and scan the result"
