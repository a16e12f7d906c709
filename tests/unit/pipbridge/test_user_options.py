"""What the user said to pip holds in every run and process that comes of it.

The options are those of the pip that runs the tests: a new one fails here until it is in
one of the tables. A rescue itself has pip's own options, for it is the same run.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pip._internal.commands import commands_dict, create_command

from pip_archguard.hosts.matrix import places_of
from pip_archguard.model.choice import Choice, Remedy
from pip_archguard.model.policy import Mode, Policy
from pip_archguard.pipbridge.internals import builds, coverage_resolving, repeated
from pip_archguard.pipbridge.options import BUILD_MARK
from pip_archguard.pipbridge.runner import PATHS, runner_path
from pip_archguard.remedies.ladder import _asking_for

GUARDED = [name for name in ("install", "download", "wheel", "lock") if name in commands_dict]

OF_THIS_RUN = {
    **dict.fromkeys(
        ("requirements", "editables", "dependency_groups", "requirements_from_scripts"),
        "what was asked for: one package of it is named instead",
    ),
    "only_dependencies": "as above: the package itself is named",
    **dict.fromkeys(("require_hashes", "no_require_hashes"), "said with each choice that has one"),
    **dict.fromkeys(
        ("force_reinstall", "ignore_installed", "upgrade", "upgrade_strategy"),
        "one version is named, and what is broken is named with `--force-reinstall`",
    ),
    **dict.fromkeys(("dry_run", "json_report_file", "src_dir", "no_clean"), "no matter of what"),
    **dict.fromkeys(
        ("verbose", "quiet", "log", "no_color", "debug_mode", "progress_bar", "no_input"),
        "how much is said",
    ),
    **dict.fromkeys(
        ("retries", "resume_retries", "timeout", "cache_dir", "refresh_package"),
        "how files are had, not which",
    ),
    **dict.fromkeys(
        ("disable_pip_version_check", "no_python_version_warning", "root_user_action"),
        "a warning more or less",
    ),
    **dict.fromkeys(("warn_script_location", "warn_about_conflicts"), "a warning more or less"),
    **dict.fromkeys(
        ("features_enabled", "deprecated_features_enabled"),
        "how pip goes about it; what is taken is named",
    ),
    **dict.fromkeys(("compile", "exists_action", "no_verify"), "no matter of what is taken"),
    **dict.fromkeys(("help", "version"), "another run"),
    "python": "the command stands in front of the user, who starts that Python",
}
"""Options that the plain command does without, and why nothing is loosened by that."""

OF_OTHER_COMMANDS = frozenset({"help", "version", "python", "cache_dir"})
"""General options that are passed on otherwise: by where a run is, and by a word of its own."""

MATTERS_TO_LOOKING = (
    *("index_url", "extra_index_urls", "no_index", "find_links", "trusted_hosts", "cert"),
    *("client_cert", "proxy", "no_proxy_env", "keyring_provider", "isolated_mode"),
    *("constraints", "require_hashes", "uploaded_prior_to", "release_control", "pre"),
    *("no_input", "retries", "timeout", "format_control", "prefer_binary"),
)

SAMPLES: dict[str, list[str]] = {
    "--index-url": ["https://user:secret@x/simple"],
    "--extra-index-url": ["https://token@x/simple"],
    "--proxy": ["user:secret@proxy:3128"],
    "--keyring-provider": ["subprocess"],
    "--python-version": ["3.12"],
    "--uploaded-prior-to": ["2026-01-02T03:04:05+00:00"],
    "--config-settings": ["key=value"],
    "--implementation": ["cp"],
    "--platform": ["macosx_14_0_arm64"],
    "--no-binary": ["demo"],
    "--only-binary": ["other"],
    "--all-releases": ["demo"],
    "--only-final": ["other"],
    "--use-feature": ["fast-deps"],
    "--use-deprecated": ["legacy-resolver"],
    "--retries": ["3"],
    "--timeout": ["3.0"],
    "--resume-retries": ["3"],
    "--exists-action": ["w"],
}


def parser_of(command: str) -> Any:
    return create_command(command).parser


def options_of(parser: Any) -> Iterator[Any]:
    for group in (parser, *parser.option_groups):
        yield from (option for option in group.option_list if option.dest)


def said(option: Any) -> list[str]:
    name = option.get_opt_string()
    return [name, *(SAMPLES.get(name, ["value"]) if option.takes_value() else [])]


REPEATED_HERE = [
    (command, option)
    for command in GUARDED
    for option in options_of(parser_of(command))
    if option.dest in repeated.REPEATED
]


@pytest.mark.parametrize("command", GUARDED)
def test_each_option_of_pip_is_repeated_or_need_not_be(command: str) -> None:
    dests = {option.dest for option in options_of(parser_of(command))}

    assert dests <= repeated.REPEATED | set(OF_THIS_RUN)
    assert not repeated.REPEATED & set(OF_THIS_RUN)


@pytest.mark.parametrize(
    ("command", "option"), REPEATED_HERE, ids=lambda v: v if isinstance(v, str) else str(v)
)
def test_an_option_is_repeated_so_that_pip_reads_the_same(command: str, option: Any) -> None:
    words = said(option)
    if words == ["--no-use-pep517"] and not all(map(find_spec, ("setuptools", "wheel"))):
        pytest.skip("pip takes it only where setuptools and wheel are installed")
    hidden = {"user:secret": "user:****", "token@": "****@"}
    expected = list(words)
    for secret, shown in hidden.items():
        expected = [word.replace(secret, shown) for word in expected]

    result = list(repeated.repeated_options(parser_of(command), words))

    again, _ = parser_of(command).parse_args(result)
    first, _ = parser_of(command).parse_args(expected)
    assert shown_of(again, option.dest) == shown_of(first, option.dest)
    assert "secret" not in " ".join(result)


def shown_of(values: Any, dest: str) -> object:
    value = getattr(values, dest)
    if dest == "format_control":
        return value.no_binary, value.only_binary
    if dest == "release_control":
        return value.all_releases, value.only_final
    if isinstance(value, list):
        return [item for item in value if item]
    return value.isoformat() if isinstance(value, datetime) else value


def test_what_fixes_a_broken_environment_is_told_all_general_options() -> None:
    from pip_archguard.pipbridge.internals.audit import AuditCommand  # noqa: PLC0415 - as pip does

    command: Any = AuditCommand("audit", "")
    own = {option.dest for option in command.cmd_opts.option_list}
    audits = {o.dest for g in command.parser.option_groups[1:] for o in g.option_list}
    general = {option.dest for option in options_of(command.parser)} - own

    pips = {o.dest for o in options_of(parser_of("list"))} & general
    assert pips - OF_OTHER_COMMANDS <= repeated.GENERAL | audits
    for option in options_of(command.parser):
        if option.dest in repeated.GENERAL:
            assert list(repeated.general_options(command.parser, said(option))) == said(option)


def test_another_cache_or_none_is_passed_on() -> None:
    parser = parser_of("list")

    assert repeated.general_options(parser, ["--no-cache-dir"]) == ("--no-cache-dir",)
    assert repeated.general_options(parser, ["--cache-dir", "x"]) == ("--cache-dir", "x")


@pytest.mark.parametrize("name", ["scan", "coverage"])
def test_the_commands_that_look_take_what_says_where_from_and_which(name: str) -> None:
    from pip_archguard.pipbridge.internals import coverage, scan  # noqa: PLC0415 - as pip does

    made: Any = {"scan": scan.ScanCommand, "coverage": coverage.CoverageCommand}[name]
    ours = {option.dest for option in options_of(made(name, "").parser)}
    pips = {option.dest for option in options_of(parser_of("download"))}

    assert (set(MATTERS_TO_LOOKING) & pips) - ours == set()


def test_a_process_that_resolves_for_a_target_has_the_options_of_the_user(tmp_path: Path) -> None:
    from pip_archguard.pipbridge.internals.coverage import CoverageCommand  # noqa: PLC0415 - as pip

    command: Any = CoverageCommand("coverage", "")
    values, _ = command.parser.parse_args([])
    for name in MATTERS_TO_LOOKING:
        if hasattr(values, name):
            setattr(values, name, f"<{name}>")
    given = copy.copy(vars(values))
    (place,) = places_of(["macos-arm64"], ["3.12"])

    changed = coverage_resolving._for_target(values, place, tmp_path)

    kept = {name: getattr(changed, name) for name in MATTERS_TO_LOOKING if name in given}
    assert kept == {name: given[name] for name in kept} | {"no_input": True}


def test_the_pip_that_fills_a_build_environment_is_told_all_that_pip_tells_it() -> None:
    told: list[tuple[list[str], dict[str, Any]]] = []
    module = SimpleNamespace(call_subprocess=lambda cmd, **more: told.append((cmd, more)))
    policy = Policy(mode=Mode.FAIL, ignored=frozenset({"b", "a"}))
    session: Any = SimpleNamespace(policy=policy, acting=SimpleNamespace(under_way=None))
    words = [
        *("install", "--ignore-installed", "--no-user", "--prefix", "/x", "-i", "https://i"),
        *("--trusted-host", "h", "--cert", "c", "--client-cert", "k", "--proxy", "p"),
        *("--uploaded-prior-to", "d", "--build-constraint", "c.txt", "--only-binary", ":all:"),
        *("--", "setup.py"),
    ]

    builds._guard_subprocess(module, session)
    module.call_subprocess(
        ["/p", "/pip/__pip-runner__.py", *words], command_desc="x", extra_environ={"A": "1"}
    )

    ((command, more),) = told
    assert command == ["/p", runner_path(), *words]
    assert more["command_desc"] == "x"
    assert more["extra_environ"] | {PATHS: ""} == {
        "A": "1",
        "PIP_ARCH_POLICY": "fail",
        "PIP_ARCH_IGNORE": "a,b",
        BUILD_MARK: "1",
        PATHS: "",
    }


@pytest.mark.parametrize("remedy", [r for r in Remedy if r is not Remedy.FUSED])
@pytest.mark.parametrize("is_wheel", [True, False])
def test_a_plain_command_never_goes_without_the_hashes_that_the_user_gave(
    remedy: Remedy, *, is_wheel: bool
) -> None:
    choice = Choice(
        project="demo",
        release="1.0",
        filename="f",
        url="https://x/f",
        sha256="ab",
        is_wheel=is_wheel,
        hashed=True,
    )

    assert _asking_for(remedy, choice) == ["--require-hashes", "demo @ https://x/f#sha256=ab"]
