"""What there is instead of a wheel that cannot load."""

from pip_archguard.remedies.diagnosis import diagnose
from pip_archguard.remedies.ladder import MOST_VERSIONS, remedy_of, replacement
from pip_archguard.remedies.routes import route_commands, route_to

__all__ = ["MOST_VERSIONS", "diagnose", "remedy_of", "replacement", "route_commands", "route_to"]
