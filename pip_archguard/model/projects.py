"""The names of projects."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[-_.]+")


def normal_name(project: str) -> str:
    """Return the name of a project as PEP 503 normalises it.

    `packaging.utils` has the same, and takes longer to import than most of our modules
    together.
    """
    return _SEPARATORS.sub("-", project).lower()
