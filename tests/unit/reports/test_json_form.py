"""The form for machines, held against the schema that is shipped with it."""

from __future__ import annotations

import importlib.resources
import json
from dataclasses import replace
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from builders.facts import elf, mac, macho, piece, thin, wheel
from builders.finished_cases import every_end
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind
from pip_archguard.model.choice import Remedy
from pip_archguard.model.coverage import Cover
from pip_archguard.model.outcome import Obstacle, Place
from pip_archguard.model.reason import Severity
from pip_archguard.model.scan import Scanned
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Verdict
from pip_archguard.reports.json_form import VERSION, document, install_document
from pip_archguard.rules import judge

EXTENSION = "speedups/_c.cpython-312-darwin.so"
TARGETS = (mac(), mac(Arch.X86_64))
UNKNOWN = Target(system=System.OTHER, arch=Arch.OTHER)
ENDS = every_end()


def schema() -> dict[str, Any]:
    text = importlib.resources.files("pip_archguard.reports").joinpath("schema-1.json").read_text()
    found: dict[str, Any] = json.loads(text)
    return found


def scanned(*binaries: Binary, targets: tuple[Target, ...] = TARGETS) -> Scanned:
    judgement = judge(wheel(*binaries), targets)
    return Scanned(judgement=judgement, targets=targets, sha256="0" * 64)


def parsed(*wheels: Scanned) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document(wheels))
    return found


WHEELS = {
    "none": (),
    "pure": (scanned(),),
    "broken": (scanned(thin(EXTENSION, Arch.X86_64, min_os=(10, 9, 0))),),
    "cut short": (scanned(macho(EXTENSION, problem="it is cut short")),),
    "other formats": (scanned(elf(EXTENSION), Binary(path="x.pyd", format=Format.PE)),),
    "other systems": (scanned(targets=(UNKNOWN, UNKNOWN._replace(system=System.LINUX))),),
    "every kind": (
        scanned(*(thin(f"{kind}-{arch}", arch, kind) for kind in Kind for arch in Arch)),
    ),
    "every platform": (
        scanned(*(thin(f"{n}", Arch.ARM64, platform=n) for n in (None, 1, 2, 12, 99))),
    ),
    "several": (scanned(thin(EXTENSION, Arch.ARM64)), scanned(targets=(mac(os=(11, 0)),))),
}


@pytest.mark.parametrize("name", WHEELS)
def test_a_document_is_as_its_schema_says(name: str) -> None:
    validator = jsonschema.Draft202012Validator(schema())

    assert list(validator.iter_errors(parsed(*WHEELS[name]))) == []


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_schema_knows_every_word() -> None:
    words = schema()["$defs"]
    judged = words["judged"]["properties"]
    obstacles = words["failure"]["properties"]["obstacles"]
    actions = {remedy.value for remedy in Remedy} | {"kept", "refused"}

    assert schema()["properties"]["version"] == {"const": VERSION}
    assert set(words["verdict"]["enum"]) == {verdict.value for verdict in Verdict}
    assert set(words["arch"]["enum"]) == {arch.value for arch in Arch}
    assert set(words["finding"]["properties"]["severity"]["enum"]) == {s.value for s in Severity}
    assert set(words["binary"]["properties"]["format"]["enum"]) == {f.value for f in Format}
    assert set(words["binary"]["properties"]["kind"]["enum"]) == {*(k.value for k in Kind), None}
    assert set(words["target"]["properties"]["system"]["enum"]) == {s.value for s in System}
    assert set(words["cover"]["enum"]) == {cover.value for cover in Cover}
    assert set(judged["action"]["enum"]) == actions
    assert set(obstacles["items"]["enum"]) == {obstacle.value for obstacle in Obstacle}


@pytest.mark.parametrize(
    "content",
    [
        {"version": "1", "targets": []},
        {"version": "2", "targets": [], "wheels": []},
        {"version": "1", "targets": [], "wheels": [{"filename": "x.whl"}]},
        {"version": "1", "wheels": []},
    ],
    ids=["no wheels", "other version", "half a wheel", "no targets"],
)
def test_the_schema_refuses_less(content: object) -> None:
    assert not jsonschema.Draft202012Validator(schema()).is_valid(content)


@pytest.mark.parametrize("key", ["packages", "wheels"])
def test_the_schema_has_room_for_installs_and_environments(key: str) -> None:
    (document,) = [parsed(scanned(thin(EXTENSION, Arch.ARM64)))]
    (found,) = document.pop("wheels")
    found |= {"name": "Speedups", "location": "/x", "action": "other-wheel"}

    content = {**document, key: [found], "equivalent_commands": ["pip install speedups"]}

    assert jsonschema.Draft202012Validator(schema()).is_valid(content)


def test_verdicts_are_by_the_ids_of_the_targets() -> None:
    content = parsed(scanned(thin(EXTENSION, Arch.X86_64)))

    (found,) = content["wheels"]
    assert [t["id"] for t in content["targets"]] == [
        "macosx_14_0_arm64-cp312",
        "macosx_14_0_x86_64-cp312",
    ]
    assert found["verdict"] == "broken"
    assert found["verdicts"] == {
        "macosx_14_0_arm64-cp312": "broken",
        "macosx_14_0_x86_64-cp312": "ok",
    }


def test_each_target_is_there_once_and_in_the_order_of_the_ids() -> None:
    old, new = mac(os=(11, 0)), mac(os=(15, 0))

    content = parsed(scanned(targets=(new, old)), scanned(targets=(old,)))

    assert [t["id"] for t in content["targets"]] == [old.id, new.id]


@pytest.mark.parametrize(
    ("min_os", "platform", "expected"),
    [
        (None, None, {"arch": "arm64", "minos": None, "platform": None}),
        ((11, 0, 0), 1, {"arch": "arm64", "minos": "11.0", "platform": "macos"}),
        ((10, 13, 6), 2, {"arch": "arm64", "minos": "10.13.6", "platform": "ios"}),
        ((11, 0, 0), 99, {"arch": "arm64", "minos": "11.0", "platform": 99}),
    ],
    ids=["nothing", "macOS", "three numbers", "unheard of"],
)
def test_a_slice_tells_what_it_is_made_for(
    min_os: tuple[int, int, int] | None, platform: int | None, expected: object
) -> None:
    binary = macho(EXTENSION, piece(Arch.ARM64, platform=platform, min_os=min_os))

    (found,) = parsed(scanned(binary))["wheels"]

    assert found["binaries"][0]["slices"] == [expected]


def test_all_findings_are_there_in_words() -> None:
    binaries = [thin(f"speedups/_{i}.cpython-312-darwin.so", Arch.X86_64) for i in range(9)]

    (found,) = parsed(scanned(*binaries, targets=(mac(),)))["wheels"]

    refused = [f for f in found["findings"] if f["code"] == "wrong-architecture"]
    assert len(refused) == 9
    assert all(f["message"] and f["target"] == mac().id for f in refused)


def test_a_document_is_plain_ascii() -> None:
    assert document([scanned(thin("speedups/ü.so", Arch.ARM64))]).isascii()


@pytest.mark.parametrize("name", ENDS)
def test_the_report_of_an_install_is_as_its_schema_says(name: str) -> None:
    content = json.loads(install_document(ENDS[name]))

    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(content)) == []


@pytest.mark.parametrize("key", ["exit_code", "failure", "packages", "equivalent_commands"])
def test_the_schema_wants_the_whole_report_of_an_install(key: str) -> None:
    content = json.loads(install_document(ENDS["built"]))

    del content[key]

    assert not jsonschema.Draft202012Validator(schema()).is_valid(content)


def test_a_hash_may_be_unknown_in_an_install_and_never_in_a_scan() -> None:
    install, scan = json.loads(install_document(ENDS["built"])), parsed(scanned())
    install["wheels"][0]["sha256"] = scan["wheels"][0]["sha256"] = None

    validator = jsonschema.Draft202012Validator(schema())

    assert validator.is_valid(install)
    assert not validator.is_valid(scan)


def test_what_is_not_known_is_null() -> None:
    end = replace(ENDS["clean"], handled=(replace(ENDS["clean"].handled[0], place=Place()),))

    (found,) = json.loads(install_document(end))["wheels"]

    assert (found["sha256"], found["location"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clean", ["kept"]),
        ("other-wheel", ["refused", "other-wheel"]),
        ("built", ["refused", "built"]),
        ("other-version", ["refused", "other-version"]),
        ("reinstalled", ["reinstalled", "refused"]),
        ("not-built", ["refused"]),
        ("used-all-the-same", ["kept"]),
        ("failed-policy", ["refused"]),
        ("failed-unknown", ["kept"]),
    ],
)
def test_an_action_tells_what_became_of_each(name: str, expected: list[str]) -> None:
    content = json.loads(install_document(ENDS[name]))

    assert [each["action"] for each in (*content["wheels"], *content["packages"])] == expected
