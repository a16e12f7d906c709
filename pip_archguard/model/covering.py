"""What is taken for a target of the matrix, before any wheel is looked into."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.coverage import Cover


class Why(Enum):
    """What is worth knowing about a package beside what became of it."""

    FROM_SIBLING = "its dependencies are those of another wheel of this version"
    FROM_PROJECT = "its dependencies are those of its `pyproject.toml`"
    NOT_DECLARED = "only a build would tell its dependencies"
    FUSABLE = "can be fused from two thin wheels"
    NO_PROJECT = "the index has no such project"
    OTHER_PLATFORMS = "its wheels are for other platforms"
    OTHER_PYTHON = "it is for other versions of Python"
    NOT_ALLOWED = "the options leave out what there is"
    NO_VERSION = "no version that is asked for is there"
    UNREACHABLE = "an index could not be asked"
    NOT_IN_LOCK = "no file in the lock fits"
    NOT_IN_INDEX = "the index does not have the file that the lock names"
    SOURCE_TREE = "it is a source tree"
    ALL_REFUSED = "nothing else is left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one target takes for one project.

    `cover` is there where no wheel has to be looked into to know it. `url` and `sha256` are
    those of the file; `direct` tells one that was asked for by its address. The other fields
    are as in `Cell`.
    """

    project: str
    cover: Cover | None = None
    release: str = ""
    filename: str = ""
    url: str = ""
    sha256: str = ""
    direct: bool = False
    dependencies_known: bool = True
    required_by: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """All that one target takes; `failure` says why that cannot be told."""

    taken: tuple[Taken, ...] = ()
    failure: str = ""
