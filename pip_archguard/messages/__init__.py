"""What system loaders, Python and its kin say when something cannot be loaded."""

from pip_archguard.messages.known import has_known_project, project_of_module
from pip_archguard.messages.places import place_of
from pip_archguard.messages.recognised import MOST_ERRORS, recognise

__all__ = [
    "MOST_ERRORS",
    "has_known_project",
    "place_of",
    "project_of_module",
    "recognise",
]
