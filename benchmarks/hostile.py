"""What looking at a hostile wheel costs: time and memory, one fresh process for each kind.

    python benchmarks/hostile.py [--only WORD]

Each wheel is made, read and judged for an arm64 Mac. Printed are the verdict, the seconds of
CPU time, and the peak memory beyond that of a process that reads an ordinary small wheel. Marked
is what takes over 2 seconds or 64 MiB. The size of the file is printed too: what is honest in
it may cost what a wheel of that size costs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders.hostile_archives import ARCHIVES, FILENAME, sound_with
from builders.hostile_natives import NATIVES

MOST_SECONDS = 2.0
MOST_MIB = 64.0
_MEASURE = """
import json, resource, sys, time
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[1])
from builders.facts import mac
from pip_archguard.reports.reasons import because
from pip_archguard.wheels import judge_wheel, read_wheel
path = Path(sys.argv[2])
used = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
start = used()
judgement = judge_wheel(path, read_wheel(path), (mac(),))
seconds = used() - start
try:
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
told = because(judgement.findings[0]) if judgement.findings else ""
print(json.dumps([judgement.verdict.value, seconds, peak / 1024, told]))
"""


def main() -> None:
    """Measure every kind, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD", help="kinds with this in their name")
    args = parser.parse_args()
    print("| kind | file, KiB | verdict | CPU, s | memory, MiB | |")
    print("| --- | ---: | --- | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILENAME
        path.write_bytes(sound_with())
        _, _, usual, _ = measured(path)
        for name, kind in {**ARCHIVES, **NATIVES}.items():
            if args.only in name:
                path.write_bytes(kind.make())
                verdict, seconds, peak, told = measured(path)
                due = "" if verdict == kind.verdict.value else f" ({kind.verdict.value} is due)"
                over = seconds > MOST_SECONDS or peak - usual > MOST_MIB
                cells = (
                    *(name, f"{path.stat().st_size / 1024:.0f}", verdict + due),
                    *(f"{seconds:.2f}", f"{peak - usual:.1f}", "**over**" if over else ""),
                )
                print("|", " | ".join(cells), "|", flush=True)
                print(" ", told[:200], file=sys.stderr)


def measured(path: Path) -> tuple[str, float, float, str]:
    """Return verdict, seconds, MiB at most and what is told of a wheel, by a fresh process."""
    command = [sys.executable, "-c", _MEASURE, json.dumps(sys.path), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    except subprocess.TimeoutExpired:
        return "no end in 120 s", 120.0, 0.0, ""
    if done.returncode:
        return "crash", 0.0, 0.0, done.stderr.decode()[-300:]
    verdict, seconds, peak, told = json.loads(done.stdout)
    return verdict, seconds, peak, told


if __name__ == "__main__":
    main()
