"""The only code that knows pip."""

from pip_archguard.pipbridge.internals.start import start_pip

__all__ = ["start_pip"]
