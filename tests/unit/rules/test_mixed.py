"""An environment that was filled under one architecture and is run as the other."""

from __future__ import annotations

import pytest

from builders.facts import elf, mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary
from pip_archguard.model.mixed import MixedUse
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.rules import judge
from pip_archguard.rules.mixed import mixed_use

EXTENSION = "speedups/_c.cpython-312-darwin.so"
INTEL = thin(EXTENSION, Arch.X86_64)
NATIVE = thin(EXTENSION, Arch.ARM64)
BOTH = macho(EXTENSION, piece(Arch.X86_64), piece(Arch.ARM64))
OLD = thin(EXTENSION, Arch.I386)


def installed(*binaries: Binary, target: Target) -> list[Judgement]:
    return [judge(wheel(binary), [target]) for binary in binaries]


@pytest.mark.parametrize(
    ("arch", "binaries", "lacking", "native"),
    [
        (Arch.X86_64, (NATIVE, NATIVE), 2, 2),
        (Arch.X86_64, (NATIVE, NATIVE, BOTH), 2, 3),
        (Arch.ARM64, (INTEL, INTEL, INTEL, NATIVE), 3, 4),
    ],
    ids=["all", "most", "the other way"],
)
def test_most_packages_for_the_other_architecture_are_mixed_use(
    arch: Arch, binaries: tuple[Binary, ...], lacking: int, native: int
) -> None:
    target = mac(arch)
    other = Arch.ARM64 if arch is Arch.X86_64 else Arch.X86_64

    found = mixed_use(installed(*binaries, target=target), target)

    assert found == MixedUse(filled_as=other, runs_as=arch, lacking=lacking, native=native)


@pytest.mark.parametrize(
    "binaries",
    [(), (INTEL,), (NATIVE, NATIVE), (INTEL, INTEL, NATIVE, BOTH), (OLD, OLD), (elf("a.so"),) * 3],
    ids=["nothing", "one wheel", "sound", "half", "older still", "no library"],
)
def test_anything_else_is_not(binaries: tuple[Binary, ...]) -> None:
    assert mixed_use(installed(*binaries, target=mac()), mac()) is None


def test_there_is_none_where_nothing_is_judged() -> None:
    judgements = installed(INTEL, INTEL, target=mac())

    assert mixed_use(judgements, mac()._replace(system=System.LINUX)) is None
    assert mixed_use(judgements, mac()._replace(arch=Arch.I386)) is None


def test_findings_for_another_target_do_not_count() -> None:
    assert mixed_use(installed(INTEL, INTEL, target=mac()), mac(os=(15, 0))) is None
