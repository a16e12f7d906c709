"""A rescue that is killed leaves the environment as it was, or as pip itself would leave it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import MODULE, UNIVERSAL2, native, wheel_name
from builders.sandbox import Host, NewHost, Sandbox
from builders.zig import Zig

BAD, SDIST = wheel_name("demo", "1.0", UNIVERSAL2), "demo-1.0.tar.gz"
SECONDS = 120

# Tells when a step of the build has begun, and waits to be killed if it is told to.
PREAMBLE = """\
import os, sys, time
for step in ("egg_info", "bdist_wheel"):
    if step in sys.argv:
        open(os.path.join(os.environ["HOME"], step), "w").close()
        while os.environ.get("WAIT_IN") == step:
            time.sleep(0.05)
"""


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A mislabelled wheel, and an sdist that can be told to wait."""
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0", preamble=PREAMBLE)
    return index


def kill_at(
    sandbox: Sandbox, reached: Callable[[], bool], signal_: int, environ: dict[str, str]
) -> int:
    """Begin an install, kill all its processes at a point, and return its code."""
    with subprocess.Popen(
        [str(sandbox.python), "-m", "pip_archguard", "install", "demo"],
        cwd=sandbox.work,
        env=sandbox.environment() | environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        end = time.monotonic() + SECONDS
        while not reached() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        assert process.poll() is None, "it ended before that point"
        os.killpg(process.pid, signal_)
        return process.wait(SECONDS)


@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
@pytest.mark.parametrize("point", ["wheel", "source", "egg_info", "bdist_wheel"])
def test_before_anything_is_written_the_environment_stays_as_it_was(
    point: str, signal_: signal.Signals, arm64: Sandbox, demo: Index
) -> None:
    before = arm64.files()
    home = arm64.folder / "home"
    points: dict[str, Callable[[], bool]] = {
        "wheel": lambda: BAD in demo.downloads(),
        "source": lambda: SDIST in demo.downloads(),
    }

    code = kill_at(arm64, points.get(point, (home / point).exists), signal_, {"WAIT_IN": point})

    assert code != 0
    assert arm64.files() == before
    again = arm64.run("install", "demo")
    assert again.code == 0, again
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)


@pytest.mark.usefixtures("demo")
def test_killed_while_pip_writes_it_leaves_no_more_than_what_pip_writes(
    new_host: NewHost,
) -> None:
    killed, whole = new_host(Host(machine="arm64")), new_host(Host(machine="arm64"))
    before = killed.files()
    assert whole.run("install", "demo").code == 0
    written = {path: content for path, content in whole.files().items() if "demo" in path}
    place: Path = killed.site / "demo"

    kill_at(killed, place.exists, signal.SIGKILL, {})

    left = killed.files()
    assert {path: left[path] for path in before} == before
    assert {Path(path).name for path in left.keys() - before.keys()} <= {
        Path(path).name for path in written
    }
