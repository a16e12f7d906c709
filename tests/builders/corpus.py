"""The corpus of real wheels: what each is expected to be, and where its file comes from.

`tests/corpus/wheels.json` lists them. Files are fetched by pip's own index session and
checked by sha256; those that are in the folder already stay as they are.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import warnings
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from pip._internal.commands import create_command
from pip._internal.index.collector import LinkCollector, parse_links
from pip._internal.models.link import Link
from pip._internal.models.search_scope import SearchScope

from pip_archguard.model.arch import Arch

LIST = Path(__file__).parents[1] / "corpus" / "wheels.json"
FOLDER_VARIABLE = "ARCHGUARD_CORPUS"
"""Names a folder that holds the wheels, or where they shall be put."""

_AT_ONCE = 4


class Expected(Enum):
    """What the verdict on a wheel has to be; the value is the word in the list."""

    BROKEN = "broken"
    SOUND = "sound"
    DEGRADED = "degraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusWheel:
    """A wheel of the list.

    `hosts` are the platforms, of those that are simulated, for which pip takes it;
    `expected` has an entry for each of their architectures.
    """

    filename: str
    project: str
    sha256: str
    size: int
    python: tuple[int, int]
    hosts: tuple[str, ...]
    expected: Mapping[Arch, Expected]
    why: str


def corpus_wheels() -> tuple[CorpusWheel, ...]:
    """Return the whole list."""
    return tuple(map(_wheel, json.loads(LIST.read_text(encoding="utf-8"))))


def _wheel(entry: dict[str, Any]) -> CorpusWheel:
    major, minor = map(int, entry["python"].split("."))
    expected = {Arch(arch): Expected(word) for arch, word in entry["expected"].items()}
    given = {k: v for k, v in entry.items() if k not in {"python", "hosts", "expected"}}
    return CorpusWheel(
        **given, python=(major, minor), hosts=tuple(entry["hosts"]), expected=expected
    )


def corpus_folder(otherwise: Path) -> Path:
    """Return the folder that the environment names, or this one; it is made if need be."""
    folder = Path(os.environ.get(FOLDER_VARIABLE) or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fetch(wheels: Iterable[CorpusWheel], folder: Path) -> None:
    """Bring the wheels that are not in the folder; RuntimeError names those not to be had."""
    missing = [wheel for wheel in wheels if not (folder / wheel.filename).exists()]
    for wheel in missing:
        _urls(wheel.project)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        problems = [p for p in pool.map(lambda wheel: _fetch_one(wheel, folder), missing) if p]
    if problems:
        raise RuntimeError("\n".join(problems))


def _fetch_one(wheel: CorpusWheel, folder: Path) -> str | None:
    url = _urls(wheel.project).get(wheel.filename)
    if url is None:
        return f"{wheel.filename}: not on the index"
    answer = _index()[0].get(url, headers={"Accept-Encoding": "identity"})
    answer.raise_for_status()
    if hashlib.sha256(answer.content).hexdigest() != wheel.sha256:
        return f"{wheel.filename}: sha256 differs"
    # Other processes may be fetching the same file.
    part = folder / f"{wheel.filename}.{os.getpid()}.part"
    part.write_bytes(answer.content)
    part.replace(folder / wheel.filename)
    return None


@cache
def _index() -> tuple[Any, Any, Any]:
    """Return pip's session, its index and what reads the pages of that, as pip is configured."""
    command: Any = create_command("download")
    options, _ = command.parse_args(["x"])
    session = command._build_session(options)
    urls = [options.index_url, *options.extra_index_urls]
    scope = SearchScope.create(find_links=[], index_urls=urls, no_index=False)
    return session, scope, LinkCollector(session=session, search_scope=scope)


@cache
def _urls(project: str) -> dict[str, str]:
    """Return where the files of a project are, by their names."""
    _, scope, collector = _index()
    found: dict[str, str] = {}
    with warnings.catch_warnings():
        # pip never closes the page of an index that is a folder.
        warnings.simplefilter("ignore", ResourceWarning)
        for location in scope.get_index_urls_locations(project):
            page = collector.fetch_response(Link(location))
            if page is not None:
                links = {link.filename: link.url_without_fragment for link in parse_links(page)}
                found.update(links)
        gc.collect()
    return found
