"""Which stream an event goes to, and what a terminal shows."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders.facts import mac
from builders.wheels import make_wheel
from pip_archguard.cli import streams
from pip_archguard.cli.console import Console
from pip_archguard.model.outcome import Clean
from pip_archguard.model.result import Counted, Progressed, ScanReport
from pip_archguard.model.scan import Form, Scanned
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts

EVERYTHING = "import pip_archguard.cli.console, pip_archguard.pipbridge.internals.commands"
CLEAN_RUN = f"""
{EVERYTHING}
import sys
from pip_archguard.model.outcome import Clean
pip_archguard.cli.console.Console().tell(Clean(files=1, wheels=1, targets=()))
print(*sys.modules)
"""
SELDOM_NEEDED = {
    *("rich", "packaging", "macholib"),
    *("pip_archguard.model.event", "pip_archguard.model.failure", "pip_archguard.model.binary"),
    *("pip_archguard.model.choice", "pip_archguard.model.handled", "pip_archguard.model.finding"),
    *("pip_archguard.model.problem", "pip_archguard.hosts.building"),
    *("pip_archguard.environment.source_tree", "pip_archguard.pipbridge.source_build"),
    *("pip_archguard.rules", "pip_archguard.remedies", "pip_archguard.reports.text"),
    *("pip_archguard.wheels.facts_cache", "pip_archguard.pipbridge.internals.alternatives"),
    *("pip_archguard.wheels.remote", "pip_archguard.pipbridge.internals.afar"),
    *("pip_archguard.pipbridge.internals.looking", "pip_archguard.pipbridge.internals.coverage"),
}


class Terminal(io.StringIO):
    """A stream that passes for a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def open_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in the place of both streams, in the test itself: pytest does so before."""
    stream = Terminal()
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return stream


def report(form: Form = Form.TABLE) -> ScanReport:
    facts = WheelFacts(
        filename="a-1-py3-none-any.whl", project="a", release="1", platforms=frozenset({"any"})
    )
    scanned = Scanned(judgement=Judgement(facts=facts), targets=(mac(),), sha256="0" * 64)
    return ScanReport(wheels=(scanned,), form=form)


@pytest.mark.parametrize("form", Form)
def test_results_go_to_standard_output(form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    Console().tell(report(form))

    captured = capsys.readouterr()
    assert "a-1-py3-none-any.whl" in captured.out
    assert captured.err == ""


def test_all_else_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    Console().tell(Clean(files=1, wheels=1, targets=()))

    captured = capsys.readouterr()
    assert captured.err
    assert captured.out == ""


def test_without_a_terminal_there_is_no_progress_bar(capsys: pytest.CaptureFixture[str]) -> None:
    Console().tell(Progressed(done=1, total=2))

    captured = capsys.readouterr()
    assert captured.out + captured.err == ""


def test_on_a_terminal_progress_is_shown_and_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = open_terminal(monkeypatch)
    console = Console()
    for done in (1, 2):
        console.tell(Progressed(done=done, total=2))
    shown = terminal.getvalue()
    console.tell(report())

    assert "1/2" in shown or "2/2" in shown
    assert terminal.getvalue().endswith("1 wheel: 1 ok\n")


@pytest.mark.parametrize(
    ("of", "words"),
    [(Counted.WHEELS, ("scanning", "wheels")), (Counted.TARGETS, ("resolving", "targets"))],
)
def test_progress_says_what_is_counted(
    of: Counted, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = open_terminal(monkeypatch)
    console = Console()
    console.tell(Progressed(done=2, total=2, of=of))

    assert all(word in terminal.getvalue() for word in words)


def test_on_a_terminal_the_table_has_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)

    Console().tell(report())

    assert "\x1b[" in terminal.getvalue()


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_had_off(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    monkeypatch.setenv(variable, value)

    Console().tell(report())

    assert "\x1b[" not in terminal.getvalue()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_closed_stream_is_passed_over(stream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"sys.{stream}", None)

    Console().tell(Clean(files=1, wheels=1, targets=()))
    Console().tell(Progressed(done=1, total=2))
    Console().tell(report())


@pytest.mark.parametrize("command", ["scan", "facts info", "coverage"])
@pytest.mark.parametrize("pipe", [True, False], ids=["closed pipe", "full disk"])
def test_a_result_that_nobody_takes_ends_with_an_error_and_no_traceback(
    command: str, *, pipe: bool, tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "pip_archguard", *command.split(), "--cache-dir", str(tmp_path)]
    wheel = make_wheel("demo", "1.0", "py3-none-any", {})
    lock = 'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\n'
    for name, content in (("uv.lock", lock.encode()), (wheel.filename, wheel.content)):
        (tmp_path / name).write_bytes(content)
    named = {"scan": wheel.filename, "coverage": "uv.lock"}.get(command)
    words += [str(tmp_path / named)] if named else []
    end, gone = os.pipe()
    os.close(end)
    full = Path("/dev/full")
    if not pipe and not full.exists():
        pytest.skip("there is no device that is always full")

    with os.fdopen(gone, "wb") as closed, (full if not pipe else Path(os.devnull)).open("wb") as to:
        result = subprocess.run(
            words,
            check=False,
            stdout=closed if pipe else to,
            stderr=subprocess.PIPE,
            text=True,
        )

    assert result.returncode == 2, result.stderr
    assert "cannot be written to standard output" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_clean_run_loads_nothing_that_is_seldom_needed() -> None:
    command = [sys.executable, "-c", CLEAN_RUN]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    assert not SELDOM_NEEDED.intersection(loaded)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_what_is_long_is_written_in_pieces_and_all_of_it(more: int) -> None:
    stream = io.StringIO()
    text = "é" * (2 * streams._AT_ONCE + more)

    streams.write(stream, text)

    assert stream.getvalue() == f"{text}\n"
