"""Runs that are over, one of each kind, as reports are told of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from builders.facts import mac, macho, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.choice import Choice, FusedHalf, Remedy
from pip_archguard.model.event import Failed, Finished, Refused, Replaced, Stopped, Trying
from pip_archguard.model.failure import FailedBuild, Lack, Lacking, Loading
from pip_archguard.model.handled import Handled
from pip_archguard.model.outcome import Obstacle, Origin, Place, Reports
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.remedies import replacement
from pip_archguard.rules import judge

EXTENSION = "speedups/_c.cpython-312-darwin.so"
HOSTILE = "speedups/::error::`x`|<b>%0A\n::add-mask::y##[error].cpython-312-darwin.so"
SHA256 = "ab" * 32
INTEL = thin(EXTENSION, Arch.X86_64, min_os=(10, 9, 0))
BAD = wheel(INTEL)
THIN = ("macosx_11_0_arm64",)
GOOD = wheel(thin(EXTENSION, Arch.ARM64, min_os=(11, 0, 0)), platforms=THIN)
OLDER = wheel(thin(EXTENSION, Arch.ARM64), platforms=THIN, release="2.0")
CUT = wheel(macho(EXTENSION, problem="its load commands are cut short"))
SDIST = Choice(
    project="speedups",
    release="2.1",
    filename="speedups-2.1.tar.gz",
    url="https://example.org/speedups-2.1.tar.gz",
    sha256=SHA256,
    is_wheel=False,
)
BUILT = "pip install --no-binary speedups speedups==2.1"


def judged(facts: WheelFacts) -> Judgement:
    return judge(facts, [mac()])


def handled(
    facts: WheelFacts,
    origin: Origin = Origin.INDEX,
    *,
    refused: bool = False,
    remedy: Remedy | None = None,
) -> Handled:
    place = Place(location=f"https://example.org/{facts.filename}", sha256=SHA256)
    if origin is Origin.INSTALLED:
        place = Place(location="/environment/site-packages")
    return Handled(
        judgement=judged(facts),
        origin=origin,
        targets=(mac(),),
        place=place,
        refused=refused,
        remedy=remedy,
    )


def finished(
    *these: Handled,
    replaced: tuple[Replaced, ...] = (),
    failed: Failed | None = None,
    exit_code: int = 0,
    command: str = "install",
) -> Finished:
    return Finished(
        command=command,
        exit_code=exit_code,
        targets=(mac(),),
        handled=these,
        replaced=replaced,
        reports=Reports(report=Path("report"), requirements=Path("overlay.txt")),
        commands=()
        if exit_code
        else tuple(line for r in replaced for line in (*r.before, r.plain_command)),
        failed=failed,
    )


def taken(facts: WheelFacts, remedy: Remedy, plain_command: str) -> Replaced:
    choice = Choice(
        project=facts.project,
        release=facts.release,
        filename=facts.filename,
        url=f"https://example.org/{facts.filename}",
        sha256=SHA256,
    )
    return Replaced(choice=choice, remedy=remedy, plain_command=plain_command)


def stopped(facts: WheelFacts, *obstacles: Stopped, origin: Origin = Origin.INDEX) -> Finished:
    refusal = Refused(judgement=judged(facts), origin=origin)
    failed = Failed(
        refused=(refusal,),
        tried=(),
        obstacles=obstacles,
        targets=(mac(),),
        asked=("speedups==2.1",),
    )
    return finished(handled(facts, origin, refused=True), failed=failed, exit_code=40)


def _other_wheel() -> Finished:
    command = f"pip install 'speedups @ https://example.org/{GOOD.filename}#sha256={SHA256}'"
    return finished(
        handled(BAD, refused=True),
        handled(GOOD, remedy=Remedy.OTHER_WHEEL),
        replaced=(taken(GOOD, Remedy.OTHER_WHEEL, command),),
    )


def _fused() -> Finished:
    intel, both = (
        thin(EXTENSION, Arch.X86_64, min_os=(10, 9, 0)),
        macho(
            EXTENSION,
            *(
                piece
                for arch, oldest in ((Arch.X86_64, (10, 9, 0)), (Arch.ARM64, (11, 0, 0)))
                for piece in thin(EXTENSION, arch, min_os=oldest).slices
            ),
        ),
    )
    refused, made = wheel(intel, platforms=("macosx_10_9_x86_64",)), wheel(both)
    halves = tuple(
        FusedHalf(
            filename=facts.filename,
            url=f"https://example.org/{facts.filename}",
            sha256=SHA256,
            platform=platform,
        )
        for facts, platform in ((refused, ""), (GOOD, "macosx_14_0_arm64"))
    )
    choice = Choice(
        project=made.project,
        release=made.release,
        filename=made.filename,
        url="",
        fused_of=halves,
    )
    kept = handled(made, remedy=Remedy.FUSED)
    return finished(
        handled(refused, refused=True),
        replace(kept, place=Place(sha256=SHA256)),
        replaced=(
            replacement(
                [Refused(judgement=judged(refused), origin=Origin.INDEX)],
                choice,
                command=("pip", "install"),
            ),
        ),
    )


def _built() -> Finished:
    return finished(
        handled(BAD, refused=True),
        handled(GOOD, Origin.BUILT, remedy=Remedy.BUILT),
        replaced=(Replaced(choice=SDIST, remedy=Remedy.BUILT, plain_command=BUILT),),
    )


def _other_version() -> Finished:
    command = "pip install speedups==2.0"
    return finished(
        handled(BAD, refused=True),
        handled(OLDER, remedy=Remedy.OTHER_VERSION),
        replaced=(taken(OLDER, Remedy.OTHER_VERSION, command),),
    )


def _reinstalled() -> Finished:
    command = "pip install --force-reinstall --no-deps speedups==2.1"
    return finished(
        handled(BAD, Origin.INSTALLED, refused=True),
        handled(GOOD, remedy=Remedy.REINSTALLED),
        replaced=(taken(GOOD, Remedy.REINSTALLED, command),),
    )


def _not_built() -> Finished:
    command = "pip lock --no-binary speedups speedups==2.1"
    replaced = Replaced(choice=SDIST, remedy=Remedy.BUILT, plain_command=command, judged=False)
    return finished(handled(BAD, refused=True), replaced=(replaced,), command="lock")


def _build_failed() -> Finished:
    lacking = Lacking(lack=Lack.HEADER, name="openssl/ssl.h")
    failed = Failed(
        refused=(Refused(judgement=judged(BAD), origin=Origin.INDEX),),
        tried=(Trying(choice=SDIST, remedy=Remedy.BUILT),),
        obstacles=(),
        targets=(mac(),),
        builds=(
            FailedBuild(project="speedups", filename="speedups-2.1.tar.gz", lacking=(lacking,)),
        ),
        loading=(Loading(project="speedups", release="2.0"),),
        asked=("speedups==2.1",),
    )
    return finished(handled(BAD, refused=True), failed=failed, exit_code=40)


def _built_bad() -> Finished:
    first = Refused(judgement=judged(BAD), origin=Origin.INDEX)
    second = Refused(judgement=judged(BAD), origin=Origin.BUILT)
    failed = Failed(
        refused=(first, second),
        tried=(Trying(choice=SDIST, remedy=Remedy.BUILT),),
        obstacles=(Stopped(obstacle=Obstacle.BUILT, about=(BAD.filename,)),),
        targets=(mac(),),
        asked=("-r", "requirements.txt"),
    )
    these = (handled(BAD, refused=True), handled(BAD, Origin.BUILT, refused=True))
    return finished(*these, failed=failed, exit_code=40)


def _unknown() -> Finished:
    obstacle = Stopped(obstacle=Obstacle.NOT_JUDGED, about=(CUT.filename,))
    failed = Failed(refused=(), tried=(), obstacles=(obstacle,), targets=(mac(),))
    return finished(handled(CUT), failed=failed, exit_code=41)


def every_end() -> dict[str, Finished]:
    """Return each by a name that says what it is."""
    return {
        "clean": finished(handled(GOOD)),
        "other-wheel": _other_wheel(),
        "fused": _fused(),
        "built": _built(),
        "other-version": _other_version(),
        "reinstalled": _reinstalled(),
        "not-built": _not_built(),
        "used-all-the-same": finished(handled(BAD)),
        "hostile-names": finished(handled(wheel(thin(HOSTILE, Arch.X86_64)))),
        "failed-policy": stopped(BAD, Stopped(obstacle=Obstacle.POLICY, about=(BAD.filename,))),
        "failed-direct": stopped(
            BAD, Stopped(obstacle=Obstacle.DIRECT, about=(BAD.filename,)), origin=Origin.DIRECT
        ),
        "failed-cannot-build": stopped(
            BAD, Stopped(obstacle=Obstacle.CANNOT_BUILD_FOR, about=("arm64",))
        ),
        "failed-build": _build_failed(),
        "failed-built": _built_bad(),
        "failed-unknown": _unknown(),
    }
