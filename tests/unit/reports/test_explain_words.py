"""Each cause and each step has its words; whole outputs lie in `tests/golden/explain`."""

from __future__ import annotations

import pytest

from builders.facts import mac
from pip_archguard.model.explanation import Explained, Explanation, Process, Ran, Step, StepKind
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.reports.explain_text import explain_text

PROCESS = Process(target=mac(), python="3.12")


def told(error: LoadError, *steps: Step) -> str:
    each = Explanation(error=error, process=PROCESS, ran=Ran.UNKNOWN, steps=steps)
    return explain_text(Explained(explanations=(each,)))


@pytest.mark.parametrize("cause", Cause)
def test_each_cause_has_its_words(cause: Cause) -> None:
    error = LoadError(cause=cause, file="/a/b-1.0-py3-none-any.whl", symbol="_f", module="m")

    assert "cause: " in told(error)
    assert "{" not in told(error)


@pytest.mark.parametrize("kind", StepKind)
@pytest.mark.parametrize("commands", [(), ("do it",)], ids=["alone", "command"])
def test_each_step_has_its_words(kind: StepKind, commands: tuple[str, ...]) -> None:
    step = Step(kind=kind, commands=commands)

    assert "do: " in told(LoadError(cause=Cause.RUST_PANIC), step)
