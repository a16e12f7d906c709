"""Folders that `scan` is given: each wheel in them but once, and what is none told."""

from __future__ import annotations

from optparse import Values
from pathlib import Path

from pip_archguard.pipbridge.internals.inputs import Inputs
from pip_archguard.wheels import WheelFile, read_file

NAME = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
OPTIONS = Values(
    {
        **dict.fromkeys(("platforms", "python_version", "implementation", "abis")),
        **dict.fromkeys(("requirements", "editables", "strict_tags", "arch")),
    }
)


def test_links_in_a_folder_lead_to_a_wheel_once_or_nowhere(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    (tmp_path / f"a{NAME}").symlink_to(NAME)
    (tmp_path / f"loop{NAME}").symlink_to(f"loop{NAME}")
    inputs = Inputs(None, OPTIONS, tmp_path)

    found = [each for each in inputs.of([str(tmp_path)]) if isinstance(each, WheelFile)]
    inputs.close()

    assert [each.filename for each in found] == [f"a{NAME}", f"loop{NAME}"]
    assert "it is no file" in str(read_file(found[1]))
