"""What every check is given: one wheel before one target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity, Use
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.linking import Search
from pip_archguard.rules.loading import Loading, load
from pip_archguard.rules.names import is_module_name
from pip_archguard.rules.site import Site

ANY = "any"


class Case(NamedTuple):
    """A wheel, the target that shall load it, and what that would load.

    `own` are the paths of the wheel's native files, which those of a companion may equal.
    `in_place` if it is installed beside others, so that theirs are what it gets to load.
    """

    facts: WheelFacts
    target: Target
    loading: Loading
    own: frozenset[str]
    in_place: bool = False

    @property
    def is_platform_wheel(self) -> bool:
        """Whether the wheel claims to be made for one platform (its tags name more than `any`)."""
        return self.facts.platforms != frozenset({ANY})

    def loadable(self) -> Iterator[tuple[Binary, Slice]]:
        """Yield the wheel's own libraries that load, each with the slice that is taken.

        Material of tests is left out, unless something links it.
        """
        for binary in self.loading.libraries:
            image = self.loading.images.get(binary.path)
            if image is not None:
                yield binary, image.piece

    def owns(self, path: str) -> bool:
        """Whether a file is one of the wheel itself, not of one installed with it."""
        return path in self.own

    def finding(
        self, reason: Reason, severity: Severity, path: str, *found: str, count: int = 0
    ) -> Finding:
        """Return a finding about one file, with how that comes to be loaded."""
        modules = self.loading.modules_of(path)
        others = tuple(module for module in modules if module != path)
        if others and path not in modules:
            use = Use.LINKED
        else:
            use = Use.IMPORTED if is_module_name(path) else Use.OPENED
        return Finding(
            reason=reason,
            severity=severity,
            path=path,
            target=self.target,
            found=found,
            count=count,
            use=use,
            needed_by=others[0] if use is Use.LINKED else "",
            modules=modules,
        )


def case_of(
    facts: WheelFacts,
    target: Target,
    searching: Callable[[Site, Target], Search],
    companions: Sequence[WheelFacts] = (),
    site: Site | None = None,
) -> Case:
    """Return the case of a wheel that is installed together with others."""
    return Case(
        facts=facts,
        target=target,
        loading=load(facts, target, searching, companions, site),
        own=frozenset(b.path for b in facts.binaries),
        in_place=site is not None,
    )
