"""What `scan` found out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement


class Form(Enum):
    """The value of `--format`."""

    TABLE = "table"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One wheel file, judged for each of its targets; `sha256` is that of the file."""

    judgement: Judgement
    targets: tuple[Target, ...]
    sha256: str
