"""What a set of rules is made of: its checks, and how its loader searches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from pip_archguard.model.finding import Finding
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.case import Case
from pip_archguard.rules.linking import Search
from pip_archguard.rules.site import Site


class Check(Protocol):
    """One rule: all that it finds wrong in a case."""

    def __call__(self, case: Case, /) -> Iterator[Finding]:
        """Yield the findings."""


class TagCheck(Protocol):
    """What the tags of a wheel promise, beside what it holds."""

    def __call__(
        self, facts: WheelFacts, targets: Sequence[Target], *, strict: bool
    ) -> Iterator[Finding]:
        """Yield the findings, which `strict` makes refusals."""


class Rules(NamedTuple):
    """The rules of one system: its checks, and how its loader searches for libraries.

    `build_checks` are those of a wheel that was built for this machine a moment ago.
    """

    checks: tuple[Check, ...]
    build_checks: tuple[Check, ...]
    tags: TagCheck
    searching: Callable[[Site, Target], Search]
