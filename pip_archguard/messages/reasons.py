"""Why dyld refused one file: the words in the brackets after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.target import System

_LONGEST_DETAIL = 300

_ABSENT = re.compile(r"no such file|not in dyld cache|image not found|errno=2\b", re.IGNORECASE)

# `(have 'x86_64', need 'arm64e' or 'arm64')`, `(have (x86_64), need (arm64e))`.
_HAVE_NEED = re.compile(
    r"\(?have\s{1,4}['(](?P<have>[^')]{0,200})[')],\s{1,4}need\s{1,4}(?P<need>[^)]{1,200})"
)
_WORD = re.compile(r"[A-Za-z][\w.]*")

# What dyld has said, the first that fits; other refusals are told in its own words.
_CAUSES: tuple[tuple[Cause, re.Pattern[str]], ...] = tuple(
    (cause, re.compile(pattern, re.IGNORECASE))
    for cause, pattern in (
        (
            Cause.WRONG_ARCHITECTURE,
            r"incompatible architecture|wrong architecture|missing compatible arch",
        ),
        (Cause.WRONG_PLATFORM, r"incompatible platform|incompatible with .{0,40}simulator"),
        (Cause.BAD_SIGNATURE, r"code signature|not valid for use in process|code signing"),
        (Cause.NEWER_SYSTEM, r"load command 0x\w{1,8} is unknown"),
        (Cause.FOREIGN_FILE, r"not a mach-o file|not valid mach-o|unknown file type"),
        (Cause.MALFORMED, r"malformed|truncated|file too short|overlap|duplicate LC_RPATH"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A file that was there and was refused, and why."""

    cause: Cause
    path: str
    have: tuple[str, ...] = ()
    need: tuple[str, ...] = ()
    detail: str = ""

    def error(self, *, file: str, library: str = "", referenced_from: str = "") -> LoadError:
        """Return it as the error of a whole message."""
        return LoadError(
            cause=self.cause,
            system=System.MACOS,
            file=file,
            have=self.have,
            need=self.need,
            library=library,
            referenced_from=referenced_from,
            detail=self.detail,
        )


def reading_of(path: str, reason: str) -> Said | None:
    """Return what a reason amounts to; None where the file was simply not there."""
    for cause, pattern in _CAUSES:
        if pattern.search(reason):
            match = _HAVE_NEED.search(reason)
            return Said(
                cause=cause,
                path=path,
                have=_words(match["have"]) if match else (),
                need=_words(match["need"]) if match else (),
                detail=_detail(reason),
            )
    if _ABSENT.search(reason):
        return None
    return Said(cause=Cause.REFUSED, path=path, detail=_detail(reason))


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in _WORD.findall(text) if word != "or"))


def _detail(reason: str) -> str:
    words = reason.strip().rstrip(",) ")[:_LONGEST_DETAIL]
    return words + ")" * (words.count("(") - words.count(")"))
