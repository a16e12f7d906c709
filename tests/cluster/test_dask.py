"""Scan and coverage on a Dask cluster of this machine: three workers, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from builders.cluster_work import MEETING, ON_A_WORKER, fails_on_a_worker, slow
from builders.index import Index, open_index
from builders.macho_bytes import thin as code
from builders.matrix_index import REQUIREMENTS, fill
from builders.wheels import make_wheel
from pip_archguard.errors import ClusterError
from pip_archguard.model.arch import Arch
from pip_archguard.pipbridge.executors import Undone, carried_out

distributed = pytest.importorskip("distributed")
dask = pytest.importorskip("dask")
psutil = pytest.importorskip("psutil")  # `distributed` brings it
from pip_archguard.pipbridge import dask_cluster  # noqa: E402 - after that

pytestmark = [
    pytest.mark.dask,
    pytest.mark.filterwarnings("default"),  # Dask's own are no fault of ours
]

TAG = "cp312-cp312-macosx_11_0_arm64"
MODULE = "demo/_c.cpython-312-darwin.so"
SECONDS = 60
PATHS = os.pathsep.join(str(path) for path in Path(__file__).parents[1:3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A scheduler and its workers; what they meet in is a folder."""

    address: str
    scheduler: tuple[subprocess.Popen[bytes], ...]
    workers: tuple[subprocess.Popen[bytes], ...]
    meeting: Path


def _dask(*words: str, meeting: Path) -> subprocess.Popen[bytes]:
    env = os.environ | {"PYTHONPATH": PATHS, MEETING: str(meeting), ON_A_WORKER: "1"}
    env["DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL"] = "10s"
    command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=env, cwd=meeting, stdout=quiet, stderr=quiet)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    place = ("--host", "127.0.0.1")
    started = [
        _dask("dask_scheduler", *place, "--port", str(port), "--no-dashboard", meeting=tmp_path)
    ]
    one = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
    workers = [_dask("dask_worker", address, *place, *one, meeting=tmp_path) for _ in range(3)]
    started += workers
    try:
        with distributed.Client(address, timeout=SECONDS) as client:
            client.wait_for_workers(3, timeout=SECONDS)
        yield Cluster(
            address=address,
            scheduler=tuple(started[:1]),
            workers=tuple(workers),
            meeting=tmp_path,
        )
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def write(folder: Path, number: int, arch: Arch = Arch.ARM64) -> Path:
    built = make_wheel(f"demo{number}", "1.0", TAG, {MODULE: code(arch)})
    path = folder / built.filename
    path.write_bytes(built.content)
    return path


def scan(folder: Path, *words: str, code: int = 0) -> Any:
    command = [sys.executable, "-m", "pip_archguard", "scan", "--format", "json", *words]
    env = os.environ | {"PYTHONPATH": PATHS, "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [*command, str(folder)], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if done.stdout else done.stderr


def test_workers_find_the_same_as_this_process(cluster: Cluster, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    for number in range(12):
        write(mirror, number, Arch.X86_64 if number == 7 else Arch.ARM64)
    (mirror / "cut-1.0-py3-none-any.whl").write_bytes(b"PK")

    here = scan(mirror, code=40)
    there = scan(mirror, "--dask", cluster.address, code=40)

    assert there == here
    assert len(there["wheels"]) == 12


def test_a_worker_that_is_killed_on_the_way_loses_nothing(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEETING, str(cluster.meeting))
    victim = cluster.workers[0]

    def kill() -> None:
        end = time.monotonic() + SECONDS
        while not list(cluster.meeting.glob(f"*-{victim.pid}")) and time.monotonic() < end:
            time.sleep(0.01)
        victim.send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    executor = dask_cluster.DaskCluster(cluster.address)
    found = list(carried_out(slow, range(60), executor))
    killer.join()
    executor.close()

    begun = [path.name.partition("-")[0] for path in cluster.meeting.glob("*-*[0-9]")]
    assert [number for number, _ in found] == list(range(60))
    assert victim.wait() == -signal.SIGKILL
    assert {worker for _, worker in found} <= {w.pid for w in cluster.workers}
    assert set(map(str, range(60))) <= set(begun)
    assert len(begun) > 60  # what the victim had under way was begun again


@pytest.mark.parametrize("lost", ["workers", "scheduler"])
def test_where_nothing_is_left_of_the_cluster_this_process_goes_on(
    lost: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEETING, str(cluster.meeting))
    monkeypatch.setattr(dask_cluster, "_WITHOUT_WORKERS", 1.0)
    monkeypatch.setattr(dask_cluster, "_LOOK", 0.5)
    found = []
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        closing(dask_cluster.DaskCluster(cluster.address)) as executor,
    ):
        for number, each in enumerate(carried_out(slow, range(60), executor)):
            found.append(each)
            if number == 3:
                for process in getattr(cluster, lost):
                    process.kill()

    assert [number for number, _ in found] == list(range(60))
    assert found[-1][1] == os.getpid()


def test_what_fails_on_the_workers_is_done_here(cluster: Cluster) -> None:
    executor = dask_cluster.DaskCluster(cluster.address)

    there = list(executor.carry_out(fails_on_a_worker, [1]))
    found = list(carried_out(fails_on_a_worker, [1, 2, 3], executor))

    executor.close()
    assert there == [Undone.LEFT]
    assert found == [1, 2, 3]


def cover(index: Index, *words: str) -> subprocess.Popen[str]:
    targets = "macos-arm64,macos-x86_64,macos-universal2,linux-x86_64,windows-amd64"
    command = [sys.executable, "-m", "pip_archguard", "coverage", "--format", "json"]
    env = os.environ | {"PYTHONPATH": PATHS, "PIP_CONFIG_FILE": os.devnull}
    env |= {"PIP_INDEX_URL": index.url, "PIP_NO_CACHE_DIR": "1"}
    return subprocess.Popen(
        [*command, "--targets", targets, *words, *REQUIREMENTS],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_coverage_is_the_same_with_a_cluster_of_which_a_worker_is_killed(
    cluster: Cluster,
) -> None:
    victim = psutil.Process(cluster.workers[0].pid)
    with open_index() as index:
        fill(index)
        here, told = cover(index).communicate()
        running = cover(index, "--dask", cluster.address)
        end = time.monotonic() + SECONDS
        while not (resolving := victim.children()) and time.monotonic() < end:
            time.sleep(0.01)
        victim.kill()
        with ThreadPoolExecutor(1) as waiting:
            output = waiting.submit(running.communicate)
            asker, started = psutil.Process(running.pid), list[str]()
            while not output.done():
                with suppress(psutil.NoSuchProcess):
                    started += [" ".join(each.cmdline()) for each in asker.children()]
                time.sleep(0.02)
            there, said = output.result()

    assert resolving
    assert not [each for each in started if "multiprocessing" in each]  # the workers did it all
    assert running.returncode == 40, said
    assert json.loads(there) == json.loads(here), told
    _, left = psutil.wait_procs(resolving, SECONDS)
    assert not left


def test_where_there_is_no_cluster_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_CONNECTING", 0.5)

    with pytest.raises(ClusterError, match="no scheduler of Dask answers"):
        dask_cluster.DaskCluster("tcp://127.0.0.1:1")
    with pytest.raises(ClusterError, match="no scheduler of Dask answers"):
        dask_cluster.DaskCluster("nothing like an address")


def test_workers_of_another_version_are_refused(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "__version__", "99")

    with pytest.raises(ClusterError, match=r"has pip-archguard [\d.]+ on Python .*, and not "):
        dask_cluster.DaskCluster(cluster.address)
