"""The one sentence on an environment that is run as another architecture than it was filled."""

from __future__ import annotations

from pip_archguard.model.mixed import MixedUse


def mixed_sentence(mixed: MixedUse, *, translated: bool, whole: bool = True) -> str:
    """Say what the environment was filled as and what Python runs as, without a full stop.

    `whole` tells that all packages were looked at, not only those that a run needs.
    """
    which = "native packages" if whole else "native packages that this run needs"
    under = ", under Rosetta" if translated else ""
    return (
        f"this environment was filled as {mixed.filled_as} ({mixed.lacking} of {mixed.native} "
        f"{which}), and this Python runs as {mixed.runs_as}{under}"
    )
