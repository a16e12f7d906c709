"""Write the pictures of the documentation: `python tests/builders/pictures.py docs/pictures`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders.drawing import Card, Kind, arrow, picture, terminal, words
from builders.macho_bytes import fat, thin
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind as FileKind

SCAN = ("scan", "--platform", "macosx_14_0_arm64", "--python-version", "3.12", "dist")
_COLUMNS = 120


ASKED = Card(x=20, y=20, width=400, title="`pip-archguard install NAME`")
CHOSEN = Card(
    x=20,
    y=90,
    width=400,
    title="pip chooses wheels",
    lines=("by their names, as it always does",),
)
LOOKED = Card(
    x=20,
    y=190,
    width=400,
    title="pip-archguard looks inside each of them",
    lines=("Could this Python import the code in it?",),
)
BUILT = Card(
    x=20,
    y=290,
    width=400,
    title="pip builds what comes as source",
    lines=("and what comes of it is looked into, too",),
)
DONE = Card(
    x=20,
    y=390,
    width=400,
    title="✓ Installed",
    lines=("only now is anything written",),
    kind=Kind.GOOD,
)
END = Card(
    x=20,
    y=500,
    width=520,
    title="✕ Nothing left that loads: stop",
    lines=("exit code 40; the environment is as it was;", "you are told what is left to do"),
    kind=Kind.BAD,
)


def flow() -> str:
    """Return what happens between `install` and installed."""
    side, middle = 470, 220
    parts = [line for card in (ASKED, CHOSEN, LOOKED, BUILT, DONE, END) for line in card.drawn()]
    parts += [arrow((middle, a.bottom), (middle, b.y)) for a, b in _pairs(ASKED, CHOSEN, LOOKED)]
    parts += [arrow((middle, a.bottom), (middle, b.y)) for a, b in _pairs(LOOKED, BUILT, DONE)]
    parts += [words("yes", middle + 10, (LOOKED.bottom + BUILT.y) // 2 + 5)]
    parts += [words("yes", middle + 10, (BUILT.bottom + DONE.y) // 2 + 5)]
    level, again, failed = (card.y + card.height // 2 for card in (LOOKED, CHOSEN, BUILT))
    parts += [arrow((420, level), (side, level), (side, again), (420, again))]
    parts += [arrow((420, failed), (side, failed), (side, END.y)), words("no", 436, failed - 7)]
    parts += [words("no", 436, level - 7)]
    for row, text in enumerate(("refused: pip", "takes what", "comes next")):
        parts += [words(text, side + 10, again + 40 + 20 * row)]
    for row, text in enumerate(("it fails, or", "cannot load", "either")):
        parts += [words(text, side + 10, failed + 40 + 20 * row)]
    return picture(580, END.bottom + 20, FLOW, parts)


FLOW = (
    "The flow of an install: pip chooses wheels by name, pip-archguard looks inside each; what "
    "cannot load is refused and pip takes what comes next; what is built is looked into too; "
    "only then is anything installed. If nothing is left, the run stops with exit code 40."
)
LADDER = (
    "The ladder of remedies, in order: another wheel of the same version; with --arch universal2, "
    "two wheels fused; the source of the same version, built and looked into; another version "
    "that the requirement allows, if this one has neither; else a stop with exit code 40."
)
SCANNED = (
    "A terminal: pip-archguard scan lists four wheels, what each claims and holds, and its verdict "
    "for macOS 14 on arm64: two ok, one warning, one broken; below stand the reasons."
)


_WHY = ("", "there is none", "there are no two", "there is none", "there is none")
"""What leads from one step of the ladder to the next."""


def _pairs(*cards: Card) -> Iterator[tuple[Card, Card]]:
    yield from pairwise(cards)


STEPS = (
    ("✕ A wheel cannot load", ("It is refused.",), Kind.BAD),
    ("1  Another wheel", ("of the same version, if one loads",), Kind.PLAIN),
    ("    Two wheels made one", ("only with `--arch universal2`",), Kind.PLAIN),
    (
        "2  The source",
        ("of the same version, built and looked into", "(as with `--no-binary NAME`)"),
        Kind.PLAIN,
    ),
    (
        "3  Another version",
        ("if this one has no other wheel and no source,", "and your requirement allows it"),
        Kind.PLAIN,
    ),
    (
        "✕ Stop, exit code 40",
        (
            "Nothing has changed. You are told what the build lacked, which",
            "version has a wheel that loads, and how to get an x86_64",
            "environment: conda, Rosetta, Docker.",
        ),
        Kind.BAD,
    ),
)


def ladder() -> str:
    """Return what is tried for a wheel that cannot load, in order."""
    cards: list[Card] = []
    for title, lines, kind in STEPS:
        y = 20 if not cards else cards[-1].bottom + 28
        wide = title == STEPS[-1][0]
        cards.append(
            Card(x=20, y=y, width=540 if wide else 350, title=title, lines=lines, kind=kind)
        )
    parts = [line for card in cards for line in card.drawn()]
    for (above, below), why in zip(_pairs(*cards), _WHY, strict=True):
        parts += [arrow((60, above.bottom), (60, below.y)), words(why, 72, above.bottom + 19)]
    for card in cards[1:-1]:
        at = card.y + 24
        parts += [arrow((370, at), (430, at)), words("✓ taken", 438, at + 5)]
    source = cards[3]
    failed = source.y + 54
    parts += [arrow((370, failed), (540, failed), (540, cards[-1].y))]
    parts += [words("the build fails, or its", 384, failed + 20)]
    parts += [words("wheel cannot load", 384, failed + 38)]
    return picture(580, cards[-1].bottom + 20, LADDER, parts)


def wheels(folder: Path) -> None:
    """Write the wheels that the picture of a scan shows, made in code."""
    x86_64, arm64 = thin(Arch.X86_64), thin(Arch.ARM64)
    module = "_c.cpython-312-darwin.so"
    tag = "cp312-cp312-macosx_11_0_"
    for name, kind, files in (
        ("colours", "universal2", {f"colours/{module}": fat([x86_64, arm64])}),
        ("player", "arm64", {f"player/{module}": arm64,
                             "player/bin/helper": thin(Arch.X86_64, FileKind.EXECUTABLE)}),
        ("speedups", "universal2", {f"speedups/{module}": x86_64}),
        ("tables", "arm64", {f"tables/{module}": arm64}),
    ):  # fmt: skip
        made = make_wheel(name, "1.0", tag + kind, {f"{name}/__init__.py": b"", **files})
        (folder / made.filename).write_bytes(made.content)


def scanned() -> str:
    """Return what a terminal shows of a scan, with its colours."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "dist")
        place.mkdir()
        wheels(place)
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "pip_archguard", *SCAN]
        variables = {
            **os.environ,
            "COLUMNS": str(_COLUMNS),
            "TERM": "xterm",
            "PIP_NO_CACHE_DIR": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        variables.pop("NO_COLOR", None)
        with subprocess.Popen(
            command, cwd=folder, env=variables, stdout=theirs, stderr=subprocess.DEVNULL
        ) as process:
            os.close(theirs)
            text = b"".join(_read(ours))
        os.close(ours)
    assert process.returncode == 40, text  # one wheel is broken
    return text.decode().replace("\r\n", "\n").rstrip()


def _read(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # so Linux tells the end of a terminal
            return
        if not part:
            return
        yield part


def scan() -> str:
    """Return the picture of a scan."""
    return terminal(" ".join(("pip-archguard", *SCAN)), scanned(), SCANNED)


PICTURES = {"flow.svg": flow, "ladder.svg": ladder, "scan.svg": scan}


def main(folder: str) -> None:
    """Write them all."""
    for name, make in PICTURES.items():
        Path(folder, name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
