"""The reference of the JSON, held against the schema and a document that is really printed."""

from __future__ import annotations

import importlib.resources
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]

from builders.pages import DOCS, ROOT, blocks, section
from builders.pictures import SCAN, wheels

PAGE = DOCS / "reference" / "json.md"
SCHEMA: dict[str, Any] = json.loads(
    importlib.resources.files("pip_archguard.reports").joinpath("schema-1.json").read_text()
)
TEXT = PAGE.read_text(encoding="utf-8")


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Yield each part of a schema."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from parts(each)


def properties() -> set[str]:
    return {name for part in parts(SCHEMA) for name in part.get("properties", {})}


def test_each_key_of_the_schema_is_described() -> None:
    assert {name for name in properties() if f"`{name}`" not in TEXT} == set()


def test_each_value_that_the_schema_lists_is_described() -> None:
    codes = (DOCS / "reference" / "codes.md").read_text(encoding="utf-8")
    values = {value for part in parts(SCHEMA) for value in part.get("enum", ()) if value}

    assert {value for value in values if f"`{value}`" not in TEXT + codes} == set()


def test_each_key_that_is_described_is_in_the_schema() -> None:
    doctor = section(PAGE, "The result of `doctor`")
    cells = re.findall(r"^\| (`[^|]*) \|", TEXT.replace(doctor, ""), re.MULTILINE)
    told = {name for cell in cells for name in re.findall(r"`([a-z_0-9]+)`", cell)}

    actions = {value for part in parts(SCHEMA) for value in part.get("enum", ())}

    assert told - properties() - actions == set()


def test_the_document_that_is_shown_is_what_a_scan_prints(tmp_path: Path) -> None:
    (block,) = (block for block in blocks(PAGE) if block.language == "json")
    shown = json.loads(block.text)
    wheels(tmp_path)
    (wheel,) = tmp_path.glob("speedups-*")
    command = [sys.executable, "-m", "pip_archguard", *SCAN[:-1], "--format", "json", str(wheel)]

    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PIP_NO_CACHE_DIR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    printed = json.loads(done.stdout)
    printed["wheels"][0]["sha256"] = shown["wheels"][0]["sha256"]  # zlib is not the same everywhere
    assert printed == shown
    jsonschema.validate(shown, SCHEMA)
