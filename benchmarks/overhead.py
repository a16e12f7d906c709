"""What the guard costs where nothing is wrong: whole processes, side by side.

    python benchmarks/overhead.py [--wheels N] [--rounds N]

Runs `pip` and `pip-archguard` in turn on the same job in simulated Mac environments and
prints the median of the pairwise ratios, with the least and the most. Needs what the
integration tests need (`nox -s benchmark` has it). Wheels are made in code, each with ten
modules of Python and one real Mach-O extension.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders.index import Index, open_index
from builders.packages import ARM64, native
from builders.sandbox import Host, Sandbox, make_sandbox
from builders.site_template import BASE, write_template
from builders.toolchain import write_toolchain
from builders.zig import Zig


def main() -> None:
    """Measure `list` and `install`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, open_index() as index:
        folder = Path(name)
        names = fill(index, Zig(cache=folder / "zig"), args.wheels)
        template = write_template(folder / "template", BASE)
        toolchain = write_toolchain(folder / "toolchain")

        def sandbox(label: str) -> Sandbox:
            return make_sandbox(
                folder / label,
                Host(machine="arm64"),
                template=template,
                toolchain=toolchain,
                index_url=index.url,
            )

        listed = sandbox("list")
        compare("list", args.rounds, lambda _: listed, ("list",))
        compare(
            f"install of {args.wheels} wheels",
            args.rounds,
            sandbox,
            ("install", "--no-cache-dir", "--no-compile", *names),
        )


def fill(index: Index, zig: Zig, count: int) -> list[str]:
    """Offer packages that load, and return their names."""
    module = zig.extension("_c", "arm64")
    names = [f"package{i}" for i in range(count)]
    for name in names:
        sources = {f"{name}/m{i}.py": b"x = 1\n" * 200 for i in range(10)}
        index.add_wheel(name, "1.0", ARM64, native(name, module) | sources)
    return names


def compare(
    job: str, rounds: int, place: Callable[[str], Sandbox], arguments: tuple[str, ...]
) -> None:
    """Print how long the guard takes in terms of plain pip, pair by pair."""
    wall, cpu = [], []
    for turn in range(rounds + 1):
        plain = measure(place(f"plain{turn}"), "pip", arguments)
        guarded = measure(place(f"guarded{turn}"), "pip_archguard", arguments)
        if turn:  # the first pair warms the machine up
            wall.append(guarded[0] / plain[0])
            cpu.append(guarded[1] / plain[1])
    for what, ratios in (("wall", wall), ("CPU", cpu)):
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        print(f"{job}: {what} ratio {middle:.3f} ({low:.3f} to {high:.3f}, {rounds} pairs)")


def measure(sandbox: Sandbox, module: str, arguments: tuple[str, ...]) -> tuple[float, float]:
    """Run once; return wall and CPU seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    result = sandbox.run_python("-m", module, *arguments)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.code:
        raise SystemExit(result.stderr)
    if arguments[0] == "install":
        shutil.rmtree(sandbox.folder)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


if __name__ == "__main__":
    main()
