"""Each event as its reader sees it; whole outputs lie in `tests/golden`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from builders.facts import elf, linux, mac, macho, piece, shared, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.choice import Choice, Remedy
from pip_archguard.model.event import (
    BuildFailed,
    Complaint,
    Equivalent,
    Failed,
    Noticed,
    OtherEnvironment,
    Refused,
    Replaced,
    Silent,
    Stopped,
    Switching,
    Told,
    Translated,
    Trying,
)
from pip_archguard.model.failure import FailedBuild, Held, Lack, Lacking, Loading, Rule
from pip_archguard.model.finding import Finding
from pip_archguard.model.outcome import Clean, Obstacle, Origin
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.reports import render
from pip_archguard.reports.clean import machine
from pip_archguard.reports.lacks import lacking_text
from pip_archguard.reports.reasons import because
from pip_archguard.reports.wording import held, instead, loading, stopped, subject, tick
from pip_archguard.rules import judge

GOLDEN = Path(__file__).parents[2] / "golden"
EXTENSION = "speedups/_c.cpython-312-darwin.so"
INTEL = thin(EXTENSION, Arch.X86_64)
MISSING = tuple(f"_SASToken_{i}" for i in range(315))
HOLLOW = macho(EXTENSION, piece(Arch.X86_64, flat=()), piece(Arch.ARM64, flat=MISSING))
SDIST = Choice(
    project="speedups", release="2.1", filename="speedups-2.1.tar.gz", url="", is_wheel=False
)
BUILT = Replaced(
    choice=SDIST,
    remedy=Remedy.BUILT,
    plain_command="pip install --no-binary speedups speedups==2.1",
)


TRYING = Trying(choice=SDIST, remedy=Remedy.BUILT)


def build(*lacking: Lacking) -> FailedBuild:
    return FailedBuild(project="speedups", filename="speedups-2.1.tar.gz", lacking=lacking)


def judged(*binaries: object, target: Target | None = None, built: bool = False) -> Judgement:
    return judge(wheel(*binaries), [target or mac()], built=built)  # type: ignore[arg-type]


def refused(*binaries: object, origin: Origin = Origin.INDEX, **more: object) -> Refused:
    return Refused(judgement=judged(*binaries, **more), origin=origin)  # type: ignore[arg-type]


def failed(*refusals: Refused, **more: object) -> Failed:
    settings: dict[str, object] = {"tried": (), "obstacles": (), "targets": (mac(),), **more}
    return Failed(refused=refusals, **settings)  # type: ignore[arg-type]


def degraded() -> Judgement:
    facts = wheel(INTEL)._replace(optional_modules=frozenset({"speedups/_c"}))
    return judge(facts, [mac()])


EVENTS: dict[str, Told] = {
    "refused-index": refused(INTEL),
    "refused-hollow": refused(HOLLOW),
    "refused-cache": refused(INTEL, origin=Origin.CACHE),
    "refused-installed": refused(INTEL, origin=Origin.INSTALLED),
    "refused-built": refused(INTEL, origin=Origin.BUILT),
    "refused-foreign-build": refused(elf("speedups/lib.so.1"), origin=Origin.BUILT, built=True),
    "refused-foreign-extension": refused(elf(EXTENSION)),
    "refused-ios": refused(thin(EXTENSION, Arch.ARM64, platform=2)),
    "refused-many-files": refused(
        *(thin(f"speedups/_{i}.cpython-312-darwin.so", Arch.X86_64) for i in range(5))
    ),
    "refused-opened": refused(thin("speedups/libc.dylib", Arch.X86_64, Kind.DYLIB)),
    "refused-linked": refused(
        thin(EXTENSION, Arch.ARM64, links=("@loader_path/libc.dylib",)),
        thin("speedups/libc.dylib", Arch.X86_64, Kind.DYLIB),
    ),
    "refused-malformed": refused(
        macho(EXTENSION, piece(Arch.ARM64), problem="its arm64 code occurs twice", malformed=True)
    ),
    "passed-over": Refused(judgement=degraded(), origin=Origin.INDEX),
    "noticed-degraded": Noticed(judgement=degraded(), origin=Origin.INDEX),
    "noticed-undelocated": Noticed(
        judgement=judged(thin(EXTENSION, Arch.ARM64, links=("/opt/homebrew/lib/libx.dylib",))),
        origin=Origin.INDEX,
    ),
    "refused-named-target": refused(INTEL, target=mac()._replace(named=True)),
    "noticed-rosetta": Noticed(
        judgement=judged(thin("speedups/bin/tool", Arch.X86_64, Kind.EXECUTABLE)),
        origin=Origin.INDEX,
    ),
    "noticed-foreign-program": Noticed(
        judgement=judged(
            thin("speedups/bin/tool", Arch.ARM64, Kind.EXECUTABLE), target=mac(Arch.X86_64)
        ),
        origin=Origin.INDEX,
    ),
    "noticed-unknown": Noticed(
        judgement=judged(macho(EXTENSION, problem="its load commands are cut short")),
        origin=Origin.INDEX,
    ),
    "noticed-broken": Noticed(judgement=judged(INTEL), origin=Origin.INSTALLED),
    "replaced": BUILT,
    "equivalent": Equivalent(commands=("pip install a", "pip install --no-deps b")),
    "trying": TRYING,
    "replaced-source": replace(BUILT, judged=False),
    "failed-after-a-build": failed(refused(INTEL), tried=(BUILT,)),
    "failed-build": failed(
        refused(INTEL),
        tried=(TRYING,),
        builds=(
            build(
                Lacking(lack=Lack.TOOL, name="cmake"),
                Lacking(lack=Lack.FLAG, name="incompatible-function-pointer-types"),
            ),
        ),
        loading=(Loading(project="speedups", release="2.0"),),
        asked=("-r", "requirements.txt", "speedups>=2"),
    ),
    "failed-metadata": failed(
        refused(HOLLOW),
        builds=(build(Lacking(lack=Lack.HEADER, name="openssl/ssl.h")),),
        loading=(
            Loading(
                project="speedups", release="1.0", against=("speedups>=2 (-c c.txt (line 1))",)
            ),
        ),
        asked=("speedups==2.1",),
    ),
    "failed-held": failed(
        refused(HOLLOW),
        held=(
            Held(
                rule=Rule.ONLY_BINARY,
                project="speedups",
                said_in="PIP_ONLY_BINARY",
                needed=("speedups-2.1.tar.gz",),
            ),
            Held(
                rule=Rule.REQUIRE_HASHES,
                project="speedups",
                needed=("speedups-2.1.tar.gz", "--hash=sha256:ab12"),
            ),
        ),
    ),
    "build-failed": BuildFailed(
        builds=(build(Lacking(lack=Lack.COMPILER)),),
        targets=(mac(),),
        loading=(Loading(project="speedups", release="2.0"),),
        on_x86_64=("speedups",),
        asked=("speedups",),
    ),
    "failed-policy": failed(
        refused(INTEL), obstacles=(Stopped(obstacle=Obstacle.POLICY, about=("s.whl",)),)
    ),
    "failed-unknown": failed(obstacles=(Stopped(obstacle=Obstacle.NOT_JUDGED, about=("s.whl",)),)),
    "failed-build-dependency": failed(build_dependency=True),
    "failed-late-on-intel": failed(
        refused(thin(EXTENSION, Arch.ARM64), target=mac(Arch.X86_64)),
        targets=(mac(Arch.X86_64),),
        untouched=False,
    ),
    "clean": Clean(files=12, wheels=5, targets=(mac(),)),
    "clean-one": Clean(files=1, wheels=1, targets=(mac(), mac(Arch.X86_64))),
    "complaint": Complaint(code="unsupported-pip", message="pip 9 cannot", hint="install 26"),
    "silent": Silent(system="linux"),
    "other-environment": OtherEnvironment(variable="VIRTUAL_ENV", activated="/a", ours="/b"),
    "translated": Translated(python="/usr/bin/python3"),
    "switching": Switching(python="/usr/bin/python3", arch=Arch.X86_64),
    "switching-back": Switching(python="/usr/bin/python3", arch=Arch.ARM64),
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_reads_as_its_golden_file_says(name: str) -> None:
    golden = GOLDEN / f"{name}.txt"

    assert render(EVENTS[name]) + "\n" == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {p.stem for p in GOLDEN.glob("*.txt")} == set(EVENTS)


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_words(reason: Reason, severity: Severity, count: int) -> None:
    finding = Finding(
        reason=reason,
        severity=severity,
        path="demo/_c.so",
        target=mac(),
        found=("elf", "12.0", "13.0"),
        count=count,
    )

    text = because(finding)

    assert "`demo/_c.so`" in text or reason is Reason.LYING_TAG
    assert text[-1] != "."


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_has_its_words(obstacle: Obstacle) -> None:
    assert "`x`" in stopped(obstacle, ("x",))


@pytest.mark.parametrize("remedy", Remedy)
def test_every_remedy_has_its_words(remedy: Remedy) -> None:
    assert "`speedups-2.1.tar.gz`" in instead(remedy, SDIST)


@pytest.mark.parametrize("origin", Origin)
def test_every_origin_has_its_words(origin: Origin) -> None:
    assert subject(origin, "x.whl").startswith("`x.whl`")


@pytest.mark.parametrize("said_in", ["", "PIP_X", "--x"])
@pytest.mark.parametrize("needed", [(), ("a", "b")])
@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_its_words(rule: Rule, needed: tuple[str, ...], said_in: str) -> None:
    text = held(Held(rule=rule, project="speedups", said_in=said_in, needed=needed))

    assert "`speedups`" in text


def test_where_a_rule_was_said_is_told() -> None:
    rule = Held(rule=Rule.NO_INDEX, project="speedups", needed=("speedups==2.1",))

    assert held(replace(rule, said_in="--no-index")).startswith("`--no-index` leaves")
    assert held(replace(rule, said_in="PIP_NO_INDEX")).startswith("`--no-index` (`PIP_NO_INDEX`)")
    assert held(rule).startswith("`--no-index` (a requirements file or pip's configuration)")


@pytest.mark.parametrize("against", [(), ("speedups==2.1",)], ids=["allowed", "excluded"])
def test_the_option_that_gets_another_version_is_offered_where_it_would(
    against: tuple[str, ...],
) -> None:
    text = loading(Loading(project="speedups", release="2.0", against=against))

    assert text.startswith("`speedups==2.0` has a wheel that loads")
    assert ("`--only-binary speedups`" in text) is not bool(against)


LACKING = [
    (Lack.COMPILER, "", "`xcode-select --install`"),
    (Lack.TOOL, "gfortran", "`brew install gcc`"),
    (Lack.TOOL, "swig", "`brew install swig`"),
    (Lack.HEADER, "Python.h", "this Python came without its headers"),
    (Lack.HEADER, "openssl/ssl.h", "brew --prefix openssl@3"),
    (Lack.HEADER, "ffi.h", "`brew install libffi`"),
    (Lack.HEADER, "strange.h", "install the library that it belongs to"),
    (Lack.LIBRARY, "libffi", "`brew install libffi`"),
    (Lack.LIBRARY, "OpenSSL", "`brew install openssl@3`"),
    (Lack.LIBRARY, "strange", "install the library that it belongs to"),
    (Lack.MODULE, "numpy", "`--no-build-isolation`"),
    (Lack.FLAG, "int-conversion", "`CFLAGS=-Wno-error=int-conversion`"),
    (Lack.OTHER_ARCHITECTURE, "/usr/local/lib/libssl.dylib", "`/opt/homebrew`"),
]


@pytest.mark.parametrize(("lack", "name", "words"), LACKING)
def test_what_a_build_lacks_is_told_with_what_brings_it(lack: Lack, name: str, words: str) -> None:
    assert words in lacking_text(Lacking(lack=lack, name=name))


def test_there_are_words_for_each_lack() -> None:
    assert {lack for lack, _, _ in LACKING} == set(Lack)


def test_control_characters_in_names_are_made_visible() -> None:
    assert tick("a\x1b[31m\nb") == "`a\\x1b[31m\\nb`"


def test_control_characters_in_the_reason_of_a_problem_are_made_visible() -> None:
    judgement = judge(wheel(problems=("bad \x1b]0;title",)), [mac()])

    assert "\x1b" not in render(Noticed(judgement=judgement, origin=Origin.INDEX))


def test_a_stop_is_one_clause() -> None:
    event = Stopped(obstacle=Obstacle.POLICY, about=("x.whl",))

    assert render(event) == stopped(Obstacle.POLICY, ("x.whl",))


def test_a_target_is_named_as_its_owner_would() -> None:
    assert machine(mac()) == "macOS 14 arm64 (cp312)"


def test_a_file_for_a_machine_nobody_knows_is_told_as_such() -> None:
    finding = Finding(
        reason=Reason.WRONG_ARCHITECTURE,
        severity=Severity.REFUSE,
        path="demo/_c.so",
        target=mac(),
        found=("other",),
    )

    assert because(finding) == "`demo/_c.so` is for no machine known here, this Python is arm64"


@pytest.mark.parametrize("lack", Lack)
@pytest.mark.parametrize("name", ["Python.h", "openssl/ssl.h"])
def test_on_linux_nobody_is_sent_to_homebrew(lack: Lack, name: str) -> None:
    text = lacking_text(Lacking(lack=lack, name=name), mac=False)

    assert text
    assert not any(word in text for word in ("brew", "xcode", "macOS"))


@pytest.mark.parametrize(
    ("platforms", "offered"), [(("any",), True), (("manylinux_2_17_aarch64",), False)], ids=str
)
def test_a_container_is_offered_where_a_wheel_for_any_linux_holds_x86_64(
    platforms: tuple[str, ...], *, offered: bool
) -> None:
    target = linux(Arch.ARM64, triplet="aarch64-linux-gnu")
    facts = wheel(shared("demo/_c.so"), platforms=platforms)
    refusal = Refused(judgement=judge(facts, [target]), origin=Origin.INDEX)

    text = render(failed(refusal, targets=(target,), asked=("demo",)))

    assert ("pip-archguard route docker demo" in text) is offered
    assert "route conda" not in text


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (linux(), "Linux glibc 2.28 x86_64 (cp312)"),
        (linux(libc=None, version=(0, 0)), "Linux x86_64 (cp312)"),
    ],
)
def test_a_linux_machine_is_named_by_its_c_library(target: Target, name: str) -> None:
    assert machine(target) == name
