"""Where all is well with the wheels, the guard does, leaves and says what plain pip does."""

from __future__ import annotations

import subprocess
import venv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from builders.index import Index, open_index
from builders.sandbox import Host, Sandbox, make_sandbox
from builders.site_template import write_fakehost
from builders.stock import PURE, THIN, add_stock, pure_wheel
from builders.twins import (
    GUARD,
    PLAIN,
    Scenario,
    Seen,
    differences,
    pip_has,
    run_scenario,
)
from builders.zig import Zig

MAC = Host(machine="arm64")

PROJECT = {
    "project/pyproject.toml": "[build-system]\nrequires = ['setuptools']\n"
    "build-backend = 'setuptools.build_meta'\n"
    "[project]\nname = 'project'\nversion = '1.0'\ndependencies = ['thin']\n"
    "[project.optional-dependencies]\nmore = ['pure']\n"
    "[dependency-groups]\ntest = ['pure<2', 'thin']\n",
    "project/project/__init__.py": "",
}
HASHED = f"pure==1.0 --hash=sha256:{pure_wheel('1.0').sha256}\n"
MISMATCH = f"pure==1.0 --hash=sha256:{'0' * 64}\n"
SCRIPT = "# /// script\n# dependencies = ['thin<2', 'pure']\n# ///\nprint()\n"
OUR_KEYS = "[install]\narch-policy = fix\narch-ignore = other\n[global]\nquiet = 1\n"


def make_repository(sandbox: Sandbox) -> None:
    """Make the project one of git's, with the same commit each time."""
    date = "2024-01-01T00:00:00Z"
    person = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*person, "commit", "-qm", "all"]):
        subprocess.run(
            ["git", *words],  # noqa: S607 - pip runs the one that is found, too
            cwd=sandbox.work / "project",
            env=sandbox.environment() | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
            check=True,
        )


def show_user_site(sandbox: Sandbox) -> None:
    """Make it an environment that sees what users have of their own."""
    config = sandbox.python.parents[1] / "pyvenv.cfg"
    config.write_text(config.read_text().replace("packages = false", "packages = true"))


def make_other_environment(sandbox: Sandbox) -> None:
    """Make an environment without pip, at `other`."""
    place = sandbox.work / "other"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(place)
    write_fakehost(place / sandbox.site.relative_to(sandbox.python.parents[1]))


INSTALLS = {
    "by name": Scenario(commands=("install thin",), ours=1),
    "range": Scenario(commands=("install 'thin>=1,<2'",), ours=1),
    "dependencies and markers": Scenario(commands=("install app",), ours=1),
    "extras": Scenario(commands=("install pure[more]",), ours=1),
    "marker on the command line": Scenario(commands=("install \"pure; python_version<'3'\"",)),
    "requirements": Scenario(
        commands=("install -r r.txt",), files={"r.txt": "thin\npure<2 # old\n"}, ours=1
    ),
    "nested requirements and constraints": Scenario(
        commands=("install -r r.txt -c c.txt",),
        files={"r.txt": "-r more/s.txt\nthin\n", "more/s.txt": "pure\n", "c.txt": "pure<2\n"},
        ours=1,
    ),
    "hashes": Scenario(commands=("install --require-hashes -r r.txt",), files={"r.txt": HASHED}),
    "twice": Scenario(commands=("install app", "install app"), ours=1),
    "upgrade": Scenario(commands=("install thin==1.0", "install -U thin"), ours=2),
    "eager upgrade": Scenario(
        commands=("install app thin==1.0", "install -U --upgrade-strategy eager app"), ours=2
    ),
    "force": Scenario(commands=("install thin", "install --force-reinstall thin"), ours=2),
    "over": Scenario(commands=("install thin", "install -I thin==1.0"), ours=2),
    "target": Scenario(commands=("install --target t app", "install -t t -U pure==1.0"), ours=1),
    "prefix": Scenario(commands=("install --prefix p app",), ours=1),
    "root": Scenario(commands=("install --root r app",), ours=1),
    "root and prefix": Scenario(commands=("install --root r --prefix /p app",), ours=1),
    "user": Scenario(
        commands=("install --user app", "freeze --user"), prepare=show_user_site, ours=1
    ),
    "user where there is none": Scenario(commands=("install --user app",)),
    "another interpreter": Scenario(
        commands=("--python $work/other/bin/python install app", "--python other list"),
        prepare=make_other_environment,
        ours=1,
    ),
    "quiet": Scenario(commands=("install -q app", "install -qqq thin==1.0")),
    "verbose": Scenario(commands=("install -v app",), ours=1),
    "very verbose": Scenario(commands=("install -vvv app",), ours=1),
    "log": Scenario(commands=("install --log work.log app", "--log work.log list"), ours=1),
    "no colour": Scenario(commands=("install --no-color thin absent",)),
    "progress": Scenario(commands=("install large",)),
    "no progress": Scenario(commands=("--no-input install --progress-bar off large",)),
    "raw progress": Scenario(commands=("install --progress-bar raw large",), needs="raw"),
    "report": Scenario(commands=("install --report r.json app thin==1.0",), ours=1),
    "report to stdout": Scenario(commands=("install -q --report - app",)),
    "dry run": Scenario(commands=("install --dry-run --report r.json app",), ours=1),
    "no compile": Scenario(commands=("install --no-compile app",), ours=1),
    "no cache": Scenario(commands=("install --no-cache-dir app",), ours=1),
    "yanked and early": Scenario(commands=("install --pre gone==1.0 early",)),
    "find links": Scenario(commands=("download -d w app", "install --no-index -f w app"), ours=2),
    "wheel": Scenario(
        commands=("download -d w --no-deps thin==1.0", f"install ./w/{THIN}"),
        ours=2,
    ),
    "wheel by file URL": Scenario(
        commands=("download -d w --no-deps thin==1.0", f"install file://$work/w/{THIN}"), ours=2
    ),
    "wheel by URL": Scenario(
        commands=(f"install $files/{THIN} 'pure @ $files/{PURE}'",),
        ours=1,
    ),
    "only dependencies": Scenario(
        commands=("install --only-deps app",), needs="--only-deps", ours=1
    ),
    "group": Scenario(
        commands=("install --group project/pyproject.toml:test",),
        files=PROJECT,
        needs="--group",
        ours=1,
    ),
    "script": Scenario(
        commands=("install --requirements-from-script s.py",),
        files={"s.py": SCRIPT},
        needs="--requirements-from-script",
        ours=1,
    ),
    "lock": Scenario(commands=("lock -o - app",), needs="--group", ours=1),
    "locked": Scenario(
        commands=("lock -o pylock.toml app", "install -r pylock.toml"), needs="pylock.toml", ours=2
    ),
    "pip itself": Scenario(commands=("install -U pip", "list", "install thin"), ours=1),
    "notice of a newer pip": Scenario(
        commands=("install pure",), env={"PIP_DISABLE_PIP_VERSION_CHECK": "0"}
    ),
    "variables": Scenario(
        commands=("install app",),
        env={"PIP_TARGET": "$work/t", "PIP_NO_DEPS": "1", "PIP_REPORT": "r.json"},
    ),
    "configuration": Scenario(
        commands=("install thin", "config list"),
        files={"pip.conf": OUR_KEYS},
        env={"PIP_CONFIG_FILE": "$work/pip.conf"},
    ),
    "legacy resolver": Scenario(
        commands=("install --use-deprecated=legacy-resolver app", "install -U app"),
        needs="legacy-resolver",
        ours=1,
    ),
    "uninstall": Scenario(commands=("install app", "uninstall -y app pure absent"), ours=1),
    "uninstall, asked": Scenario(
        commands=("install pure", "uninstall pure"), env={"PIP_NO_INPUT": ""}, typed="perhaps\ny\n"
    ),
    "download for a named system": Scenario(
        commands=("download -d w --platform macosx_12_0_arm64 --only-binary :all: app",), ours=1
    ),
    "download": Scenario(commands=("download -d w app",), ours=1),
    "collect wheels": Scenario(commands=("wheel -w w app",), ours=1),
    "what others read": Scenario(
        commands=("install app", "freeze", "list --format json", "inspect"), ours=1
    ),
}

BUILDS = {
    "sdist": Scenario(commands=("install made",)),
    "sdist, told at length": Scenario(commands=("install -v built",), ours=1),
    "sdist and pip's cache": Scenario(
        commands=("install --no-build-isolation built", "cache list", "install -I built"),
        setuptools=True,
        ours=2,
    ),
    "wheel of an sdist": Scenario(
        commands=("wheel --no-build-isolation -w w made built",), setuptools=True, ours=1
    ),
    "folder": Scenario(
        commands=("install --no-build-isolation ./project[more]", "freeze"),
        files=PROJECT,
        setuptools=True,
        ours=1,
    ),
    "editable": Scenario(
        commands=("install --no-build-isolation -e ./project", "uninstall -y project"),
        files=PROJECT,
        setuptools=True,
        ours=1,
    ),
    "git": Scenario(
        commands=("install --no-build-isolation git+file://$work/project", "freeze"),
        files=PROJECT,
        prepare=make_repository,
        setuptools=True,
        ours=1,
    ),
    "editable from git": Scenario(
        commands=(
            "install --no-build-isolation -e git+file://$work/project#egg=project",
            "freeze",
        ),
        files=PROJECT,
        prepare=make_repository,
        setuptools=True,
        ours=1,
    ),
}

FAILURES = {
    "nothing of that name": Scenario(
        commands=(
            *("install absent", "install thin==9", "install thin stray"),
            *("install 'thin=>1'", "install ./absent", "install", "download"),
        )
    ),
    "nothing that fits": Scenario(
        commands=("install older newer", "install newer -c c.txt", "install future"),
        files={"c.txt": "pure<2\n"},
    ),
    "nowhere to look": Scenario(
        commands=(
            "install --no-index thin",
            "install --retries 0 --index-url http://127.0.0.1:9/ thin",
            "install $files/absent-1.0-py3-none-any.whl",
            "--python /nowhere install thin",
        )
    ),
    "broken files": Scenario(
        commands=(
            *("install -r r.txt", "install -r absent.txt"),
            "install ./bad-1.0-py3-none-any.whl",
            "install ./bad-1.0-py3-none-win32.whl",
        ),
        files={
            "r.txt": "thin\n--no-such-option\n",
            "bad-1.0-py3-none-any.whl": "bad",
            "bad-1.0-py3-none-win32.whl": "",
        },
    ),
    "hashes that are missing or wrong": Scenario(
        commands=("install thin -r wrong.txt", "install --require-hashes -r missing.txt"),
        files={"wrong.txt": MISMATCH, "missing.txt": "pure\n"},
    ),
    "wrong usage": Scenario(
        commands=(
            *("install --no-such-option thin", "--no-such-option"),
            *("instal thin", "nonsense"),
            "install --user --target t thin",
            "download --platform macosx_14_0_arm64 thin",
        )
    ),
    "broken configuration": Scenario(
        commands=("install thin",),
        files={"pip.conf": "[install\n"},
        env={"PIP_CONFIG_FILE": "$work/pip.conf"},
    ),
    "bad value in the configuration": Scenario(
        commands=("install thin",), env={"PIP_NO_DEPS": "perhaps"}
    ),
    "no metadata": Scenario(commands=("install --no-build-isolation hopeless",), setuptools=True),
    "failed build": Scenario(
        commands=("install --no-build-isolation --log work.log thin failing",), setuptools=True
    ),
    "no such build dependency": Scenario(commands=("install needy",)),
    "no build environment": Scenario(
        commands=("install -f w --no-index ./project",), files=PROJECT
    ),
}


@pytest.fixture(scope="module")
def stock(zig: Zig, backends: Path) -> Iterator[Index]:
    with open_index() as index:
        index.add_folder(backends)
        add_stock(index, zig)
        yield index


@cache
def skipped_without(words: str) -> bool:
    return bool(words) and not pip_has(words)


def twins(
    scenario: Scenario, folder: Path, host: Host, index: Index, request: pytest.FixtureRequest
) -> tuple[Seen, Seen]:
    if skipped_without(scenario.needs):
        pytest.skip(f"this pip has no {scenario.needs}")
    fixture = "setuptools_template" if scenario.setuptools else "template"
    seen = []
    for module in (PLAIN, GUARD):
        sandbox = make_sandbox(
            folder / "twin",
            host,
            template=request.getfixturevalue(fixture),
            toolchain=request.getfixturevalue("toolchain"),
            index_url=index.url,
        )
        seen.append(run_scenario(sandbox, module, scenario))
        sandbox.folder.rename(folder / module)
    plain, guard = seen
    return plain, guard


def cases(table: dict[str, Scenario]) -> list[object]:
    return [pytest.param(scenario, id=name) for name, scenario in table.items()]


@pytest.mark.parametrize("scenario", cases(INSTALLS | BUILDS | FAILURES))
def test_all_is_as_with_plain_pip(
    scenario: Scenario, tmp_path: Path, stock: Index, request: pytest.FixtureRequest
) -> None:
    plain, guard = twins(scenario, tmp_path, MAC, stock, request)

    found = differences(plain, guard, ours=scenario.ours)

    assert not found, "\n".join(found)


@pytest.mark.parametrize("command", ["install app", "download -d w app", "wheel -w w app"])
def test_where_metadata_has_files_of_its_own_all_is_as_with_plain_pip(
    command: str,
    tmp_path: Path,
    stock: Index,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr(stock, "metadata", True)
    scenario = Scenario(commands=(command,))
    plain, guard = twins(scenario, tmp_path, MAC, stock, request)
    found = differences(plain, guard, ours=1)

    assert not found, "\n".join(found)


def test_on_linux_the_guard_says_nothing_where_no_file_is_native(
    tmp_path: Path, stock: Index, request: pytest.FixtureRequest
) -> None:
    commands = ("install pure", "install --no-build-isolation made", "install absent")
    scenario = Scenario(commands=commands, setuptools=True)
    plain, guard = twins(scenario, tmp_path, Host(), stock, request)
    found = differences(plain, guard, ours=0)

    assert not found, "\n".join(found)
