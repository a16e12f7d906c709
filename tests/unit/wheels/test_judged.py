"""Wheels on disk judged, with a look for a fallback where an import would fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.facts import mac
from builders.macho_bytes import thin
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge
from pip_archguard.wheels import judge_wheel, read_wheel

TAG = "cp312-cp312-macosx_11_0_universal2"
GUARDED = b"try:\n    from demo import _c\nexcept ImportError:\n    _c = None\n"


@pytest.mark.parametrize(
    ("source", "arch", "verdict"),
    [
        (GUARDED, Arch.X86_64, Verdict.WARNING),
        (b"from demo import _c\n", Arch.X86_64, Verdict.BROKEN),
        (b"", Arch.X86_64, Verdict.BROKEN),
        (b"from demo import _c\n", Arch.ARM64, Verdict.OK),
    ],
    ids=["with a fallback", "without", "never imported", "it loads"],
)
def test_the_source_in_the_wheel_says_whether_an_extension_is_needed(
    source: bytes, arch: Arch, verdict: Verdict, tmp_path: Path
) -> None:
    files = {"demo/__init__.py": source, "demo/_c.cpython-312-darwin.so": thin(arch)}
    archive = make_wheel("demo", "1.0", TAG, files)
    path = tmp_path / archive.filename
    path.write_bytes(archive.content)

    judgement = judge_wheel(path, read_wheel(path), [mac()])

    assert judgement.verdict is verdict
    assert judgement.verdict_for(mac()) is verdict


@pytest.mark.parametrize("platform", ["any", "macosx_11_0_universal2", "manylinux_2_17_x86_64"])
@pytest.mark.parametrize("flag", [True, False], ids=["built and strict", "neither"])
def test_no_rule_finds_fault_with_a_wheel_without_native_files(
    platform: str, *, flag: bool, tmp_path: Path
) -> None:
    facts = WheelFacts(filename="a.whl", project="a", release="1", platforms=frozenset({platform}))
    targets = [mac(), mac(Arch.X86_64)]

    ruled = judge(facts, targets, built=flag, strict_tags=flag)
    shortened = judge_wheel(tmp_path, facts, targets, built=flag, strict_tags=flag)

    assert ruled == shortened == Judgement(facts=facts)
