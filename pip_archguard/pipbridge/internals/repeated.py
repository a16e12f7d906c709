"""Those of the user's options without which plain pip would not do the same."""

from __future__ import annotations

import copy
import optparse
from collections.abc import Iterator, Sequence
from typing import Any

from pip._internal.utils.misc import redact_auth_from_url

# Where packages come from, which they may be, and where they go. Configuration and
# environment variables reach plain pip by themselves.
_REPEATED = (
    *("index_url", "extra_index_urls", "no_index", "find_links", "trusted_hosts", "cert"),
    *("ignore_dependencies", "constraints", "ignore_requires_python"),
    *("pre", "prefer_binary", "build_isolation"),
    *("platforms", "python_version", "implementation", "abis"),
    *("target_dir", "prefix_path", "root_path", "use_user_site"),
    *("download_dir", "wheel_dir", "output_file"),
)


_GENERAL = (
    *("isolated_mode", "require_venv", "verbose", "quiet", "log", "no_input"),
    *("keyring_provider", "proxy", "retries", "timeout", "trusted_hosts", "cert", "client_cert"),
    *("no_color", "debug_mode", "features_enabled", "deprecated_features_enabled"),
)


def general_options(parser: Any, arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the words on the command line that any command of pip's takes, as they are."""
    values, defaults = _said(parser, arguments)
    words = [
        word
        for option in _options(parser)
        if option.dest in _GENERAL
        for word in _plain(option, getattr(values, option.dest), getattr(defaults, option.dest))
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
        for option in _options(parser)
        if option.dest in _REPEATED
        for word in _words(option, getattr(values, option.dest), getattr(defaults, option.dest))
    ]
    for name in ("only_binary", "no_binary"):
        projects = getattr(values.format_control, name)
        if projects:
            words += [f"--{name.replace('_', '-')}", ",".join(sorted(projects))]
    return tuple(words)


def _said(parser: Any, arguments: Sequence[str]) -> tuple[Any, Any]:
    """Return what the command line says, and what would hold without it."""
    # pip's own method would mix in what configuration and environment say.
    defaults = copy.deepcopy(optparse.OptionParser.get_default_values(parser))
    for name, value in vars(defaults).items():
        if isinstance(value, list):  # pip has parsed already, and appended to it
            setattr(defaults, name, [])
    values, _ = parser.parse_args(list(arguments), copy.deepcopy(defaults))
    return values, defaults


def _options(parser: Any) -> list[Any]:
    """Return one option for each thing to be set: the first that sets it."""
    groups = (parser, *parser.option_groups)
    found: dict[str, Any] = {}
    for option in (option for group in groups for option in group.option_list):
        if option.dest:
            found.setdefault(option.dest, option)
    return list(found.values())


def _words(option: Any, value: Any, default: Any) -> Iterator[str]:
    for word in _plain(option, value, default):
        yield redact_auth_from_url(word) if "://" in word else word


def _plain(option: Any, value: Any, default: Any) -> Iterator[str]:
    if value == default:
        return
    name = option.get_opt_string()
    if not option.takes_value():
        yield from [name] * (value if option.action == "count" else 1)
        return
    for each in value if isinstance(value, list) else [value]:
        yield name
        yield str(each)
