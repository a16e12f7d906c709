"""What the guard decides, without pip."""

from __future__ import annotations

import pytest

from builders.facts import mac, macho, thin, wheel
from pip_archguard.hosts import BuildSettings
from pip_archguard.model.arch import Arch
from pip_archguard.model.choice import Choice, Remedy
from pip_archguard.model.event import (
    BuildFailed,
    Equivalent,
    Event,
    Failed,
    Finished,
    Noticed,
    Refused,
    Replaced,
    Trying,
)
from pip_archguard.model.failure import Lack, Lacking
from pip_archguard.model.outcome import Clean, Obstacle, Origin, Place, Reports
from pip_archguard.model.policy import Mode, Policy
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.ending import tell_end
from pip_archguard.pipbridge.guarded import GuardedCommand
from pip_archguard.pipbridge.judge import Judge
from pip_archguard.pipbridge.session import Decision, GuardSession
from pip_archguard.pipbridge.source_build import SourceBuild
from pip_archguard.rules import judge

EXTENSION = "speedups/_c.cpython-312-darwin.so"
GOOD = wheel(thin(EXTENSION, Arch.ARM64))
BAD = wheel(thin(EXTENSION, Arch.X86_64))
CUT = wheel(macho(EXTENSION, problem="it is cut short"))


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, event: Event) -> None:
        self.events.append(event)

    def kinds(self) -> list[type]:
        return [type(e) for e in self.events]


@pytest.fixture
def heard() -> Heard:
    return Heard()


def session(heard: Heard, mode: Mode = Mode.FIX, **more: object) -> GuardSession:
    settings: dict[str, object] = {
        "judge": Judge([mac()]),
        "command": GuardedCommand(reports=Reports(on_github=True)),
        "building": lambda: BuildSettings(variables=(), archs=frozenset({Arch.ARM64})),
        **more,
    }
    return GuardSession(policy=Policy(mode=mode), listener=heard, **settings)  # type: ignore[arg-type]


def judged(facts: WheelFacts) -> Judgement:
    return judge(facts, [mac()])


@pytest.mark.parametrize(
    ("facts", "mode", "decision", "code"),
    [
        (GOOD, Mode.FIX, Decision.KEEP, 1),
        (GOOD, Mode.FAIL, Decision.KEEP, 1),
        (BAD, Mode.FIX, Decision.REFUSE, 40),
        (BAD, Mode.FAIL, Decision.STOP, 40),
        (BAD, Mode.WARN, Decision.KEEP, 1),
        (CUT, Mode.FIX, Decision.KEEP, 1),
        (CUT, Mode.FAIL, Decision.STOP, 41),
        (CUT, Mode.WARN, Decision.KEEP, 1),
    ],
)
def test_the_policy_decides_what_becomes_of_a_verdict_and_the_exit_code(
    facts: WheelFacts, mode: Mode, decision: Decision, code: int, heard: Heard
) -> None:
    guard = session(heard, mode)

    assert guard.decide(judged(facts), Origin.INDEX) is decision
    assert tell_end(guard, 1) == code


def test_a_run_that_pip_ends_well_ends_well_although_something_was_refused(heard: Heard) -> None:
    guard = session(heard)
    guard.decide(judged(BAD), Origin.INDEX)
    guard.keep(judged(GOOD), Origin.INDEX)

    assert tell_end(guard, 0) == 0
    assert heard.kinds() == [Refused, Clean, Finished]


@pytest.mark.parametrize("kept", [BAD, CUT], ids=["broken", "unknown"])
def test_what_is_kept_in_spite_of_its_verdict_is_noticed_once_and_never_called_fit(
    kept: WheelFacts, heard: Heard
) -> None:
    guard = session(heard, Mode.WARN)
    guard.keep(judged(kept), Origin.INDEX)
    guard.keep(judged(kept), Origin.INDEX)
    tell_end(guard, 0)

    assert heard.kinds() == [Noticed, Finished]


def test_quiet_leaves_out_the_line_that_all_is_well(heard: Heard) -> None:
    guard = session(heard, command=GuardedCommand(quiet=True))
    guard.keep(judged(GOOD), Origin.INDEX)
    tell_end(guard, 0)

    assert heard.kinds() == []


def test_an_end_of_which_nothing_is_left_is_not_told(heard: Heard) -> None:
    guard = session(heard, command=GuardedCommand())
    guard.keep(judged(GOOD), Origin.INDEX)
    tell_end(guard, 0)

    assert heard.kinds() == [Clean]


def test_what_takes_the_place_of_something_refused_is_told(heard: Heard) -> None:
    guard = session(heard)
    guard.decide(judged(BAD), Origin.INDEX)
    guard.replace(Choice(project="speedups", release="2.1", filename="f", url="u"))
    tell_end(guard, 1)

    assert heard.kinds() == [Refused, Replaced, Failed, Finished]
    (replaced,) = [e for e in heard.events if isinstance(e, Replaced)]
    assert replaced.remedy is Remedy.OTHER_WHEEL
    assert (guard.has_refused("speedups"), guard.has_refused("other")) == (True, False)


def test_a_pip_that_fails_after_all_was_replaced_keeps_its_code(heard: Heard) -> None:
    guard = session(heard)
    guard.decide(judged(BAD), Origin.INDEX)
    guard.replace(Choice(project="speedups", release="2.1", filename="f", url="u"))
    guard.writing = True

    assert tell_end(guard, 1) == 1
    assert heard.kinds() == [Refused, Replaced, Finished]


def test_a_pip_that_fails_with_something_refused_left_ends_with_our_code(heard: Heard) -> None:
    guard = session(heard)
    for facts in (BAD, BAD._replace(project="other")):
        guard.decide(judged(facts), Origin.INDEX)
    guard.replace(Choice(project="speedups", release="2.1", filename="f", url="u"))
    guard.writing = True

    assert tell_end(guard, 1) == 40


def test_ten_refused_releases_are_enough(heard: Heard) -> None:
    guard = session(heard)
    for minor in range(10):
        assert not guard.tried_too_often("speedups")
        facts = wheel(thin(EXTENSION, Arch.X86_64), release=f"1.{minor}")
        guard.decide(judged(facts), Origin.INDEX)

    assert guard.tried_too_often("speedups")
    assert not guard.tried_too_often("other")


def test_a_build_environment_is_judged_for_the_interpreter_and_told_to_its_parent(
    heard: Heard,
) -> None:
    guard = session(heard, judge=Judge([mac(Arch.X86_64)]))
    child = guard.for_build_environment(mac())
    child.decide(judged(BAD), Origin.INDEX)
    child.stop(Obstacle.TOO_MANY_VERSIONS, "speedups")

    assert child.targets == (mac(),)
    assert tell_end(guard, 1) == 40
    (failed,) = [e for e in heard.events if isinstance(e, Failed)]
    assert (len(failed.refused), len(failed.obstacles)) == (1, 1)


def test_a_failed_build_subprocess_counts_as_a_refusal(heard: Heard) -> None:
    guard = session(heard)
    guard.build_dependency_refused = True

    assert tell_end(guard, 1) == 40


SDIST = Choice(project="speedups", release="2.1", filename="s.tar.gz", url="u", is_wheel=False)


def test_what_is_to_be_built_is_a_remedy_only_when_it_was_judged(heard: Heard) -> None:
    guard = session(heard)
    guard.decide(judged(BAD), Origin.INDEX)
    guard.replace(SDIST, to_build=True)
    before = heard.kinds()
    guard.keep(judged(GOOD), Origin.BUILT)

    assert before == [Refused, Trying]
    assert heard.kinds() == [Refused, Trying, Replaced]


def test_a_build_that_cannot_load_is_never_sold_as_a_remedy(heard: Heard) -> None:
    guard = session(heard)
    guard.decide(judged(BAD), Origin.INDEX)
    guard.replace(SDIST, to_build=True)
    guard.decide(judged(BAD), Origin.BUILT)
    tell_end(guard, 1)

    assert heard.kinds() == [Refused, Trying, Refused, Failed, Finished]


def test_source_that_the_command_does_not_build_is_told_as_not_judged(heard: Heard) -> None:
    guard = session(heard, command=GuardedCommand(name="download", builds=False))
    guard.decide(judged(BAD), Origin.INDEX)
    guard.replace(SDIST, to_build=True)

    (replaced,) = [e for e in heard.events if isinstance(e, Replaced)]
    assert not replaced.judged


def test_a_failed_build_is_told_with_what_it_lacked(heard: Heard) -> None:
    guard = session(heard)
    build = SourceBuild(project="speedups", filename="s.tar.gz")
    guard.build_failed_with(build, "bash: cmake: command not found")
    guard.decide(judged(BAD), Origin.INDEX)
    tell_end(guard, 1)

    (failed,) = [e for e in heard.events if isinstance(e, Failed)]
    assert [b.lacking for b in failed.builds] == [(Lacking(lack=Lack.TOOL, name="cmake"),)]


def test_a_build_that_pip_had_chosen_is_told_apart_and_keeps_pips_code(heard: Heard) -> None:
    guard = session(heard)
    build = SourceBuild(project="speedups", filename="s.tar.gz")
    guard.build_failed_with(build, "bash: cmake: command not found")

    assert tell_end(guard, 1) == 1
    assert heard.kinds() == [BuildFailed, Finished]


def test_whoever_cancels_hears_no_more(heard: Heard) -> None:
    guard = session(heard)
    guard.decide(judged(BAD), Origin.INDEX)
    guard.cancelled = True

    assert tell_end(guard, 1) == 1
    assert heard.kinds() == [Refused, Finished]


def test_several_replacements_take_one_command(heard: Heard) -> None:
    guard = session(heard)
    guard.decide(judged(BAD), Origin.INDEX)
    guard.decide(judged(BAD._replace(project="other")), Origin.INDEX)
    guard.replace(SDIST)
    guard.replace(Choice(project="other", release="2.1", filename="o.whl", url="https://o"))
    tell_end(guard, 0)

    (told,) = [e for e in heard.events if isinstance(e, Equivalent)]
    assert told.commands == ("pip install --no-binary speedups speedups==2.1 'other @ https://o'",)


def test_the_end_tells_what_became_of_each_distribution(heard: Heard) -> None:
    guard = session(heard)
    place = Place(location="https://example.org/s.whl", sha256="ab")
    guard.decide(judged(BAD), Origin.INDEX, place)
    guard.keep(judged(GOOD), Origin.INDEX)
    other = GOOD._replace(project="other")
    guard.keep(judged(other), Origin.INDEX)
    guard.replace(Choice(project="speedups", release="2.1", filename="f", url="u"))
    tell_end(guard, 0)

    (end,) = [e for e in heard.events if isinstance(e, Finished)]
    told = [(h.judgement.facts.project, h.refused, h.remedy) for h in end.handled]
    assert told == [
        ("speedups", True, None),
        ("speedups", False, Remedy.OTHER_WHEEL),
        ("other", False, None),
    ]
    assert end.handled[0].place == place
    assert (end.command, end.exit_code, end.failed, len(end.replaced)) == ("install", 0, None, 1)


def test_a_build_environment_has_no_end_of_its_own(heard: Heard) -> None:
    tell_end(session(heard, command=GuardedCommand(nested=True)), 0)

    assert heard.events == []


def test_an_architecture_that_no_build_here_yields_is_named(heard: Heard) -> None:
    guard = session(heard, judge=Judge([mac(), mac(Arch.X86_64)]))

    assert guard.cannot_build() == ("x86_64",)
