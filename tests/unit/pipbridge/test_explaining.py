"""From a text to its explanation; what real messages come to lies in `tests/golden/explain`."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from builders.error_messages import MESSAGES
from builders.facts import mac
from builders.macho_bytes import fat, thin
from pip_archguard import environment
from pip_archguard.errors import NothingRecognisedError, UnreadableInputError
from pip_archguard.messages import MOST_ERRORS
from pip_archguard.model.arch import Arch
from pip_archguard.model.explanation import Process, Ran, StepKind
from pip_archguard.pipbridge import explaining
from pip_archguard.pipbridge.explaining import explain, read_named, read_text
from pip_archguard.reports.explain_text import explain_text

GOLDEN = Path(__file__).parents[2] / "golden" / "explain"
APPLE = Process(target=mac(), python="/v/bin/python", hardware=Arch.ARM64)
UNDER_ROSETTA = Process(
    target=mac(Arch.X86_64), python="/v/bin/python", hardware=Arch.ARM64, translated=True
)
INTEL = Process(target=mac(Arch.X86_64), python="/v/bin/python", hardware=Arch.X86_64)


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Mac with Apple silicon whose environment holds nothing of what is asked about."""
    be(monkeypatch, APPLE)
    monkeypatch.setattr(environment, "file_of_module", lambda *_: "")
    monkeypatch.setattr(environment, "installed_release", lambda _: "")


def be(monkeypatch: pytest.MonkeyPatch, process: Process) -> None:
    monkeypatch.setattr(explaining, "this_process", lambda: process)


def install(prefix: Path, content: bytes) -> Path:
    """Put cffi 1.15.1 into an environment; return the path of its compiled module."""
    site = prefix / "lib" / "python3.12" / "site-packages"
    info = site / "cffi-1.15.1.dist-info"
    info.mkdir(parents=True)
    module = site / "_cffi_backend.cpython-312-darwin.so"
    module.write_bytes(content)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cffi\nVersion: 1.15.1\n")
    (info / "RECORD").write_text(f"{module.name},,\n{info.name}/METADATA,,\n")
    (info / "INSTALLER").write_text("pip\n")
    return module


def message(path: Path, have: str, need: str) -> str:
    return (
        f"ImportError: dlopen({path}, 0x0002): tried: '{path}' (mach-o file, but is an "
        f"incompatible architecture (have '{have}', need {need}))"
    )


def test_every_real_message_has_its_explanation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "is_here", lambda _: False)
    told = [f"## {name}\n{explain_text(explain(text))}\n" for name, text in MESSAGES.items()]

    assert "\n".join(told) == (GOLDEN / "messages.txt").read_text(encoding="utf-8")


def test_every_explanation_ends_with_something_to_do() -> None:
    for text in MESSAGES.values():
        assert all(each.steps for each in explain(text).explanations)


def test_the_file_is_read_where_it_is_and_its_owner_looked_up(tmp_path: Path) -> None:
    module = install(tmp_path, thin(Arch.X86_64))

    (found,) = explain(message(module, "x86_64", "'arm64e' or 'arm64'")).explanations

    assert found.owner is not None
    assert (found.owner.project, found.owner.release, found.owner.known) == ("cffi", "1.15.1", True)
    assert found.looked is not None
    assert found.looked.archs == ("x86_64",)
    assert [f.reason.value for f in found.looked.findings] == ["wrong-architecture"]
    (command,) = found.steps[0].commands
    assert command.startswith(f"pip-archguard --python {tmp_path}/bin/python3.12 install ")
    assert command.endswith(" --force-reinstall --no-deps cffi==1.15.1")


def test_facts_beat_the_message(tmp_path: Path) -> None:
    module = install(tmp_path, fat([thin(Arch.X86_64), thin(Arch.ARM64)]))

    (found,) = explain(message(module, "x86_64", "'arm64'")).explanations

    assert [step.kind for step in found.steps] == [StepKind.TRY_AGAIN]
    assert "would load" in explain_text(explain(message(module, "x86_64", "'arm64'")))


@pytest.mark.parametrize(
    ("process", "ran", "step"),
    [
        (UNDER_ROSETTA, Ran.ROSETTA, StepKind.START_NATIVELY),
        (APPLE, Ran.ROSETTA, StepKind.START_NATIVELY),
        (INTEL, Ran.INTEL, StepKind.REINSTALL),
    ],
    ids=["rosetta", "another process", "intel"],
)
def test_x86_64_on_apple_silicon_is_a_process_under_rosetta(
    process: Process, ran: Ran, step: StepKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, process)
    module = install(tmp_path, thin(Arch.ARM64))

    (found,) = explain(message(module, "arm64", "'x86_64'")).explanations

    assert (found.ran, found.steps[0].kind) == (ran, step)


def test_an_old_message_is_understood_by_what_the_file_lacks(tmp_path: Path) -> None:
    module = install(tmp_path, thin(Arch.ARM64))
    text = (
        f"dlopen({module}, 2): no suitable image found.  Did find:\n"
        f"\t{module}: mach-o, but wrong architecture"
    )

    assert explain(text).explanations[0].ran is Ran.ROSETTA


def test_a_module_that_is_missing_is_looked_for_under_any_suffix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = install(tmp_path, thin(Arch.X86_64))
    monkeypatch.setattr(environment, "file_of_module", lambda *_: str(module))

    (found,) = explain("ModuleNotFoundError: No module named '_cffi_backend'").explanations

    assert found.looked is not None
    assert found.owner is not None
    assert found.owner.release == "1.15.1"


def test_a_name_that_only_looks_like_a_project_is_never_installed() -> None:
    text = (
        "ImportError: DLL load failed while importing cdmapi: %1 is not a valid Win32 application"
    )

    (found,) = explain(text).explanations

    assert found.owner is None
    assert not any(step.commands for step in found.steps)


@pytest.mark.parametrize(
    "name", ["a;rm -rf b", "$(x)", "a`b`", "--index-url=x", "a b", "'", "a\x08"], ids=repr
)
def test_what_a_stranger_wrote_gets_into_no_command(name: str) -> None:
    path = f"/v/lib/python3.12/site-packages/{name}/_c.so"

    (found,) = explain(f"dlopen({path}, 2): symbol not found in flat namespace '_a'").explanations

    assert not any(step.commands for step in found.steps)


def test_the_folder_of_an_environment_is_quoted() -> None:
    path = "/v $(x)/lib/python3.12/site-packages/a/_c.so"

    text = explain_text(explain(f"dlopen({path}, 2): symbol not found in flat namespace '_a'"))

    assert "--python '/v $(x)/bin/python3.12' install" in text


def test_control_characters_never_reach_the_terminal() -> None:
    text = "ImportError: \x9b31m\x07/a/b.so: undefined symbol: x\x08y"

    assert explain_text(explain(text)).replace("\n", "").isprintable()


def test_a_file_that_is_no_native_code_is_said_to_be_none(tmp_path: Path) -> None:
    module = install(tmp_path, b"# text\n")

    text = explain_text(explain(message(module, "x86_64", "'arm64'")))

    assert "checked: the file is here, and is no native code at all" in text


@pytest.mark.parametrize("path", ["/dev/zero", "/", "relative.so", "//host/share/a.so", "/a\0b"])
def test_only_plain_files_of_this_machine_are_opened(path: str) -> None:
    assert not environment.is_here(path)


def test_nothing_recognised_is_an_error_that_says_what_is() -> None:
    with pytest.raises(NothingRecognisedError) as caught:
        explain("all is well")

    assert caught.value.exit_code == 2
    assert "dlopen" in str(caught.value.hint)


def test_the_end_of_a_long_stream_is_read() -> None:
    stream = io.BytesIO(b"x" * (5 * 1024 * 1024) + b"end")

    text = read_text(stream)

    assert text.endswith("end")
    assert len(text) == explaining.MOST_BYTES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_text_is_read_as_powershell_and_others_write_it(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    content = (mark + MESSAGES["elf-class"]).encode(encoding)

    assert MESSAGES["elf-class"] in read_text(io.BytesIO(content))


def test_bytes_that_are_no_text_are_read_all_the_same() -> None:
    content = b"\xff\xff " + MESSAGES["elf-class"].encode() + b" \xfe"

    assert explain(read_text(io.BytesIO(content))).explanations


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("hello")

    assert read_named(str(path)) == "hello"


@pytest.mark.parametrize("name", ["nowhere", "folder", "fifo", "a\0b"])
def test_what_is_no_file_is_an_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "fifo")

    with pytest.raises(UnreadableInputError, match=r"is not a file|cannot be read"):
        read_named(str(tmp_path / name))


def test_this_process_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    process = explaining.this_process()

    assert process.python
    assert replace(process, translated=False) == process


def test_a_terminal_is_asked_for_its_end_once() -> None:
    class Terminal(io.BytesIO):
        """A terminal has more to say after each end."""

        ends = 0

        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            self.ends += len(found) < (size or 0)
            return found

    terminal = Terminal(MESSAGES["elf-class"].encode())

    assert read_text(terminal) == MESSAGES["elf-class"]
    assert terminal.ends == 1


def test_more_errors_than_are_explained_are_hinted_at() -> None:
    lines = (f"ImportError: lib{n}.so: wrong ELF class: ELFCLASS32" for n in range(100))

    text = explain_text(explain("\n".join(lines)))

    assert text.count("wrong-architecture") == MOST_ERRORS
    assert "There may be more errors" in text


TEAM_ID = "(code signature in <A> '{f}' not valid for use in process: different Team IDs)"
WORDS = [
    ("dlopen({f}, 2): tried: '{f}' " + TEAM_ID, "library validation"),
    ("dlopen({f}, 2): tried: '{f}' (code signature invalid)", "changed after it was signed"),
    ("cannot import name 'a' from partially initialized module 'b'", "a file of yours"),
    ("pyo3_runtime.PanicException: Python API call failed", "made with Rust"),
    ("IMPORTANT: PLEASE READ THIS FOR ADVICE", "a compiled part of numpy"),
    ("No module named 'numpy.core._multiarray_umath'", "compiled module"),
    ("OSError: [WinError 127] x", "lacks a function"),
    ("OSError: [WinError 126] x: 'C:\\a\\b.dll'", "often the Visual C++ runtime"),
]


@pytest.mark.parametrize(("text", "words"), WORDS, ids=[words for _, words in WORDS])
def test_each_kind_has_its_words(text: str, words: str) -> None:
    assert words in explain_text(explain(text.format(f="/a/b.so")))


PLACES = [
    ("/U/pipx/venvs/catt/lib/python3.12/site-packages/a/b.so", "pipx reinstall catt"),
    ("/U/uv/tools/black/lib/python3.12/site-packages/a/b.so", "uv tool install --reinstall black"),
    ("~/x/lib/python3.12/site-packages/a/b.so", "--python ~/x/bin/python3.12 install"),
    ("/m/miniconda3/lib/python3.12/site-packages/a/b.so", "--prefix /m/miniconda3 a"),
    ("C:\\P\\Lib\\site-packages\\a\\b.pyd", "pip-archguard install --force-reinstall"),
    ("/v/lib/python3.8/site-packages/a/b.so", "/v/bin/python3.8 -m pip install"),
    ("/v/lib/python3.8/site-packages/a-1.0-py3.8-x.egg/a/b.so", "--no-binary a a==1.0"),
]


@pytest.mark.parametrize(("path", "command"), PLACES, ids=[path for path, _ in PLACES])
def test_each_place_has_its_own_command(path: str, command: str) -> None:
    text = f"dlopen({path}, 2): tried: '{path}' (not a mach-o file)"

    assert command in explain_text(explain(text))


def test_what_conda_installed_is_conda_s_to_reinstall(tmp_path: Path) -> None:
    module = install(tmp_path, thin(Arch.X86_64))
    (module.parent / "cffi-1.15.1.dist-info" / "INSTALLER").write_text("conda")

    (found,) = explain(message(module, "x86_64", "'arm64'")).explanations

    assert [step.kind for step in found.steps] == [StepKind.REINSTALL_IN_CONDA]
    assert found.steps[0].commands == (f"conda install --force-reinstall --prefix {tmp_path} cffi",)


def test_what_is_here_but_hollow_or_foreign_is_told(tmp_path: Path) -> None:
    module = install(tmp_path, b"\x7fELF\x02\x01\x01" + bytes(60))

    text = explain_text(explain(message(module, "x86_64", "'arm64'")))

    assert "holds ELF (Linux) code" in text


@pytest.mark.parametrize("text", ["", " \n"], ids=["empty", "blank"])
def test_no_text_is_told_as_that(text: str) -> None:
    with pytest.raises(NothingRecognisedError, match="there is no text to explain"):
        explain(text)
