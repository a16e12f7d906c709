"""Commands that change nothing, streams that are closed, and interrupts: as with plain pip."""

from __future__ import annotations

import contextlib
import difflib
import os
import pty
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.index import Index, open_index
from builders.index_server import Page
from builders.packages import ANY, pure
from builders.sandbox import Host, NewHost, Result, Sandbox, make_sandbox
from builders.stock import add_stock
from builders.twins import (
    GUARD,
    PLAIN,
    command_line,
    environment,
    less_ours,
    plain_text,
    run_command,
)
from builders.zig import Zig
from pip_archguard.pipbridge.internals import registry

SECONDS = 60
INTERRUPTIBLE = (  # in the background of a shell, interrupts are ignored
    "import os, signal, sys;"
    "signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
GUARDED = ("install", "download", "wheel", "lock")
Running = subprocess.Popen[str]

READERS = (
    "--python",
    "cache dir",
    "cache info",
    "cache list",
    "cache remove",
    "check",
    "completion",
    "config debug",
    "config get global.index-url",
    "config list",
    "debug",
    "freeze",
    "hash r.txt",
    "help list",
    "help nonsense",
    "help uninstall",
    "index versions thin",
    "inspect",
    "list",
    "list --outdated --format json",
    "list -vv",
    "show absent",
    "show -f app",
    "uninstall",
    "uninstall -y absent",
)
REDIRECTED = {
    "stdin closed": ("list", "<&-"),
    "stdin closed while installing": ("install --dry-run -I app", "<&-"),
    "stdout closed": ("list", ">&-"),
    "stdout closed while installing": ("install --dry-run -I app", ">&-"),
    "stderr closed": ("list", "2>&-"),
    "stderr closed while installing": ("install --dry-run -I app", "2>&-"),
    "all closed while installing": ("install --dry-run -I app", "<&- >&- 2>&-"),
    "stdout full": ("list", ">/dev/full"),
    "stdout full while installing": ("install --dry-run -I app", ">/dev/full"),
    "stderr full": ("install --dry-run -I app", "2>/dev/full"),
    "quiet, stdout full": ("-q install --dry-run -I app", ">/dev/full"),
    "both in one": ("install --dry-run -I app", "2>&1"),
}


@pytest.fixture(scope="module")
def settled(
    zig: Zig, template: Path, toolchain: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    """A sandbox in which something is installed, and which no test changes."""
    with open_index() as index:
        add_stock(index, zig)
        sandbox = make_sandbox(
            tmp_path_factory.mktemp("settled") / "host",
            Host(machine="arm64"),
            template=template,
            toolchain=toolchain,
            index_url=index.url,
        )
        sandbox.work.joinpath("r.txt").write_text("thin\n")
        sandbox.run_pip("install", "thin==1.0", "app")
        yield sandbox


@pytest.mark.parametrize("command", READERS)
def test_other_commands_say_what_pip_says(command: str, settled: Sandbox) -> None:
    plain, guard = (run_command(settled, each, *command.split()) for each in (PLAIN, GUARD))

    assert (guard.code, guard.stderr) == (plain.code, plain.stderr)
    assert guard.stdout == plain.stdout


@pytest.mark.parametrize(
    ("command", "redirect"),
    [pytest.param(*case, id=name) for name, case in REDIRECTED.items()],
)
def test_closed_and_full_streams_end_as_with_pip(
    command: str, redirect: str, settled: Sandbox
) -> None:
    plain, guard = (
        run_command(settled, module, "--no-cache-dir", *shlex.split(command), to=redirect)
        for module in (PLAIN, GUARD)
    )

    assert guard.code == plain.code
    assert said(less_ours(guard.stderr)[0]) == said(plain.stderr)
    assert less_ours(guard.stdout)[0] == plain.stdout


@pytest.mark.parametrize("command", ["list", "install --dry-run -I app", "help list"])
def test_a_broken_pipe_ends_as_with_pip(command: str, settled: Sandbox) -> None:
    plain, guard = (
        run_into_broken_pipe(settled, module, *command.split()) for module in (PLAIN, GUARD)
    )

    assert guard == plain


@pytest.mark.parametrize("command", ["install --dry-run -I app", "install absent", "list"])
def test_on_a_terminal_it_looks_as_with_pip(command: str, settled: Sandbox) -> None:
    plain, guard = (
        run_on_terminal(settled, module, "--no-cache-dir", *command.split())
        for module in (PLAIN, GUARD)
    )

    assert (guard[0], less_ours(guard[1])[0]) == plain


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_an_interrupt_ends_as_with_pip(
    number: signal.Signals, new_host: NewHost, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add_wheel("slow", "1.0", ANY, pure("slow"))
    asked, go_on = threading.Event(), threading.Event()

    def hand_out(path: str) -> Page | None:
        if path.startswith("/files/"):
            asked.set()
            go_on.wait(SECONDS)
        return Index.page(index, path)

    def interrupted(module: str) -> tuple[int, str, str, set[str]]:
        asked.clear()
        go_on.clear()
        sandbox = new_host(Host(machine="arm64"))
        with start(sandbox, module, "install", "slow") as process:
            try:
                assert asked.wait(SECONDS)
                process.send_signal(number)
                stdout, stderr = process.communicate(timeout=SECONDS)
            finally:
                process.kill()
                go_on.set()
        left = {plain_text(f"/{path.name}") for path in (sandbox.folder / "tmp").iterdir()}
        assert "slow" not in sandbox.installed()
        return process.returncode, plain_text(stdout), plain_text(stderr), left

    monkeypatch.setattr(index, "page", hand_out)
    plain, guard = interrupted(PLAIN), interrupted(GUARD)

    assert guard == plain


@pytest.mark.parametrize("command", GUARDED)
def test_the_help_of_a_command_has_our_options_in_a_group_of_their_own(
    command: str, settled: Sandbox
) -> None:
    plain, guard = (run_command(settled, each, "help", command) for each in (PLAIN, GUARD))

    removed, added = changes(plain, guard)
    assert (removed, guard.code, guard.stderr) == ([], plain.code, plain.stderr)
    head, *rest = [line for line in added if line] or [""]
    assert (head == "Architecture Guard Options:") is (plain.code == 0)
    assert all(line.startswith("  ") for line in rest)


@pytest.mark.parametrize("words", ["help", "--help", "-h", ""])
def test_the_help_has_our_commands_beside_pips(words: str, settled: Sandbox) -> None:
    plain, guard = (run_command(settled, each, *words.split()) for each in (PLAIN, GUARD))

    removed, added = changes(plain, guard)
    assert (removed, guard.code, guard.stderr) == ([], plain.code, plain.stderr)
    assert all(line.split()[0] in registry.OWN for line in added)


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_pips_line_and_one_of_ours(flag: str, settled: Sandbox) -> None:
    plain, guard = (run_command(settled, each, flag) for each in (PLAIN, GUARD))

    removed, added = changes(plain, guard)
    assert (removed, guard.code, guard.stderr) == ([], plain.code, plain.stderr)
    assert [line.split()[0] for line in added] == ["pip-archguard"]


@pytest.mark.parametrize("typed", ["pip ", "pip ins", "pip install --re", "pip uninstall p"])
def test_a_shell_completes_what_pip_has(typed: str, settled: Sandbox) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split(" ")) - 1)}
    env = words | {"PIP_AUTO_COMPLETE": "1"}
    plain, guard = (run_command(settled, each, env=env) for each in (PLAIN, GUARD))

    assert (guard.code, guard.stderr) == (plain.code, plain.stderr)
    assert set(guard.stdout.split()) - {*registry.OWN} == {*plain.stdout.split()}


def changes(plain: Result, guard: Result) -> tuple[list[str], list[str]]:
    """Return the lines that only pip prints, and those that only the guard prints."""
    lines = list(difflib.ndiff(plain.stdout.splitlines(), guard.stdout.splitlines()))
    gone, more = ([line[2:] for line in lines if line.startswith(mark)] for mark in ("- ", "+ "))
    return gone, more


def said(stderr: str) -> list[str]:
    """Return the lines less the frames of tracebacks, for these show where we are started."""
    return [line for line in stderr.splitlines() if not line.startswith("  ")]


def start(sandbox: Sandbox, module: str, *words: str, stdout: int = subprocess.PIPE) -> Running:
    return subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *command_line(sandbox, module, *words)],
        cwd=sandbox.work,
        env=environment(sandbox),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def run_into_broken_pipe(sandbox: Sandbox, module: str, *words: str) -> tuple[int, list[str]]:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        process = start(sandbox, module, *words, stdout=writer)
    finally:
        os.close(writer)
    _, stderr = process.communicate(timeout=SECONDS)
    return process.returncode, said(plain_text(stderr))


def run_on_terminal(sandbox: Sandbox, module: str, *words: str) -> tuple[int, str]:
    ours, theirs = pty.openpty()
    with open(ours, encoding="utf-8", errors="replace") as terminal:  # noqa: PTH123 - a number
        process = subprocess.Popen(
            command_line(sandbox, module, *words),
            cwd=sandbox.work,
            env=environment(sandbox) | {"TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        lines: list[str] = []
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            lines += iter(terminal.readline, "")
        return process.wait(SECONDS), plain_text("".join(lines).replace("\r\n", "\n"))
