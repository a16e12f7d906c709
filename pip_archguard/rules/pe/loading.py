"""What a process on Windows would load of a wheel: its libraries and what they import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import basename, dirname

from pip_archguard.model.binary import Binary, Format
from pip_archguard.model.target import Target
from pip_archguard.rules.case import Case
from pip_archguard.rules.names import is_test_data
from pip_archguard.rules.pe.choice import chosen_slice, is_library, is_program
from pip_archguard.rules.pe.names import (
    is_for_other_platform,
    is_for_other_python,
    is_module_name,
    is_of_the_process,
    module_of,
)
from pip_archguard.rules.site import place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """The libraries of a wheel before one target.

    `libraries` are those that its process could be asked for; `strangers` extension
    modules of this Python by names for another processor. `importers` leads from a file
    to those that import it; `unfit` are the files that a loaded one imports for certain
    and that do not load. `spared` may lack code for the process: only what is loaded
    late imports them, or they belong to a program. `asked` are all files that a library
    imports, certain or not, at once or late.
    """

    libraries: tuple[Binary, ...]
    strangers: tuple[Binary, ...]
    importers: Mapping[str, tuple[str, ...]]
    unfit: tuple[Binary, ...]
    spared: frozenset[str]
    asked: frozenset[str]

    def modules_of(self, path: str, target: Target) -> tuple[str, ...]:
        """Return the extension modules whose import loads a file."""
        seen = {path: None}
        waiting = [path]
        while waiting:
            for importer in self.importers.get(waiting.pop(), ()):
                if importer not in seen:
                    seen[importer] = None
                    waiting.append(importer)
        return tuple(p for p in seen if module_of(p, target) is not None)


def load(case: Case) -> Loading:
    """Follow each library that loads to what it imports.

    Windows looks in the folder of the library and in those that `os.add_dll_directory`
    was told of, which may be any: a DLL of the name elsewhere in the wheel will do.
    """
    target = case.target
    files = [b for b in case.facts.binaries if b.format is Format.PE]
    ours = [b for b in files if is_library(b) and not is_for_other_python(b.path, target)]
    libraries = tuple(b for b in ours if not is_for_other_platform(b.path, target))
    named = _Named(files, target)
    importers: defaultdict[str, list[str]] = defaultdict(list)
    unfit: dict[str, Binary] = {}
    late: set[str] = set()
    asked: set[str] = set()
    for importer in libraries:
        if is_test_data(importer.path):
            continue
        for found, exact, weak in _imports(importer, target, named):
            fits = chosen_slice(found, target) is not None
            asked.add(found.path)
            if weak:
                late.add(found.path)
            elif fits or (exact and (is_library(found) or found.malformed)):
                importers[found.path].append(importer.path)
                if not fits:
                    unfit[found.path] = found
    spared = {*late, *_of_programs(files)} - set(unfit)
    return Loading(
        libraries=libraries,
        strangers=tuple(b for b in ours if is_for_other_platform(b.path, target)),
        importers={path: tuple(found) for path, found in importers.items()},
        unfit=tuple(unfit.values()),
        spared=frozenset(spared),
        asked=frozenset(asked),
    )


class _Named:
    """The files of a wheel by their names: in each folder, and wherever they lie.

    Of several elsewhere the first that loads is found, or else the first.
    """

    def __init__(self, files: Iterable[Binary], target: Target) -> None:
        self.beside: dict[tuple[str, str], Binary] = {}
        self.anywhere: dict[str, Binary] = {}
        fitting: dict[str, Binary] = {}
        for binary in files:
            name = basename(binary.path).lower()
            self.beside.setdefault((_folder(binary.path), name), binary)
            self.anywhere.setdefault(name, binary)
            if name not in fitting and chosen_slice(binary, target) is not None:
                fitting[name] = binary
        self.anywhere |= fitting


def _imports(
    importer: Binary, target: Target, named: _Named
) -> Iterator[tuple[Binary, bool, bool]]:
    """Yield what a library that loads imports of the wheel, whether for certain, whether late."""
    piece, folder = chosen_slice(importer, target), _folder(importer.path)
    for dependency in piece.dependencies if piece is not None else ():
        name = dependency.install_name.lower()
        elsewhere = named.anywhere.get(name)
        if elsewhere is None or is_of_the_process(dependency.install_name):
            continue
        beside = named.beside.get((folder, name))
        yield beside or elsewhere, beside is not None, dependency.weak


def _of_programs(files: list[Binary]) -> Iterator[str]:
    """Yield the DLLs that lie with a program of their machine: it loads them, not Python.

    Programs run in processes of their own, on Windows on Arm emulated if need be.
    """
    programs = {(_folder(b.path), s.arch) for b in files if is_program(b) for s in b.slices}
    for binary in files:
        if is_module_name(binary.path) or not is_library(binary):
            continue
        folder = _folder(binary.path)
        above = [folder]
        while folder := dirname(folder):
            above.append(folder)
        if any((at, s.arch) in programs for at in above for s in binary.slices):
            yield binary.path


def _folder(path: str) -> str:
    return dirname(place_of(path)).lower()
