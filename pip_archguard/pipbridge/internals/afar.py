"""Wheels that pip chose and did not fetch yet, judged where they lie.

From pip 25.3 on, pip knows of a wheel no more than its metadata, if the index has that.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pip_archguard.errors import NoRangesError
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.internals.fetching import FAILURES, Fetcher
from pip_archguard.pipbridge.internals.looking import WHEELS_AT_ONCE, Looker, sha256_of_link
from pip_archguard.pipbridge.internals.requirements import wheel_of
from pip_archguard.pipbridge.judge import Judge
from pip_archguard.wheels.remote import RemoteWheel

_PREPARER = "pip._internal.operations.prepare"
_GONE: tuple[type[Exception], ...] = (NoRangesError, *FAILURES)


class Afar:
    """Wheels on servers, by their addresses; each is looked at but once."""

    def __init__(self, judge: Judge, finder: Any, preparer: Any) -> None:
        self._judge = judge
        self._preparer = preparer
        self._folder = tempfile.TemporaryDirectory(prefix="pip-archguard-")
        fetcher = Fetcher(finder=finder, session=preparer._session, folder=Path(self._folder.name))
        self._looker = Looker(fetcher, judge.known())
        self._wheels: dict[str, Path | RemoteWheel] = {}
        self._links: dict[str, tuple[Any, int]] = {}

    def look(self, reqs: Iterable[Any]) -> list[Any]:
        """Look at the wheels of these requirements, several at once.

        Returns those that could not be had: pip has its own way to say why.
        """
        new = {r.link.url_without_fragment: r for r in reqs}
        for url in [url for url in new if url in self._wheels]:
            del new[url]
        for url, req in new.items():
            self._links[url] = (req.link, len(self._links))
        with ThreadPoolExecutor(WHEELS_AT_ONCE, thread_name_prefix="archguard-wheel") as pool:
            try:
                found = list(pool.map(self._look_at, new))
            except BaseException:  # whoever interrupts does not wait for what is on its way
                self._looker.close()
                raise
        return [req for req, had in zip(new.values(), found, strict=True) if not had]

    def wheel_of(self, req: Any) -> Path | RemoteWheel | None:
        """Return the wheel that a requirement stands for, on disk or where it lies."""
        link = req.link
        there = None if link is None else self._wheels.get(link.url_without_fragment)
        return wheel_of(req) or there

    def judged(self, req: Any, beside: Sequence[WheelFacts]) -> Judgement:
        """Judge the wheel of a requirement; raises one of FAILURES if it is gone by now."""
        url, filename = req.link.url_without_fragment, req.link.filename
        path = self.wheel_of(req)
        if isinstance(path, RemoteWheel):
            try:
                return self._judge.wheel(path, filename, beside=beside)
            except NoRangesError:  # of the source, which was not asked for before
                path = self._wheels[url] = self._looker.whole(*self._links[url], path)
        assert path is not None, "it was looked at"  # noqa: S101 - by whoever asks
        return self._judge.wheel(path, filename, beside=beside)

    def sift(self, reqs: list[Any], *, needed: bool) -> list[Any]:
        """Look at the wheels of these requirements; return what pip has to fetch all the same.

        Those that are `needed`, and not broken, are made whole, and pip is given them.
        """
        left = self.look(reqs)
        if not needed:
            return left
        good = [r for r in reqs if r not in left and not self._is_broken(r)]
        folder = self._complete(good)
        before = self._preparer.download_dir
        logger = logging.getLogger(_PREPARER)
        silent, logger.disabled = logger.disabled, True  # it would name our folder
        self._preparer.download_dir = str(folder)  # where pip looks before it fetches
        try:
            self._preparer.prepare_linked_requirements_more(good)
        finally:
            self._preparer.download_dir, logger.disabled = before, silent
        return left

    def _is_broken(self, req: Any) -> bool:
        """Whether a wheel that was looked at cannot load; one that is gone may yet be fetched."""
        try:
            return self.judged(req, ()).verdict is Verdict.BROKEN
        except FAILURES:
            return False

    def _complete(self, reqs: Iterable[Any]) -> Path:
        """Return a folder with the whole wheels of these requirements, under their own names.

        Only what is missing of them is fetched. One that cannot be had is not there.
        """
        folder = Path(self._folder.name) / "whole"
        folder.mkdir(exist_ok=True)
        for req in reqs:
            url, path = req.link.url_without_fragment, self.wheel_of(req)
            if isinstance(path, RemoteWheel):
                try:
                    path.bring_all()
                    path = self._looker.whole(*self._links[url], path)
                except _GONE:
                    continue
            if path is not None and path.parent != folder:
                self._wheels[url] = folder / Path(req.link.filename).name
                shutil.copyfile(path, folder / Path(req.link.filename).name)
        return folder

    def close(self) -> None:
        """End what is on its way, and leave nothing behind."""
        self._looker.close()
        self._folder.cleanup()

    def _look_at(self, url: str) -> bool:
        try:
            found = self._looker.look(*self._links[url], self._judge.targets)
        except FAILURES:
            return False
        if isinstance(found, Path):
            link, _ = self._links[url]
            self._judge.read(found, link.filename, sha256=sha256_of_link(link), fetched=True)
            self._wheels[url] = found
        else:
            wheel, facts = found
            self._judge.learn(wheel, facts)
            self._wheels[url] = wheel
        return True
