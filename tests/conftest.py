"""What unit and integration tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.zig import Zig


@pytest.fixture(scope="session")
def session_cache(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that outlives the session and that its processes share."""
    cache = pytestconfig.cache
    return tmp_path_factory.mktemp("cache") if cache is None else cache.mkdir("archguard")


@pytest.fixture(scope="session")
def zig(session_cache: Path) -> Zig:
    """The cross-compiler; tests that need it are skipped where it is not installed."""
    pytest.importorskip("ziglang")
    return Zig(cache=session_cache / "zig")
