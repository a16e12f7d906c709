"""How often the verdict is right: pip-archguard and simpler checks on the same real wheels.

    python benchmarks/accuracy.py [--corpus FOLDER]

Prints for each architecture how many wheels of `tests/corpus/wheels.json` each judge gets
right, in which it cannot tell, which it refuses though they work (false alarms) and which
it takes though they do not (misses), and each wheel that it gets wrong. A wheel counts
once for an architecture, by its worst answer on the simulated macOS versions. Wheels that
are not in FOLDER are fetched. delocate is asked where it and LLVM's tools are installed.

Ends with 1 if pip-archguard has a miss or a false alarm.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders.corpus import CorpusWheel, corpus_folder, corpus_wheels, fetch
from builders.delocate_check import apple_tools, delocating_fails, linked_libraries_lack
from builders.naive_rules import NAIVE, Rule
from builders.scoring import (
    ARCHS,
    Answer,
    Judge,
    Look,
    Outcome,
    Score,
    judge_by_archguard,
    looks,
    score,
    worst_by_wheel,
)
from pip_archguard.model.arch import Arch
from pip_archguard.wheels import read_wheel

OURS = "pip-archguard"
_LONGEST_EVIDENCE = 300
_OWN_ERRORS = (RuntimeError, ValueError, LookupError, AssertionError, OSError)
_FAULTS = (Outcome.MISS, Outcome.FALSE_ALARM)
_DELOCATE = {
    "`delocate-wheel --require-archs`": delocating_fails,
    "delocate's `check_archs` on all links": linked_libraries_lack,
}


def main() -> int:
    """Judge the corpus by everyone, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    with ExitStack() as stack:
        aside = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = args.corpus or corpus_folder(aside)
        wheels = corpus_wheels()
        fetch(wheels, folder)
        judges = {OURS: judge_by_archguard} | {n: _by_rule(r) for n, r in NAIVE.items()}
        if _has_delocate(stack):
            judges |= {name: _by_delocate(check) for name, check in _DELOCATE.items()}
        scores = _score_all(judges, wheels, folder)
    for arch in ARCHS:
        _print_table(arch, scores)
    return int(any(s.outcome in _FAULTS for s in scores[OURS]))


def _has_delocate(stack: ExitStack) -> bool:
    if importlib.util.find_spec("delocate") is None:
        print("delocate is not installed, so it is not asked")
        return False
    try:
        stack.enter_context(apple_tools())
    except FileNotFoundError as error:
        print(f"{error.filename} is not installed, so delocate is not asked")
        return False
    logging.getLogger("delocate").setLevel(logging.CRITICAL)
    return True


def _score_all(
    judges: dict[str, Judge], wheels: tuple[CorpusWheel, ...], folder: Path
) -> dict[str, list[Score]]:
    scores: dict[str, list[Score]] = {name: [] for name in judges}
    for wheel in wheels:
        path = folder / wheel.filename
        found = tuple(looks(wheel, path, read_wheel(path)))
        for name, judge in judges.items():
            scores[name] += score(judge, found, knows_degraded=name == OURS)
    return scores


def _by_rule(rule: Rule) -> Judge:
    def judge(look: Look) -> tuple[Answer, str]:
        return (Answer.REFUSED if rule(look.facts, look.target.arch) else Answer.TAKEN), ""

    return judge


def _by_delocate(check: Callable[[Path, Arch], str | None]) -> Judge:
    @cache  # delocate's answer does not depend on the version of macOS
    def ask(path: Path, arch: Arch) -> tuple[Answer, str]:
        try:
            problem = check(path, arch)
        except _OWN_ERRORS as error:
            return Answer.UNKNOWN, f"{type(error).__name__}: {error}"
        return (Answer.REFUSED, problem) if problem else (Answer.TAKEN, "")

    return lambda look: ask(look.path, look.target.arch)


def _print_table(arch: Arch, scores: dict[str, list[Score]]) -> None:
    rows = {name: worst_by_wheel(found, arch) for name, found in scores.items()}
    total = len(rows[OURS])
    expected = Counter(s.look.wheel.expected[arch].value for s in rows[OURS].values())
    told = ", ".join(f"{count} {word}" for word, count in sorted(expected.items()))
    print(f"\n## {arch}: {total} wheels ({told})\n")
    print("| judge | misses | false alarms | could not tell | right |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, row in rows.items():
        count = Counter(s.outcome for s in row.values())
        order = (Outcome.MISS, Outcome.FALSE_ALARM, Outcome.UNKNOWN, Outcome.RIGHT)
        print(f"| {name} |", *(f"{count[outcome]} |" for outcome in order))
    print()
    for name, row in rows.items():
        wrong = [s for s in row.values() if s.outcome is not Outcome.RIGHT]
        if name == OURS:
            for each in wrong:
                print(f"- {_told(each)} although: {each.look.wheel.why}")
        elif wrong:
            print(f"- {name}:", *(f"\n  - {_told(each)}" for each in wrong))


def _told(found: Score) -> str:
    evidence = " ".join(found.evidence.split())[:_LONGEST_EVIDENCE]
    return f"{found.outcome.value}: `{found.look.wheel.filename}` {evidence}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
