"""`python -m pip_archguard` is `pip-archguard`."""

import os
import sys

# As pip's own `__main__` does: the working directory is no place to import from.
if sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - pathlib would be imported from there
    sys.path.pop(0)

from pip_archguard.cli.main import main

sys.argv[0] = "pip-archguard"
sys.exit(main())
