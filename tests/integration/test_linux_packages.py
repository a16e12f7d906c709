"""Real wheels for Linux from the registry: no false alarm, and known faults are found."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest

from builders.popular import POPULAR
from pip_archguard import hosts
from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.projects import normal_name
from pip_archguard.model.reason import Severity
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.wheels import judge_wheel, read_wheel

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(sys.platform != "linux", reason="the wheels are those of this machine"),
]

HUNDRED = 100
_SECONDS = 1800
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")


def download(folder: Path, *words: str) -> tuple[Path, ...]:
    command = [sys.executable, "-m", "pip", "download", "-q", "-d", str(folder), *words]
    subprocess.run(
        [*command, "--only-binary=:all:"], check=True, timeout=_SECONDS, capture_output=True
    )
    return tuple(sorted(folder.glob("*.whl")))


def judged(path: Path, targets: Sequence[Target]) -> Judgement:
    return judge_wheel(path, read_wheel(path), targets)


@pytest.fixture(scope="session")
def popular(session_cache: Path) -> tuple[Path, ...]:
    """The wheels that this machine takes of the packages, fetched once."""
    folder = session_cache / f"linux-100-{platform.machine()}-{sys.version_info.minor}"
    found = tuple(sorted(folder.glob("*.whl")))
    return found if len(found) == HUNDRED else download(folder, "--no-deps", *POPULAR)


def test_the_wheels_of_100_popular_packages_pass_without_one_alarm(
    popular: tuple[Path, ...],
) -> None:
    here = (hosts.running_target(),)

    judgements = [judged(path, here) for path in popular]

    told = [f for j in judgements for f in j.findings if f.severity is not Severity.INFO]
    assert told == []
    with_native_files = {j.facts.project for j in judgements if j.facts.binaries}
    assert with_native_files == {normal_name(name) for name in POPULAR}
    assert len(with_native_files) == HUNDRED


@pytest.mark.parametrize(
    ("requirement", "platform_", "expected"),
    [
        ("bitsandbytes==0.42.0", "manylinux_2_28_aarch64", {("wrong-architecture", "refuse")}),
        ("bitsandbytes==0.42.0", "manylinux_2_28_x86_64", set()),
        ("sdbus==0.14.1", "manylinux_2_28_aarch64", {("wrong-architecture", "refuse")}),
        ("sdbus==0.14.2", "manylinux_2_28_aarch64", set()),
        (
            "z3-solver==4.13.0.0",
            "manylinux2014_aarch64",
            {("newer-glibc", "warn"), ("lying-tag", "info")},
        ),
        ("wasmtime==50.0.1", "any", set()),
    ],
)
def test_a_wheel_of_which_the_truth_is_known(
    requirement: str, platform_: str, expected: set[tuple[str, str]], tmp_path: Path
) -> None:
    words = ("--no-deps", "--platform", platform_, "--python-version", "3.11", requirement)
    (path,) = download(tmp_path, *words)
    machine = "manylinux_2_28_x86_64" if platform_ == "any" else platform_
    targets = hosts.named_targets(
        hosts.running_target(), platforms=[machine], python_version=(3, 11)
    )

    found = judged(path, targets).findings

    assert {(f.reason.value, f.severity.value) for f in found} == expected


def shared_objects(paths: Sequence[Path]) -> Iterator[tuple[Binary, bytes]]:
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                with archive.open(info) as stream:
                    if stream.read(4) != b"\x7fELF":
                        continue
                content = archive.read(info)
                binary = read_binary(info.filename, FileSource(BytesIO(content)))
                if binary is not None and binary.slices[0].kind is Kind.DYLIB:
                    yield binary, content


def test_facts_agree_with_those_of_lief(popular: tuple[Path, ...]) -> None:
    lief = pytest.importorskip("lief")
    differing = []
    for binary, content in shared_objects(popular):
        (found,) = binary.slices
        if not found.dependencies and found.libc is None:
            continue  # its dynamic section lies too late to be read
        other = lief.parse(BytesIO(content))
        names = [
            a.name for r in other.symbols_version_requirement for a in r.get_auxiliary_symbols()
        ]
        versions = [(int(m[1]), int(m[2])) for name in names if (m := _GLIBC.match(name))]
        soname = other.get(lief.ELF.DynamicEntry.TAG.SONAME)
        theirs = (
            tuple(other.libraries),
            soname.name if soname else None,
            max(versions, default=None),
        )
        ours = (
            tuple(d.install_name for d in found.dependencies),
            found.install_name,
            found.glibc,
        )
        if ours != theirs:
            differing.append((binary.path, ours, theirs))

    assert differing == []
