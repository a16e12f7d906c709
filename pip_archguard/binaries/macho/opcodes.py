"""The bind opcodes of a slice, as <mach-o/loader.h> numbers them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from pip_archguard.binaries.bounds import NAME_LENGTH, SYMBOLS
from pip_archguard.errors import BeyondBoundsError, MalformedBinaryError

# BIND_OPCODE_* are the high four bits of a byte. `re` walks them an order of magnitude
# faster than a loop over bytes. A number is a ULEB128 of 64 bits at most, as dyld reads it;
# runs are cut at 64, for `re` remembers each turn of a repeated group.
_ULEB = rb"[\x80-\xff]{0,9}[\x00-\x7f]"
_TYPE_SEGMENT_ADDRESS = rb"[\x50-\x5f]|[\x60-\x8f]" + _ULEB
_THREADED = rb"\xd0" + _ULEB + rb"|[\xd1-\xdf]"
_BIND = rb"[\x90-\x9f\xb0-\xbf]|[\xa0-\xaf]" + _ULEB + rb"|[\xc0-\xcf]" + _ULEB + _ULEB
_OTHER = _TYPE_SEGMENT_ADDRESS + b"|" + _THREADED
_ORDINALS = rb"[\x10-\x1f\x30-\x3f]"
# All that linkers write for one symbol: mostly in this order, and so taken in one step.
_WHOLE = (
    rb"(?:" + _OTHER + rb"){0,4}(" + _ORDINALS + rb")?([\x40-\x4f])([^\x00]*)\x00"
    rb"(?:" + _OTHER + rb"){0,4}(" + _BIND + rb")(?:" + _BIND + rb"|" + _OTHER + rb"){0,64}"
)
_TOKENS = re.compile(
    _WHOLE + rb"|([\x40-\x4f])([^\x00]*)\x00"
    rb"|((?:" + _BIND + rb")(?:" + _BIND + rb"|" + _OTHER + rb"){0,64})"
    rb"|(" + _ORDINALS + rb")"
    rb"|[\x20-\x2f](" + _ULEB + rb")"
    rb"|([\x00-\x0f])"
    rb"|(?:" + _OTHER + rb"){1,64}"
    rb"|([\x00-\xff])"
)
_WHOLE_ORDINAL, _WHOLE_FLAGS, _WHOLE_NAME, _WHOLE_BOUND = 1, 2, 3, 4
_FLAGS, _NAME, _BOUND, _ORDINAL, _ORDINAL_ULEB, _DONE, _BROKEN = 5, 6, 7, 8, 9, 10, 11
_ORDINAL_SPECIAL = 0x30
_WEAK_IMPORT = 0x1


def run_opcodes(data: bytes, kept: Container[int], *, lazy: bool) -> Iterator[tuple[int, bytes]]:
    """Yield library ordinal and name at binds to `kept` ordinals, weak references aside.

    DONE ends the instructions, but for lazy ones, where it only ends those of one symbol.
    """
    ordinal, span, weak = 0, (0, 0), True
    for count, token in enumerate(_TOKENS.finditer(data)):
        if count > SYMBOLS:
            msg = f"has more than {SYMBOLS} instructions for binding"
            raise BeyondBoundsError(msg)
        kind = token.lastindex
        if kind == _WHOLE_BOUND:
            if token[_WHOLE_ORDINAL]:
                ordinal = _immediate(token[_WHOLE_ORDINAL][0])
            span = token.span(_WHOLE_NAME)
            weak = bool(token[_WHOLE_FLAGS][0] & _WEAK_IMPORT)
            if ordinal in kept and not weak:
                yield ordinal, data[span[0] : min(span[1], span[0] + NAME_LENGTH)]
        elif kind == _NAME:
            span = token.span(_NAME)
            weak = bool(token[_FLAGS][0] & _WEAK_IMPORT)
        elif kind == _BOUND:
            if ordinal in kept and not weak:
                yield ordinal, data[span[0] : min(span[1], span[0] + NAME_LENGTH)]
        elif kind == _ORDINAL:
            ordinal = _immediate(data[token.start()])
        elif kind == _ORDINAL_ULEB:
            ordinal = _number(token[_ORDINAL_ULEB])
        elif kind == _DONE and not lazy:
            return
        elif kind == _BROKEN:
            msg = "has broken instructions for binding"
            raise MalformedBinaryError(msg)


def _immediate(opcode: int) -> int:
    """Return the ordinal inside a byte; the special ones are small negative numbers."""
    low = opcode & 0x0F
    return low - 0x10 if low and opcode >= _ORDINAL_SPECIAL else low


def _number(uleb: bytes) -> int:
    return sum((byte & 0x7F) << 7 * index for index, byte in enumerate(uleb))
