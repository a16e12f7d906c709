"""No regular expression takes long on text that is made to be slow.

Each pattern of the package is run on such text, whatever it is for: what is ours today may
meet a stranger's file tomorrow. A pattern that backtracks would take minutes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from builders import patterns
from builders.hostile_text import hostile_texts

FOUND = list(patterns.patterns())


def test_each_pattern_takes_time_in_proportion_to_the_text() -> None:
    command = [sys.executable, "-c", "from builders.patterns import main; main()"]
    path = os.pathsep.join((str(patterns.ROOT.parent), str(Path(patterns.__file__).parents[1])))

    ran = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ran.returncode == 0, f"{ran.stdout.splitlines()[-1:]}: {ran.stderr[-2000:]}"
    assert len(ran.stdout.splitlines()) == len(FOUND)


def test_patterns_are_found_wherever_they_stand() -> None:
    """At the top, in tables, in text that is compiled later, and where they are used."""
    places = {used.place for used in FOUND}

    assert {
        "messages/dyld.py:_ASKED",
        "messages/reasons.py:_CAUSES",
        "errors.py:_USERINFO",
        "rules/names.py:'[._-]+'",
    } <= places
    assert set(patterns.LONGEST) <= places


def test_the_texts_go_at_each_repetition() -> None:
    texts = list(hostile_texts(re.compile(r"(Name):\s*(.*?)\s*"), 100))

    assert any(text.startswith("Name:" + 90 * " ") for text in texts)
    assert any(text.count("Name:") > 10 for text in texts)
    assert all(len(text) < 450 for text in texts)
