"""No form of a report lets a name from outside steer a terminal, a runner or a reader."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders.audit_cases import AUDITS
from builders.checkups import ILL, LINUX, WELL
from builders.coverages import ALL as COVERAGES
from builders.facts import mac
from builders.finished_cases import every_end
from builders.poison import BENIGN, POISONS, poisoned
from builders.route_cases import every_route
from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import AuditForm, MendingPlanned
from pip_archguard.model.doctor import DoctorForm
from pip_archguard.model.enabling import Enabling
from pip_archguard.model.event import Complaint, FusedForInstall, NotFusedForInstall, Unguarded
from pip_archguard.model.explanation import (
    Explained,
    Explanation,
    Looked,
    Process,
    Step,
    StepKind,
)
from pip_archguard.model.facts import FactsExported, FactsImported, FactsInfo, FactsPurged
from pip_archguard.model.fusing import FusedFile, FusedWheel, Share
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.mixed import MixedUse
from pip_archguard.model.owner import Owner
from pip_archguard.model.result import EnablingShown, RouteShown
from pip_archguard.model.scan import Form
from pip_archguard.model.shown import Diagnosis, MixedUseSeen
from pip_archguard.reports import (
    coverage_html,
    coverage_json,
    coverage_markdown,
    coverage_text,
    render,
)
from pip_archguard.reports.audit_text import audit_text
from pip_archguard.reports.audit_words import plan_text
from pip_archguard.reports.enabling_text import enabling_text
from pip_archguard.reports.fuse_text import fused_text
from pip_archguard.reports.github import summary, workflow_commands
from pip_archguard.reports.json_form import install_document
from pip_archguard.reports.requirements_form import overlay
from pip_archguard.reports.route_text import route_text
from pip_archguard.reports.sarif import sarif_log
from pip_archguard.reports.scan_text import scan_text
from pip_archguard.reports.seldom import answer_text, remark_text
from pip_archguard.rules.checkup import troubles_of

HERE = Path(__file__).parent
EVENTS: dict[str, Any] = runpy.run_path(str(HERE / "test_text.py"))["EVENTS"]
SCANS: dict[str, Any] = runpy.run_path(str(HERE / "test_scan_text.py"))["REPORTS"]
ENDS = every_end()
OTHERS = {
    "a complaint": Complaint(code="x", message="`m` is bad", hint="see `h`"),
    "unguarded": Unguarded(message="m", hint="h"),
    "not fused": NotFusedForInstall(halves=("a.whl", "b.whl"), why="w"),
}


def _fused() -> FusedForInstall:
    made = ENDS["fused"].handled[-1]
    files = tuple(FusedFile(path=f"a/{s.value}", share=s) for s in Share)
    wheel = FusedWheel(
        path="/x/a.whl",
        halves=("a.whl", "b.whl"),
        files=files,
        metadata=("Summary",),
        judgement=made.judgement,
        targets=made.targets,
    )
    return FusedForInstall(wheel=wheel)


def _explained() -> Explained:
    process = Process(target=mac(), python="/p", hardware=Arch.ARM64)
    words: dict[str, Any] = {
        name: f"/x/{name}.so"
        for name in ("file", "library", "referenced_from", "symbol", "module", "asked_by", "detail")
    }
    errors = [LoadError(cause=c, have=("x86_64",), need=("arm64",), **words) for c in Cause]
    owners = [
        Owner(project="a", release="1", known=k, here=h)
        for k in (True, False)
        for h in (True, False)
    ]
    looked = [Looked(path="/x", problem="p"), None]
    follow = tuple(each for each in errors if each.cause.follows)
    steps = tuple(Step(kind=kind, commands=("a b",)) for kind in StepKind)
    explanations = [
        Explanation(error=e, process=process, owner=o, looked=each, steps=steps)
        for e in errors
        for o in owners
        for each in looked
    ]
    return Explained(explanations=tuple(explanations), follow=follow, more=True)


Reporter = tuple[Callable[[Any], str], list[Any]]
REPORTERS: dict[str, Reporter] = {
    "text": (render, [*EVENTS.values(), *OTHERS.values()]),
    "fused": (fused_text, [_fused()]),
    "scan": (scan_text, [s for s in SCANS.values() if s.form is Form.TABLE]),
    "scan json": (scan_text, [s for s in SCANS.values() if s.form is Form.JSON]),
    **{
        f"audit {form.value}": (
            audit_text,
            [replace(a, form=form, verbose=True) for a in AUDITS.values()],
        )
        for form in AuditForm
    },
    "plan": (plan_text, [MendingPlanned(runs=(("install", "a"),), packages=("a",), others=("b",))]),
    "coverage": (coverage_text, [*COVERAGES.values()]),
    "coverage json": (coverage_json, [*COVERAGES.values()]),
    "coverage markdown": (coverage_markdown, [*COVERAGES.values()]),
    "coverage html": (coverage_html, [*COVERAGES.values()]),
    "report json": (install_document, [*ENDS.values()]),
    "report sarif": (sarif_log, [*ENDS.values()]),
    "annotations": (workflow_commands, [*ENDS.values()]),
    "summary": (summary, [*ENDS.values()]),
    "requirements": (overlay, [*ENDS.values()]),
    "route": (route_text, [RouteShown(route=route) for route in every_route().values()]),
    "enabling": (enabling_text, [EnablingShown(enabling=e, folder="/f") for e in Enabling]),
    **{
        f"doctor {form.value}": (
            answer_text,
            [Diagnosis(checkup=c, troubles=troubles_of(c), form=form) for c in (WELL, ILL, LINUX)],
        )
        for form in DoctorForm
    },
    "explain": (answer_text, [_explained()]),
    "facts": (
        answer_text,
        [
            FactsInfo(folder="/f", entries=1, size=1, bound=2, parser=1, stale=1),
            FactsPurged(folder="/f", entries=1, size=1),
            FactsExported(file="f", entries=1),
            FactsImported(file="f", taken=1, known=1, dropped=1),
        ],
    ),
}


def test_the_remarks_are_driven_too() -> None:
    mixed = MixedUse(filled_as=Arch.X86_64, runs_as=Arch.ARM64, lacking=2, native=2)
    seen = MixedUseSeen(mixed=mixed, translated=False, python="/p")

    for poison in POISONS.values():
        _check("text", remark_text(poisoned(seen, poison)), remark_text(poisoned(seen, BENIGN)))


@pytest.mark.parametrize("poison", POISONS)
@pytest.mark.parametrize("reporter", REPORTERS)
def test_no_control_character_and_no_line_of_its_own_gets_out(reporter: str, poison: str) -> None:
    report, cases = REPORTERS[reporter]

    for case in cases:
        text = report(poisoned(case, POISONS[poison]))
        _check(reporter, text, report(poisoned(case, BENIGN)))


_FOLDED = 5_000


def _check(reporter: str, text: str, expected: str) -> None:
    """Hold a report with hostile names against the same one with harmless ones."""
    lines = text.split("\n")
    bad = {c for line in lines for c in line if not c.isprintable()}
    assert not bad
    assert "##[" not in text
    # A route shows a file of the user's, line by line; a table folds what is too long.
    if reporter != "route" and len(max(lines, key=len)) < _FOLDED:
        assert len(lines) == len(expected.split("\n"))
    begun = [line for line in lines if line.lstrip().startswith("::")]
    if reporter == "annotations":
        assert begun == [line for line in lines if line]
        assert all(line.startswith(("::error title=", "::warning title=")) for line in begun)
    else:
        assert not begun
    if reporter == "requirements":
        assert [*map(_kind, lines)] == [*map(_kind, expected.split("\n"))]
    if reporter.endswith(("json", "sarif")):
        json.loads(text)


def _kind(line: str) -> str:
    """Return as what pip reads a line of a requirements file."""
    return line[:1] if line.startswith(("#", "-")) else "requirement" if line else ""
