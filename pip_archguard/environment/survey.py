"""All that is found in one folder: its packages, its program, and what was skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname

from pip_archguard.environment.bundles import kind_of, program_of
from pip_archguard.environment.folders import native_files, tell_links_outside, walk
from pip_archguard.environment.owners import Owners, Package
from pip_archguard.environment.skipped import tell_zips
from pip_archguard.model.audit import FolderKind, Skipped, SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found in one folder."""

    root: Path
    kind: FolderKind
    program: str | None
    packages: tuple[Package, ...]
    links: dict[str, str] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()


def survey_of(root: Path, *, zips: Iterable[Path] = ()) -> Survey:
    """Look through a folder; `zips` are archives on the path of the process, to be told."""
    tree = walk(root)
    native = list(native_files(tree))
    program = program_of(tree, native)
    kind = kind_of(tree, program)
    owners = Owners(tree, native)
    packages = [*owners.packages(), *owners.left_over(kind)]
    sites = {dirname(path) for path in tree.metadata} | {"", dirname(program or "")}
    tell_zips(tree, sites)
    tell_links_outside(tree, owners.owned)
    for path in zips:
        tree.skipped.append(Skipped(path=str(path), reason=SkipReason.ZIPPED))
    return Survey(
        root=tree.root,
        kind=kind,
        program=program,
        packages=tuple(packages),
        links=tree.links,
        skipped=tuple(tree.skipped),
    )
