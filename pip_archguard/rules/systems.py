"""Which rules hold on which system: a new one is a set of rules, named here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pip_archguard.model.finding import Finding
from pip_archguard.model.target import System, Target
from pip_archguard.model.wheel import WheelFacts

if TYPE_CHECKING:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one system: its checks, and how its loader searches for libraries.

    `build_checks` are those of a wheel that was built for this machine a moment ago.
    """

    checks: tuple[Check, ...]
    build_checks: tuple[Check, ...]
    tags: TagCheck
    searching: Callable[[Site, Target], Search]


def rules_of(system: System) -> Rules:
    """Return the rules of a system of which targets are judged; only these are imported."""
    match system:
        case System.LINUX:
            from pip_archguard.rules.elf.rules import RULES  # noqa: PLC0415 - see above
        case System.WINDOWS:
            from pip_archguard.rules.pe.rules import RULES  # noqa: PLC0415 - see above
        case _:
            from pip_archguard.rules.macos import RULES  # noqa: PLC0415 - see above
    return RULES
