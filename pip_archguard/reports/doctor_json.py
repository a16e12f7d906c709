"""What `doctor` found, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pip_archguard.model.doctor import Machine, Trouble
from pip_archguard.model.reason import Severity
from pip_archguard.model.shown import Diagnosis
from pip_archguard.reports.ailments import ailment_text
from pip_archguard.reports.json_form import dump

VERSION = "1"


def doctor_document(event: Diagnosis) -> str:
    """Return the document; a part that could not be looked at is null."""
    checkup = event.checkup
    pip = checkup.pip
    document: dict[str, Any] = {
        "version": VERSION,
        "machine": checkup.machine and _machine(checkup.machine),
        "python": checkup.interpreter and asdict(checkup.interpreter),
        "pip": pip
        and {
            "version": pip.version,
            "guardable": not pip.unguardable,
            "on_path": pip.on_path or None,
            "is_ours": pip.is_ours,
            "enabling": pip.enabling and pip.enabling.value,
            "settings": list(pip.settings),
        },
        "tools": checkup.tools and asdict(checkup.tools),
        "variables": None
        if checkup.variables is None
        else {setting.name: setting.value for setting in checkup.variables},
        "conda": None
        if checkup.conda is None
        else [
            {
                "prefix": conda.prefix,
                "is_ours": conda.is_ours,
                "subdirs": dict(conda.subdirs),
                "configured": {setting.name: setting.value for setting in conda.configured},
            }
            for conda in checkup.conda
        ],
        "cache": checkup.cache and asdict(checkup.cache),
        "problems": _listed(event.troubles, problems=True),
        "notes": _listed(event.troubles, problems=False),
    }
    return dump(document)


def _machine(machine: Machine) -> dict[str, object]:
    return {
        "system": machine.target.system.value,
        "system_version": machine.system_version or None,
        "hardware": machine.hardware or None,
        "chip": machine.chip or None,
        "arch": str(machine.target.arch),
        "python": machine.target.python,
        "translated": machine.translated,
        "rosetta": machine.rosetta,
    }


def _listed(troubles: tuple[Trouble, ...], *, problems: bool) -> list[dict[str, object]]:
    return [
        {
            "code": trouble.ailment.value,
            "message": ailment_text(trouble),
            "about": list(trouble.about),
            "commands": list(trouble.commands),
        }
        for trouble in troubles
        if (trouble.severity is not Severity.INFO) is problems
    ]
