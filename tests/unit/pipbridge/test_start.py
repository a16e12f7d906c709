"""What must be there before pip is started."""

from __future__ import annotations

import importlib.util
import json
import runpy
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec

import pytest
from pip._internal.commands import commands_dict

from pip_archguard.cli.console import Console
from pip_archguard.pipbridge import guard_pip, start_pip
from pip_archguard.pipbridge.internals.start import NEEDED
from pip_archguard.pipbridge.runner import PATHS, runner_environment

Begin = Callable[[Sequence[str], Callable[[], Console]], None]


def test_what_must_be_there_is_what_another_interpreter_is_given() -> None:
    given = json.loads(runner_environment()[PATHS])

    assert set(given) == {"pip", "pip_archguard", *NEEDED}


@pytest.mark.parametrize("begin", [start_pip, guard_pip])
@pytest.mark.parametrize("left", [None, "a folder"])
@pytest.mark.parametrize("name", NEEDED)
def test_a_package_that_is_missing_is_named_before_anything_is_changed(
    name: str, left: str | None, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_spec = importlib.util.find_spec

    def find(wanted: str) -> ModuleSpec | None:
        if wanted != name:
            return find_spec(wanted)
        return None if left is None else ModuleSpec(name, None, is_package=True)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    monkeypatch.setattr(runpy, "run_module", None)
    before = dict(commands_dict)

    with pytest.raises(ImportError, match=f"`{name}`, which pip-archguard needs") as caught:
        begin(["install", "demo"], Console)

    assert caught.value.name == name
    assert commands_dict == before
