"""A second audit of an environment: what was read before is not read again."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from builders.environments import ARM64, X86_64, install, module
from pip_archguard import environment
from pip_archguard.environment import Job, state
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge import audit_reading
from pip_archguard.pipbridge.auditing import Audit, audit

pytestmark = pytest.mark.skipif(os.name != "posix", reason="nothing is kept there")


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 2 * state.RACY)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The packages that were read, in their order."""
    names: list[str] = []

    def noted(job: Job) -> WheelFacts:
        names.append(job.project)
        return environment.reading.read_job(job)

    monkeypatch.setattr(audit_reading, "read_job", noted)
    return names


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site-packages"
    for name in ("one", "two"):
        install(folder, name, {f"{name}/_c.cpython-312-darwin.so": module(ARM64)})
    return folder


def looked_at(site: Path, known: Path | None) -> Audit:
    return audit([str(site)], ["arm64"], known=known, processes=1)


def test_what_was_read_is_known(site: Path, tmp_path: Path, read: list[str]) -> None:
    first = looked_at(site, tmp_path / "facts")
    again = looked_at(site, tmp_path / "facts")

    assert read == ["one", "two"]
    assert again == first == looked_at(site, None)


def test_only_what_changed_is_read_again(site: Path, tmp_path: Path, read: list[str]) -> None:
    looked_at(site, tmp_path / "facts")
    (site / "two" / "_c.cpython-312-darwin.so").write_bytes(module(X86_64))

    found = looked_at(site, tmp_path / "facts")

    assert read == ["one", "two", "two"]
    assert {p.judgement.verdict for p in found.packages} == {Verdict.OK, Verdict.BROKEN}


def test_what_changed_a_moment_ago_is_not_kept(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()

    looked_at(site, tmp_path / "facts")

    assert not (tmp_path / "facts").exists()


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changing(job: Job) -> WheelFacts:
        facts = environment.reading.read_job(job)
        for path in job.native:
            (Path(job.root) / path).write_bytes(module(X86_64))
        return facts

    monkeypatch.setattr(audit_reading, "read_job", changing)
    looked_at(site, tmp_path / "facts")

    assert not (tmp_path / "facts").exists()


def test_nothing_is_written_into_what_is_audited(site: Path, tmp_path: Path) -> None:
    before = sorted(site.rglob("*"))

    looked_at(site, tmp_path / "facts")

    assert sorted(site.rglob("*")) == before
    assert list((tmp_path / "facts" / "installed").iterdir())
