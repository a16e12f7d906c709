"""Which words start a program as the other architecture."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pip_archguard.hosts import can_start_as, command_as
from pip_archguard.model.arch import Arch

APPLES = '#!/bin/sh\n[ "$1" = -x86_64 ] || exit 1\n[ "$3$4" = -I-c ] && echo x86_64\nexit 0\n'
GNUS = "#!/bin/sh\necho \"arch: invalid option -- 'x'\" >&2\nexit 1\n"
LIAR = "#!/bin/sh\necho arm64\n"


@pytest.fixture(autouse=True)
def no_arch_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pip_archguard.hosts.other_slice._ARCH", str(tmp_path / "usr-bin-arch"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    (tmp_path / "path").mkdir()


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_words_begin_with_the_program_that_did_start_it(tmp_path: Path) -> None:
    program = write(tmp_path / "path" / "arch", APPLES)

    assert command_as(Arch.X86_64, sys.executable) == (program, "-x86_64", sys.executable)
    assert can_start_as(Arch.X86_64)


def test_the_arch_of_gnu_on_the_path_does_not_hide_that_of_the_system(tmp_path: Path) -> None:
    write(tmp_path / "path" / "arch", GNUS)
    program = write(tmp_path / "usr-bin-arch", APPLES)

    assert command_as(Arch.X86_64, "python") == (program, "-x86_64", "python")


@pytest.mark.parametrize("text", [GNUS, LIAR, None], ids=["fails", "another machine", "none"])
def test_what_does_not_start_as_the_architecture_has_no_words(
    text: str | None, tmp_path: Path
) -> None:
    if text is not None:
        write(tmp_path / "path" / "arch", text)

    assert command_as(Arch.X86_64, "python") is None


def test_whether_programs_start_is_told_by_one_and_else_untold(tmp_path: Path) -> None:
    assert can_start_as(Arch.X86_64) is None

    write(tmp_path / "path" / "arch", APPLES)

    assert can_start_as(Arch.X86_64) is True
    assert can_start_as(Arch.ARM64) is False
