"""Standard output, which is for the result alone."""

from __future__ import annotations

import logging
import sys
from typing import Any


def keep_standard_output_free() -> None:
    """Let pip say on standard error what it else prints beside the result."""
    for handler in logging.getLogger().handlers:
        console: Any = getattr(handler, "console", None)
        if getattr(console, "file", None) is sys.stdout:
            console.file = sys.stderr
