"""Auditing folders: surveyed, read in several processes, judged as one environment."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import relpath

from pip_archguard import environment
from pip_archguard.environment import Survey
from pip_archguard.errors import EXIT_BROKEN, EXIT_UNKNOWN, UnreadableInputError
from pip_archguard.model.audit import (
    Audited,
    AuditedFolder,
    FolderKind,
    Skipped,
    SkipReason,
)
from pip_archguard.model.binary import Kind
from pip_archguard.model.verdict import Verdict
from pip_archguard.pipbridge.audit_group import judge_group, told_folder
from pip_archguard.pipbridge.audit_reading import ReadPackage, read_packages


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All that was found."""

    packages: tuple[Audited, ...]
    skipped: tuple[Skipped, ...]
    folders: tuple[AuditedFolder, ...]

    @property
    def exit_code(self) -> int:
        """What is broken weighs most, then what could not be told."""
        verdicts = {each.judgement.verdict for each in self.packages}
        if Verdict.BROKEN in verdicts:
            return EXIT_BROKEN
        return EXIT_UNKNOWN if Verdict.UNKNOWN in verdicts else 0


def audit(
    folders: Sequence[str],
    archs: Sequence[str] = (),
    *,
    ignored: Collection[str] = (),
    processes: int | None = None,
    known: Path | None = None,
) -> Audit:
    """Audit these folders, or the running environment if there are none.

    The site-packages among them are one environment, as `sys.path` would make them; each
    app or conda prefix is one of its own. The projects that are `ignored` are there for
    others to link, and not told of. In the folder `known` is what earlier audits have read
    of files that are still as they were. Raises UnreadableInputError for what is no folder.
    """
    own = environment.own_folders()
    surveys = _surveys_of(folders) if folders else list(_without_shadowed(_surveys_of_own(own)))
    packages: list[Audited] = []
    skipped = [skip for each in surveys for skip in each.skipped]
    for group in _groups(surveys, together=not folders):
        runs = all(each.root in own for each in group)
        read = list(read_packages(group, processes, known))
        skipped += [s for each in read for s in _one_file_programs(each)]
        packages += judge_group(group, read, archs, running=runs)
    skipped += [
        Skipped(path=f"{p.location}/{p.judgement.facts.project}", reason=SkipReason.IGNORED)
        for p in packages
        if _is_one_of(p, ignored)
    ]
    packages = [p for p in packages if not _is_one_of(p, ignored)]
    packages.sort(key=lambda p: (not p.is_package, p.judgement.facts.project, p.location))
    return Audit(
        packages=tuple(packages),
        skipped=tuple(dict.fromkeys(skipped)),
        folders=tuple(told_folder(each, running=each.root in own) for each in surveys),
    )


def _surveys_of(folders: Sequence[str]) -> list[Survey]:
    return [environment.survey_of(root) for root in dict.fromkeys(map(_folder, folders))]


def _surveys_of_own(folders: Sequence[Path]) -> list[Survey]:
    """Survey those of the running environment; what lies in archives is told with the first."""
    archives = environment.own_archives()
    return [
        environment.survey_of(root, zips=() if at else archives) for at, root in enumerate(folders)
    ]


def _is_one_of(package: Audited, projects: Collection[str]) -> bool:
    return package.is_package and package.judgement.facts.project in projects


def _without_shadowed(surveys: Sequence[Survey]) -> Iterator[Survey]:
    """Yield the folders without the packages of which Python finds another first."""
    seen: set[str] = set()
    for survey in surveys:
        names = {package.project for package in survey.packages if package.project}
        hidden = names & seen
        seen |= names
        where = {p.project: str(survey.root / p.location) for p in survey.packages}
        yield replace(
            survey,
            packages=tuple(p for p in survey.packages if p.project not in hidden),
            skipped=(
                *survey.skipped,
                *(
                    Skipped(path=f"{where[name]}/{name}", reason=SkipReason.SHADOWED)
                    for name in sorted(hidden)
                ),
            ),
        )


def _folder(named: str) -> Path:
    path = Path(os.path.realpath(Path(named).expanduser()))
    if not os.path.isdir(path):  # noqa: PTH112 - `Path` raises for what is too long
        what = "is no folder" if os.path.exists(path) else "is not there"  # noqa: PTH110
        msg = f"`{named}` {what}, so it cannot be audited"
        hint = "name a site-packages, an app bundle, a dist folder or a prefix"
        raise UnreadableInputError(msg, hint=hint)
    try:
        with os.scandir(path):
            return path
    except OSError as error:
        msg = f"`{named}` cannot be read: {error.strerror or error}"
        raise UnreadableInputError(msg) from error


def _groups(surveys: Sequence[Survey], *, together: bool) -> Iterator[list[Survey]]:
    """Yield the folders of each process: all site-packages are one, an app is its own."""
    sites = [s for s in surveys if together or s.kind is FolderKind.SITE]
    if sites:
        yield sites
    yield from ([s] for s in surveys if s not in sites)


def _one_file_programs(read: ReadPackage) -> Iterator[Skipped]:
    for binary in read.facts.binaries:
        if any(piece.kind is Kind.EXECUTABLE for piece in binary.slices):
            path = read.survey.root / relpath(binary.path, read.prefix)
            if environment.unpacks_itself(path):
                yield Skipped(path=str(path), reason=SkipReason.ONE_FILE)
