"""What is told of an environment or a text, rather than of one wheel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # few runs need these
    from pip_archguard.model.doctor import Checkup, DoctorForm, Trouble
    from pip_archguard.model.explanation import Explained
    from pip_archguard.model.mixed import MixedUse


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainShown:
    """The result of `explain`."""

    explained: Explained


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteAwaited:
    """`explain` waits for text on a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorShown:
    """The result of `doctor`."""

    checkup: Checkup
    troubles: tuple[Trouble, ...]
    form: DoctorForm


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedUseSeen:
    """Most of what is installed and needed is for the other architecture than `python`'s."""

    mixed: MixedUse
    translated: bool
    python: str
