"""A file that is not the same in both wheels: what may stand for both, or why nothing may."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.binaries import Record, identify, slice_places
from pip_archguard.errors import BinaryProblemError, UnfusableError
from pip_archguard.fusing import documents
from pip_archguard.fusing.entries import Copied, Entry, entry_of
from pip_archguard.fusing.opened import OpenHalf
from pip_archguard.fusing.static_library import MAGIC, library_place
from pip_archguard.fusing.universal_file import Piece, universal_file
from pip_archguard.model.format import Format
from pip_archguard.model.fusing import FusedFile, Share
from pip_archguard.rules.choice import ACCEPTED


def joined(arm64: OpenHalf, x86_64: OpenHalf, path: str) -> Iterator[Entry]:
    """Yield what stands for both files of this path; mostly one file, and two of some documents.

    Raises UnfusableError with the reason where nothing may.
    """
    heads = arm64.head(path), x86_64.head(path)
    infos = arm64.members[path], x86_64.members[path]
    formats = [identify(head) for head in heads]
    if formats == [Format.MACH_O, Format.MACH_O] or all(h.startswith(MAGIC) for h in heads):
        pieces = [p for half in (arm64, x86_64) for p in _pieces(half, path)]
        fused = FusedFile(path=path, share=Share.FUSED)
        yield entry_of(path, universal_file(pieces), *infos, told=fused)
        return
    one, other = (half.read(path, documents.MOST_TEXT) for half in (arm64, x86_64))
    inside = path.removeprefix(arm64.dist_info) if path.startswith(arm64.dist_info) else ""
    if documents.is_bill_of_materials(inside):
        yield from _both(arm64, x86_64, path)
    elif one is None or other is None or any(formats):
        msg = "it differs"
        raise UnfusableError(msg)
    elif documents.same_text(one, other):
        yield entry_of(path, one, *infos)
    else:
        text = _text_of_both(path, inside, one, other)
        yield entry_of(path, text, *infos, told=FusedFile(path=path, share=Share.JOINED))


def taken(half: OpenHalf, path: str, *, because: Share) -> Entry:
    """Return a file as one of the wheels has it."""
    told = FusedFile(path=path, share=because, arch=half.half.arch)
    return entry_of(path, Copied(half=half, path=path), half.members[path], told=told)


def _text_of_both(path: str, inside: str, arm64: bytes, x86_64: bytes) -> bytes:
    text = None
    if documents.is_licence(inside):
        text = documents.join_licences(arm64, x86_64)
    elif documents.is_c_header(path):
        text = documents.join_c_headers(arm64, x86_64)
    elif path.endswith(".py"):
        # Parsing takes long to import, and few wheels need it.
        from pip_archguard.fusing.python_source import join_python  # noqa: PLC0415

        text = join_python(arm64, x86_64)
    if text is None:
        msg = "it differs"
        raise UnfusableError(msg)
    return text


def _both(arm64: OpenHalf, x86_64: OpenHalf, path: str) -> Iterator[Entry]:
    """Yield a document of each build under a name of its own."""
    folder, _, name = path.rpartition("/")
    for half in (arm64, x86_64):
        told = FusedFile(
            path=f"{folder}/{half.half.arch}-{name}", share=Share.BOTH, arch=half.half.arch
        )
        yield entry_of(told.path, Copied(half=half, path=path), half.members[path], told=told)


def _pieces(half: OpenHalf, path: str) -> list[Piece]:
    """Return the slices that a process of the half's architecture may take; at least one."""
    wanted = ACCEPTED[half.half.arch]
    try:
        places = [place for place in _places(half, path) if place.arch in wanted]
    except BinaryProblemError as error:
        msg = f"that for {half.half.arch} {error}"
        raise UnfusableError(msg) from error
    if not places:
        msg = f"that for {half.half.arch} holds no code for it"
        raise UnfusableError(msg)
    mapped = path in half.native
    return [Piece(record=p, open=lambda: half.stream(path), mapped=mapped) for p in places]


def _places(half: OpenHalf, path: str) -> tuple[Record, ...]:
    with half.source(path) as source:
        if source.read_at(0, len(MAGIC)) == MAGIC:
            return (library_place(source),)
        return slice_places(source)
