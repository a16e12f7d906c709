"""The examples of the documentation, run, and what they print compared with what is shown."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pip
import pytest

from builders.index import Index
from builders.pages import ROOT, Block, all_blocks
from builders.sandbox import NewHost, Sandbox
from builders.scenes import SCENES, Makers
from builders.universal import archs_of
from builders.zig import Zig

PIP = re.compile(
    r"\s*(Looking in|Collecting|Downloading|Using cached|Requirement already|Installing|Building|"
    r"Created wheel|Stored in|Preparing metadata|Getting requirements|Successfully|Processing|"
    r"Attempting uninstall|Found existing|Uninstalling|Saved|Would install|Checking if|━)|\s*$"
)
"""What pip itself prints, and a page may leave out."""
SAME = (
    (r"cp3\d+", "cp3X"),
    (r"cpython-3\d+", "cpython-3X"),
    (r"python([ =:]?)3\.\d+", r"python\g<1>3.X"),
    (r"pip \d[\d.]+ from", "pip … from"),
    (r"\([\d.]+ kB\)", "(… kB)"),
    (r"\d+ packages, \d+ native files: (\d+ broken, )?\d+ ok", r"… packages: \1…"),
)
"""What may differ from one machine to the next."""
GIVEN_UP = ("python -m pip install path/to/clone",)
"""It takes what builds pip-archguard; the sandboxes have it already."""

GROUPS: defaultdict[tuple[str, str], list[Block]] = defaultdict(list)
for each in all_blocks():
    if each.scene:
        GROUPS[each.page, each.scene].append(each)


def same(text: str) -> list[str]:
    for pattern, word in SAME:
        text = re.sub(pattern, word, text)
    return [line.rstrip() for line in text.splitlines()]


def told(text: str, shown: list[str]) -> Iterator[str]:
    """Yield what was printed, without those lines of pip's that the page leaves out."""
    for line in same(text):
        if line in shown or not PIP.match(line):
            yield line


def fits(shown: list[str], real: list[str]) -> bool:
    """Whether the page shows what was printed; a line with `…` alone stands for any lines."""
    lines = (r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n" for line in shown)
    return re.fullmatch("".join(lines), "".join(f"{line}\n" for line in real)) is not None


def run(sandbox: Sandbox, line: str) -> str:
    """Run a command as it stands, and return what a terminal would show."""
    words = shlex.split(line, comments=True)
    program, *rest = words
    if program == "lipo":
        (file,) = sandbox.site.rglob(rest[-1].replace("310", "*"))
        return " ".join(archs_of(file.read_bytes()))
    printed = started(sandbox.python, program, rest, sandbox.work, sandbox.environment())
    return named(sandbox, printed)


def started(
    python: Path | str, program: str, words: list[str], folder: Path, env: Mapping[str, str]
) -> str:
    """Return all that a command prints, in a folder, with patterns for its files filled in."""
    module = {"pip": "pip", "pip-archguard": "pip_archguard"}[program]
    found = [
        sorted(path.name for path in folder.glob(word)) if "*" in word else [word] for word in words
    ]
    done = subprocess.run(
        [str(python), "-m", module, *(word for each in found for word in each)],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert "Usage:" not in done.stdout, (words, done.stdout)
    return done.stdout


def named(sandbox: Sandbox, text: str) -> str:
    """Put the names that the pages use in the place of those of this machine."""
    text = text.replace(f"{sandbox.work}/", "")
    text = text.replace(str(sandbox.folder / "venv"), "/Users/me/venv")
    return re.sub(re.escape(str(Path(sandbox.folder).resolve() / "venv")), "/Users/me/venv", text)


@pytest.mark.skipif(pip.__version__ < "26.3", reason="the pages show what newer pips print")
@pytest.mark.parametrize(("page", "scene"), GROUPS)
def test_an_example_prints_what_is_shown(
    page: str, scene: str, new_host: NewHost, index: Index, zig: Zig
) -> None:
    sandbox = SCENES[scene](Makers(new_host=new_host, index=index, zig=zig))
    wrong = list[str]()

    for block in GROUPS[page, scene]:
        for line, output in block.commands():
            if line in GIVEN_UP:
                continue
            if scene == "before and after" and line.startswith("pip-archguard"):
                sandbox.run_pip("uninstall", "-y", "ruamel.yaml.clib")
            printed = run(sandbox, line)
            shown = same(output)
            while shown and not shown[-1]:
                shown.pop()
            if shown and not fits(shown, real := list(told(printed, shown))):
                wrong += [f"{page}:{block.line}: $ {line}", *difflib.ndiff(shown, real)]
                wrong += ["--- whole output", printed]

    assert not wrong, "\n".join(wrong)


@pytest.mark.network
@pytest.mark.parametrize(
    ("page", "first"),
    [
        ("docs/tutorial/first-rescue.md", "pip-archguard download --platform"),
        ("docs/how-to/scan-wheels.md", "pip-archguard scan --platform"),
        ("docs/how-to/fuse-wheels.md", "pip download"),
    ],
)
def test_real_wheels_bear_the_example_out(page: str, first: str, tmp_path: Path) -> None:
    calls = [call for block in all_blocks() if block.page == page for call in block.commands()]
    begin = next(number for number, (line, _) in enumerate(calls) if line.startswith(first))
    env = {**os.environ, "COLUMNS": "400", "PYTHONPATH": str(ROOT)}

    for line, output in calls[begin:]:
        program, *words = shlex.split(line, comments=True)
        printed = started(sys.executable, program, words, tmp_path, env)
        shown = same(output)
        real = [each for each in told(printed, shown) if not each.startswith("WARNING: Location")]

        assert not shown or fits(shown, real), printed
        if shown:
            return  # what follows speaks of another package
