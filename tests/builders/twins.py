"""The same commands by plain pip and by the guard, each in a fresh sandbox at the same path."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from builders.sandbox import Result, Sandbox

PLAIN = "pip"
GUARD = "pip_archguard"
_OURS = re.compile(r"pip-archguard: \d+ native files? in \d+ packages? judged, fit for ")
"""The one line that a guarded run adds when all is well."""

_SECONDS = 300
_SMALL = 100_000  # bytes of a file that are kept to be shown
_EPOCH = "1700000000"  # of what is built, so that equal builds have equal hashes

# Named by pip, or by Python, at random; or measured.
_BY_NATURE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), text)
    for pattern, text in (
        (r"/(pip-[a-z-]+-|\.?tmp-?)[a-z0-9_]{8}(?![a-z0-9_])", r"/\1*"),
        (r"(?<=[_/])[0-9a-f]{32}\b", "*"),
        (r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{3}", "TIME"),
        (r'^.*  File "\S+/pip_archguard/.+\n.+\n(.* \^+\n)?', ""),  # frames of tracebacks
        (r"(?<=B) (\?|[\d.]+ .?B/s)( eta)? +[-\d:]+$", " SPEED"),
        (r"/pip_archguard/pipbridge/__archguard_runner__\.py", "/pip/__pip-runner__.py"),
        (r"\S+/bin/python -m pip(?= )|(?<=^  )pip-archguard(?= )", "PROG"),
        (r"((?<=^Usage: )|^)(__main__\.py|pip-archguard)(?=: error: | \[)", "PROG"),
    )
)
# What these hold changes from run to run; that they are there does not.
_NAMED_ONLY = re.compile(r"\.pyc$|/\.git/|^home/pip-cache/(http|selfcheck)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Commands to run one after the other, in a work folder with these files.

    `$work` stands for that folder and `$files` for the URL of the files of the index; `ours`
    is how many lines of the guard's own there are to be; `needs` is what pip's help on installs
    has to speak of; `typed` is what the user answers.
    """

    commands: tuple[str, ...]
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    typed: str = ""
    ours: int = 0
    needs: str = ""
    setuptools: bool = False
    prepare: Callable[[Sandbox], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What commands printed, and what they left in the sandbox."""

    results: tuple[Result, ...]
    tree: Mapping[str, str]

    @property
    def codes(self) -> tuple[int, ...]:
        """The exit codes."""
        return tuple(result.code for result in self.results)

    @property
    def stdout(self) -> str:
        """What was printed as result."""
        return "".join(result.stdout for result in self.results)

    @property
    def stderr(self) -> str:
        """What else was printed."""
        return "".join(result.stderr for result in self.results)


def run_scenario(sandbox: Sandbox, module: str, scenario: Scenario) -> Seen:
    """Run it by pip or by the guard, in a sandbox made for nothing else."""
    for name, content in scenario.files.items():
        path = sandbox.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(_filled(content, sandbox), encoding="utf-8")
    if scenario.prepare is not None:
        scenario.prepare(sandbox)
    env = {name: _filled(value, sandbox) for name, value in scenario.env.items()}
    lines = [shlex.split(_filled(each, sandbox)) for each in scenario.commands]
    results = [run_command(sandbox, module, *w, env=env, typed=scenario.typed) for w in lines]
    return Seen(results=tuple(results), tree=dict(_tree(sandbox.folder)))


def run_command(
    sandbox: Sandbox,
    module: str,
    *words: str,
    env: Mapping[str, str] | None = None,
    to: str = "",
    typed: str = "",
) -> Result:
    """Run one command, its streams sent `to` where a shell is told; return what it said."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {to}', "sh", *command_line(sandbox, module, *words)],
        cwd=sandbox.work,
        env=environment(sandbox) | dict(env or {}),
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    stdout, stderr = plain_text(done.stdout), plain_text(done.stderr)
    return Result(args=words, code=done.returncode, stdout=stdout, stderr=stderr)


def command_line(sandbox: Sandbox, module: str, *words: str) -> list[str]:
    """Return what starts pip, or the guard."""
    return [str(sandbox.python), "-m", module, *words]


def environment(sandbox: Sandbox) -> dict[str, str]:
    """Return the variables that both see."""
    return sandbox.environment() | {"SOURCE_DATE_EPOCH": _EPOCH}


def plain_text(output: str) -> str:
    """Return it without what differs by nature from one run to the next."""
    for pattern, text in _BY_NATURE:
        output = pattern.sub(text, output)
    return output


def less_ours(stderr: str) -> tuple[str, int]:
    """Return what pip said, and how many lines the guard added."""
    lines = stderr.splitlines(keepends=True)
    theirs = [line for line in lines if not _OURS.match(line)]
    return "".join(theirs), len(lines) - len(theirs)


def differences(plain: Seen, guard: Seen, *, ours: int) -> list[str]:
    """Return what is not the same, as the lines of a diff; `ours` lines may be the guard's."""
    stderr, added = less_ours(guard.stderr)
    found = [
        *_diff("exit codes", str(plain.codes), str(guard.codes)),
        *_diff("stdout", plain.stdout, guard.stdout),
        *_diff("stderr", plain.stderr, stderr),
        *_diff("lines of ours", str(ours), str(added)),
    ]
    for path in sorted({*plain.tree, *guard.tree}):
        found += _diff(path, plain.tree.get(path, "(absent)"), guard.tree.get(path, "(absent)"))
    return found


def _diff(about: str, plain: str, guard: str) -> Iterator[str]:
    if plain != guard:
        lines = plain.splitlines(), guard.splitlines()
        yield from difflib.unified_diff(*lines, f"{about}: pip", f"{about}: guard", "", "", 1, "")


def pip_has(words: str) -> bool:
    """Whether the pip under test speaks of this in its help on installs."""
    command = [sys.executable, "-m", "pip", "install", "--help"]
    done = subprocess.run(
        command,
        env=os.environ | {"COLUMNS": "400"},
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=True,
    )
    return words in done.stdout


def _filled(text: str, sandbox: Sandbox) -> str:
    files = sandbox.index_url.replace("/simple/", "/files")
    return Template(text).safe_substitute(work=sandbox.work, files=files)


def _tree(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what is in a folder, without the facts that the guard keeps beside pip's cache."""
    ours = folder / "home" / "pip-cache" / "pip-archguard"
    alone = ours.exists() and len(list(ours.parent.iterdir())) == 1
    skipped = ours.parent if alone else ours
    for path in sorted(folder.rglob("*")):
        if path == skipped or skipped in path.parents:
            continue
        name = path.relative_to(folder).as_posix()
        yield plain_text(f"/{name}")[1:], _entry(path, name)


def _entry(path: Path, name: str) -> str:
    status = path.lstat()
    mode = stat.filemode(status.st_mode)
    if path.is_symlink():
        return f"{mode} {path.readlink()}"
    if path.is_dir() or _NAMED_ONLY.search(name):
        return mode
    if status.st_nlink > 1:  # as the template has it: not read, for speed
        return f"{mode} {status.st_ino}"
    content = path.read_bytes()
    try:
        text = plain_text(content.decode()) if len(content) < _SMALL else None
    except UnicodeDecodeError:
        text = None
    return f"{mode} {text or hashlib.sha256(content).hexdigest()}"
