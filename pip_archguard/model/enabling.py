"""Whether `pip` itself is guarded in an environment."""

from __future__ import annotations

from enum import Enum


class Enabling(Enum):
    """What the start-up files of an environment amount to."""

    ENABLED = "enabled"
    INHERITED = "inherited"
    """This environment sees the site-packages of another, where it is enabled."""
    STALE = "stale"
    """They are not those that this version, on this Python, would write."""
    NOT_ENABLED = "not-enabled"
