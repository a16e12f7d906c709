"""What an audit of a large environment costs, beside the tools that people use for it.

    python benchmarks/audit.py [--rounds N] [--keep FOLDER] [FOLDER OF WHEELS ...]

The environment is made of real wheels for arm64, unpacked once and then several times more
under other names (as links to the same files, which no tool here can tell), and of generated
libraries until there are 3,000 native files and 1 GB. Without a folder the wheels are those
of `tests/corpus/wheels.json` that are sound on arm64, fetched if need be.

Ours runs twice in each round: with an empty cache of its own (cold), and again (warm), when
nothing has changed since.

In each round each job runs once, as a process of its own, from its start to its end, with
all files in the page cache; a first round warms up, and jobs that start a process for each
file run in one round only. Printed are medians of wall and of CPU seconds (those of child
processes too), and each as a ratio to both of ours in the same round. delocate
lists a part of the environment, for the whole would take an hour; its time is scaled by the
number of native files.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from builders.corpus import Expected, corpus_folder, corpus_wheels, fetch
from builders.delocate_check import llvm_tool
from builders.large_site import make_large_site, native_files
from pip_archguard.binaries import HEAD, identify
from pip_archguard.model.arch import Arch

ROOT = Path(__file__).parents[1]
_MOST_FOR_DELOCATE = 400

OURS, WARM = "`pip-archguard audit`, cold", "`pip-archguard audit`, again"
WALK = "bare walk, 32 KiB of each native file"
_WALK = """
import os, sys
native = set(sys.stdin.read().split("\\n"))
for folder, _, files in os.walk(sys.argv[1]):
    for name in files:
        path = os.path.join(folder, name)
        if path in native:
            with open(path, "rb") as stream:
                stream.read(32768)
"""
_LOOP = """
import subprocess, sys
for path in sys.stdin.read().split("\\n"):
    subprocess.run([*sys.argv[1:], path], stdout=subprocess.DEVNULL, check=True)
"""
_DELOCATE = """
import os, sys
sys.path[:0] = [sys.argv[2]]
from builders.delocate_check import apple_tools
from delocate.libsana import tree_libs_from_directory
with apple_tools():
    tree_libs_from_directory(sys.argv[1], copy_filt_func=os.path.isfile, ignore_missing=True)
"""

Sample = tuple[float, float]
"""Wall and CPU seconds."""


def main() -> None:
    """Make the environment, measure all jobs, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="where the environment is made, and stays")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        site = args.keep or Path(aside, "site-packages")
        if not site.exists():
            make_large_site(site, _wheels(args.folders, Path(aside)))
        native = native_files(site)
        size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        print(f"{len(native)} native files, {size / 1e9:.1f} GB, {args.rounds} rounds\n")
        samples = _measured(site.resolve(), native, args.rounds, Path(aside, "cache"))
    _print_table(samples)


def _wheels(folders: Sequence[Path], aside: Path) -> list[Path]:
    if folders:
        return sorted(wheel for folder in folders for wheel in folder.glob("*.whl"))
    sound = [w for w in corpus_wheels() if w.expected.get(Arch.ARM64) is Expected.SOUND]
    folder = corpus_folder(aside)
    fetch(sound, folder)
    return [folder / wheel.filename for wheel in sound]


def _measured(
    site: Path, native: Sequence[str], rounds: int, cache: Path
) -> dict[str, list[Sample]]:
    listed = "\n".join(native)
    python = [sys.executable, "-I"]
    audit = [sys.executable, "-m", "pip_archguard", "audit", "--arch", "arm64"]
    audit += ["--path", str(site), "--format", "json", "--cache-dir", str(cache)]
    quick = {
        WALK: ([*python, "-c", _WALK, str(site)], listed),
        OURS: (audit, ""),
        WARM: (audit, ""),
    }
    if tool := shutil.which("file"):
        quick["`file`, all files at once"] = ([tool, "-f", "-"], listed + "\n")
    slow = {}
    if tool := llvm_tool("llvm-lipo"):
        slow["`llvm-lipo -archs`, a process for each file"] = (
            [*python, "-c", _LOOP, tool, "-archs"],
            "\n".join(path for path in native if _is_macho(path)),
        )
    if tool := shutil.which("file"):
        slow["`file`, a process for each file"] = ([*python, "-c", _LOOP, tool], listed)
    samples: dict[str, list[Sample]] = {name: [] for name in (*quick, *slow)}
    for turn in range(rounds + 1):
        jobs = quick | (slow if turn == 1 else {})
        for name, (command, given) in jobs.items():
            if name == OURS:
                shutil.rmtree(cache, ignore_errors=True)
            sample = _run(command, given)
            if turn:
                samples[name].append(sample)
    if listing := _by_delocate(site, native):
        samples["delocate: `tree_libs`, scaled"] = [listing]
    return samples


def _by_delocate(site: Path, native: Sequence[str]) -> Sample | None:
    """Have delocate list a few packages, and scale what that took."""
    with tempfile.TemporaryDirectory() as folder:
        part = native[:: max(1, len(native) // _MOST_FOR_DELOCATE)]
        for path in part:
            target = Path(folder, os.path.relpath(path, site))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path)
        try:
            wall, cpu = _run([sys.executable, "-c", _DELOCATE, folder, str(ROOT / "tests")], "")
        except subprocess.CalledProcessError:
            return None  # delocate, or LLVM's otool, is not here
    factor = len(native) / len(part)
    return wall * factor, cpu * factor


def _is_macho(path: str) -> bool:
    with Path(path).open("rb") as stream:
        found = identify(stream.read(HEAD))
    return found is not None and found.value == "mach-o"


def _run(command: Sequence[str], given: str) -> Sample:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, input=given.encode(), capture_output=True, cwd=ROOT, check=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 40, 41):
        print(done.stderr.decode(errors="replace")[-500:], file=sys.stderr)
        done.check_returncode()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def _print_table(samples: dict[str, list[Sample]]) -> None:
    print("| | wall s | CPU s | wall, times cold | CPU, times cold | wall, times warm | CPU |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, found in samples.items():
        walls, cpus = zip(*found, strict=True)
        ratios = [
            statistics.median(each[k] / of[k] for each, of in zip(found, ours, strict=False))
            for ours in (samples[OURS], samples[WARM])
            for k in (0, 1)
        ]
        told = " | ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"| {name} | {_told(walls)} | {_told(cpus)} | {told} |")


def _told(numbers: Sequence[float]) -> str:
    middle = statistics.median(numbers)
    return f"{middle:.2f} ({min(numbers):.2f} to {max(numbers):.2f})"


if __name__ == "__main__":
    main()
