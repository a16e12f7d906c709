"""Results of audits, one for each thing that an audit may have to say."""

from __future__ import annotations

from dataclasses import replace

from builders.facts import elf, mac, piece, thin
from builders.facts import macho as native
from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import (
    Audited,
    AuditedFolder,
    AuditReport,
    FolderKind,
    Note,
    Origins,
    Owner,
    Remark,
    Skipped,
    SkipReason,
)
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.finding import Finding
from pip_archguard.model.mixed import MixedUse
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge

ARM64, INTEL = mac(), mac(Arch.X86_64)
SITE = "/env/lib/python3.12/site-packages"
HERE = AuditedFolder(path=SITE, kind=FolderKind.SITE, running=True)
THERE = AuditedFolder(path="/copy/site-packages", kind=FolderKind.SITE)
APP = AuditedFolder(path="/dist/Demo.app", kind=FolderKind.APP)
CONDA = AuditedFolder(path="/opt/conda envs/demo", kind=FolderKind.CONDA)
MODULE = "_c.cpython-312-darwin.so"
UNKNOWN = "unknown"


def package(
    name: str,
    *binaries: Binary,
    folder: AuditedFolder = HERE,
    owner: Owner = Owner.INDEX,
    url: str = "",
    release: str = "1.0",
    tag: str = "macosx_11_0_arm64",
    targets: tuple[Target, ...] = (ARM64,),
    remarks: tuple[Remark, ...] = (),
) -> Audited:
    """Return a package that was audited; one without a release is no package."""
    facts = WheelFacts(
        filename=f"{name} {release}".strip(),
        project=name if owner not in (Owner.APP, Owner.NOBODY) else "",
        release=release,
        platforms=frozenset({tag}),
        binaries=binaries,
    )
    return Audited(
        judgement=judge(facts, targets),
        targets=targets,
        location=folder.path,
        origins=Origins(owner=owner, url=url),
        folder=folder,
        remarks=remarks,
    )


def report(*packages: Audited, **more: object) -> AuditReport:
    """Return the result of an audit of these packages."""
    folders = tuple(dict.fromkeys(each.folder for each in packages)) or (HERE,)
    found = AuditReport(packages=packages, skipped=(), folders=folders, exit_code=0)
    return replace(found, **more)  # type: ignore[arg-type]


BAD = thin(MODULE, Arch.X86_64)
GOOD = thin(MODULE, Arch.ARM64)
FAT = native(MODULE, piece(Arch.X86_64), piece(Arch.ARM64))


def _gone() -> Audited:
    sound = package("gone", GOOD)
    finding = Finding(
        reason=Reason.MISSING_FILE, severity=Severity.WARN, path="libx.dylib", target=ARM64
    )
    judgement = Judgement(facts=sound.judgement.facts, findings=(finding,))
    return replace(sound, judgement=judgement)


NOTES = (
    Remark(note=Note.NO_METADATA, paths=("/x/METADATA",)),
    Remark(note=Note.NO_RECORD, paths=("/x/RECORD",)),
    Remark(note=Note.BROKEN_RECORD, paths=("/x/RECORD",), count=1),
    Remark(note=Note.BROKEN_RECORD, paths=("/x/RECORD",), count=2),
    Remark(note=Note.MISSING_FILES, paths=("a.py",), count=1),
    Remark(note=Note.MISSING_FILES, paths=("a.py", "b.py"), count=9),
    Remark(note=Note.EDITABLE, paths=("/src",)),
    Remark(note=Note.EDITABLE_NOT_FOUND, paths=("file:///src",)),
)
SKIPPED = tuple(
    Skipped(path=f"/x/{reason.value}", reason=reason, detail="Permission denied")
    for reason in SkipReason
)

AUDITS: dict[str, AuditReport] = {
    "nothing": report(),
    "sound": report(package("one", GOOD), package("two")),
    "sound-verbose": report(package("one", GOOD), package("two", remarks=NOTES), verbose=True),
    "broken-here": report(
        package("cffi", BAD),
        package("fine", FAT, tag="macosx_11_0_universal2"),
        package("foreign", elf(MODULE)),
        _gone(),
        exit_code=40,
        archs=("x86_64",),
        fix_archs=("universal2",),
    ),
    "both-targets": report(package("cffi", GOOD, targets=(ARM64, INTEL)), exit_code=40),
    "elsewhere": report(
        package("cffi", BAD, folder=THERE),
        package("no-release", BAD, folder=THERE, release=""),
        exit_code=40,
    ),
    "other-owners": report(
        package("edited", BAD, owner=Owner.EDITABLE, url="file:///src/my%20demo"),
        package("linked", BAD, owner=Owner.URL, url="https://x/y.whl"),
        package("site-packages", BAD, owner=Owner.NOBODY, release="", tag=UNKNOWN),
        exit_code=40,
    ),
    "app": report(
        package("cffi", BAD, folder=APP),
        package(
            "Demo.app",
            thin("libx.dylib", Arch.X86_64, Kind.DYLIB),
            folder=APP,
            owner=Owner.APP,
            release="",
            tag=UNKNOWN,
        ),
        exit_code=40,
    ),
    "conda": report(package("libz", BAD, folder=CONDA, owner=Owner.CONDA), exit_code=40),
    "conda-both": report(
        package("libz", BAD, folder=CONDA, owner=Owner.CONDA, targets=(ARM64, INTEL)), exit_code=40
    ),
    "mixed": report(
        package("cffi", BAD),
        package("markupsafe", BAD),
        exit_code=40,
        mixed=MixedUse(filled_as=Arch.X86_64, runs_as=Arch.ARM64, lacking=2, native=2),
    ),
    "notes": report(package("odd", BAD, remarks=NOTES), exit_code=40),
    "skipped": report(skipped=SKIPPED),
    "skipped-many": report(skipped=SKIPPED * 2),
    "after-fix": report(package("cffi", BAD), exit_code=40, mended=True),
    "hostile-names": report(
        package("::error::x\n", BAD, url="https://x/\x1b[31m", owner=Owner.URL), exit_code=40
    ),
}
