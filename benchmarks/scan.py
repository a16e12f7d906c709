"""What reading wheels costs: pip-archguard, other readers and two bare limits, side by side.

    python benchmarks/scan.py [--linux] [--rounds N] [FOLDER ...]

Every job reads all wheels of the folders, in a process of its own, one after the other in
each round (delocate and auditwheel in one round only); the first round only warms up. Without
a folder the wheels are those of `tests/corpus/wheels.json`, fetched if need be; with `--linux`,
which measures the reading of ELF files, those that this machine takes of 100 popular packages.
Printed are medians, with the least and the most of all rounds:

- wall and CPU seconds of the job alone, without starting Python and importing; CPU time
  is that of the process and of the tools it runs,
- the ratio of its CPU time to that of the limits in the same round,
- peak memory: the process's greatest resident size at the end of the job, less that at
  its beginning, when all is imported. Memory of tools it runs is not in it. On Linux it
  is `VmHWM`, for `ru_maxrss` begins with that of the process which started this one.

Readers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders import elf_scan_jobs, scan_jobs
from builders.popular import POPULAR

_AIM_A, _AIM_B = "at most 2 times (a), 64 MiB", "at most 1.5 times (b), 64 MiB"
_MEASURE = """
import json, resource, sys, time
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[1])
from importlib import import_module
JOBS = import_module(sys.argv[3]).JOBS
wheels = [Path(line) for line in sys.stdin.read().splitlines()]
job = JOBS[sys.argv[2]]()
def peak(maxrss):
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return maxrss
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
def used():
    both = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in both), peak(both[0].ru_maxrss)
before = used()
for wheel in wheels:
    job(wheel)
print(json.dumps([after - start for start, after in zip(before, used())]))
"""
_MISSING = (b"ModuleNotFoundError", b"FileNotFoundError: [Errno 2] not found")
_OURS = 5  # the first of the jobs: two limits, and three that are ours
_KIB_IN_MIB = 1024

Sample = tuple[float, float, float]
"""Wall seconds, CPU seconds, KiB."""


def main() -> None:
    """Measure all jobs on all wheels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--linux", action="store_true", help="ELF files, not Mach-O")
    args = parser.parse_args()
    jobs = elf_scan_jobs if args.linux else scan_jobs
    with tempfile.TemporaryDirectory() as aside:
        fetch = _fetched_for_linux if args.linux else _fetched
        folders = args.folders or [fetch(Path(aside))]
        wheels = sorted(wheel for folder in folders for wheel in folder.glob("*.whl"))
        size = sum(wheel.stat().st_size for wheel in wheels)
        print(f"{len(wheels)} wheels, {size / 1e6:.0f} MB, {args.rounds} rounds\n")
        samples: dict[str, list[Sample]] = {name: [] for name in jobs.JOBS}
        for turn in range(args.rounds + 1):
            for name, found in samples.items():
                if name in jobs.SLOW and turn != 1:
                    continue
                sample = _measure(name, wheels, jobs.__name__)
                if sample is None and name in list(jobs.JOBS)[:_OURS]:
                    raise SystemExit(name)
                if sample is not None and turn:
                    found.append(sample)
    _print_table({name: found for name, found in samples.items() if found})


def _fetched(aside: Path) -> Path:
    """Return the folder of the corpus, fetched by another process, so that this one stays small."""
    code = (
        "import sys, json; sys.path[:0] = json.loads(sys.argv[1])\n"
        "from pathlib import Path\n"
        "from builders.corpus import corpus_folder, corpus_wheels, fetch\n"
        "folder = corpus_folder(Path(sys.argv[2])); fetch(corpus_wheels(), folder)\n"
        "print(folder)\n"
    )
    command = [sys.executable, "-c", code, json.dumps(sys.path), str(aside)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def _fetched_for_linux(aside: Path) -> Path:
    """Return a folder with the popular wheels of this machine, as pip takes them."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps"]
    options = ["--only-binary=:all:", "-d", str(aside / "wheels")]
    subprocess.run([*command, *options, *POPULAR], check=True)
    return aside / "wheels"


def _measure(name: str, wheels: list[Path], module: str) -> Sample | None:
    """Run a job once in a fresh process; None if what it needs is not installed."""
    paths = "\n".join(map(str, wheels)).encode()
    command = [sys.executable, "-c", _MEASURE, json.dumps(sys.path), name, module]
    done = subprocess.run(command, input=paths, capture_output=True, check=False)
    if any(words in done.stderr for words in _MISSING):
        return None
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    wall, cpu, memory = json.loads(done.stdout)
    return wall, cpu, memory


def _print_table(samples: dict[str, list[Sample]]) -> None:
    print("| | wall s | CPU s | times (a) | times (b) | peak MiB | aim |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    limit_a, limit_b, first, _, verdict = list(samples)[:_OURS]
    aims = {first: _AIM_A, verdict: _AIM_B}
    for name, found in samples.items():
        wall, cpu, memory = zip(*found, strict=True)
        cells = [
            _told(wall, 2),
            _told(cpu, 2),
            *(
                _told([c / limit[1] for c, limit in zip(cpu, samples[to], strict=False)], 2)
                for to in (limit_a, limit_b)
            ),
            _told([m / _KIB_IN_MIB for m in memory], 1),
            aims.get(name, ""),
        ]
        print(f"| {name} |", " | ".join(cells), "|")


def _told(numbers: list[float] | tuple[float, ...], digits: int) -> str:
    low, middle, high = min(numbers), statistics.median(numbers), max(numbers)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


if __name__ == "__main__":
    main()
