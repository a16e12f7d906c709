"""Runs the guard inside another interpreter: `python __archguard_runner__.py PIP-ARGUMENTS`.

Started by path, as pip starts its `__pip-runner__.py`. The syntax stays such that an
older Python reaches the message for it.
"""

import json
import os
import sys

NEEDED = (3, 10)
GUARDED = ("install", "download", "wheel", "lock", "uninstall")
ROOTS = json.loads(os.environ["_PIP_ARCHGUARD_PATHS"])

if sys.path and sys.path[0] == os.path.dirname(os.path.abspath(__file__)):
    sys.path.pop(0)

if sys.version_info[:2] < NEEDED:
    if any(word in GUARDED for word in sys.argv[1:]):
        sys.stderr.write(
            "error: unsupported-python\n"
            "%s is Python %d.%d; pip-archguard guards Python 3.10 and newer\n\n"
            "hint: use `pip --python` for this environment, without a guard\n"
            % ((sys.executable,) + sys.version_info[:2])
        )
        sys.exit(42)
    import runpy

    runpy.run_path(os.path.join(ROOTS["pip"], "pip", "__pip-runner__.py"), run_name="__main__")
    sys.exit()

from importlib.machinery import PathFinder


class _Redirect:
    """Finds our packages where the parent process has them, and nothing else there."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        """Answer for our top-level packages only (importlib.abc.MetaPathFinder)."""
        root = ROOTS.get(fullname)
        return None if root is None else PathFinder.find_spec(fullname, [root], target)


sys.meta_path.insert(0, _Redirect)
sys.argv[0] = "pip-archguard"

if __name__ == "__main__":  # the processes of a scan load this file under another name
    from pip_archguard.cli.main import main

    sys.exit(main())
