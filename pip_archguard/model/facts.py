"""What became of the facts cache: the results of `facts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsInfo:
    """What is in the cache; `stale` entries are those of other versions of the parser."""

    folder: str
    entries: int
    size: int
    bound: int
    parser: int
    stale: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsPurged:
    """So many entries were taken away."""

    folder: str
    entries: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsExported:
    """So many entries were written to a file."""

    file: str
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsImported:
    """So many entries of a file were taken, were known already, and were dropped."""

    file: str
    taken: int
    known: int
    dropped: int


FactsTold = FactsInfo | FactsPurged | FactsExported | FactsImported
"""The result of `facts`."""
