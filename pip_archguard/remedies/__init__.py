"""What there is instead of a wheel that cannot load."""

from pip_archguard.remedies.ladder import MOST_VERSIONS, replacement

__all__ = ["MOST_VERSIONS", "replacement"]
