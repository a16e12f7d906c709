"""The ways in which a server misbehaves that is asked for a part of a file."""

from __future__ import annotations

from enum import Enum


class Mood(Enum):
    """How the server answers a request for a range."""

    HONEST = "as it should"
    IGNORES = "with the whole file, and 200"
    PART_AS_WHOLE = "with the part, and 200"
    CANNOT = "with 416"
    FORBIDS = "with 403"
    OTHER_RANGE = "with another range"
    SHORT = "with less than it says"
    LONG = "with more than it says"
    LENGTH_UNKNOWN = "without saying how long the file is"
    LENGTH_VARIES = "with another length of the file each time"
    ENDLESS = "with a file of an impossible length"
    CHANGES = "with another file from the second request on"
    CHANGES_AT_ONCE = "with another file from the second request on, and with all of it"
    MULTIPART = "with several parts in one"
    DROPS = "not at all"
    DROPS_LATER = "as it should, and from the second request on not at all"
    ENCODES = "compressed"
