"""Hostile text in every place of what is reported that may hold text from outside."""

from __future__ import annotations

import dataclasses
from enum import Enum
from typing import Any, TypeVar

from pip_archguard.model.coverage import CoverTarget
from pip_archguard.model.finding import Finding
from pip_archguard.model.outcome import Reports
from pip_archguard.model.reason import Reason
from pip_archguard.model.target import Target

BENIGN = "Z"
POISONS = {
    "escape sequences": "\x1b[2J\x1b]0;title\x07\x1b]8;;http://x\x1b\\",
    "c1 controls": "\x9b31m\x85\x90",
    "bidi overrides": "\u202e\u2066\u2069\u061c\u200f",
    "new lines": "\n::error::x\n--index-url http://x\r\n- x\n",
    "a carriage return": "\rerror: none",
    "backspaces": "\b\b\b\x7f",
    "nul": "\0",
    "a lone surrogate": "\udc80\ud800",
    "no width": "\u200b\u2060\ufeff\u00ad",
    "line separators": "\u2028\u2029\x0b\x0c\x1c\x1d\x1e",
    "tags and private": "\U000e0041\ue000\U0010ffff",
    "odd spaces": "\t\u00a0\u3000",
    "commands of runners": "::add-mask::x ##[error]y %0A",
    "markup": "</script><img src=x onerror=alert(1)>|`*_[x](javascript:x)`&#60;",
    "very long": "x" * 2_000,
}

# Words of ours stand here, which are looked up; the others hold what is in a file.
_NAMES_IN = frozenset({Reason.HOLLOW_SLICE, Reason.MALFORMED, Reason.COULD_NOT_TELL})
_OURS = (Target, CoverTarget, Reports, Enum)
_Told = TypeVar("_Told")


def poisoned(told: _Told, text: str) -> _Told:
    """Return the same with a text behind each string in it that is not one of ours."""
    result: Any = _poisoned(told, text)
    return result  # type: ignore[no-any-return]


def _poisoned(told: Any, text: str) -> Any:
    if isinstance(told, str):
        return told + text if told else told
    if isinstance(told, _OURS):
        return told
    if hasattr(told, "_make"):
        return told._make(_poisoned(each, text) for each in told)
    if isinstance(told, (tuple, frozenset)):
        return type(told)(_poisoned(each, text) for each in told)
    if not dataclasses.is_dataclass(told) or isinstance(told, type):
        return told
    kept = {"found"} if isinstance(told, Finding) and told.reason not in _NAMES_IN else set()
    kept |= {"code", "variable", "system", "command"}  # of events: words of ours
    fields = (field.name for field in dataclasses.fields(told) if field.init)
    changed = {name: _poisoned(getattr(told, name), text) for name in fields if name not in kept}
    return dataclasses.replace(told, **changed)
