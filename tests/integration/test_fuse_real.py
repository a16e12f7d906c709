"""Real pairs of wheels from the registry, fused, and read by others than us."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from builders.delocate_check import (
    apple_tools,
    delocating_fails,
    linked_libraries_lack,
    llvm_tool,
)
from builders.lief_facts import lief_slices
from builders.universal import split_slices
from pip_archguard.fusing import fuse
from pip_archguard.model.arch import Arch
from pip_archguard.model.fusing import FusedWheel, Share
from pip_archguard.model.verdict import Verdict
from pip_archguard.wheels import judge_wheel, read_wheel

pytestmark = pytest.mark.network

_SECONDS = 600
_OLDEST = {"arm64": ("11_0", "12_0"), "x86_64": ("10_9", "10_10", "10_12", "10_13", "10_15")}
FAT, ARCHIVE = b"\xca\xfe\xba\xbe", b"!<arch>\n"
LIPO = llvm_tool("llvm-lipo")


@dataclass(frozen=True, kw_only=True)
class Real:
    """A release with a wheel for each architecture, and what fusing them comes to.

    `platforms` are those that are asked for instead of the oldest; `joined` the files that
    differ, `metadata` the fields.
    """

    requirement: str
    python: str
    fused: str
    joined: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    platforms: dict[str, tuple[str, ...]] | None = None


REAL = [
    Real(
        requirement="cffi==1.17.1",
        python="3.12",
        fused="cffi-1.17.1-cp312-cp312-macosx_10_9_universal2.whl",
    ),
    Real(
        requirement="cryptography==3.4.8",
        python="3.9",
        fused="cryptography-3.4.8-cp36-abi3-macosx_10_10_universal2.whl",
        metadata=("license-file",),
    ),
    Real(
        requirement="numpy==2.1.3",
        python="3.12",
        fused="numpy-2.1.3-cp312-cp312-macosx_10_13_universal2.whl",
        joined=("numpy/__config__.py", "numpy/_core/include/numpy/_numpyconfig.h"),
    ),
    Real(
        requirement="numpy==2.1.3",
        python="3.12",
        fused="numpy-2.1.3-cp312-cp312-macosx_14_0_universal2.whl",
        joined=("numpy/__config__.py", "numpy/_core/include/numpy/_numpyconfig.h"),
        platforms={"arm64": ("14_0",), "x86_64": ("14_0",)},
    ),
    Real(
        requirement="pydantic-core==2.27.1",
        python="3.12",
        fused="pydantic_core-2.27.1-cp312-cp312-macosx_10_12_universal2.whl",
    ),
    Real(
        requirement="orjson==3.10.18",
        python="3.12",
        fused="orjson-3.10.18-cp312-cp312-macosx_15_0_universal2.whl",
        platforms={"arm64": ("15_0",), "x86_64": ("10_15",)},
    ),
    Real(
        requirement="markupsafe==3.0.3",
        python="3.12",
        fused="markupsafe-3.0.3-cp312-cp312-macosx_10_13_universal2.whl",
    ),
]


@pytest.fixture(
    params=REAL, ids=[real.fused.split("-cp3")[0] + real.fused[-17:-14] for real in REAL]
)
def real(request: pytest.FixtureRequest) -> Real:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def halves(real: Real, session_cache: Path) -> dict[str, Path]:
    """The wheels of both architectures, kept from run to run."""
    return {arch: _wheel(real, arch, session_cache / "fuse") for arch in ("arm64", "x86_64")}


def _wheel(real: Real, arch: str, kept: Path) -> Path:
    versions = (real.platforms or _OLDEST)[arch]
    folder = kept / f"{real.requirement}-{versions[0]}-{arch}"
    if not folder.exists():
        platforms = [w for v in versions for w in ("--platform", f"macosx_{v}_{arch}")]
        options = ("--quiet", "--no-deps", "--only-binary=:all:", "--implementation", "cp")
        kept.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept) as aside:
            place = Path(aside) / "wheel"
            subprocess.run(
                [
                    *(sys.executable, "-m", "pip", "download", *options, *platforms),
                    *("--python-version", real.python, "-d", str(place), real.requirement),
                ],
                check=True,
                timeout=_SECONDS,
            )
            with suppress(OSError):  # another process had it first
                place.rename(folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture
def fused(halves: dict[str, Path], tmp_path: Path) -> FusedWheel:
    result = fuse(halves["x86_64"], halves["arm64"], tmp_path)
    assert isinstance(result, FusedWheel), result
    return result


def members(wheel: FusedWheel, share: Share) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(wheel.path) as archive:
        for file in wheel.files:
            if file.share is share:
                yield file.path, archive.read(file.path)


def test_the_pair_fuses_and_only_what_is_known_to_differ_does(
    real: Real, fused: FusedWheel
) -> None:
    joined = tuple(file.path for file in fused.files if file.share is Share.JOINED)

    assert Path(fused.path).name == real.fused
    assert (joined, fused.metadata) == (real.joined, real.metadata)
    assert {f.share for f in fused.files} <= {Share.FUSED, Share.JOINED, Share.BOTH}
    assert fused.judgement.verdict is Verdict.OK


def test_the_slices_are_byte_for_byte_those_of_the_halves(
    fused: FusedWheel, halves: dict[str, Path]
) -> None:
    archives = {arch: zipfile.ZipFile(path) for arch, path in halves.items()}

    for path, content in members(fused, Share.FUSED):
        slices = split_slices(content)
        assert list(slices) == ["x86_64", "arm64"], path
        for arch, archive in archives.items():
            given = archive.read(path)
            mine = given if given.startswith(ARCHIVE) else split_slices(given)[arch]
            assert slices[arch] == mine, path
    for archive in archives.values():
        archive.close()


@pytest.mark.skipif(LIPO is None, reason="LLVM's tools are not here")
def test_lipo_makes_the_same_file_of_the_same_slices(
    fused: FusedWheel, halves: dict[str, Path], tmp_path: Path
) -> None:
    assert LIPO is not None
    for path, content in members(fused, Share.FUSED):
        files = []
        for arch, half in halves.items():
            with zipfile.ZipFile(half) as archive:
                given = archive.read(path)
            files.append(tmp_path / arch)
            files[-1].write_bytes(split_slices(given).get(arch, given))
        command = [LIPO, "-create", *map(str, files), "-output", str(tmp_path / "both")]
        subprocess.run(command, check=True, timeout=_SECONDS)

        assert (tmp_path / "both").read_bytes() == content, path


def test_lief_reads_both_slices_as_it_reads_the_halves(
    fused: FusedWheel, halves: dict[str, Path]
) -> None:
    pytest.importorskip("lief")
    for path, content in members(fused, Share.FUSED):
        if path.endswith(".a"):
            continue  # lief reads no static libraries
        seen = lief_slices(path, content)
        assert [piece.arch for piece, _ in seen] == [Arch.X86_64, Arch.ARM64]
        for piece, exports in seen:
            with zipfile.ZipFile(halves[piece.arch.value]) as archive:
                given = lief_slices(path, archive.read(path))
            assert (piece, exports) in given, path


@pytest.mark.skipif(LIPO is None, reason="LLVM's tools are not here")
@pytest.mark.parametrize("arch", [Arch.ARM64, Arch.X86_64], ids=str)
def test_delocate_finds_each_architecture_in_all_that_it_looks_at(
    fused: FusedWheel, arch: Arch
) -> None:
    pytest.importorskip("delocate")
    wheel = Path(fused.path)

    with apple_tools():
        assert delocating_fails(wheel, arch) is None
        assert linked_libraries_lack(wheel, arch) is None


def test_our_own_rules_take_the_file_as_it_lies_there(fused: FusedWheel) -> None:
    path = Path(fused.path)

    judgement = judge_wheel(path, read_wheel(path), fused.targets, strict_tags=True)

    assert {target.arch for target in fused.targets} == {Arch.ARM64, Arch.X86_64}
    assert judgement.verdict is Verdict.OK
