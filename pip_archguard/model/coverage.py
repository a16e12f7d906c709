"""How well the wheels of some requirements cover a matrix of targets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.finding import Finding
from pip_archguard.model.target import Target


class Cover(Enum):
    """How one target gets one package; the value is what reports call it.

    `CLAIMED` is a wheel for Linux or Windows whose name fits, and that was not looked into,
    as too much of it would have to be fetched.
    `UNKNOWN` is one that was, and could not be judged all the same. `NOT_NEEDED` is a
    package that other targets need and this one not.
    """

    LOADS = "loads"
    UNIVERSAL2 = "loads-through-universal2"
    CLAIMED = "claimed"
    BUILD = "source-build"
    MISLABELLED = "mislabelled"
    NOTHING = "nothing"
    UNKNOWN = "unknown"
    NOT_NEEDED = "not-needed"


class CoverForm(Enum):
    """The value of `--format`."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


BEGINNINGS = {
    CoverForm.TABLE: " " * len("package   "),
    CoverForm.JSON: '{\n  "version": "1",\n  "sources": [',
    CoverForm.MARKDOWN: "### Coverage o",
    CoverForm.HTML: '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-",
}
"""How the file of each form begins: by this, one of an earlier run is known again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverTarget:
    """One column of the matrix, such as `macos-arm64` with Python 3.12.

    `targets` are the processes that must load a wheel: two for `macos-universal2`.
    """

    machine: str
    python: str
    targets: tuple[Target, ...]

    @property
    def id(self) -> str:
        """A stable name, such as `macos-arm64-cp312`."""
        return f"{self.machine}-cp{self.python.replace('.', '')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one target takes for one package.

    `filename` is the wheel or sdist that pip would take there. Where that wheel is
    mislabelled, `instead` says how the guard would get the package, from
    `instead_filename` in `instead_release`. `dependencies_known` is false where only a
    build would tell what an sdist needs, so that packages may be missing from the column.
    `required_by` are the projects that ask for it, none for a requirement of the user's.
    `note` is a clause on what could not be told, or why there is nothing.
    """

    project: str
    cover: Cover
    release: str = ""
    filename: str = ""
    findings: tuple[Finding, ...] = ()
    instead: Cover | None = None
    instead_release: str = ""
    instead_filename: str = ""
    dependencies_known: bool = True
    required_by: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """All that one target takes; `failure` says why pip would not resolve there at all."""

    target: CoverTarget
    cells: tuple[Cell, ...] = ()
    failure: str = ""

    def cell(self, project: str) -> Cell:
        """Return the cell of a project, which may not be needed here."""
        for cell in self.cells:
            if cell.project == project:
                return cell
        cover = Cover.UNKNOWN if self.failure else Cover.NOT_NEEDED
        return Cell(project=project, cover=cover, note=self.failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The matrix: `sources` are the inputs as the user named them."""

    sources: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def projects(self) -> tuple[str, ...]:
        """Every project that any target needs, in alphabetical order."""
        return tuple(sorted({cell.project for column in self.columns for cell in column.cells}))
