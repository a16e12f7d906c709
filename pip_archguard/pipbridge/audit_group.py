"""One environment of an audit: for what it is judged, and each of its packages judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from posixpath import normpath, relpath

from pip_archguard import hosts
from pip_archguard.environment import Job, Survey, read_job
from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import Audited, AuditedFolder
from pip_archguard.model.binary import Binary, Format
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.pipbridge.audit_judging import judgements
from pip_archguard.pipbridge.audit_reading import ReadPackage
from pip_archguard.rules import Ground, site_of


def judge_group(
    group: Sequence[Survey], read: Sequence[ReadPackage], archs: Sequence[str], *, running: bool
) -> Iterator[Audited]:
    """Yield the packages of folders whose files are loaded together, each judged."""
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
            folder=told_folder(each.survey, running=running),
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
        facts=facts._replace(
            binaries=tuple(b._replace(path=local(b.path)) for b in facts.binaries),
            problems=tuple(p._replace(path=local(p.path)) for p in facts.problems),
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


def told_folder(of: Survey, *, running: bool) -> AuditedFolder:
    """Return a folder as it is told of."""
    return AuditedFolder(path=str(of.root), kind=of.kind, running=running)
