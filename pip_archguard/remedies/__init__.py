"""What there is instead of a wheel that cannot load."""

from pip_archguard.remedies.diagnosis import diagnose
from pip_archguard.remedies.ladder import MOST_VERSIONS, equivalents, remedy_of, replacement
from pip_archguard.remedies.routes import route_to

__all__ = [
    "MOST_VERSIONS",
    "diagnose",
    "equivalents",
    "remedy_of",
    "replacement",
    "route_to",
]
