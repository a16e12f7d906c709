"""What `doctor` prints; whole outputs lie in `tests/golden/doctor`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from builders.checkups import ILL, LINUX, MACHINE, PYTHON, WELL
from pip_archguard.model.doctor import Ailment, Checkup, DoctorForm, Trouble
from pip_archguard.model.reason import Severity
from pip_archguard.model.shown import Diagnosis
from pip_archguard.reports.ailments import ailment_text
from pip_archguard.reports.doctor_json import doctor_document
from pip_archguard.reports.doctor_text import doctor_text
from pip_archguard.rules.checkup import troubles_of

GOLDEN = Path(__file__).parents[2] / "golden" / "doctor"
CHECKUPS = {"well": WELL, "ill": ILL, "linux": LINUX, "untold": Checkup()}


def shown(checkup: Checkup, form: DoctorForm = DoctorForm.TEXT) -> Diagnosis:
    return Diagnosis(checkup=checkup, troubles=troubles_of(checkup), form=form)


@pytest.mark.parametrize("name", CHECKUPS)
def test_the_text_is_as_it_was(name: str) -> None:
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")

    assert doctor_text(shown(CHECKUPS[name])) + "\n" == expected


@pytest.mark.parametrize("name", CHECKUPS)
def test_the_document_is_as_it_was(name: str) -> None:
    expected = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")

    assert doctor_document(shown(CHECKUPS[name], DoctorForm.JSON)) + "\n" == expected


def test_the_document_says_the_same() -> None:
    document = json.loads(doctor_document(shown(ILL)))

    assert document["version"] == "1"
    listed = [each["code"] for each in document["problems"] + document["notes"]]
    assert listed == [trouble.ailment.value for trouble in troubles_of(ILL)]


@pytest.mark.parametrize("ailment", Ailment)
def test_every_ailment_has_its_words(ailment: Ailment) -> None:
    about = ("a", "b", "c", "d")

    text = ailment_text(Trouble(ailment=ailment, severity=Severity.WARN, about=about))

    assert text
    assert text[-1] != "."


def test_control_characters_never_reach_the_terminal() -> None:
    odd = replace(
        WELL,
        machine=replace(MACHINE, chip="\x1b[31m"),
        interpreter=replace(PYTHON, executable="/a\nb"),
    )

    assert "\x1b" not in doctor_text(shown(odd))
    assert "/a\\nb" in doctor_text(shown(odd))
