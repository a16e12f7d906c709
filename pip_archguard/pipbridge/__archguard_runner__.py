"""Runs the guard inside another interpreter: `python __archguard_runner__.py PIP-ARGUMENTS`.

Started by path, as pip starts its `__pip-runner__.py`. The syntax stays such that an
older Python reaches the message for it.
"""

import sys

NEEDED = (3, 10)

if sys.version_info[:2] < NEEDED:
    sys.stderr.write(
        "error: unsupported-python\n"
        "%s is Python %d.%d; pip-archguard guards Python 3.10 and newer\n\n"
        "hint: use `pip --python` for this environment, without a guard\n"
        % ((sys.executable,) + sys.version_info[:2])
    )
    sys.exit(42)

import json  # noqa: E402 - after the check of the version
import os  # noqa: E402
from importlib.machinery import PathFinder  # noqa: E402

ROOTS = json.loads(os.environ["_PIP_ARCHGUARD_PATHS"])


class _Redirect:
    """Finds our packages where the parent process has them, and nothing else there."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        """Answer for our top-level packages only (importlib.abc.MetaPathFinder)."""
        root = ROOTS.get(fullname)
        return None if root is None else PathFinder.find_spec(fullname, [root], target)


sys.meta_path.insert(0, _Redirect)
sys.path.pop(0)
sys.argv[0] = "pip-archguard"

from pip_archguard.cli.main import main  # noqa: E402 - found by the redirection

sys.exit(main())
