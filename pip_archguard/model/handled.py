"""What became of a wheel or installed distribution in a guarded run."""

from __future__ import annotations

from dataclasses import dataclass

from pip_archguard.model.choice import Remedy
from pip_archguard.model.outcome import Origin, Place
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One wheel or installed distribution, and what became of it: refused, or used.

    What is used is there as pip wanted it first, or as a `remedy` for what was refused.
    """

    judgement: Judgement
    origin: Origin
    targets: tuple[Target, ...]
    place: Place
    refused: bool = False
    remedy: Remedy | None = None
