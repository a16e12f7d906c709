"""When mixed use is told, and what is not that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders.facts import mac, thin, wheel
from pip_archguard import hosts
from pip_archguard.model.arch import Arch
from pip_archguard.model.event import Event, Remarked
from pip_archguard.model.shown import MixedUseSeen
from pip_archguard.model.target import Target
from pip_archguard.pipbridge.mixed import tell_mixed_use
from pip_archguard.reports import render
from pip_archguard.reports.mixed_text import mixed_sentence
from pip_archguard.rules import judge

ROSETTA = mac(Arch.X86_64)
NATIVE = thin("speedups/_c.cpython-312-darwin.so", Arch.ARM64)


class Heard:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, event: Event) -> None:
        self.events.append(event)


@pytest.mark.parametrize(
    ("count", "targets", "told"),
    [
        (2, (ROSETTA,), True),
        (1, (ROSETTA,), False),
        (2, (ROSETTA, mac()), False),
        (2, (ROSETTA._replace(named=True),), False),
        (0, (ROSETTA,), False),
    ],
    ids=["several", "one", "both architectures", "named", "none"],
)
def test_several_for_the_other_architecture_are_told_of(
    count: int, targets: tuple[Target, ...], *, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "is_translated", lambda: True)
    heard = Heard()
    judgements = [judge(wheel(NATIVE), targets)] * count

    assert tell_mixed_use(judgements, targets, heard) is told
    assert [type(event) for event in heard.events] == [Remarked] * told


def test_it_is_said_in_one_sentence() -> None:
    heard = Heard()
    tell_mixed_use([judge(wheel(NATIVE), [ROSETTA])] * 2, [ROSETTA], heard)
    (event,) = heard.events
    assert isinstance(event, Remarked)
    assert isinstance(event.remark, MixedUseSeen)

    seen = replace(event.remark, translated=True, python="/v/bin/python")
    text = render(Remarked(remark=seen))

    assert text == (
        "warning: mixed-use\nthis environment was filled as arm64 (2 of 2 native packages that "
        "this run needs), and this Python runs as x86_64, under Rosetta\n\nhint: if that is not "
        "meant, start Python as arm64: `arch -arm64 /v/bin/python -m pip_archguard …`"
    )
    assert mixed_sentence(seen.mixed, translated=False) == (
        "this environment was filled as arm64 (2 of 2 native packages), and this Python runs as "
        "x86_64"
    )


def test_broken_for_another_reason_is_not_mixed_use() -> None:
    odd = wheel(thin("speedups/_c.cpython-312-darwin.so", Arch.ARM64, platform=2))

    assert not tell_mixed_use([judge(odd, [mac()])] * 3, [mac()], Heard())
