"""An environment that was filled under one architecture and is run as the other."""

from __future__ import annotations

from dataclasses import dataclass

from pip_archguard.model.arch import Arch


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedUse:
    """Of so many `native` packages, `lacking` hold code for `filled_as` and none for `runs_as`."""

    filled_as: Arch
    runs_as: Arch
    lacking: int
    native: int
