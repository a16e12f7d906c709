"""The examples for CI in the documentation, held against the schemas of those services."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from builders.index import Index
from builders.packages import ANY, pure
from builders.sandbox import Sandbox

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
SCHEMAS = {"jobs": "vendor.github-workflows", "script": "vendor.gitlab-ci"}
EXAMPLES = (
    ("use-in-ci.md", "jobs"),
    ("use-in-ci.md", "script"),
    ("gate-your-wheels.md", "jobs"),
    ("share-facts.md", "script"),
)


def example(word: str, page: str = "use-in-ci.md") -> str:
    """Return the one example of a page that has a key of this name."""
    text = (GUIDES / page).read_text(encoding="utf-8")
    found = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (text,) = [each for each in found if re.search(rf"^ *{word}:", each, re.MULTILINE)]
    return str(text)


def parsed(word: str) -> dict[str, Any]:
    content: dict[str, Any] = pytest.importorskip("yaml").safe_load(example(word))
    return content


def commands() -> list[str]:
    steps = parsed("jobs")["jobs"]["install"]["steps"]
    jobs = parsed("script").values()
    lines = [step["run"] for step in steps if "run" in step]
    return lines + [line for job in jobs for line in job["script"]]


@pytest.mark.parametrize(("page", "word"), EXAMPLES)
def test_an_example_is_as_the_service_wants_it(page: str, word: str, tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema")
    path = tmp_path / "example.yml"
    path.write_text(example(word, page), encoding="utf-8")
    words = ("-m", "check_jsonschema", "--builtin-schema", SCHEMAS[word], str(path))

    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_commands_of_the_examples_do_run(arm64: Sandbox, index: Index) -> None:
    index.add_wheel("app", "1.0", ANY, pure("app"))
    arm64.work.joinpath("requirements.txt").write_text("app\n")
    guarded = [shlex.split(line) for line in commands() if line.startswith("pip-archguard ")]
    variables = next(iter(parsed("script").values()))["variables"]

    results = [arm64.run(*words[1:], env=variables) for words in guarded]

    assert [result.code for result in results] == [0, 0], results
    assert {path.name for path in arm64.work.iterdir()} >= {
        "archguard.sarif",
        "archguard.json",
        "archguard.txt",
    }
