"""What few runs have to tell, kept apart so that the others need not load it."""

from __future__ import annotations

from dataclasses import dataclass

from pip_archguard.model.doctor import Checkup, DoctorForm, Trouble
from pip_archguard.model.explanation import Explained
from pip_archguard.model.facts import FactsTold
from pip_archguard.model.mixed import MixedUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The result of `doctor`."""

    checkup: Checkup
    troubles: tuple[Trouble, ...]
    form: DoctorForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteAwaited:
    """`explain` waits for text on a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedUseSeen:
    """Most of what is installed and needed is for the other architecture than `python`'s."""

    mixed: MixedUse
    translated: bool
    python: str


Answer = Explained | Diagnosis | FactsTold
"""The result of a command that looks and changes nothing."""

Remark = PasteAwaited | MixedUseSeen
"""Something to say beside what a command does."""
