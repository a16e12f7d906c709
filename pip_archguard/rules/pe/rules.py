"""The rules of Windows: what its loader makes of PE files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pip_archguard.model.finding import Finding
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.foreign import check_foreign_build
from pip_archguard.rules.linking import Image, Link, Outcome
from pip_archguard.rules.pe.foreign import check_foreign_extensions
from pip_archguard.rules.pe.libraries import check_hybrids, check_libraries
from pip_archguard.rules.pe.malformed import check_init, check_malformed, check_unreadable
from pip_archguard.rules.pe.programs import check_programs
from pip_archguard.rules.ruleset import Rules
from pip_archguard.rules.site import Site


class NoSearch:
    """No search at all: the checks follow imports by name themselves (`rules.pe.loading`)."""

    exhausted = False

    def __init__(self, site: Site, target: Target) -> None:
        del site, target

    def resolve(self, install_name: str, image: Image) -> Link:
        """Leave the library to the system."""
        del image
        return Link(outcome=Outcome.SYSTEM, install_name=install_name)


def check_tags(facts: WheelFacts, targets: Sequence[Target], *, strict: bool) -> Iterator[Finding]:
    """Find nothing: a tag of Windows names one machine, which the other checks are about."""
    del facts, targets, strict
    yield from ()


RULES = Rules(
    checks=(
        check_libraries,
        check_malformed,
        check_foreign_extensions,
        check_hybrids,
        check_unreadable,
        check_init,
        check_programs,
    ),
    build_checks=(check_foreign_build,),
    tags=check_tags,
    searching=NoSearch,
)
