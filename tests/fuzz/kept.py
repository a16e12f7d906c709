"""The inputs that are kept: what a fuzzer found beyond the seeds, as few and short as do.

They are made by us. An input is kept where the parser goes from one line to another as for
no seed and no shorter input; `crash-…` are those that once broke a promise, each for good.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pip_archguard
from fuzz.target import FuzzTarget

CORPUS = Path(__file__).parent / "corpus"
_OURS = str(Path(pip_archguard.__file__).parent)
_Arc = tuple[str, int, int]


def kept_inputs(target: FuzzTarget) -> Iterator[Path]:
    """Yield the files that are kept for a target."""
    folder = CORPUS / target.name
    if folder.is_dir():
        yield from sorted(folder.iterdir())


def keep(target: FuzzTarget, found: Iterable[Path]) -> int:
    """Keep of these files, and of those that are kept, what adds to the seeds; return how many."""
    folder = CORPUS / target.name
    crashes = {path.read_bytes() for path in kept_inputs(target) if path.name.startswith("crash-")}
    candidates = {path.read_bytes() for path in (*kept_inputs(target), *found)} - crashes
    seen: set[_Arc] = set()
    for seed in (*target.seeds(), *crashes):
        seen |= _arcs(target, seed)
    kept: list[bytes] = []
    for content in sorted(candidates, key=lambda each: (len(each), each)):
        new = _arcs(target, content) - seen
        if new and len(content) <= target.longest:
            seen |= new
            kept.append(content)
    folder.mkdir(parents=True, exist_ok=True)
    for path in kept_inputs(target):
        if not path.name.startswith("crash-"):
            path.unlink()
    for content in kept:
        name = hashlib.sha256(content).hexdigest()[:12]
        (folder / name).write_bytes(content)
    return len(kept)


def _arcs(target: FuzzTarget, content: bytes) -> set[_Arc]:
    """Return the steps from line to line that our code makes for an input."""
    arcs: set[_Arc] = set()
    lines: dict[FrameType, int] = {}

    def local(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            arcs.add((frame.f_code.co_filename, lines.get(frame, 0), frame.f_lineno))
            lines[frame] = frame.f_lineno
        elif event == "return":
            lines.pop(frame, None)
        return local

    def called(frame: FrameType, _: str, __: Any) -> Any:
        return local if frame.f_code.co_filename.startswith(_OURS) else None

    sys.settrace(called)
    try:
        target.check(content)
    except Exception:  # noqa: BLE001 - a broken promise is told by the fuzzer, not here
        return set()
    finally:
        sys.settrace(None)
    return arcs
