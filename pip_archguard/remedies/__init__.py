"""What there is instead of a wheel that cannot load."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.remedies.diagnosis import diagnose
    from pip_archguard.remedies.ladder import MOST_VERSIONS, equivalents, remedy_of, replacement
    from pip_archguard.remedies.routes import route_to
else:
    __getattr__ = from_parts(
        __name__,
        diagnosis=("diagnose",),
        ladder=("MOST_VERSIONS", "equivalents", "remedy_of", "replacement"),
        routes=("route_to",),
    )

__all__ = [
    "MOST_VERSIONS",
    "diagnose",
    "equivalents",
    "remedy_of",
    "replacement",
    "route_to",
]
