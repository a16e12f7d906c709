"""`python -m pip_archguard` is `pip-archguard`."""

import sys

from pip_archguard.cli.main import main

sys.argv[0] = "pip-archguard"
sys.exit(main())
