"""A pip that lacks what the guard stands on is not run unguarded."""

from __future__ import annotations

import pytest

from pip_archguard.cli import main as cli
from pip_archguard.errors import UnsupportedPipError
from pip_archguard.pipbridge.internals import seams


def test_the_pip_that_runs_these_tests_has_all_seams() -> None:
    seams.check_seams()
    seams.check_scan_seams()
    seams.check_coverage_seams()


@pytest.mark.parametrize("version", ["21.3.1", "22.2.2"])
def test_an_older_pip_is_refused(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pip.__version__", version)

    with pytest.raises(UnsupportedPipError, match=r"pip 22\.3 or newer"):
        seams.check_seams()


@pytest.mark.parametrize(
    ("name", "seam", "why"),
    [
        ("_SEAMS", ("pip._internal.nowhere:Factory", "f", ()), "is gone"),
        ("_SEAMS", (seams._FACTORY, "nothing", ()), "is gone"),
        ("_SEAMS", ("pip._internal.utils.hashes", "FAVORITE_HASH", ()), "is gone"),
        ("_SEAMS", (seams._FACTORY, "get_dist_to_uninstall", ("other",)), "other parameters"),
        ("_ATTRIBUTES", (seams._FACTORY, "__init__", "_nothing"), "has no `_nothing`"),
    ],
    ids=["module", "method", "no function", "parameters", "attribute"],
)
def test_a_seam_that_changed_is_named(
    name: str, seam: tuple[object, ...], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seams, name, (seam,))

    with pytest.raises(UnsupportedPipError, match=why):
        seams.check_seams()


def test_a_seam_of_the_scan_that_changed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("pip._internal.req.req_install.InstallRequirement.match_markers")

    with pytest.raises(UnsupportedPipError, match="match_markers` is gone"):
        seams.check_scan_seams()


def test_a_pip_that_cannot_be_guarded_ends_with_42_and_a_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr("pip._internal.cli.main_parser.get_runnable_pip")
    monkeypatch.setattr("sys.argv", ["pip-archguard", "list"])

    assert cli.main() == 42
    assert "error: unsupported-pip" in capsys.readouterr().err
