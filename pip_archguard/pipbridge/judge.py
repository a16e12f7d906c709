"""The judge of one command: reads each file once, and knows what is installed together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pip_archguard.model.reason import Reason
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels import judge_wheel, read_wheel

if TYPE_CHECKING:  # not every run has a wheel of a known hash, or one on a server
    from pip_archguard.model.finding import Finding
    from pip_archguard.wheels import FactsCache
    from pip_archguard.wheels.remote import RemoteWheel

# What only some runs need is imported where they need it: that takes as long as the rest.
# ruff: noqa: PLC0415

_LEAST_KEPT = 1024 * 1024
"""Bytes from which on the facts of a wheel for any platform are kept.

A smaller one, which is Python alone nearly always, takes 1 ms to read, and about as much to
look up and to write down. A native one of 0.2 MB takes 31 ms, and 15 when it is known.
"""


class Judge:
    """Judges wheels and installed distributions for the targets of a command.

    Files are remembered by content (path, inode, time and size), not by path: a wheel
    that is evicted from pip's cache and rebuilt has the same path as before. With
    `by_tag` a wheel is judged for those targets that its own tags name. In the folder
    `kept` are the facts of wheels that earlier runs have read.
    """

    def __init__(
        self, targets: Sequence[Target], *, by_tag: bool = False, kept: Path | None = None
    ) -> None:
        self.targets = tuple(targets)
        self._by_tag = by_tag
        self._kept = kept
        self._cache: FactsCache | None = None
        self._facts: dict[tuple[object, ...], WheelFacts] = {}
        self._installed: dict[str, WheelFacts] = {}
        self._replaced: frozenset[str] = frozenset()

    def replaces(self, projects: Collection[str]) -> None:
        """Take note of which installed projects will not be there beside the wheels."""
        self._replaced = frozenset(projects)

    def learn(self, wheel: RemoteWheel, facts: WheelFacts) -> None:
        """Take note of the facts of a wheel that is not on disk."""
        self._facts[_content(wheel)] = facts

    def read(
        self, path: Path | RemoteWheel, filename: str, *, sha256: str = "", fetched: bool = False
    ) -> WheelFacts:
        """Return the facts of a wheel, by the file name that pip chose it by.

        With the hash of the file, where that is known, they may be those of an earlier run.
        The facts of one that was `fetched` to be read are kept however small it is, for the
        next run would ask a server for it.
        """
        key = _content(path)
        if key not in self._facts:
            self._facts[key] = self._read(path, filename, sha256, fetched=fetched)
        return self._facts[key]

    def wheel(
        self,
        path: Path | RemoteWheel,
        filename: str,
        *,
        built: bool = False,
        beside: Iterable[WheelFacts] = (),
    ) -> Judgement:
        """Judge a wheel; `beside` are the facts of what is installed with it."""
        facts = self.read(path, filename)
        others = [other for other in beside if other is not facts]
        stay = [f for project, f in self._installed.items() if project not in self._replaced]
        judgement = judge_wheel(
            path,
            facts,
            self._targets_for(facts),
            built=built,
            companions=(*others, *stay),
        )
        self._facts[_content(path)] = judgement.facts
        return _without_what_is_here(judgement)

    def installed(
        self, *, project: str, release: str, root: Path, files: Sequence[str], tags: Sequence[str]
    ) -> Judgement:
        """Judge installed files; `tags` are those of the WHEEL file (PEP 427)."""
        from pip_archguard.environment import optional_installed, read_installed

        platforms = {part for tag in tags for part in tag.rpartition("-")[2].split(".")}
        facts = self._installed[project] = read_installed(
            project=project,
            release=release,
            root=root,
            files=files,
            platforms=platforms or {"unknown"},
        )
        if not facts.binaries and not facts.problems:
            return Judgement(facts=facts)
        from pip_archguard.rules import judge, loading_besides, modules_at_fault

        judgement = judge(facts, self.targets)
        modules = modules_at_fault(judgement.findings)
        if not modules:
            return judgement
        loading = loading_besides(facts, judgement.findings, self.targets)
        optional = optional_installed(root, files, modules, loading)
        return judge(facts._replace(optional_modules=optional), self.targets)

    def unreadable(self, project: str, reason: str) -> Judgement:
        """Return the judgement on something that cannot be looked at at all."""
        from pip_archguard.model.problem import Problem
        from pip_archguard.rules import judge

        facts = WheelFacts(
            filename=project,
            project=project,
            release="",
            platforms=frozenset({"unknown"}),
            problems=(Problem(path=project, reason=reason),),
        )
        return judge(facts, self.targets)

    def known(self) -> FactsCache | None:
        """Return the facts of wheels that earlier runs have read, if those are kept."""
        if self._cache is None and self._kept is not None:
            from pip_archguard.wheels import FactsCache

            self._cache = FactsCache(self._kept)
        return self._cache

    def _read(
        self, path: Path | RemoteWheel, filename: str, sha256: str, *, fetched: bool
    ) -> WheelFacts:
        if not sha256 or not isinstance(path, Path):
            return read_wheel(path, filename)
        if not fetched and _is_soon_read(path, filename):
            return read_wheel(path, filename)
        cache = self.known()
        facts = None if cache is None else cache.get(sha256, filename)
        if facts is None:
            from pip_archguard.wheels import look_into

            facts, is_wheel = look_into(path, filename)
            if is_wheel and cache is not None:
                cache.put(sha256, facts)
        return facts

    def _targets_for(self, facts: WheelFacts) -> tuple[Target, ...]:
        """Where `--platform` names several machines, the tag says for which a wheel is."""
        if not self._by_tag:
            return self.targets
        named = tuple(
            t
            for t in self.targets
            if any(f"_{p}".endswith(f"_{t.arch_in_tags}") for p in facts.platforms)
        )
        return named or self.targets


def _is_soon_read(path: Path, filename: str) -> bool:
    return filename.endswith("-any.whl") and path.stat().st_size < _LEAST_KEPT


def _content(path: Path | RemoteWheel) -> tuple[object, ...]:
    if not isinstance(path, Path):
        return (path,)
    status = path.stat()
    return path, status.st_ino, status.st_mtime_ns, status.st_size


def _without_what_is_here(judgement: Judgement) -> Judgement:
    """Drop the libraries that are missing in wheels, but that this very machine has."""
    return judgement._replace(findings=tuple(f for f in judgement.findings if not _is_here(f)))


def _is_here(finding: Finding) -> bool:
    if finding.reason is not Reason.UNDELOCATED:
        return False
    from pip_archguard.pipbridge.on_this_machine import is_on_this_machine

    return is_on_this_machine(finding)
