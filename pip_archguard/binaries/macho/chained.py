"""The imports of a slice with chained fixups, as <mach-o/fixup-chains.h> lays them out."""

from __future__ import annotations

import struct
from collections.abc import Container, Iterator

from pip_archguard.binaries.bounds import NAME_LENGTH, SYMBOLS
from pip_archguard.errors import BeyondBoundsError, MalformedBinaryError

# dyld_chained_fixups_header, and its DYLD_CHAINED_IMPORT, _ADDEND and _ADDEND64: how each
# is packed, how wide its ordinal is, and where the place of its name begins.
_HEADER = "7I"
_IMPORTS = {1: ("I", 8, 9), 2: ("I4x", 8, 9), 3: ("Q8x", 16, 32)}
_SPECIAL = 0x10  # ordinals this near to the greatest are small negative numbers


def read_chained(data: bytes, order: str, kept: Container[int]) -> Iterator[tuple[int, bytes]]:
    """Yield library ordinal and name of the imports of `kept` ordinals, weak ones aside.

    What is refused here dyld refuses (`ChainedFixups::validLinkedit`): compressed names, for
    one, have a number in the header and no dyld that reads them.
    """
    if not data:
        return
    if len(data) < struct.calcsize(_HEADER):
        raise _broken()
    _, _, at, names_at, count, layout, packing = struct.unpack_from(order + _HEADER, data)
    if layout not in _IMPORTS or packing:
        raise _broken()
    form, bits, shift = _IMPORTS[layout]
    packed = struct.Struct(order + form)
    end = at + count * packed.size
    if end > min(names_at, len(data)):
        raise _broken()
    if count > SYMBOLS:
        msg = f"has more than {SYMBOLS} imports"
        raise BeyondBoundsError(msg)
    weak, limit = 1 << bits, (1 << bits) - _SPECIAL
    for (word,) in packed.iter_unpack(memoryview(data)[at:end]):
        ordinal = word & weak - 1
        if ordinal > limit:
            ordinal -= weak
        if ordinal in kept and not word & weak:
            yield ordinal, _name(data, names_at + (word >> shift))


def _name(data: bytes, at: int) -> bytes:
    """Return the name at this place, cut where it is too long to be kept."""
    end = data.find(b"\0", at, at + NAME_LENGTH)
    if end < 0:
        end = at + NAME_LENGTH
        if end > len(data):
            raise _broken()
    return data[at:end]


def _broken() -> MalformedBinaryError:
    return MalformedBinaryError("has a broken list of imports")
