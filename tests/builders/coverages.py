"""Matrices made by hand: every state, hostile names, columns that failed, and large ones."""

from __future__ import annotations

from pip_archguard.model.arch import Arch
from pip_archguard.model.coverage import Cell, Column, Cover, Coverage, CoverTarget
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import System, Target

HOSTILE = '</script><img src=x onerror="boom()">|`*_[x](y)`'
BIDI = "evil\u202egnp.exe\x1b[31m\x07\r\n::error::x"

_SYSTEMS = {"macos": System.MACOS, "linux": System.LINUX, "windows": System.WINDOWS}
_ARCHS = {
    "arm64": (Arch.ARM64,),
    "x86_64": (Arch.X86_64,),
    "universal2": (Arch.ARM64, Arch.X86_64),
    "aarch64": (Arch.ARM64,),
    "amd64": (Arch.X86_64,),
}


def target(machine: str = "macos-arm64", python: str = "3.12") -> CoverTarget:
    """A column such as the command line names it."""
    system, _, arch = machine.partition("-")
    processes = tuple(
        Target(
            system=_SYSTEMS[system],
            arch=each,
            os_version=(14, 0) if system == "macos" else (0, 0),
            python=f"cp{python.replace('.', '')}",
            named=True,
        )
        for each in _ARCHS[arch]
    )
    return CoverTarget(machine=machine, python=python, targets=processes)


def found(
    reason: Reason,
    where: CoverTarget,
    *evidence: str,
    path: str = "_core.so",
    severity: Severity = Severity.REFUSE,
) -> Finding:
    """A finding for the first process of a column."""
    return Finding(
        reason=reason, severity=severity, path=path, target=where.targets[0], found=evidence
    )


ARM64, INTEL, BOTH = target(), target("macos-x86_64"), target("macos-universal2")
LINUX = target("linux-aarch64")
WINDOWS = target("windows-amd64")


def wheel(project: str, release: str, tag: str) -> str:
    return f"{project}-{release}-{tag}.whl"


def whole() -> Coverage:
    """Every state at least once, with all that a cell can tell."""
    thin = wheel("capstone", "5.0.1", "py3-none-macosx_10_9_universal2")
    broken = Cell(
        project="capstone",
        cover=Cover.MISLABELLED,
        release="5.0.1",
        filename=thin,
        findings=(
            found(
                Reason.WRONG_ARCHITECTURE, ARM64, "x86_64", path="capstone/lib/libcapstone.dylib"
            ),
        ),
        instead=Cover.BUILD,
        instead_release="5.0.1",
        instead_filename="capstone-5.0.1.tar.gz",
    )
    stuck = Cell(
        project="vosk",
        cover=Cover.MISLABELLED,
        release="0.3.45",
        filename=wheel("vosk", "0.3.45", "py3-none-macosx_10_6_universal2"),
        findings=tuple(
            found(Reason.WRONG_ARCHITECTURE, ARM64, "x86_64", path=f"vosk/lib{n}.dyld")
            for n in range(5)
        ),
        instead=Cover.NOTHING,
        required_by=("speech-app",),
        note="no other version has a wheel or a source",
    )
    build = Cell(
        project="uamqp",
        cover=Cover.BUILD,
        release="1.6.11",
        filename="uamqp-1.6.11.tar.gz",
        dependencies_known=False,
        required_by=("azure-eventhub", "azure-servicebus"),
    )
    warned = Cell(
        project="grpcio",
        cover=Cover.LOADS,
        release="1.60.0",
        filename=wheel("grpcio", "1.60.0", "cp312-cp312-macosx_12_0_universal2"),
        findings=(
            found(Reason.NEWER_MACOS, ARM64, "15.0", path="grpc/_c.so", severity=Severity.WARN),
        ),
    )
    return Coverage(
        sources=("requirements.txt", "requirements dev.txt"),
        columns=(
            Column(
                target=ARM64,
                cells=(
                    broken,
                    stuck,
                    build,
                    warned,
                    _cell("numpy", "2.1.0", "cp312-cp312-macosx_14_0_arm64"),
                    _cell("cffi", "1.17.0", "cp312-cp312-macosx_10_9_universal2", Cover.UNIVERSAL2),
                    _cell("appnope", "0.1.4", "py2.py3-none-any"),
                    _cell("six", "1.16.0", "py3-none-any"),
                ),
            ),
            Column(
                target=INTEL,
                cells=(
                    Cell(project="capstone", cover=Cover.LOADS, release="5.0.1", filename=thin),
                    _cell("vosk", "0.3.45", "py3-none-macosx_10_6_universal2"),
                    _cell("uamqp", "1.6.11", "cp312-cp312-macosx_10_9_x86_64"),
                    _cell("grpcio", "1.60.0", "cp312-cp312-macosx_10_10_universal2"),
                    _cell("numpy", "1.26.4", "cp312-cp312-macosx_10_9_x86_64"),
                    _cell("cffi", "1.17.0", "cp312-cp312-macosx_10_9_universal2"),
                    _cell("appnope", "0.1.4", "py2.py3-none-any"),
                    _cell("six", "1.16.0", "py3-none-any"),
                ),
            ),
            Column(
                target=LINUX,
                cells=(
                    _cell("capstone", "5.0.1", "py3-none-manylinux2014_aarch64", Cover.CLAIMED),
                    Cell(
                        project="vosk",
                        cover=Cover.NOTHING,
                        required_by=("speech-app",),
                        note="its wheels are for other systems, and it has no source",
                    ),
                    build,
                    Cell(
                        project="grpcio",
                        cover=Cover.UNKNOWN,
                        release="1.60.0",
                        filename=wheel("grpcio", "1.60.0", "cp312-cp312-linux_aarch64"),
                        note="the index does not answer for this file",
                    ),
                    _cell("numpy", "2.1.0", "cp312-cp312-manylinux_2_17_aarch64", Cover.CLAIMED),
                    _cell("cffi", "1.17.0", "cp312-cp312-manylinux_2_17_aarch64", Cover.CLAIMED),
                    _cell("six", "1.16.0", "py3-none-any"),
                ),
            ),
            Column(
                target=target("macos-arm64", "3.14"),
                failure="numpy<2 needs Python below 3.13\nand speech-app needs numpy<2",
            ),
        ),
    )


def _cell(project: str, release: str, tag: str, cover: Cover = Cover.LOADS) -> Cell:
    filename = wheel(project, release, tag)
    return Cell(project=project, cover=cover, release=release, filename=filename)


def sound() -> Coverage:
    """Three targets, and nothing to do."""
    cells = (_cell("six", "1.16.0", "py3-none-any"), _cell("idna", "3.7", "py3-none-any"))
    columns = tuple(Column(target=each, cells=cells) for each in (ARM64, INTEL, BOTH))
    return Coverage(sources=("requirements.txt",), columns=columns)


def hostile() -> Coverage:
    """Names, evidence and notes that would do harm if anything took them for markup."""
    names = (HOSTILE, BIDI, "x" * 300)
    cells = tuple(
        Cell(
            project=name,
            cover=Cover.MISLABELLED,
            release=f"1.0{name}",
            filename=f"{name}.whl",
            findings=(found(Reason.MISSING_LIBRARY, ARM64, name, path=name),),
            instead=Cover.LOADS,
            instead_release=f"2.0{name}",
            instead_filename=f"{name}.tar.gz",
            required_by=(name,),
            note=name,
        )
        for name in names
    )
    broken = Column(target=target("macos-x86_64"), failure=f"{HOSTILE}\n{BIDI}")
    return Coverage(sources=names, columns=(Column(target=ARM64, cells=cells), broken))


def failed() -> Coverage:
    """No target has a set of packages at all."""
    why = "nothing satisfies `numpy>99`"
    columns = tuple(Column(target=each, failure=why) for each in (ARM64, LINUX))
    return Coverage(sources=("requirements.txt",), columns=columns)


def empty() -> Coverage:
    """Requirements that ask for nothing."""
    return Coverage(sources=("requirements.txt",), columns=(Column(target=ARM64),))


def large(packages: int = 500) -> Coverage:
    """Many packages on twelve targets, most of them well."""
    machines = ("macos-arm64", "macos-x86_64", "macos-universal2", "linux-aarch64")
    covers = (Cover.LOADS,) * 12 + (Cover.UNIVERSAL2, Cover.CLAIMED, Cover.BUILD, Cover.NOTHING)
    columns = []
    for number, machine in enumerate(machines):
        for python in ("3.11", "3.12", "3.13"):
            tag = f"cp{python.replace('.', '')}-{machine.replace('-', '_')}"
            cells = tuple(
                _cell(
                    f"package-{n:03}", "1.0", tag, covers[(n * 7 + number * (n % 5)) % len(covers)]
                )
                for n in range(packages)
            )
            columns.append(Column(target=target(machine, python), cells=cells))
    return Coverage(sources=("requirements.txt",), columns=tuple(columns))


ALL = {
    "whole": whole(),
    "sound": sound(),
    "hostile": hostile(),
    "failed": failed(),
    "empty": empty(),
}
