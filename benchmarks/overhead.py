"""What the guard costs over plain pip: whole processes, side by side.

    python benchmarks/overhead.py [--rounds N] [--here] [JOB ...]

Each job runs in simulated Mac environments (Apple silicon, macOS 14), or, with `--here`, in
environments of this machine, which must be Linux on x86_64. Each run has a fresh one that
holds pip, the guard and what it needs, by default options, from an index on this machine
and with pip's cache of downloads filled by a run before:

- `many`: `install pandas scikit-learn jupyterlab`, from the real wheels that this takes on
  such a machine; fetched once, and kept in ARCHGUARD_CORPUS (`nox -s benchmark` names it);
- `pure`, `native`, `large`: installs of one wheel of these, `idna`, `PyYAML` and `numpy`;
- `list`;
- `rescue`: the install of a package whose wheel is bad and whose sdist builds, against
  `pip install --no-binary NAME NAME`. pip's cache of what it built is emptied each time.

Each round runs plain pip and the guard, in turns first, and for installs the guard once more
under a timer that tells which CPU time is ours (`tests/builders/own_time.py`: all that our
modules do, have the standard library do, or import that plain pip does not). CPU time is
that of the process and of all that it starts. Printed are medians, with the least and the
most of all rounds; the first round only warms up.

    own     CPU time in our code, over the CPU time of plain pip
    CPU     CPU time of the guarded run, over that of plain pip
    wall    the same of the time that passed
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders import own_time
from builders.backends import find_backends
from builders.corpus import corpus_folder
from builders.index import Index, open_index
from builders.packages import UNIVERSAL2, native
from builders.real_wheels import fetch_for
from builders.sandbox import Host, Sandbox, make_sandbox
from builders.site_template import BASE, write_template
from builders.toolchain import write_toolchain
from builders.wheels import PYTHON, read_archive
from builders.zig import Zig

_GUARD, _PIP = "pip_archguard", "pip"
_MANY = ("pandas", "scikit-learn", "jupyterlab")
_BAD = "demo"
_MODULE = f"_c{sysconfig.get_config_var('EXT_SUFFIX')}"
_LINUX = f"{PYTHON}-{PYTHON}-linux_x86_64"
# pip caches nothing from an index without TLS, unless its host is one to trust.
_TRUST = {"PIP_TRUSTED_HOST": "127.0.0.1"}
_AS_LONG_AS_THE_PUBLIC_INDEX = 365_000_000
_TELLING = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to run, and what plain pip runs in its place; `aims` are the ratios to stay below."""

    name: str
    guarded: tuple[str, ...]
    plain: tuple[str, ...]
    aims: dict[str, float]


def _job(name: str, *arguments: str, **aims: float) -> Job:
    return Job(name=name, guarded=arguments, plain=arguments, aims=aims)


JOBS = (
    _job("many", "install", *_MANY, own=0.03),
    _job("pure", "install", "idna", own=0.03),
    _job("native", "install", "PyYAML", own=0.03),
    _job("large", "install", "numpy", own=0.03),
    _job("list", "list", CPU=1.05),
    Job(
        name="rescue",
        guarded=("install", _BAD),
        plain=("install", "--no-binary", _BAD, _BAD),
        aims={"wall": 1.15, "CPU": 1.15},
    ),
)


def main() -> None:
    """Measure the jobs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [job.name for job in JOBS]
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--details", action="store_true", help="what of ours costs most")
    parser.add_argument("--here", action="store_true", help="on this machine, not a Mac")
    args = parser.parse_args()
    if unknown := set(args.jobs) - set(names):
        parser.error(f"no such job: {', '.join(unknown)}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        index = stack.enter_context(open_index(metadata=True))
        index.max_age = _AS_LONG_AS_THE_PUBLIC_INDEX
        bench = Bench(folder, index, Host() if args.here else Host(machine="arm64"))
        print(bench.fill(), flush=True)
        for job in JOBS:
            if job.name in args.jobs or not args.jobs:
                bench.compare(job, args.rounds, details=args.details)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """What one run took, in seconds; `own` by what of ours took it."""

    wall: float
    cpu: float
    own: dict[str, float]


class Bench:
    """Fresh sandboxes, one index, and one pip cache for all of them."""

    def __init__(self, folder: Path, index: Index, host: Host) -> None:
        self._host = host
        self._folder = folder
        self._index = index
        self._cache = folder / "pip-cache"
        self._known = folder / "plain.json"
        self._template = write_template(folder / "template", BASE)
        self._toolchain = write_toolchain(folder / "toolchain")
        self._count = 0

    def fill(self) -> str:
        """Put all that jobs install onto the index; tell what it is."""
        corpus = corpus_folder(self._folder / "corpus")
        sandbox = self._sandbox()
        wheels = sorted(fetch_for(corpus / "overhead", _MANY, sandbox).glob("*.whl"))
        shutil.rmtree(sandbox.folder)
        backends = find_backends(corpus / "backends")
        for path in (*wheels, *backends.glob("*.whl")):
            self._index.add(read_archive(path))
        zig = Zig(cache=self._folder / "zig")
        if self._host.machine is None:
            files = native(_BAD, zig.elf_extension("_c", "aarch64-linux-gnu"), _MODULE)
            self._index.add_wheel(_BAD, "1.0", _LINUX, files)
        else:
            self._index.add_wheel(
                _BAD, "1.0", UNIVERSAL2, native(_BAD, zig.extension("_c", "x86_64"))
            )
        self._index.add_sdist(_BAD, "1.0")
        size = sum(path.stat().st_size for path in wheels)
        return f"{' '.join(_MANY)}: {len(wheels)} wheels, {size / 1e6:.0f} MB"

    def compare(self, job: Job, rounds: int, *, details: bool) -> None:
        """Run a job by both, in pairs, and print the ratios."""
        installs = job.name not in ("list", "rescue")
        shares: list[float] = []
        ratios: dict[str, list[float]] = {"own": shares, "CPU": [], "wall": []}
        told: Counter[str] = Counter()
        plain_cpu: list[float] = []
        self._known.unlink(missing_ok=True)
        for turn in range(rounds + 1):
            runs: list[Callable[[], _Cost]] = [
                lambda: self._run(_PIP, job.plain, sampled=installs and not turn),  # noqa: B023
                lambda: self._run(_GUARD, job.guarded, sampled=False),
            ]
            order = (0, 1) if turn % 2 else (1, 0)
            costs = {which: runs[which]() for which in order}
            plain, guarded = costs[0], costs[1]
            if not turn:  # that filled caches, and told what plain pip imports
                continue
            plain_cpu.append(plain.cpu)
            ratios["CPU"].append(guarded.cpu / plain.cpu)
            ratios["wall"].append(guarded.wall / plain.wall)
            if installs:
                own = self._run(_GUARD, job.guarded, sampled=True).own
                shares.append(sum(own.values()) / plain.cpu)
                told.update(own)
        print(f"\n{job.name}: pip {' '.join(job.plain)}: {_told(plain_cpu, 2)} s of CPU")
        for name, found in ratios.items():
            if found:
                aim = f", aim: {job.aims[name]:g} at most" if name in job.aims else ""
                print(f"  {name:4} {_told(found, 3)}, {rounds} pairs{aim}")
        if details:
            for owner, seconds in told.most_common(_TELLING):
                print(f"       {seconds / rounds * 1e3:8.2f} ms {owner}")
        sys.stdout.flush()

    def _sandbox(self) -> Sandbox:
        self._count += 1
        return make_sandbox(
            self._folder / f"run{self._count}",
            self._host,
            template=self._template,
            toolchain=self._toolchain,
            index_url=self._index.url,
        )

    def _run(self, module: str, arguments: Sequence[str], *, sampled: bool) -> _Cost:
        """Run once in a fresh sandbox."""
        sandbox = self._sandbox()
        shutil.rmtree(self._cache / "wheels", ignore_errors=True)
        start: tuple[str | Path, ...] = ("-m", module)
        result = sandbox.folder / "own.json"
        if sampled:
            start = (Path(own_time.__file__), result, self._known, module)
        environment = {**_TRUST, "PIP_CACHE_DIR": str(self._cache)}
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = sandbox.run_python(*start, *arguments, env=environment)
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.code:
            raise SystemExit(done.stderr)
        own: dict[str, float] = {}
        if sampled:
            own = json.loads(result.read_text())["spent"]
            own.pop(own_time.PIP, None)
            if module == _PIP:
                shutil.copy(result, self._known)
        shutil.rmtree(sandbox.folder)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return _Cost(wall=wall, cpu=cpu, own=own)


def _told(numbers: Sequence[float], digits: int) -> str:
    low, middle, high = min(numbers), statistics.median(numbers), max(numbers)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


if __name__ == "__main__":
    main()
