from __future__ import annotations

from dataclasses import replace

import pytest

from builders.facts import mac, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.choice import Choice, FusedHalf, Remedy
from pip_archguard.model.event import Refused
from pip_archguard.model.outcome import Origin
from pip_archguard.remedies import equivalents, replacement
from pip_archguard.rules import judge

REINSTALL = "pip install --force-reinstall --no-deps"
FACTS = wheel(thin("speedups/_c.cpython-312-darwin.so", Arch.X86_64))


def refused(origin: Origin = Origin.INDEX) -> Refused:
    return Refused(judgement=judge(FACTS, [mac()]), origin=origin)


def choice(release: str = "2.1", *, is_wheel: bool = True, sha256: str = "") -> Choice:
    filename = f"speedups-{release}.whl"
    return Choice(
        project="speedups",
        release=release,
        filename=filename,
        url=f"https://index.example/{filename}",
        sha256=sha256,
        is_wheel=is_wheel,
    )


@pytest.mark.parametrize(
    ("origins", "chosen", "remedy", "command"),
    [
        (
            [Origin.INDEX],
            choice(sha256="ab12"),
            Remedy.OTHER_WHEEL,
            "pip install 'speedups @ https://index.example/speedups-2.1.whl#sha256=ab12'",
        ),
        (
            [Origin.INDEX],
            choice(is_wheel=False),
            Remedy.BUILT,
            "pip install --no-binary speedups speedups==2.1",
        ),
        ([Origin.INDEX], choice("2.0"), Remedy.OTHER_VERSION, "pip install speedups==2.0"),
        (
            [Origin.INDEX],
            choice("2.0", is_wheel=False),
            Remedy.OTHER_VERSION,
            "pip install --no-binary speedups speedups==2.0",
        ),
        (
            [Origin.INSTALLED],
            choice(),
            Remedy.REINSTALLED,
            "pip install --force-reinstall --no-deps speedups==2.1",
        ),
        (
            [Origin.INSTALLED, Origin.INDEX],
            choice(),
            Remedy.OTHER_WHEEL,
            f"{REINSTALL} 'speedups @ https://index.example/speedups-2.1.whl'",
        ),
        (
            [Origin.INSTALLED, Origin.INDEX],
            choice(is_wheel=False),
            Remedy.BUILT,
            "pip install --force-reinstall --no-deps --no-binary speedups speedups==2.1",
        ),
    ],
    ids=[
        "other wheel",
        "source",
        "older wheel",
        "older source",
        "reinstalled",
        "other wheel in place of an installed one",
        "source in place of an installed one",
    ],
)
def test_each_rung_has_its_name_and_its_plain_command(
    origins: list[Origin], chosen: Choice, remedy: Remedy, command: str
) -> None:
    found = replacement([refused(o) for o in origins], chosen, command=("pip", "install"))

    assert (found.remedy, found.plain_command) == (remedy, command)


FUSED = replace(
    choice(),
    url="",
    extras=("fast",),
    fused_of=(
        FusedHalf(filename="a.whl", url="https://index.example/a.whl", sha256="ab12"),
        FusedHalf(
            filename="b.whl", url="https://index.example/b.whl", platform="macosx_14_0_x86_64"
        ),
    ),
)
MAKING = (
    "pip download --no-deps -d halves 'https://index.example/a.whl#sha256=ab12'",
    (
        "pip download --no-deps -d halves --only-binary=:all: --platform macosx_14_0_x86_64 "
        "https://index.example/b.whl"
    ),
    "pip-archguard fuse halves/a.whl halves/b.whl",
)


def test_a_fused_wheel_is_made_before_plain_pip_takes_it() -> None:
    found = replacement([refused()], FUSED, command=("pip", "install"))

    assert (found.remedy, found.before) == (Remedy.FUSED, MAKING)
    assert found.plain_command == "pip install './speedups-2.1.whl[fast]'"
    assert equivalents([found], [], command=("pip", "install")) == (*MAKING, found.plain_command)


def test_a_fused_wheel_beside_others_is_made_before_the_one_command() -> None:
    fused = replacement([refused()], FUSED, command=("pip", "install"))
    other = replacement([refused()], choice("2.0"), command=("pip", "install"))

    assert equivalents([fused, other], [], command=("pip", "install")) == (
        *MAKING,
        "pip install './speedups-2.1.whl[fast]' speedups==2.0",
    )


def test_a_fused_wheel_in_the_place_of_an_installed_one_is_made_first() -> None:
    found = replacement([refused(Origin.INSTALLED), refused()], FUSED, command=("pip", "install"))

    assert equivalents([found], ["speedups"], command=("pip", "install")) == (
        *MAKING,
        f"{REINSTALL} './speedups-2.1.whl[fast]'",
    )


def test_the_plain_command_is_that_of_the_command_that_was_run() -> None:
    found = replacement([refused()], choice(is_wheel=False), command=("pip", "download"))

    assert found.plain_command == "pip download --no-binary speedups speedups==2.1"


def test_the_plain_command_repeats_the_options_and_variables_that_it_takes() -> None:
    found = replacement(
        [refused()],
        choice(is_wheel=False),
        command=("pip", "install"),
        options=("--find-links", "my wheels"),
        variables=(("ARCHFLAGS", "-arch arm64"),),
    )

    assert found.plain_command == (
        "ARCHFLAGS='-arch arm64' pip install --find-links 'my wheels' "
        "--no-binary speedups speedups==2.1"
    )


def test_a_wheel_takes_no_variables_of_a_build() -> None:
    found = replacement(
        [refused()],
        choice("2.0"),
        command=("pip", "install"),
        variables=(("ARCHFLAGS", "-arch arm64"),),
    )

    assert found.plain_command == "pip install speedups==2.0"
