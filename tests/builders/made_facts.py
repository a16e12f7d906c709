"""Facts of any shape, for tests of how they are kept."""

from __future__ import annotations

from hypothesis import strategies as st

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Dependency, Format, Import, Kind, Slice
from pip_archguard.model.libc import Libc
from pip_archguard.model.wheel import WheelFacts

_NUMBERS = st.integers(0, 0xFFFF_FFFF)
_NAMES = st.text(max_size=12)


def _tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=3).map(tuple)


_SLICES = st.builds(
    Slice,
    arch=st.sampled_from(Arch),
    cpu_type=_NUMBERS,
    cpu_subtype=_NUMBERS,
    kind=st.sampled_from(Kind),
    platform=st.none() | _NUMBERS,
    min_os=st.none() | st.tuples(_NUMBERS, _NUMBERS, _NUMBERS),
    dependencies=_tuples(
        st.builds(Dependency, install_name=_NAMES, weak=st.booleans(), reexported=st.booleans())
    ),
    rpaths=_tuples(_NAMES),
    install_name=st.none() | _NAMES,
    signed=st.booleans(),
    two_level=st.booleans(),
    flat_lookups=st.none() | _tuples(_NAMES),
    imports=st.none() | _tuples(st.builds(Import, symbol=_NAMES, library=_NAMES)),
    exports=st.none() | st.frozensets(_NAMES, max_size=3),
    exports_init=st.none() | st.booleans(),
    libc=st.none() | st.sampled_from(Libc),
    glibc=st.none() | st.tuples(_NUMBERS, _NUMBERS),
    beyond_musl=_tuples(_NAMES),
)

BINARIES = st.lists(
    st.builds(
        Binary,
        path=_NAMES,
        format=st.sampled_from(Format),
        slices=_tuples(_SLICES),
        problem=st.none() | _NAMES,
        malformed=st.booleans(),
        python_init=st.booleans(),
        named_in_source=st.booleans(),
    ),
    max_size=4,
).map(tuple)
"""Native files that declare anything at all."""


def facts_of(filename: str, *binaries: Binary) -> WheelFacts:
    """The facts of a wheel of this name, for Apple silicon."""
    project, release, *_ = filename.split("-")
    return WheelFacts(
        filename=filename,
        project=project,
        release=release,
        platforms=frozenset({"macosx_11_0_arm64"}),
        binaries=binaries,
    )
