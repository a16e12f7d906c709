"""Resolving by an executor: what comes of it is what would come of it here."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pip
import pytest
from pip._internal.index import collector

from builders.index import Index, open_index
from builders.packages import ANY, pure
from builders.wheels import make_wheel
from pip_archguard.errors import UnreadableInputError
from pip_archguard.hosts.matrix import places_of
from pip_archguard.model.covering import Resolved
from pip_archguard.model.event import Event
from pip_archguard.model.result import Counted, Progressed
from pip_archguard.pipbridge.executors import Undone
from pip_archguard.pipbridge.internals import coverage_workers
from pip_archguard.pipbridge.internals.coverage import CoverageCommand
from pip_archguard.pipbridge.internals.coverage_resolving import Job
from pip_archguard.pipbridge.internals.coverage_workers import Sent, on_worker, resolve_all

# What older pips import and call is deprecated, and a warning is an error here.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@dataclass
class Elsewhere:
    """A worker that does its work in this process or is told what to answer."""

    answers: list[Any] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    heard: list[Event] = field(default_factory=list)

    def carry_out(self, work: Callable[[Any], Any], inputs: Sequence[Any]) -> Iterator[Any]:
        self.sent += inputs
        yield from self.answers or map(work, inputs)

    def tell(self, event: Event) -> None:
        self.heard.append(event)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder in which we are; `files` in it holds a wheel."""
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    wheel = make_wheel("leaf", "1.0", ANY, pure("leaf"))
    tmp_path.joinpath("files").mkdir()
    tmp_path.joinpath("files", wheel.filename).write_bytes(wheel.content)
    tmp_path.joinpath("needed.txt").write_text("--find-links files\nleaf\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process do what one of its own would do, and put back what that changes."""

    def here(work: Callable[[Any], Any], given: Any) -> Any:
        with monkeypatch.context() as patched:
            patched.chdir(Path.cwd())
            for name in ("build_source", "_get_simple_response"):
                patched.setattr(collector, name, getattr(collector, name))
            patched.setattr(logging.getLogger("pip"), "propagate", False)
            return work(pickle.loads(pickle.dumps(given)))  # noqa: S301 - a copy

    def each(
        work: Callable[[Any], Any], inputs: Sequence[Any], at_once: int
    ) -> Iterator[tuple[int, Any]]:
        assert at_once
        return ((number, here(work, one)) for number, one in enumerate(inputs))

    monkeypatch.setattr(coverage_workers, "alone", here)
    monkeypatch.setattr(coverage_workers, "each_alone", each)


def job(*words: str) -> Job:
    given = ["--no-cache-dir", "--retries", "0", "--timeout", "2", *words]
    options, arguments = CoverageCommand("coverage", "").parse_args(given)
    (place,) = places_of(["macos-arm64"], [])
    return Job(options=options, arguments=tuple(arguments), place=place)


def local(*words: str) -> Job:
    return job("--no-index", "-r", "needed.txt", *words)


def sent(work: Job, folder: Path, version: str = pip.__version__) -> Sent:
    return Sent(job=work, folder=str(folder), pip=version)


def names(found: object) -> list[str]:
    assert isinstance(found, Resolved), found
    return [each.project for each in found.taken]


def test_a_worker_resolves_in_the_folder_that_names_are_relative_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")

    assert names(on_worker(sent(local(), folder))) == ["leaf"]
    assert Path.cwd() == Path("/")


@pytest.mark.usefixtures("quick")
def test_progress_is_told_for_each_target() -> None:
    there = Elsewhere()

    found = resolve_all([local(), local()], there, there)

    assert [names(each) for each in found] == [["leaf"], ["leaf"]]
    assert len(there.sent) == 2
    assert there.heard == [Progressed(done=n, total=2, of=Counted.TARGETS) for n in (1, 2)]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "answers",
    [
        [Undone.LEFT],
        [UnreadableInputError("no such file")],
        [Resolved(failure="no git here")],
    ],
    ids=["undone", "unreadable", "failed"],
)
def test_what_a_worker_cannot_do_is_done_here(answers: list[Any]) -> None:
    there = Elsewhere(answers=[*answers, Resolved()])

    first, second, third = resolve_all([local()] * 3, there, there)

    assert names(first) == names(third) == ["leaf"]
    assert second == Resolved()
    assert len(there.heard) == 3


@pytest.mark.usefixtures("quick")
def test_without_an_executor_all_is_done_here() -> None:
    found = resolve_all([local()], None, Elsewhere())

    assert [names(each) for each in found] == [["leaf"]]


@pytest.mark.usefixtures("quick")
def test_what_cannot_be_read_here_either_is_an_error() -> None:
    there = Elsewhere()

    with pytest.raises(UnreadableInputError, match="requirements cannot be read"):
        resolve_all([job("-r", "missing.txt")], there, there)


@pytest.mark.usefixtures("quick")
def test_a_worker_with_another_pip_is_no_worker(folder: Path) -> None:
    found = on_worker(sent(local(), folder, "1.0"))

    assert isinstance(found, UnreadableInputError)
    assert "and not 1.0" in str(found)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "words",
    [
        ("--find-links", "elsewhere"),
        ("--find-links", "file:///no/such/folder"),
        ("-c", "missing.txt"),
    ],
    ids=["folder", "address", "constraints"],
)
def test_a_worker_that_lacks_a_file_is_no_worker(words: tuple[str, ...], folder: Path) -> None:
    assert isinstance(on_worker(sent(local(*words), folder)), UnreadableInputError)


@pytest.mark.usefixtures("quick")
def test_a_worker_that_lacks_the_folder_is_no_worker(folder: Path) -> None:
    found = on_worker(sent(local(), folder / "nowhere"))

    assert isinstance(found, UnreadableInputError)


@pytest.mark.usefixtures("quick")
def test_an_index_that_has_no_such_project_is_no_fault_of_the_worker(folder: Path) -> None:
    with open_index() as index:
        found = on_worker(sent(_online(index, "leaf", "--find-links", "files"), folder))

    assert names(found) == ["leaf"]


@pytest.mark.usefixtures("quick")
def test_a_worker_that_does_not_reach_an_index_is_no_worker(folder: Path) -> None:
    gone = "http://127.0.0.1:9/simple/"
    work = job("--index-url", gone, "--find-links", "files", "leaf")

    found = on_worker(sent(work, folder))

    assert isinstance(found, UnreadableInputError)
    assert "cannot read" in str(found)


@pytest.mark.usefixtures("quick")
def test_a_worker_keeps_its_own_cache(folder: Path) -> None:
    work = local()
    work.options.cache_dir = str(folder / "cache-of-another-machine")

    assert names(on_worker(sent(replace(work), folder))) == ["leaf"]
    assert not folder.joinpath("cache-of-another-machine").exists()


def _online(index: Index, *words: str) -> Job:
    return job("--index-url", index.url, *words)
