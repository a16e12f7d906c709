"""Optional extensions of what is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pip_archguard.environment import optional_installed

GUARDED = b"try:\n    from . import _c\nexcept ImportError:\n    _c = None\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "__init__.py").write_bytes(GUARDED)
    return tmp_path


def optional(site: Path, *files: str) -> frozenset[str]:
    return optional_installed(site, ["demo/__init__.py", *files], ["demo/_c"])


def test_installed_sources_tell_what_is_optional(site: Path) -> None:
    assert optional(site) == {"demo/_c"}


def test_files_that_are_gone_or_not_python_are_passed_over(site: Path) -> None:
    (site / "demo" / "notes.txt").write_bytes(b"import demo._c")

    assert optional(site, "demo/gone.py", "demo/notes.txt", "demo") == {"demo/_c"}


def test_an_installed_script_outside_counts_as_well(site: Path) -> None:
    (site / "x.py").write_bytes(b"import demo._c")

    assert optional_installed(site / "demo", ["../x.py"], ["demo/_c"]) == set()
    assert optional(site, "x.py") == set()


def test_a_substitute_is_there_if_it_is_required(site: Path) -> None:
    text = b"try:\n    from . import _c\nexcept ImportError:\n    import cffi, struct\n"
    (site / "demo" / "__init__.py").write_bytes(text)
    (site / "demo-1.0.dist-info").mkdir()
    (site / "demo-1.0.dist-info" / "METADATA").write_bytes(b"Requires-Dist: cffi\n")

    assert optional(site, "demo-1.0.dist-info/METADATA") == {"demo/_c"}
    assert optional(site) == set()


def test_a_file_that_cannot_be_read_makes_nothing_optional(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)

    assert optional(site) == set()


def test_where_nothing_is_asked_about_nothing_is_read(site: Path) -> None:
    assert optional_installed(site, iter(()), []) == set()
