"""Routes with requirements that are hard to quote."""

from __future__ import annotations

from pip_archguard.model.route import Requirements, RequirementsFile, Route, RouteKind
from pip_archguard.remedies import route_to

FILE = RequirementsFile(
    path="reqs/base.txt", content="# base\nazure-eventhub==5.10.1\n-r more.txt\n-e .\n"
)
AWKWARD = (
    'foo; python_version < "3.11"',
    "pkg @ https://files.invalid/b'c$HOME`id`.whl#sha256=00",
    "it[extra, more] ~= 1.0 ; sys_platform == 'darwin'",
    "null",
    "yes==1",
)
REQUIREMENTS = {
    "nothing": Requirements(),
    "one": Requirements(specifiers=("uamqp==1.6.1",)),
    "file": Requirements(files=(FILE,)),
    "all": Requirements(specifiers=("uamqp==1.6.1", *AWKWARD), files=(FILE,)),
}


def every_route() -> dict[str, Route]:
    """Return each kind of route with each requirements, shown and written, by a name."""
    return {
        f"{kind.value}-{name}-{'shown' if folder is None else 'written'}": route_to(
            kind, "3.10", requirements, folder=folder
        )
        for kind in RouteKind
        for name, requirements in REQUIREMENTS.items()
        for folder in (None, "x86 here")
    }
