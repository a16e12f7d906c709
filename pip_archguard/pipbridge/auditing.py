"""Auditing folders: surveyed, read in several processes, judged as one environment."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import normpath, relpath

from pip_archguard import environment, hosts
from pip_archguard.environment import Job, Survey, read_job
from pip_archguard.errors import EXIT_BROKEN, EXIT_UNKNOWN, UnreadableInputError
from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import (
    Audited,
    AuditedFolder,
    FolderKind,
    Skipped,
    SkipReason,
)
from pip_archguard.model.binary import Binary, Format, Kind
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.pipbridge.audit_judging import judgements
from pip_archguard.pipbridge.audit_reading import ReadPackage, read_packages
from pip_archguard.rules import Ground, site_of


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
) -> Audit:
    """Audit these folders, or the running environment if there are none.

    The site-packages among them are one environment, as `sys.path` would make them; each
    app or conda prefix is one of its own. The projects that are `ignored` are there for
    others to link, and not told of. Raises UnreadableInputError for what is no folder.
    """
    own = environment.own_folders()
    if folders:
        roots = tuple(dict.fromkeys(map(_folder, folders)))
        surveys = [environment.survey_of(root) for root in roots]
    else:
        archives = environment.own_archives()
        surveys = [environment.survey_of(own[0], zips=archives)] if own else []
        surveys += [environment.survey_of(root) for root in own[1:]]
        surveys = list(_without_shadowed(surveys))
    packages: list[Audited] = []
    skipped = [skip for each in surveys for skip in each.skipped]
    for group in _groups(surveys, together=not folders):
        runs = all(each.root in own for each in group)
        read = list(read_packages(group, processes))
        skipped += [s for each in read for s in _one_file_programs(each)]
        packages += _judge(group, read, archs, running=runs)
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
        folders=tuple(_told(each, running=each.root in own) for each in surveys),
    )


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


def _told(of: Survey, *, running: bool) -> AuditedFolder:
    return AuditedFolder(path=str(of.root), kind=of.kind, running=running)


def _one_file_programs(read: ReadPackage) -> Iterator[Skipped]:
    for binary in read.facts.binaries:
        if any(piece.kind is Kind.EXECUTABLE for piece in binary.slices):
            path = read.survey.root / relpath(binary.path, read.prefix)
            if environment.unpacks_itself(path):
                yield Skipped(path=str(path), reason=SkipReason.ONE_FILE)


def _judge(
    group: Sequence[Survey], read: Sequence[ReadPackage], archs: Sequence[str], *, running: bool
) -> Iterator[Audited]:
    program = _program(group[0], read)
    targets = _targets(group[0], read, program, archs, running=running)
    prefixed = {each.survey.root: each.prefix for each in read}
    links = {
        normpath(f"{prefixed.get(s.root, '.')}/{link}"): normpath(
            f"{prefixed.get(s.root, '.')}/{target}"
        )
        for s in group
        for link, target in s.links.items()
    }
    ground = Ground(root=str(group[0].root), links=links, program=program)
    site = site_of([each.facts for each in read], ground)
    for each, judgement in zip(read, judgements(read, targets, site), strict=True):
        where = each.survey.root / each.package.location
        yield Audited(
            judgement=_localised(judgement, normpath(f"{each.prefix}/{each.package.location}")),
            targets=targets,
            location=str(where),
            origins=each.package.origins,
            folder=_told(each.survey, running=running),
            remarks=each.package.remarks,
        )


def _program(survey: Survey, read: Iterable[ReadPackage]) -> Binary | None:
    """Return the program of the process, read with its package or, if nobody has it, now."""
    if survey.program is None:
        return None
    for each in read:
        for binary in each.facts.binaries:
            if binary.path == survey.program:
                return binary
    job = Job(
        root=str(survey.root),
        name="",
        project="",
        release="",
        platforms=frozenset(),
        native=(survey.program,),
        sources=(),
    )
    return next(iter(read_job(job).binaries), None)


def _targets(
    survey: Survey,
    read: Sequence[ReadPackage],
    program: Binary | None,
    archs: Sequence[str],
    *,
    running: bool,
) -> tuple[Target, ...]:
    here = hosts.running_target()
    if running:
        return hosts.for_archs((here,), archs)
    binaries = [b for each in read for b in each.facts.binaries]
    return hosts.audited_targets(
        here,
        hosts.Clues(
            claims=tuple(each.facts.platforms for each in read),
            program=_archs_of(program, Format.MACH_O),
            linux_program=_archs_of(program, Format.ELF),
            paths=tuple(binary.path for binary in binaries),
            root=str(survey.root),
            macho=any(binary.format is Format.MACH_O for binary in binaries),
        ),
        archs,
    )


def _archs_of(program: Binary | None, format_: Format) -> frozenset[Arch]:
    if program is None or program.format is not format_:
        return frozenset()
    return frozenset(piece.arch for piece in program.slices)


def _localised(judgement: Judgement, place: str) -> Judgement:
    """Return a judgement whose paths are relative to where the package lies."""
    if place == ".":
        return judgement

    def local(path: str) -> str:
        return path if path == judgement.facts.filename else relpath(path, place)

    facts = judgement.facts
    return Judgement(
        facts=replace(
            facts,
            binaries=tuple(replace(b, path=local(b.path)) for b in facts.binaries),
            problems=tuple(replace(p, path=local(p.path)) for p in facts.problems),
        ),
        findings=tuple(
            replace(
                f,
                path=local(f.path),
                needed_by=local(f.needed_by) if f.needed_by else "",
                modules=tuple(map(local, f.modules)),
            )
            for f in judgement.findings
        ),
    )
