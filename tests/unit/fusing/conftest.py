from __future__ import annotations

from pathlib import Path

import pytest

from builders.halves import Halves


@pytest.fixture
def halves(tmp_path: Path) -> Halves:
    (tmp_path / "in").mkdir()
    return Halves(folder=tmp_path / "in")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
