"""`--arch universal2`: where a release has thin wheels only, two of them are fused.

The wheel that comes of them takes the place of the one that pip chose first: pip is given a
candidate of that local file, as it makes one of a wheel that it has in its own cache. So the
requirement counts as one of the index: no `direct_url.json` is written.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from pip._internal.models.link import Link
from pip._internal.utils.misc import remove_auth_from_url

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.choice import Choice, FusedHalf
from pip_archguard.model.event import FusedForInstall, NotFusedForInstall
from pip_archguard.model.failure import Held, Rule
from pip_archguard.model.fusing import FusedWheel, Unfit
from pip_archguard.model.outcome import Place
from pip_archguard.model.reason import Reason
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.pipbridge.internals import registry
from pip_archguard.pipbridge.internals.fetching import FAILURES, Fetcher, reason_of
from pip_archguard.pipbridge.internals.halves import Half, Halves, platform_of
from pip_archguard.pipbridge.internals.refusal import FactoryFilter, LegacyFilter
from pip_archguard.pipbridge.internals.requirements import choice_of, project_of, wheel_of
from pip_archguard.pipbridge.session import GuardSession
from pip_archguard.wheels import sha256_of

_FIT = (Verdict.OK, Verdict.WARNING)
_MOST_TRIED = 3

_LOCK = "lock"
_NOT_LOCKED = (
    "a lock file names files of an index, and a fused wheel is none; `pip-archguard fuse` makes "
    "one that you can put onto an index of yours"
)
_NOT_BY_LEGACY = (
    "the legacy resolver takes no fused wheel; leave `--use-deprecated=legacy-resolver` away"
)


class Fusion:
    """Fuses the wheels of a release, once no wheel of it is left that loads on both."""

    def __init__(self, command: Any, options: Any, finder: Any, session: GuardSession) -> None:
        self._command = command
        self._options = options
        self._others = Halves(command, options, finder)
        self._session = session
        self._halves: dict[tuple[str, str], Half] = {}
        self._tried: set[str] = set()
        self._fused: dict[str, tuple[FusedHalf, FusedHalf]] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def refused(
        self, req: Any, judgement: Judgement, filter_: FactoryFilter | LegacyFilter
    ) -> None:
        """Take note of a refused wheel, and fuse the best of its release if it was the last."""
        half = self._half(req, judgement)
        key = (judgement.facts.project, judgement.facts.release)
        if half is not None and _url_of(req) not in self._fused:
            self._halves.setdefault(key, half)
        if filter_.has_other_wheel(req):
            return
        first = self._halves.pop(key, None)
        if first is not None:
            self._fuse(first, filter_)

    def betters(self, req: Any, judgement: Judgement, filter_: FactoryFilter) -> bool:
        """Whether a wheel that works less well on one of the two was fused with another.

        It is tried once for each wheel; the filter offers what came of it in its place.
        """
        url = _url_of(req)
        half = None if url in {*self._fused, *self._tried} else self._half(req, judgement)
        self._tried.add(url)
        return half is not None and self._fuse(half, filter_)

    def choice_of(self, req: Any) -> Choice:
        """Describe what pip settled on, with the wheels that it was fused of if it was."""
        choice = choice_of(req)
        halves = self._fused.get(_url_of(req))
        return choice if halves is None else replace(choice, url="", fused_of=halves)

    def placed(self, place: Place, req: Any) -> Place:
        """Return where a wheel is from: what was fused lies in a folder that will be gone."""
        return place._replace(location="") if _url_of(req) in self._fused else place

    def close(self) -> None:
        """Remove the fused wheels, which pip has installed or copied by now."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _half(self, req: Any, judgement: Judgement) -> Half | None:
        targets = [target for target in self._session.targets if target.judged]
        degraded = {f.target for f in judgement.findings if f.reason is Reason.DEGRADED}
        verdicts = {target: judgement.verdict_for(target) for target in targets}
        lacking = [t for t, v in verdicts.items() if v is Verdict.BROKEN or t in degraded]
        loads = [t for t, v in verdicts.items() if v in _FIT and t not in degraded]
        path = wheel_of(req)
        if len(lacking) != 1 or len(loads) != 1 or path is None:
            return None
        return Half(req=req, path=path, choice=choice_of(req), lacking=lacking[0])

    def _fuse(self, half: Half, filter_: FactoryFilter | LegacyFilter) -> bool:
        """Fuse a refused wheel with the best other one that goes with it, if there is one.

        A lock file names files of an index, and the legacy resolver has no candidates to put
        something in the place of: there it is said that fusing would have helped.
        """
        choice, tell = half.choice, registry.listener().tell
        links: list[Any] = []
        with suppress(*FAILURES):
            links = list(islice(self._others.links(half), _MOST_TRIED))
        if isinstance(filter_, LegacyFilter) or self._session.command.name == _LOCK:
            if links:
                names = (choice.filename, links[0].filename)
                why = _NOT_LOCKED if self._session.command.name == _LOCK else _NOT_BY_LEGACY
                tell(NotFusedForInstall(halves=names, why=why))
            return False
        for link in links:
            done = self._forbidden(half, link) or self._try(half, link)
            if isinstance(done, FusedWheel):
                self._put_in_place(half, link, done, filter_)
                tell(FusedForInstall(wheel=done))
                return True
            tell(done)
        if not links:
            name = f"{choice.project} {choice.release}"
            why = f"no wheel of {name} for {half.lacking.arch} goes with it"
            tell(NotFusedForInstall(halves=(choice.filename,), why=why))
        return False

    def _forbidden(self, half: Half, link: Any) -> NotFusedForInstall | None:
        """Say so if the user's hashes leave the other wheel out; pip checked the first one's.

        Where the index tells no hash, the file itself is held against them.
        """
        hashes = half.req.hashes(trust_internet=False)
        told = link.hash or ""
        if not (hashes and told) or hashes.is_hash_allowed(link.hash_name, told):
            return None
        known = (f"--hash=sha256:{link.hash}",) if link.hash_name == "sha256" else ()
        held = Held(
            rule=Rule.REQUIRE_HASHES,
            project=project_of(half.req),
            needed=(link.filename, *known),
        )
        self._session.record.held.append(held)
        why = f"hashes are required, and that of `{link.filename}` is not among them"
        return NotFusedForInstall(halves=(half.choice.filename, link.filename), why=why)

    def _try(self, half: Half, link: Any) -> FusedWheel | NotFusedForInstall:
        names = (half.choice.filename, link.filename)
        try:
            folder = Path(tempfile.mkdtemp(dir=self._place()))
            mine = folder / Path(names[0]).name
            shutil.copyfile(half.path, mine)
            other = self._fetched(half, link, folder)
            from pip_archguard.fusing import fuse  # noqa: PLC0415 - hardly any run needs it

            done = fuse(mine, other, self._place() / "fused")
        except FAILURES as error:
            return NotFusedForInstall(halves=names, why=reason_of(error))
        except ArchGuardError as error:
            return NotFusedForInstall(halves=names, why=str(error))
        return NotFusedForInstall(halves=names, unfit=done) if isinstance(done, Unfit) else done

    def _fetched(self, half: Half, link: Any, folder: Path) -> Path:
        network = self._command.get_default_session(self._options)
        path = Fetcher(finder=None, session=network, folder=folder).download(link, 0)
        hashes = half.req.hashes(trust_internet=False) or link.as_hashes()
        if hashes:
            hashes.check_against_path(str(path))
        place = folder / Path(link.filename).name
        shutil.copyfile(path, place)
        return place

    def _put_in_place(
        self, half: Half, link: Any, wheel: FusedWheel, filter_: FactoryFilter
    ) -> None:
        path = Path(wheel.path)
        url = path.as_uri()
        first = half.choice
        self._fused[url] = (
            FusedHalf(filename=first.filename, url=first.url, sha256=first.sha256),
            _published(link, platform=platform_of(half.lacking)),
        )
        filter_.substitutes[half.req.link.url_without_fragment] = (Link(url), sha256_of(path))

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="pip-archguard-")
        return Path(self._folder.name).resolve()


def _url_of(req: Any) -> str:
    return "" if req.link is None else str(req.link.url_without_fragment)


def _published(link: Any, *, platform: str) -> FusedHalf:
    """Describe a file of an index, without a password."""
    return FusedHalf(
        filename=link.filename,
        url=remove_auth_from_url(link.url_without_fragment),
        sha256=(link.hash or "") if link.hash_name == "sha256" else "",
        platform=platform,
    )
