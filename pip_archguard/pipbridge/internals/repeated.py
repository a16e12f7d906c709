"""Those of the user's options without which plain pip would not do the same."""

from __future__ import annotations

import copy
import optparse
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pip._internal.utils.misc import redact_auth_from_url

from pip_archguard.errors import redacted

# Where packages come from and how, which they may be, how they are built, and where they go.
# Configuration and environment variables reach plain pip by themselves. That hashes are
# required is said with the choice, for it has to name one.
REPEATED = frozenset(
    {
        *("index_url", "extra_index_urls", "no_index", "find_links", "trusted_hosts", "cert"),
        *("client_cert", "proxy", "no_proxy_env", "keyring_provider", "isolated_mode"),
        *("ignore_dependencies", "constraints", "ignore_requires_python", "uploaded_prior_to"),
        *("pre", "release_control", "prefer_binary", "format_control", "require_venv"),
        *("build_isolation", "build_constraints", "check_build_deps", "config_settings"),
        *("use_pep517", "global_options", "build_options", "install_options"),
        *("platforms", "python_version", "implementation", "abis"),
        *("target_dir", "prefix_path", "root_path", "use_user_site"),
        *("override_externally_managed", "download_dir", "wheel_dir", "output_file"),
    }
)

_BY_PROJECT = frozenset({"format_control", "release_control"})

GENERAL = frozenset(
    {
        *("isolated_mode", "require_venv", "verbose", "quiet", "log", "no_input"),
        *("keyring_provider", "proxy", "no_proxy_env", "trusted_hosts", "cert", "client_cert"),
        *("retries", "resume_retries", "timeout", "exists_action", "no_color", "debug_mode"),
        *("features_enabled", "deprecated_features_enabled"),
        *("disable_pip_version_check", "no_python_version_warning"),
    }
)
"""What pip adds to every command, and another run of pip must be told too."""


def general_options(parser: Any, arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the words on the command line that any command of pip's takes, as they are."""
    values, defaults = _said(parser, arguments)
    words = [
        word
        for name, options in _options(parser)
        if name in GENERAL
        for word in _plain(options, getattr(values, name), getattr(defaults, name))
    ]
    # `--no-cache-dir` is `False` where a folder is expected.
    cache = values.cache_dir
    if cache is False:
        words.append("--no-cache-dir")
    elif cache != defaults.cache_dir:
        words += ["--cache-dir", str(cache)]
    return tuple(words)


def repeated_options(parser: Any, arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the words on the command line that plain pip needs too, without passwords."""
    values, defaults = _said(parser, arguments)
    words = [
        word
        for name, options in _options(parser)
        if name in REPEATED - _BY_PROJECT
        for word in _words(options, getattr(values, name), getattr(defaults, name))
    ]
    for name in ("only_binary", "no_binary"):
        projects = getattr(values.format_control, name)
        if projects:
            words += [_option_of(name), ",".join(sorted(projects))]
    releases = getattr(values, "release_control", None)  # from pip 26.0 on
    if releases is not None:
        for name, value in dict.fromkeys(releases.get_ordered_args()):
            words += [_option_of(name), value]
    return tuple(words)


def _option_of(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _said(parser: Any, arguments: Sequence[str]) -> tuple[Any, Any]:
    """Return what the command line says, and what would hold without it."""
    # pip's own method would mix in what configuration and environment say.
    defaults = copy.deepcopy(optparse.OptionParser.get_default_values(parser))
    for name, value in vars(defaults).items():
        if isinstance(value, list):  # pip has parsed already, and appended to it
            setattr(defaults, name, [])
    values, _ = parser.parse_args(list(arguments), copy.deepcopy(defaults))
    return values, defaults


def _options(parser: Any) -> list[tuple[str, list[Any]]]:
    """Return the options for each thing to be set, in their order."""
    groups = (parser, *parser.option_groups)
    found: dict[str, list[Any]] = {}
    for option in (option for group in groups for option in group.option_list):
        if option.dest:
            found.setdefault(option.dest, []).append(option)
    return list(found.items())


def _words(options: Sequence[Any], value: Any, default: Any) -> Iterator[str]:
    for word in _plain(options, value, default):
        if "://" not in word and "@" in word and options[0].dest == "proxy":
            # It may have no scheme: `user:password@host:port`.
            yield redact_auth_from_url(f"http://{word}").removeprefix("http://")
        else:
            yield redacted(word)


def _plain(options: Sequence[Any], value: Any, default: Any) -> Iterator[str]:
    if value == default:
        return
    option = options[0]
    if not option.takes_value():
        if isinstance(value, bool):  # one of two, such as `--user` and `--no-user`
            says_no = [each for each in options if _says_no(each) is not value]
            option = (says_no or options)[0]
        yield from [option.get_opt_string()] * (value if option.action == "count" else 1)
        return
    for each in _values(value):
        yield option.get_opt_string()
        yield each


def _says_no(option: Any) -> bool:
    if option.action in ("store_true", "store_false"):
        return bool(option.action == "store_false")
    return str(option.get_opt_string()).startswith("--no-")


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):  # `--config-settings`: KEY=VALUE, perhaps several of one key
        for key, said in value.items():
            yield from (f"{key}={each}" for each in (said if isinstance(said, list) else [said]))
    elif isinstance(value, tuple):  # `--python-version`
        yield ".".join(map(str, value))
    elif isinstance(value, datetime):  # `--uploaded-prior-to`
        yield value.isoformat()
    else:
        yield from map(str, value if isinstance(value, list) else [value])
