"""A source build that a guarded command makes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBuild:
    """A source build, and what it needs; `direct` if it was asked for by path or URL."""

    project: str
    filename: str
    needs: tuple[str, ...] = ()
    direct: bool = False
