"""What `audit --fix` would reinstall, and by which runs of pip."""

from __future__ import annotations

import site
import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from builders.audit_cases import BAD, GOOD, HERE, THERE, package
from builders.facts import mac
from pip_archguard import hosts
from pip_archguard.environment import own_archives, own_folders
from pip_archguard.errors import CannotMendError
from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import Audited, Owner, SkipReason
from pip_archguard.pipbridge import mending
from pip_archguard.pipbridge.auditing import Audit
from pip_archguard.reports.audit_words import plan_text

COMMAND = ("install", "--force-reinstall", "--no-deps")


def found(*packages: Audited) -> Audit:
    return Audit(packages=packages, skipped=(), folders=(HERE,))


def test_what_is_broken_and_came_from_an_index_is_reinstalled_in_one_run() -> None:
    audit = found(package("a", BAD), package("b", BAD), package("c", GOOD))

    plan = mending.plan_of(audit, ["universal2"], dry=False)

    assert plan.runs == ((*COMMAND, "--arch", "universal2", "a==1.0", "b==1.0"),)
    assert plan_text(plan).splitlines() == [
        "reinstalling, the same versions: a 1.0, b 1.0",
        f"as by: `pip-archguard {' '.join(COMMAND)} --arch universal2 a==1.0 b==1.0`",
    ]


@pytest.mark.parametrize(
    ("archs", "wanted", "kept"),
    [
        ((), (), None),
        (("arm64",), ("arm64",), None),
        (("universal2",), ("universal2",), None),
        (("x86_64", "arm64"), ("x86_64", "arm64"), None),
        (("x86_64",), ("universal2",), Arch.ARM64),
    ],
    ids=str,
)
def test_this_python_on_a_mac_is_never_left_out(
    archs: tuple[str, ...],
    wanted: tuple[str, ...],
    kept: Arch | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hosts, "running_target", mac)

    plan = mending.plan_of(found(package("a", BAD)), archs, dry=False)

    assert mending.mended_for(archs) == wanted
    assert plan.kept_for is kept
    assert ("loads them" in plan_text(plan)) is (kept is not None)


def test_what_lies_in_the_users_site_goes_back_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "getusersitepackages", lambda: str(tmp_path))
    users = replace(package("b", BAD), location=str(tmp_path))

    plan = mending.plan_of(found(package("a", BAD), users), [], dry=True)

    assert plan.runs == ((*COMMAND, "a==1.0"), (*COMMAND, "--user", "b==1.0"))


def test_what_cannot_be_reinstalled_is_named() -> None:
    audit = found(package("a", BAD, owner=Owner.EDITABLE), package("b", BAD, release=""))

    plan = mending.plan_of(audit, [], dry=False)

    assert not plan.runs
    assert plan_text(plan).splitlines() == [
        "nothing is broken that could be reinstalled",
        "not mended by this: `a 1.0`, `b`",
    ]


def test_another_folder_is_refused() -> None:
    mending.check_mendable(found())

    with pytest.raises(CannotMendError, match="not this environment"):
        mending.check_mendable(Audit(packages=(), skipped=(), folders=(HERE, THERE)))


@pytest.mark.parametrize(("codes", "code", "runs"), [([0, 0], 0, 2), ([40, 0], 40, 1)], ids=str)
def test_the_first_run_that_fails_ends_it(
    codes: list[int], code: int, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> object:
        ran.append(command)
        return SimpleNamespace(returncode=codes[len(ran) - 1])

    monkeypatch.setattr(subprocess, "run", run)
    plan = mending.plan_of(found(package("a", BAD)), [], dry=True)
    plan = replace(plan, runs=plan.runs * 2)

    assert mending.run_plan(plan, ["-v"], to_stdout=True) == code
    assert len(ran) == runs
    assert ran[0][2:] == [*COMMAND, "a==1.0", "-v", "--dry-run"]


def test_the_folders_of_this_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a prefix of conda it is the prefix, and then what lies elsewhere."""
    import sys  # noqa: PLC0415 - what is changed here
    import sysconfig  # noqa: PLC0415

    inner = tmp_path / "lib" / "site-packages"
    users = tmp_path.parent / "user" / "site-packages"
    for folder in (inner, users, tmp_path / "conda-meta"):
        folder.mkdir(parents=True)
    (tmp_path / "x.zip").touch()
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(inner))
    monkeypatch.setattr(site, "ENABLE_USER_SITE", True)
    monkeypatch.setattr(site, "getusersitepackages", lambda: str(users))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "path", ["", str(users), str(inner), str(tmp_path / "x.zip")])

    assert own_folders() == (tmp_path, users)
    assert own_archives() == (tmp_path / "x.zip",)


def test_a_package_that_another_one_hides_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from builders.environments import install  # noqa: PLC0415 - here alone
    from pip_archguard import environment  # noqa: PLC0415
    from pip_archguard.pipbridge.auditing import audit  # noqa: PLC0415

    one, two = tmp_path / "one", tmp_path / "two"
    install(one, "demo", {"demo/__init__.py": ""}, version="2.0")
    install(two, "demo", {"demo/__init__.py": ""})
    monkeypatch.setattr(environment, "own_folders", lambda: (one, two))
    monkeypatch.setattr(environment, "own_archives", tuple)

    result = audit([])

    assert [p.judgement.facts.filename for p in result.packages] == ["demo 2.0"]
    assert [(s.path, s.reason) for s in result.skipped] == [(f"{two}/demo", SkipReason.SHADOWED)]


@pytest.mark.parametrize("name", ["-r/x", "-ehttp:x", "a @ http://x/", "a b", "--pre", "a;b"])
def test_a_name_in_metadata_is_never_an_option_of_pip(name: str) -> None:
    plan = mending.plan_of(found(package(name, BAD), package("b", BAD)), [], dry=False)

    assert plan.runs == ((*COMMAND, "b==1.0"),)
    assert plan.others == (f"{name} 1.0",)
