"""Facts of native files as JSON, and back: every type and name is checked on the way back."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Dependency, Format, Import, Kind, Slice
from pip_archguard.model.libc import Libc

_T = TypeVar("_T")
_Check = Callable[[Any], _T]

_MOST_NUMBER = 0xFFFF_FFFF
_VERSION_PARTS = 3


def form_of(binaries: tuple[Binary, ...]) -> list[object]:
    """Return facts as lists, dicts, strings and numbers, without what is as by default."""
    return [_dict_of(binary) for binary in binaries]


def binaries_of(form: object) -> tuple[Binary, ...]:
    """Return the facts that `form_of` gave; raises ValueError if they cannot be such."""
    return _tuple_of(_binary)(form)


def _dict_of(facts: Binary | Slice) -> dict[str, object]:
    defaults = facts._field_defaults
    return {
        name: _plain(value)
        for name, value in facts._asdict().items()
        if name not in defaults or value != defaults[name]
    }


def _plain(value: object) -> object:
    match value:
        case Slice():
            return _dict_of(value)
        case Import():
            return [value.symbol, value.library]
        case Dependency():
            return [value.install_name, value.weak, value.reexported]
        case Enum():
            return value.value
        case tuple():
            return [_plain(each) for each in value]
        case frozenset():
            return sorted(value)
        case _:
            return value


def _refuse() -> ValueError:
    return ValueError("it holds something of the wrong type")


def _text(value: Any) -> str:
    # What is no Unicode (half a surrogate) raises UnicodeEncodeError, a ValueError.
    if type(value) is not str or not (value.isascii() or value.encode()):
        raise _refuse()
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise _refuse()
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_NUMBER:
        raise _refuse()
    return value


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise _refuse()
    return value


def _tuple_of(check: _Check[_T]) -> _Check[tuple[_T, ...]]:
    return lambda value: tuple(map(check, _list(value)))


def _names(value: Any) -> frozenset[str]:
    names = frozenset(map(_text, _list(value)))
    if len(names) != len(value):
        raise _refuse()
    return names


def _version(value: Any) -> tuple[int, int, int]:
    if len(_list(value)) != _VERSION_PARTS:
        raise _refuse()
    return _number(value[0]), _number(value[1]), _number(value[2])


def _pair(value: Any) -> tuple[int, int]:
    first, second = _list(value)
    return _number(first), _number(second)


def _import(value: Any) -> Import:
    symbol, library = _list(value)
    return Import(symbol=_text(symbol), library=_text(library))


def _dependency(value: Any) -> Dependency:
    name, weak, reexported = _list(value)
    return Dependency(install_name=_text(name), weak=_flag(weak), reexported=_flag(reexported))


def _slice(value: Any) -> Slice:
    return _made(Slice, _SLICE, value)


def _binary(value: Any) -> Binary:
    return _made(Binary, _BINARY, value)


def _made(kind: type[_T], checks: dict[str, _Check[Any]], value: Any) -> _T:
    if type(value) is not dict or not value.keys() <= checks.keys():
        raise _refuse()
    try:
        return kind(**{name: checks[name](each) for name, each in value.items()})
    except TypeError as error:  # one without default is missing
        raise _refuse() from error


_SLICE: dict[str, _Check[Any]] = {
    "arch": Arch,
    "cpu_type": _number,
    "cpu_subtype": _number,
    "kind": Kind,
    "platform": _number,
    "min_os": _version,
    "dependencies": _tuple_of(_dependency),
    "rpaths": _tuple_of(_text),
    "install_name": _text,
    "signed": _flag,
    "two_level": _flag,
    "flat_lookups": _tuple_of(_text),
    "imports": _tuple_of(_import),
    "exports": _names,
    "exports_init": _flag,
    "libc": Libc,
    "glibc": _pair,
    "beyond_musl": _tuple_of(_text),
}

_BINARY: dict[str, _Check[Any]] = {
    "path": _text,
    "format": Format,
    "slices": _tuple_of(_slice),
    "problem": _text,
    "malformed": _flag,
    "python_init": _flag,
    "named_in_source": _flag,
}
