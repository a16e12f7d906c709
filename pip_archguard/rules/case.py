"""What every check is given: one wheel before one target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Finding, Reason, Severity, Use
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import chosen_slice
from pip_archguard.rules.loading import Loading, load
from pip_archguard.rules.names import is_module_name, is_test_data

ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A wheel, the target that shall load it, and what that would load."""

    facts: WheelFacts
    target: Target
    loading: Loading

    @property
    def is_platform_wheel(self) -> bool:
        """Whether the wheel claims to be made for one platform (its tags name more than `any`)."""
        return self.facts.platforms != frozenset({ANY})

    def loadable(self) -> Iterator[tuple[Binary, Slice]]:
        """Yield the wheel's own libraries that load, each with the slice that is taken.

        Material of tests is left out, unless something links it.
        """
        linked = {i.binary.path for i in self.loading.images if i.loader is not None}
        for binary in self.loading.libraries:
            piece = chosen_slice(binary, self.target)
            if piece is not None and (binary.path in linked or not is_test_data(binary.path)):
                yield binary, piece

    def finding(
        self,
        reason: Reason,
        severity: Severity,
        path: str,
        *found: str,
        count: int = 0,
        use: Use | None = None,
        needed_by: str = "",
    ) -> Finding:
        """Return a finding about one file; how that is loaded is told by its name."""
        named = Use.IMPORTED if is_module_name(path) else Use.OPENED
        return Finding(
            reason=reason,
            severity=severity,
            path=path,
            target=self.target,
            found=found,
            count=count,
            use=use or named,
            needed_by=needed_by,
        )


Check = Callable[[Case], Iterator[Finding]]
"""One rule: all that it finds wrong in a case."""


def case_of(facts: WheelFacts, target: Target, companions: Sequence[WheelFacts] = ()) -> Case:
    """Return the case of a wheel that is installed together with others."""
    return Case(facts=facts, target=target, loading=load(facts, target, companions))
