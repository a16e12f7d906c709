"""Write the page of a matrix made by hand, to look at: `python tests/builders/demo_page.py FILE`.

A second argument names the matrix: `whole` (default), `large`, or another of `coverages.ALL`.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import coverages
from pip_archguard.reports import coverage_html


def main(file: str, name: str = "whole") -> None:
    """Write the page."""
    coverage = coverages.large() if name == "large" else coverages.ALL[name]
    Path(file).write_text(coverage_html(coverage) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
