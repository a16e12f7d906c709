"""Every error pip-archguard raises: one root, a stable code, an exit code, maybe a hint."""

from __future__ import annotations

import re

EXIT_INPUT = 2
"""Wrong usage, or input that cannot be read; pip's own code for wrong usage, too."""

EXIT_BROKEN = 40
"""Something cannot be loaded, or an install failed for want of something that can."""

EXIT_UNKNOWN = 41
"""Stopped, because the policy is `fail` and a wheel could not be judged."""

EXIT_NOT_STARTED = 42
"""Stopped before pip began: wrong environment, or a pip we cannot guard."""


# Compiled where they are needed, for that takes longer than most modules to import.
# Each part ends before the next may begin, so that no text makes a search begin anew for long.
_USERINFO = r"(://)([^\s/?#`'\"]*)@"
_PARAMETER = (
    r"([?&;][^\s=?&;#`]*(?:token|secret|sig|signature|passw(?:or)?d|credentials?|auth|jwt|key)=)"
    r"[^\s&;#`'\"]+"
)


def redacted(text: str) -> str:
    """Return text without the passwords and tokens in its URLs, as pip shows them."""
    if "://" not in text:
        return text
    shown = re.sub(_USERINFO, _without_password, text)
    return re.sub(_PARAMETER, r"\1****", shown, flags=re.IGNORECASE)


def _without_password(match: re.Match[str]) -> str:
    user, colon, _ = match[2].partition(":")
    if colon:
        return f"{match[1]}{user}:****@"
    # Over HTTP a user's name alone may be a token; that of ssh is none.
    return match[0] if user in ("", "git") else f"{match[1]}****@"


class ArchGuardError(Exception):
    """The root of all errors raised here; `code` is stable, `hint` says what to do.

    Neither shows a password that is in an address.
    """

    code = "archguard-error"
    exit_code = EXIT_NOT_STARTED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(redacted(message))
        self.hint = hint and redacted(hint)


class UnsupportedPipError(ArchGuardError):
    """This pip lacks a name or parameter that the guard stands on."""

    code = "unsupported-pip"


class ToolEnvironmentError(ArchGuardError):
    """A command that changes an environment was started inside a tool's own one."""

    code = "tool-environment"


class OtherSliceError(ArchGuardError):
    """`--arch` names an architecture that this interpreter cannot run as."""

    code = "cannot-run-as"


class EnablingError(ArchGuardError):
    """The `pip` of an environment cannot be guarded, or no longer be so."""

    code = "cannot-enable"
    exit_code = EXIT_INPUT


class BinaryProblemError(ArchGuardError):
    """A native file, or a part of it, cannot be read; the message gives the reason."""

    code = "binary-problem"


class MalformedBinaryError(BinaryProblemError):
    """A native file breaks its format in a way for which the system's loader refuses it."""

    code = "malformed-binary"


class BrokenSymbolsError(BinaryProblemError):
    """Names are broken in a native file that the system's loader does not need."""

    code = "broken-symbols"


class BeyondBoundsError(BinaryProblemError):
    """A native file, or a wheel, takes more to read than a bound of ours allows."""

    code = "beyond-bounds"


class UnreadableWheelError(ArchGuardError):
    """A wheel, or a member of it, cannot be read as pip would read it."""

    code = "unreadable-wheel"


class NoRangesError(ArchGuardError):
    """Parts of a file on a server cannot be had, or do not belong together."""

    code = "no-ranges"


class CostsTooMuchError(ArchGuardError):
    """More of a file on a server would have to be fetched than may be."""

    code = "costs-too-much"


class UnreadableInputError(ArchGuardError):
    """Something that a command was asked to look at cannot be had or read."""

    code = "unreadable-input"
    exit_code = EXIT_INPUT


class CannotMendError(ArchGuardError):
    """A folder was named whose packages the pip of this environment cannot replace."""

    code = "cannot-fix"
    exit_code = EXIT_INPUT


class UnwritableFileError(ArchGuardError):
    """A file that a command was asked to write cannot be written, or is there already."""

    code = "unwritable-file"
    exit_code = EXIT_INPUT


class NothingRecognisedError(ArchGuardError):
    """A text that was to be explained holds no error of loading that is known."""

    code = "nothing-recognised"
    exit_code = EXIT_INPUT

    KINDS = (
        "paste all of it, from `Traceback` or `ImportError` on; known are the errors of dyld "
        "(`dlopen(…)`), of the loaders of Linux and Windows, and of Python, Rust's bindings, "
        "pip and shells about native code"
    )


class ClusterError(ArchGuardError):
    """The cluster that was named for the work is not to be had, or cannot do it."""

    code = "no-cluster"
    exit_code = EXIT_INPUT


class UnfusableError(ArchGuardError):
    """Two wheels do not make one for both architectures, for the reason given."""

    code = "cannot-fuse"
    exit_code = EXIT_INPUT
