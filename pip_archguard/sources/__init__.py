"""What the Python source in a wheel says about the native files beside it."""

from pip_archguard.sources.fallback import optional_modules
from pip_archguard.sources.named import mark_named_in_source
from pip_archguard.sources.opened import optional_in

__all__ = ["mark_named_in_source", "optional_in", "optional_modules"]
