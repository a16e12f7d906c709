"""Sphinx configuration."""

from __future__ import annotations

import pip_archguard

project = "pip-archguard"
author = "The pip-archguard developers"
release = pip_archguard.__version__
extensions = ["myst_parser"]
html_theme = "furo"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
