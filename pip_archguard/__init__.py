"""pip that never installs a binary your Python cannot load."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
