"""Events and verdicts in words."""

from pip_archguard.reports.text import render

__all__ = ["render"]
