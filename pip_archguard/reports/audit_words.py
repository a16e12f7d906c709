"""The words for what an audit notes, skips and advises, one entry for each."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import unquote

from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import (
    Audited,
    AuditReport,
    FolderKind,
    MendingPlanned,
    Note,
    Owner,
    Remark,
    Skipped,
    SkipReason,
)
from pip_archguard.model.verdict import Verdict
from pip_archguard.reports.wording import tick, visible

_SUBDIRS = {Arch.ARM64: "osx-arm64", Arch.X86_64: "osx-64"}


def note_text(remark: Remark) -> str:
    """Say what is to be known of a package beside its native files."""
    names = ", ".join(map(tick, remark.paths))
    match remark.note:
        case Note.NO_METADATA:
            return f"its metadata is missing or names no project: {names}"
        case Note.NO_RECORD:
            return f"{names} is missing, so which files are its own is not known"
        case Note.BROKEN_RECORD:
            one = remark.count == 1
            lines = "a line" if one else f"{remark.count} lines"
            were = "was" if one else "were"
            return f"{lines} of {names} cannot be used and {were} passed over"
        case Note.MISSING_FILES:
            files = "a file" if remark.count == 1 else f"{remark.count} files"
            more = ", such as" if remark.count > len(remark.paths) else ":"
            return f"{files} that it names are not there{more} {names}"
        case Note.EDITABLE:
            return f"it is editable: its files were looked for in {names}"
        case Note.EDITABLE_NOT_FOUND:
            return f"it is editable, and its files were not looked at: {names} is not here"


def skip_text(skipped: Skipped) -> str:
    """Say why something was not looked into."""
    detail = f" ({visible(skipped.detail)})" if skipped.detail else ""
    match skipped.reason:
        case SkipReason.ONE_FILE:
            return "a program that unpacks itself: what it carries was not looked at"
        case SkipReason.ZIPPED:
            return "a zipped library: what is in it was not looked at"
        case SkipReason.UNREADABLE:
            return f"it cannot be read{detail}"
        case SkipReason.LINK_LOOP:
            return "a link that leads to itself"
        case SkipReason.LINK_OUTSIDE:
            return f"a link that leads out of the folder{detail}"
        case SkipReason.OTHER_ENVIRONMENT:
            return "an environment of its own: audit it by itself"
        case SkipReason.TOO_MUCH:
            return "it holds more files than are looked at: the rest was left out"
        case SkipReason.SHADOWED:
            return "another installation of it comes first on the path of Python"
        case SkipReason.IGNORED:
            return "left alone, as `--arch-ignore` says"


def plan_text(plan: MendingPlanned) -> str:
    """Say what is about to be reinstalled, by which command, and what is not."""
    lines = []
    if plan.packages:
        verb = "would reinstall" if plan.dry else "reinstalling"
        lines.append(f"{verb}, the same versions: {', '.join(map(visible, plan.packages))}")
        lines += [f"as by: `{_command(words)}`" for words in plan.runs]
        if plan.kept_for is not None:
            lines.append(f"for {plan.kept_for}, too, as which this Python runs and loads them")
    else:
        lines.append("nothing is broken that could be reinstalled")
    if plan.others:
        lines.append(f"not mended by this: {', '.join(map(tick, plan.others))}")
    return "\n".join(lines)


def _command(words: Iterable[str]) -> str:
    return visible(shlex.join(["pip-archguard", *words]))


def advice(report: AuditReport) -> Iterator[str]:
    """Yield what to do about what cannot load, with commands ready to paste."""
    broken = [p for p in report.packages if p.judgement.verdict is Verdict.BROKEN]
    archs = "".join(f" --arch {visible(arch)}" for arch in report.archs)
    fixing = "".join(f" --arch {visible(arch)}" for arch in report.fix_archs)
    here = [p for p in broken if p.can_be_reinstalled]
    if here and not report.mended:
        yield f"reinstall what is broken: `pip-archguard audit --fix{fixing}`"
    if here:
        yield f"{'' if report.mended else 'or '}by hand: `{_install(fixing, map(_pin, here))}`"
    key = _folder_of
    elsewhere = [p for p in broken if p.can_be_installed_again and not p.folder.running]
    for folder, packages in groupby(sorted(elsewhere, key=key), key=key):
        command = _install(fixing, map(_pin, packages))
        yield f"with the Python that uses {tick(folder)}: `{command}`"
    for folder in dict.fromkeys(p.folder.path for p in broken if p.folder.kind is FolderKind.APP):
        yield (
            f"{tick(folder)} cannot be mended in place: build it again from an environment that "
            f"`pip-archguard audit{archs}` finds sound"
        )
    for each in broken:
        yield from _by_owner(each, fixing)


def _by_owner(of: Audited, archs: str) -> Iterator[str]:
    name, release = of.judgement.facts.project, of.judgement.facts.release
    match of.origins.owner:
        case Owner.CONDA:
            wanted = [t.arch for t in of.targets]
            if len(wanted) > 1:
                yield (
                    f"{tick(name)} is conda's, whose packages are each for one architecture: "
                    "make an environment for each (`CONDA_SUBDIR=osx-64`, `osx-arm64`)"
                )
                return
            subdir = _SUBDIRS.get(wanted[0], "osx-64")
            prefix = shlex.quote(visible(of.folder.path))
            pin = shlex.quote(visible(f"{name}={release}"))
            yield (
                f"{tick(name)} is conda's: `CONDA_SUBDIR={subdir} conda install --prefix {prefix} "
                f"--force-reinstall {pin}`"
            )
        case Owner.EDITABLE:
            path = shlex.quote(visible(_path(of)))
            command = f"pip-archguard install --no-deps{archs} --editable {path}"
            yield f"{tick(name)} is editable: build it again: `{command}`"
        case Owner.URL:
            pin = shlex.quote(visible(f"{name} @ {of.origins.url}"))
            yield f"{tick(name)} came from a URL: `{_install(archs, [pin])}`"
        case Owner.NOBODY:
            yield (
                f"no package owns the files in {tick(of.folder.path)} that cannot load: find "
                "out what put them there, or remove them"
            )
        case Owner.INDEX if not release and of.folder.kind is not FolderKind.APP:
            yield f"{tick(name)} has no version in its metadata: install it anew"
        case Owner.INDEX | Owner.APP:
            return


def _path(of: Audited) -> str:
    return unquote(of.origins.url.removeprefix("file://")) or of.location


def _folder_of(of: Audited) -> str:
    return of.folder.path


def _pin(of: Audited) -> str:
    return shlex.quote(visible(f"{of.judgement.facts.project}=={of.judgement.facts.release}"))


def _install(archs: str, pins: Iterable[str]) -> str:
    return f"pip-archguard install --force-reinstall --no-deps{archs} {' '.join(pins)}"
