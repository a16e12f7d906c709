"""The judgement on each package of an environment, which all share one site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from posixpath import normpath

from pip_archguard.environment import Question, optional_of
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.pipbridge.audit_reading import ReadPackage
from pip_archguard.pipbridge.on_this_machine import is_on_this_machine
from pip_archguard.pipbridge.processes import (
    MOST_PROCESSES,
    NO_PROCESSES,
    in_processes,
    usable_cpus,
)
from pip_archguard.pipbridge.scanning import not_judged
from pip_archguard.rules import Site, judge, loading_besides, module_path, modules_at_fault

_FEWEST_QUESTIONS = 4
"""Packages whose source is to be parsed, a second each, from which on processes pay."""


def judgements(
    read: Sequence[ReadPackage], targets: Sequence[Target], site: Site
) -> Iterator[Judgement]:
    """Yield the judgement on each package; where an import would fail, its source is asked."""
    first = [_first(each, targets, site) for each in read]
    asked: dict[int, Question] = {}
    for index, judgement in enumerate(first):
        modules = modules_at_fault(judgement.findings)
        if modules and read[index].package.files:
            loading = loading_besides(judgement.facts, judgement.findings, targets)
            asked[index] = _question(read[index], modules, loading)
    optional = _answers(asked)
    for index, (each, judgement) in enumerate(zip(read, first, strict=True)):
        settled = judgement
        if index in optional:
            modules = frozenset(f"{_folder(each)}{module}" for module in optional[index])
            facts = each.facts._replace(optional_modules=modules)
            settled = judge(facts, targets, site=site)
        yield Judgement(facts=settled.facts, findings=tuple(_findings(each, settled, targets)))


def _first(read: ReadPackage, targets: Sequence[Target], site: Site) -> Judgement:
    if not (read.facts.binaries or read.facts.problems):
        return Judgement(facts=read.facts)
    return judge(read.facts, targets, site=site)


def _findings(
    read: ReadPackage, judgement: Judgement, targets: Iterable[Target]
) -> Iterator[Finding]:
    yield from (f for f in judgement.findings if not is_on_this_machine(f))
    native = judgement.facts.binaries or judgement.facts.problems
    for target in targets:
        if native and not target.judged:
            yield not_judged(judgement.facts, target)
        for path in read.package.missing:
            yield Finding(
                reason=Reason.MISSING_FILE,
                severity=Severity.WARN,
                path=normpath(f"{read.prefix}/{path}"),
                target=target,
            )


def _answers(asked: dict[int, Question]) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    processes = min(len(usable_cpus()), MOST_PROCESSES)
    if processes > 1 and len(asked) >= _FEWEST_QUESTIONS:
        with suppress(*NO_PROCESSES):
            results = in_processes(optional_of, tuple(asked.values()), processes)
            found.update(zip(asked, results, strict=True))
    found.update((i, optional_of(question)) for i, question in asked.items() if i not in found)
    return found


def _question(read: ReadPackage, modules: Iterable[str], loading: int) -> Question:
    """Ask about modules in the terms of the package, whose files are relative to its place."""
    folder = _folder(read)
    return Question(
        root=read.survey.root / read.package.location,
        files=read.package.files,
        modules=frozenset(m.removeprefix(folder) for m in modules if m.startswith(folder)),
        loading=loading,
    )


def _folder(read: ReadPackage) -> str:
    """Return what the paths of a package's modules begin with in those of its environment."""
    place = normpath(f"{read.prefix}/{read.package.location}")
    return "" if place == "." else f"{module_path(place)}/"
