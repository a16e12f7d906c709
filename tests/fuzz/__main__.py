"""Fuzz the parsers: `python tests/fuzz [TARGET ...] [--seconds N] [--keep] [--work FOLDER]`.

Each target runs in a process of its own, guided by atheris (`pip install atheris`), for its
share of the seconds. Without names all targets run. `--list` tells them. `--keep` adds what
was found to the inputs that the unit tests replay; `--replay` runs only those.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path[:1] = [str(_TESTS), str(_TESTS.parent)]

from fuzz import guided  # noqa: E402 - the folder of this file has to go from the path first
from fuzz.kept import CORPUS, keep, kept_inputs  # noqa: E402
from fuzz.target import FuzzTarget  # noqa: E402

_GUIDED = "--guided"
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_GRACE = 120
_TIMEOUT, _MEBIBYTES = 15, 1024
"""Seconds and memory that one input may take while it is watched, which is some ten times
slower than without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What fuzzing a target came to."""

    name: str
    inputs: int
    found: int
    crashes: tuple[Path, ...]
    slowest: float
    kept: int | None
    said: str

    def line(self) -> str:
        """Return it as one line."""
        kept = "" if self.kept is None else f", {self.kept} kept"
        return (
            f"{self.name:18} {self.inputs:9} inputs, {self.found:5} interesting, "
            f"slowest {self.slowest * 1000:7.1f} ms{kept}, {len(self.crashes)} crashes"
        )


def main() -> int:
    """Run what the command line asks for; return 1 if a promise was broken."""
    if sys.argv[1:2] == [_GUIDED]:
        guided.run(sys.argv[2], sys.argv[4:], Path(sys.argv[3]))
        return 0
    from fuzz.targets import TARGETS  # noqa: PLC0415 - not before it is instrumented

    asked = _arguments(tuple(TARGETS))
    targets = [TARGETS[name] for name in asked.targets or TARGETS]
    targets = [target for target in targets if target.can_run]
    if asked.list:
        for target in targets:
            print(f"{target.name:18} {target.promise}")
        return 0
    if asked.replay:
        for target in targets:
            replay(target)
        return 0
    outcomes = []
    with tempfile.TemporaryDirectory() as temporary:
        work = asked.work or Path(temporary)
        for target in targets:
            outcome = fuzz(target, work / target.name, asked.seconds // len(targets), asked.keep)
            print(outcome.line(), flush=True)
            outcomes.append(outcome)
            for crash in outcome.crashes:
                print(f"{crash.name}: {crash.read_bytes()!r}\n{outcome.said}", flush=True)
    inputs = sum(outcome.inputs for outcome in outcomes)
    broken = [outcome.name for outcome in outcomes if outcome.crashes]
    print(f"{inputs} inputs; broken promises: {', '.join(broken) or 'none'}")
    return 1 if broken else 0


def fuzz(target: FuzzTarget, work: Path, seconds: int, keeping: bool) -> Outcome:  # noqa: FBT001
    """Fuzz a target in a process of its own."""
    corpus, seeds, crashes = work / "corpus", work / "seeds", work / "crashes"
    shutil.rmtree(crashes, ignore_errors=True)
    for folder in (corpus, seeds, crashes, CORPUS / target.name):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (seeds / str(number)).write_bytes(seed)
    words = work / "words"
    words.write_text("".join(f"{_quoted(word)}\n" for word in target.words))
    slowest = work / "slowest"
    command = [
        *(sys.executable, str(Path(__file__)), _GUIDED, target.name, str(slowest)),
        *(str(corpus), str(seeds), str(CORPUS / target.name)),
        *(f"-max_total_time={max(seconds, 1)}", f"-max_len={target.longest}"),
        *(f"-timeout={_TIMEOUT}", f"-rss_limit_mb={_MEBIBYTES}", "-print_final_stats=1"),
        *(f"-artifact_prefix={crashes}/", *([f"-dict={words}"] if target.words else [])),
    ]
    done = subprocess.run(
        command, capture_output=True, timeout=seconds + _GRACE, check=False, cwd=work
    )
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    runs = _RUNS.search(said)
    broken = tuple(sorted(crashes.iterdir()))
    if done.returncode and not broken:  # it ended before it could write what it ended by
        (crashes / "no-input").write_bytes(b"")
        broken = (crashes / "no-input",)
    found = sorted(corpus.iterdir())
    return Outcome(
        name=target.name,
        inputs=int(runs[1]) if runs else 0,
        found=len(found),
        crashes=broken,
        slowest=_seconds(target, slowest) if slowest.exists() else 0.0,
        kept=keep(target, found) if keeping else None,
        said=_traceback(said),
    )


def _quoted(word: str) -> str:
    """Return a word as libFuzzer's dictionaries have it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"'


def replay(target: FuzzTarget) -> None:
    """Check seeds and kept inputs, without atheris."""
    inputs = [*target.seeds(), *(path.read_bytes() for path in kept_inputs(target))]
    worst = max(_checked(target, content) for content in inputs)
    print(f"{target.name:18} {len(inputs):4} inputs, slowest {worst * 1000:7.1f} ms")


def _seconds(target: FuzzTarget, file: Path) -> float:
    """Return how long an input takes where nothing watches."""
    try:
        return min(_checked(target, file.read_bytes()) for _ in range(2))
    except Exception:  # noqa: BLE001 - it is told as a crash
        return 0.0


def _checked(target: FuzzTarget, content: bytes) -> float:
    begun = time.process_time()
    target.check(content)
    return time.process_time() - begun


def _traceback(said: str) -> str:
    lines = [line for line in said.splitlines() if not line.startswith("INFO: ")]
    start = next((n for n, line in enumerate(lines) if "Uncaught Python exception" in line), None)
    return "\n".join(lines[start : start + 60] if start is not None else lines[-30:])


def _arguments(names: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*names, []], metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=300, help="for all targets together")
    parser.add_argument("--keep", action="store_true", help="keep what was found")
    parser.add_argument("--work", type=Path, help="where to go on from an earlier run")
    parser.add_argument("--list", action="store_true", help="tell the targets")
    parser.add_argument("--replay", action="store_true", help="run what is kept, and no more")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
