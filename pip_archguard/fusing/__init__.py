"""Fusing two wheels, each for one architecture, into one for both."""

from pip_archguard.fusing.fuse import fuse

__all__ = ["fuse"]
