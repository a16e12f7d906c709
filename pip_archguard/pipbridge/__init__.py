"""The only code that knows pip."""

from pip_archguard.pipbridge.internals.start import guard_pip, start_pip

__all__ = ["guard_pip", "start_pip"]
