"""What a wheel, or an installed distribution, claims and holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # a wheel without native files has none of these
    from pip_archguard.model.binary import Binary
    from pip_archguard.model.problem import Problem


class WheelFacts(NamedTuple):
    """The claims of a wheel's file name and the native files found inside.

    `platforms` are the platform tags that the name claims (`any`, or such as
    `macosx_11_0_arm64`). `problems` are the members that could not be looked at.
    `optional_modules` are the extension modules that the package can do without, as
    paths without suffix below site-packages; None where that was not looked for, because
    nothing is wrong with any.
    """

    filename: str
    project: str
    release: str
    platforms: frozenset[str]
    binaries: tuple[Binary, ...] = ()
    problems: tuple[Problem, ...] = ()
    optional_modules: frozenset[str] | None = None
