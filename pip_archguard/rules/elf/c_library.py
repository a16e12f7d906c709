"""Code for another C library than the process has, or for a newer one."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.finding import Finding
from pip_archguard.model.libc import Libc
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.linking import Outcome

_GLIBC_LOADER = ("ld-linux", "ld64.so")
_MUSL_FILE = ("libc.musl-", "ld-musl-")
_UNKNOWN = (0, 0)


def check_c_library(case: Case) -> Iterator[Finding]:
    """Refuse what needs the other C library than the target's; glibc and musl are no kin.

    musl takes `libc.so.6` for itself (`dynlink.c`, `load_library`), so code made for glibc
    loads there as long as musl has every name it calls: that is a warning, unless it asks
    for glibc's own loader or for names that musl lacks. glibc never finds musl's library.
    """
    if case.target.libc is None:
        return
    misfits = [
        (binary, piece)
        for binary, piece in case.loadable()
        if piece.libc is not None and piece.libc is not case.target.libc
    ]
    none_fits = len(misfits) == sum(1 for _ in case.loadable())
    for binary, piece in misfits:
        proof = _proof(case, binary, piece)
        yield case.finding(
            Reason.WRONG_LIBC,
            _severity(case, binary, none_fits=none_fits, certain=bool(proof)),
            binary.path,
            str(piece.libc),
            str(case.target.libc),
            *proof,
        )


def _severity(case: Case, binary: Binary, *, none_fits: bool, certain: bool) -> Severity:
    """Weigh a file that certainly, or perhaps, does not load.

    What an import loads is needed: that of a true module, for libraries are named alike.
    In a wheel for a platform a library is too, if it has none that loads; in an `any` wheel
    it may be a plug-in, as debugpy's `attach_linux_amd64.so` is.
    """
    modules = (case.loading.images[path].binary for path in case.loading.modules_of(binary.path))
    if any(module.python_init for module in modules) or (none_fits and case.is_platform_wheel):
        return Severity.REFUSE if certain else Severity.WARN
    return Severity.WARN if case.is_platform_wheel else Severity.INFO


def _proof(case: Case, binary: Binary, piece: Slice) -> tuple[str, ...]:
    """Return what the target's C library certainly lacks, of the things a file asks for."""
    brought = {
        need.link.install_name
        for need in case.loading.needs
        if need.image.binary.path == binary.path and need.link.outcome is Outcome.FOUND
    }
    foreign = _GLIBC_LOADER if case.target.libc is Libc.MUSL else (*_MUSL_FILE, "libc.so")
    asked = (d.install_name for d in piece.dependencies)
    lacking = tuple(n for n in asked if n not in brought and _is(n, foreign))
    return lacking or (piece.beyond_musl if case.target.libc is Libc.MUSL else ())


def _is(name: str, foreign: tuple[str, ...]) -> bool:
    """Whether a library is one of these; `libc.so.6` is not `libc.so`."""
    return name == "libc.so" if name.startswith("libc.so") else name.startswith(foreign)


def check_glibc(case: Case) -> Iterator[Finding]:
    """Refuse a module that asks for a newer glibc than the running one: ld.so does so.

    (`version 'GLIBC_2.38' not found`.) A named target states the oldest glibc that it may
    have, so there it is a warning.
    """
    target = case.target
    if target.libc is not Libc.GLIBC or target.os_version == _UNKNOWN:
        return
    certain = not target.named and not target.foreign
    too_new = [
        (binary, piece)
        for binary, piece in case.loadable()
        if piece.glibc is not None and piece.glibc > target.os_version
    ]
    none_fits = len(too_new) == sum(1 for _ in case.loadable())
    for binary, piece in too_new:
        severity = _severity(case, binary, none_fits=none_fits, certain=certain)
        wanted = ".".join(map(str, piece.glibc or ()))
        have = ".".join(map(str, target.os_version))
        yield case.finding(Reason.NEWER_GLIBC, severity, binary.path, wanted, have)
