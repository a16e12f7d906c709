"""The wheels of a release that may be fused with one that was refused."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions
from pip._vendor.packaging.specifiers import SpecifierSet

from pip_archguard.model.choice import Choice
from pip_archguard.model.target import Target
from pip_archguard.pipbridge.internals.refusal import applicable
from pip_archguard.wheels import WheelName, parse_wheel_name

_FIRST_WHOLE = 11  # from macOS 11 on pip knows no minor versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A refused wheel that would have loaded on one of the two architectures."""

    req: Any
    path: Path
    choice: Choice
    lacking: Target


class Halves:
    """Finds the other half of a wheel, among the sources that the run has."""

    def __init__(self, command: Any, options: Any, finder: Any) -> None:
        self._command = command
        self._options = options
        self._finder = finder

    def links(self, half: Half) -> Iterator[Any]:
        """Yield the wheels for the other architecture, of the same Pythons, the best first."""
        finder = self._finder_for(half.lacking)
        hashes = half.req.hashes(trust_internet=False)
        specifier = SpecifierSet(f"=={half.req.get_dist().version}")
        mine = parse_wheel_name(half.choice.filename)
        for found in reversed(applicable(finder, half.req.name, specifier, hashes)):
            link = found.link
            if not link.is_wheel or (link.is_yanked and not half.req.link.is_yanked):
                continue
            if _pythons(parse_wheel_name(link.filename)) == _pythons(mine):
                yield link

    def _finder_for(self, target: Target) -> Any:
        """Have pip make a finder of the same sources and rules, for another machine."""
        options = copy.copy(self._options)
        for name in ("python_version", "implementation", "abis"):
            if not hasattr(options, name):  # `pip wheel` has none of them
                setattr(options, name, None)
        options.platforms = [platform_of(target)]
        finder = self._command._build_package_finder(
            options=options,
            session=self._command.get_default_session(options),
            target_python=cmdoptions.make_target_python(options),
            ignore_requires_python=options.ignore_requires_python,
        )
        finder.search_scope = self._finder.search_scope  # requirements files add to it
        return finder


def platform_of(target: Target) -> str:
    """Return the newest platform tag that a target takes."""
    major, minor = target.os_version
    return f"macosx_{major}_{0 if major >= _FIRST_WHOLE else minor}_{target.arch}"


def _pythons(name: WheelName) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(name.pythons), frozenset(name.abis)
