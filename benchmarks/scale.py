"""What a scan of many wheels costs: the time of each, and the memory of all.

    python benchmarks/scale.py [--rounds N] [--dask WORKERS] [COUNT ...]

Wheels are made in code: most have two modules and two libraries of their own beside them, as
wheels that were delocated have; one in ten is of Python alone, one in ten links a library of
the wheel before it, and each has forty Python files. They are many small ones, for it is
their number that is put to the test. Each size is scanned by `pip-archguard scan --format
json` in a process of its own, round by round, all sizes in each. Printed are medians, with
the least and the most of all rounds, and the ratio to the smallest size:

    CPU      CPU time for each wheel, of the process and what it starts, less that of a scan of one
    wall     the same of the time that passed
    RSS      the most memory that the process had, and what each wheel adds to it

With `--dask` a cluster of so many workers is started on this machine, and used.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from builders.macho_bytes import thin
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

_ROOT = Path(__file__).parents[1]
_SIZES = (100, 1_000, 10_000)
_TAG = "cp312-cp312-macosx_11_0_arm64"
_SUFFIX = ".cpython-312-darwin.so"
_SYSTEM = "/usr/lib/libSystem.B.dylib"
_RUN = """
import resource, runpy, sys
sys.argv[0] = "pip-archguard"
try:
    runpy.run_module("pip_archguard", run_name="__main__")
finally:
    status = open("/proc/self/status").read().splitlines()
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(sum(u.ru_utime + u.ru_stime for u in used), peak, file=sys.stderr)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one scan took."""

    wall: float
    cpu: float
    mib: float


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, metavar="COUNT", default=_SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dask", type=int, default=0, metavar="WORKERS")
    args = parser.parse_args()
    sizes = sorted(set(args.sizes or _SIZES))
    with tempfile.TemporaryDirectory() as place, _cluster(args.dask, Path(place)) as words:
        folders = {size: _mirror(Path(place) / str(size), size) for size in (1, *sizes)}
        found: dict[int, list[Cost]] = {size: [] for size in folders}
        for _ in range(args.rounds):
            for size, folder in folders.items():
                found[size].append(_scan(folder, size, words))
    _print(sizes, found)


def _print(sizes: Sequence[int], found: dict[int, list[Cost]]) -> None:
    alone = found[1]
    print(f"a scan of one wheel: {_told([c.cpu for c in alone], 2)} s of CPU")
    first: dict[str, float] = {}
    for n in sizes:
        told = {
            "CPU": [(c.cpu - a.cpu) / n * 1e3 for c, a in zip(found[n], alone, strict=True)],
            "wall": [(c.wall - a.wall) / n * 1e3 for c, a in zip(found[n], alone, strict=True)],
            "RSS": [c.mib for c in found[n]],
        }
        print(f"{n} wheels")
        for name, numbers in told.items():
            middle = statistics.median(numbers)
            times = middle / first.setdefault(name, middle)
            unit = "MiB" if name == "RSS" else "ms for each"
            print(f"  {name:4} {_told(numbers, 2)} {unit}, {times:.2f} times that of {sizes[0]}")
        more = statistics.median(told["RSS"]) - statistics.median(c.mib for c in alone)
        print(f"       {more / n * 1024:.1f} KiB for each wheel", flush=True)


def _mirror(folder: Path, count: int) -> Path:
    """Fill a folder with wheels, each another project."""
    folder.mkdir()
    for number in range(count):
        name = f"demo{number:05}"
        built = make_wheel(name, "1.0", _TAG, dict(_files(name, number)))
        (folder / built.filename).write_bytes(built.content)
    return folder


def _files(name: str, number: int) -> Iterator[tuple[str, bytes]]:
    for module in range(40):
        yield f"{name}/m{module}.py", f"X = {module}\n".encode()
    kind = number % 10
    if kind == 0:
        return
    lent = f"lib{name}.dylib"
    links = [f"@loader_path/.dylibs/{lent}", _SYSTEM]
    if kind == 1:
        links.append(
            f"@loader_path/../{name[:4]}{number + 1:05}/.dylibs/libdemo{number + 1:05}.dylib"
        )
    code = thin(Arch.ARM64, dylibs=tuple(links))
    yield f"{name}/_a{_SUFFIX}", code
    yield f"{name}/_b{_SUFFIX}", code
    yield (
        f"{name}/.dylibs/{lent}",
        thin(Arch.ARM64, Kind.DYLIB, dylibs=("@loader_path/libomp.dylib",)),
    )
    yield f"{name}/.dylibs/libomp.dylib", thin(Arch.ARM64, Kind.DYLIB, dylibs=(_SYSTEM,))


def _scan(folder: Path, count: int, words: Sequence[str]) -> Cost:
    command = [sys.executable, "-c", _RUN, "scan", "--format", "json", *words, str(folder)]
    env = os.environ | {"PYTHONPATH": str(_ROOT), "PIP_CONFIG_FILE": os.devnull}
    began = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - began
    if done.returncode or len(json.loads(done.stdout)["wheels"]) != count:
        raise SystemExit(done.stderr)
    *_, cpu, peak = done.stderr.split()
    return Cost(wall=wall, cpu=float(cpu), mib=int(peak) / 1024)


@contextmanager
def _cluster(workers: int, folder: Path) -> Iterator[tuple[str, ...]]:
    """Start a cluster, and give the words that have it used."""
    if not workers:
        yield ()
        return
    file = folder / "scheduler.json"
    env = os.environ | {"PYTHONPATH": str(_ROOT)}
    module = "distributed.cli.dask_"
    started = [
        subprocess.Popen(
            [sys.executable, "-m", module + what, "--scheduler-file", str(file), *more],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for what, more in (
            ("scheduler", ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")),
            *(("worker", ("--nthreads", "1", "--no-nanny", "--no-dashboard")),) * workers,
        )
    ]
    try:
        while not file.exists():
            time.sleep(0.1)
        yield ("--dask", json.loads(file.read_text())["address"])
    finally:
        for process in started:
            process.kill()
            process.wait()


def _told(numbers: Sequence[float], digits: int) -> str:
    low, middle, high = min(numbers), statistics.median(numbers), max(numbers)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


if __name__ == "__main__":
    main()
